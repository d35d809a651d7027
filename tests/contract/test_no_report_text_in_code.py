"""The report is data: none of its ids, labels, heads or figures stands in code, SQL, rules or declarations."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flows.declarations import root
from tests.shared_folder import SHARED, needs_shared

_EDITIONS = sorted((root.PROJECT / "flows" / "demo" / "targets").glob("*/edition"))
_CODE = (("flows", "**/*.py"), ("sql", "**/*.sql"))
_DECLARED = (*_CODE, ("expectations", "**/*.json"), ("warehouse", "**/*.toml"), ("warehouse/reference", "*.csv"))
#: Words that say something else too: a control line of the contracts, and what a finding is called.
_OTHER_WORDS = {"Summa", "Totalt", "Avvikelse"}
#: A shorter figure is a day, a line number or a count as often as it is a result.
_DIGITS_THAT_TELL = 4


@cache
def _texts(places: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {
        path.relative_to(root.PROJECT).as_posix(): path.read_text("utf-8")
        for folder, pattern in places
        for path in sorted((root.PROJECT / folder).glob(pattern))
    }


def _edition(table: str, column: str) -> set[str]:
    """The words of a column in every edition."""
    found: set[str] = set()
    for folder in _EDITIONS:
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
            found |= {row[column] for row in csv.DictReader(lines, delimiter=";") if row[column]}
    return found


def _found(words: set[str], places: tuple[tuple[str, str], ...], *, quoted: bool) -> list[str]:
    """Where one of the words stands; `quoted`: as a whole text between quotation marks, else as a word of its own."""
    wanted = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    pattern = re.compile(rf"""(["'])({wanted})\1""" if quoted else rf"(?<![\w])()({wanted})(?![\w])")
    return [
        f"{file}:{text.count(chr(10), 0, match.start()) + 1}: {match[2]}"
        for file, text in _texts(places).items()
        for match in pattern.finditer(text)
    ]


def test_there_are_editions_to_look_at() -> None:
    assert len(_EDITIONS) >= 2


@pytest.mark.parametrize(("table", "column"), [("edition_tabell", "tabell"), ("edition_tabell", "namn")])
def test_no_table_of_the_report_is_named(table: str, column: str) -> None:
    assert _found(_edition(table, column), _CODE, quoted=False) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("edition_rad", "etikett"),
        ("edition_kolumn", "rubrik"),
        ("edition_omrade", "namn"),
        ("edition_tabell", "rubrik"),
    ],
)
def test_no_label_or_head_of_the_report_is_a_text_of_the_code(table: str, column: str) -> None:
    assert _found(_edition(table, column) - _OTHER_WORDS, _CODE, quoted=True) == []


def test_a_label_that_can_be_no_other_word_stands_nowhere() -> None:
    """In a sentence too; a label of one word is also a word of the language."""
    telling = {label for label in _edition("edition_rad", "etikett") if label.count(" ") >= 2}
    assert telling
    assert _found(telling, _CODE, quoted=False) == []


@needs_shared
def test_no_figure_of_the_acceptance_table_is_declared() -> None:
    written = {spelling for figure in _figures() for spelling in _spellings(figure)}
    assert written
    assert _found(written, _DECLARED, quoted=False) == []


def _figures() -> Iterator[str]:
    for path in sorted((SHARED / "reference" / "2021-08").glob("t*.csv")):
        yield from _numbers_in(path)


def _numbers_in(path: Path) -> Iterator[str]:
    """A table's whole numbers, without months that look like one and round ones, which are anybody's."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for cell in (cell for row in csv.reader(lines) for cell in row):
            digits = re.sub(r"[\s\u00a0\u202f−-]", "", cell)
            is_month = re.fullmatch(r"20\d\d(0[1-9]|1[0-2])?", digits)
            is_round = digits.endswith("00")
            if digits.isdigit() and len(digits) >= _DIGITS_THAT_TELL and not (is_month or is_round):
                yield digits


def _spellings(digits: str) -> tuple[str, ...]:
    grouped = f"{int(digits):,}"
    return digits, *(grouped.replace(",", blank) for blank in (" ", "\u00a0", "_"))
