"""The printed tables against figures that an independent script works out from the same exports.

What the edition says (which row is which measure, in which unit and pattern) is read here a second time, by hand.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from tests.close.independent import figures
from tests.conftest import LATER_PERIOD, PERIOD, Organisation

TABLES = ("t02", "t03", "t04", "t05", "t06", "t13", "t14")
PRINTED_PER_UNIT = {"tkr": Fraction(1, 1000), "tusen st": Fraction(1, 1000), "%": Fraction(100)}

Figures = Mapping[tuple[str, str, str, str, int], Fraction]


def expected_cells(folder: Path, period: str, found: Figures) -> dict[tuple[str, str, int], str]:
    """(table, row label, place of the column) → the value as it should be printed; `period` is YYYY-MM."""
    columns: dict[str, list[dict[str, str]]] = defaultdict(list)
    for column in sorted(_newest(folder, "edition_kolumn", period), key=lambda column: int(column["ordning"])):
        columns[column["tabell"]].append(column)
    typed = {(r["indikator_id"], r["kon"], r["matperiod"]): r for r in _newest(folder, "indikatorer_manuell", period)}
    cells: dict[tuple[str, str, int], str] = {}
    for row in _newest(folder, "edition_rad", period):
        if row["tabell"] not in TABLES:
            continue
        printed: dict[str, str] = {}
        for column in columns[row["tabell"]]:
            words, number = _cell(row, column, period, found, typed, printed)
            pattern = row["mal_monster"] if column["storhet"] == "target" else row["monster"]
            printed[column["kolumn"]] = words if number is None else print_number(number, pattern)
        if row["visa"] == "ALLTID" or any(re.search("[1-9]", value) for value in printed.values()):
            for place, value in enumerate(printed.values()):
                cells[row["tabell"], row["etikett"], place] = value
    return cells


def _cell(
    row: Mapping[str, str],
    column: Mapping[str, str],
    period: str,
    found: Figures,
    typed: Mapping[tuple[str, str, str], Mapping[str, str]],
    printed: Mapping[str, str],
) -> tuple[str, Fraction | None]:
    """The words, or the number in the printed unit before rounding."""
    quantity, offset = column["storhet"], int(column["ar"] or 0)
    if quantity == "deviation":
        difference = _number(printed[column["minuend"]]) - _number(printed[column["subtrahend"]])
        return "", difference * int(row["avvikelse"])
    if row["matt"] == "indicator" or quantity in ("target", "observation"):
        observed = str(int(period[:4]) + offset) if quantity == "observation" else period
        said = typed.get((row["objekt"], row["kon"], observed), {})
        text = said.get("mal", "") if quantity == "target" else said.get("varde") or said.get("saknas", "")
        return (text, None) if not re.fullmatch(r"-?[\d ]+(,\d+)?", text) else ("", _number(text))
    exact = found.get((row["matt"], row["affarsomrade"], row["kon"], quantity, offset), Fraction(0))
    return "", exact * PRINTED_PER_UNIT.get(row["enhet"], Fraction(1)) * int(row["tecken"])


def print_number(number: Fraction, pattern: str) -> str:
    """By the edition's pattern: half away from zero, blank for thousands, `#` a decimal that goes unsaid when 0."""
    decimals = len((re.search(r",([0#]+)", pattern) or [""] * 2)[1])
    whole = (abs(number) * 10**decimals * 2 + 1) // 2
    digits = f"{whole:0{decimals + 1}}"
    text = digits[: len(digits) - decimals]
    text = f"{int(text):,}".replace(",", " ") if pattern.startswith("# ##0") else text
    tail = digits[len(digits) - decimals :].rstrip("0" if "#" in pattern.partition(",")[2] else "")
    unit = re.search(r" ([^\d#, ]+)$", pattern)
    return ("-" if number < 0 and whole else "") + text + (f",{tail}" if tail else "") + (f" {unit[1]}" if unit else "")


def differences(expected: Mapping[tuple[str, str, int], str], printed: Iterable[Mapping[str, str]]) -> list[str]:
    """Where expected cells and the rows of `bokslut tables --format csv` differ, or one side lacks a cell."""
    found: dict[tuple[str, str, int], str] = {}
    for cell in printed:
        table = cell["table"][:3]
        if table in TABLES:
            place = sum(key[:2] == (table, cell["row"]) for key in found)
            found[table, cell["row"], place] = cell["value"]
    return [
        f"{key}: expected {expected.get(key)!r}, printed {found.get(key)!r}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]


def _number(text: str) -> Fraction:
    return Fraction(re.sub(r"[^\d,-]", "", text).replace(",", ".") or 0)


def _newest(folder: Path, extract: str, period: str) -> list[dict[str, str]]:
    """The rows of the newest extraction of the latest month named, up to the period."""
    to_period = [path for path in folder.rglob(f"{extract}_*.csv") if path.stem[-20:-14] <= period.replace("-", "")]
    newest = max(to_period, key=lambda path: path.stem[-20:])
    rows = csv.DictReader(newest.read_text("utf-8-sig").splitlines(), delimiter=";")
    return [row for row in rows if not next(iter(row.values())).startswith("#ANTAL")]


@dataclass(frozen=True)
class Period:
    """What the exports say of a month, and what was printed."""

    name: str
    expected: Mapping[tuple[str, str, int], str]
    printed: list[dict[str, str]]


@pytest.fixture(scope="module", params=[PERIOD, LATER_PERIOD])
def period(request: pytest.FixtureRequest, closed_twice: Organisation) -> Period:
    """The first report, and the one after the organisation has changed; all exports lie in one folder."""
    name, exports = str(request.param), closed_twice.exports
    shown = closed_twice.bokslut("tables", name, "--format", "csv")
    assert shown.returncode == 0, shown.stderr
    expected = expected_cells(exports, name, figures(exports, name.replace("-", "")))
    return Period(name, expected, list(csv.DictReader(io.StringIO(shown.stdout))))


def test_every_printed_cell_is_what_the_exports_say(period: Period) -> None:
    assert len(period.expected) > 150
    assert differences(period.expected, period.printed) == []


def test_a_cell_that_is_off_by_one_or_lacking_is_seen(period: Period) -> None:
    cell = next(
        cell for cell in period.printed if cell["table"].startswith("t02") and re.search("[1-9]", cell["value"])
    )
    wrong = [{**each, "value": f"{each['value']}1"} if each is cell else each for each in period.printed]
    assert len(differences(period.expected, wrong)) == 1
    assert len(differences(period.expected, [each for each in period.printed if each is not cell])) >= 1


def test_the_script_is_short_and_stands_alone() -> None:
    text = (Path(__file__).parent / "independent.py").read_text("utf-8")
    assert len(text.splitlines()) <= 100
    assert not re.search(r"(?m)^\s*(?:from|import) (?:flows|tests)|\.sql\b", text)


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (Fraction(229544), "# ##0", "229 544"),
        (Fraction(-46865, 10), "# ##0", "-4 687"),
        (Fraction(-4, 10), "# ##0", "0"),
        (Fraction(925, 100), "0,0 %", "9,3 %"),
        (Fraction(1, 2), "0", "1"),
        (Fraction(6702, 100), "0,#", "67"),
        (Fraction(6455, 100), "0,#", "64,6"),
    ],
)
def test_numbers_are_printed_as_the_pattern_says(number: Fraction, pattern: str, text: str) -> None:
    assert print_number(number, pattern) == text
