"""Anybody's words where we print them: a spreadsheet calculates none, a page shows them, a terminal obeys none."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from flows.declarations.contracts import contracts
from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.errors import Refusal
from flows.printable import is_one_line, visible
from flows.quality.findings import work_list
from flows.reports.csv_lines import CsvLines, harmless
from flows.reports.finding_book import write_book
from flows.reports.markdown import escaped
from flows.reports.markup import tag
from flows.reports.quarantine_list import QuarantinedLine, export
from flows.reports.template import write_template

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1)",
    '=cmd|"/c calc"!A1',
]


@pytest.mark.parametrize("words", FORMULAS)
def test_no_csv_of_ours_holds_a_formula(words: str, tmp_path: Path) -> None:
    assert str(harmless(words)).startswith("'")
    to = io.StringIO()
    CsvLines(to, ("name", words)).write((words, "end"))
    for row in csv.reader(io.StringIO(to.getvalue())):
        assert not any(
            cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")) for cell in row
        )
    export([QuarantinedLine(words, words, "2021-08", words, 2, words, words, words)], tmp_path / "lines.csv")
    with (tmp_path / "lines.csv").open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file, delimiter=";")
    assert [cell.startswith("'") for cell in row] == [True, True, False, True, False, True, True, True]


@pytest.mark.parametrize("words", [*FORMULAS, "http://evil.example", "mailto:a@b.se", "\x1b[2J", "\x00"])
def test_no_workbook_of_ours_holds_a_formula_or_a_link(words: str, tmp_path: Path) -> None:
    finding = Finding(
        "a", Severity.INFO, Effect.NONE, words, ask=words, file_name=words, column=words, keys={"k": words}
    )
    write_book(work_list([finding], Period(2021, 8)).items(), Period(2021, 8), tmp_path / "findings.xlsx")
    contract = contracts()["luckor"]
    rows = [dict.fromkeys([column.name for column in contract.columns if column.type == "text"], words)]
    write_template(tmp_path / "luckor.xlsx", contract, Period(2021, 8), rows, {"unit": [words]})
    for book in ("findings.xlsx", "luckor.xlsx"):
        with zipfile.ZipFile(tmp_path / book) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert not [name for name, xml in parts.items() if name.startswith("xl/worksheets/sheet") and b"<f>" in xml]
        assert not [name for name, xml in parts.items() if b"<hyperlink" in xml]
        cells = [cell for sheet in openpyxl.load_workbook(tmp_path / book) for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.hyperlink is not None]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("[click](http://evil.example)", r"\[click\](http\://evil.example)"),
        ("![x](https://evil.example/p.png)", r"!\[x\](https\://evil.example/p.png)"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
        ("www.evil.example a@b.se", r"www\.evil.example a\@b.se"),
        ("`code` *x* a|b ~~y~~ &lt;", r"\`code\` \*x\* a\|b \~\~y\~\~ \&lt;"),
        ("# head", r"\# head"),
        ("two\nlines\x1b[2J", "two lines\ufffd\\[2J"),
        ("columns_missing -22 100,5 1) 50 %", "columns_missing -22 100,5 1) 50 %"),
    ],
)
def test_words_in_markdown_are_words(words: str, shown: str) -> None:
    assert escaped(words) == shown


def test_words_in_a_page_are_words() -> None:
    assert tag("p", "<b>&</b>", title="\"'><script>") == (
        '<p title="&quot;&#x27;&gt;&lt;script&gt;">&lt;b&gt;&amp;&lt;/b&gt;</p>'
    )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("\x1b[2J", "\ufffd[2J"),
        ("\x9b31m", "\ufffd31m"),
        ("a\x07\x08\x7f", "a\ufffd\ufffd\ufffd"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("a\u200bb\ufeffc", "a\ufffdb\ufffdc"),
        ("\u2028\u2029", "\ufffd\ufffd"),
        ("\udcff\ud800", "\ufffd\ufffd"),
        ("\r\n", "\ufffd\n"),
        ("Köket 1\u00a0234,50 − 5 %\t…", "Köket 1\u00a0234,50 − 5 %\t…"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_a_sign(words: str, shown: str) -> None:
    assert visible(words) == shown
    assert visible(shown) == shown
    assert len(shown) == len(words)


def test_a_refusal_commands_nothing() -> None:
    refusal = Refusal("There is no \x1b[2Jfile.", "Name \u202eanother.")
    assert str(refusal) == "There is no \ufffd[2Jfile. Name \ufffdanother."
    assert is_one_line(str(refusal))
