"""What people write for print, and what of it reaches a terminal, a spreadsheet and a page."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from unicodedata import category

from flows.declarations.missing_words import typed_missing
from flows.domain.period import Period
from flows.printable import visible
from flows.reports.csv_lines import CsvLines
from flows.reports.markdown import escaped
from flows.reports.markup import tag
from flows.reports.patterns import parse
from flows.reports.texts import print_texts
from flows.sources.printed_text import looks_personal, names_no_role
from tests.unit.test_texts import REPORT, comment

_AUGUST = Period(2021, 8)
_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def texts(data: bytes) -> None:
    """A comment with its placeholders and typed figures; a pattern; a word for what is missing."""
    text = data.decode("utf-8", errors="replace")
    [printed] = print_texts([comment(text or None)], REPORT, _AUGUST)
    if (printed.printed is None) == (printed.reason is None):
        raise AssertionError("a text that is neither printed nor explained")
    looks_personal(text)
    names_no_role(text)
    typed_missing(text, date(2021, 9, 3))
    try:
        pattern = parse(text[:200])
    except ValueError:
        return
    pattern.print(Fraction(-1234567, 1000))


def written(data: bytes) -> None:
    """Anybody's words in our csv, html, markdown and on a terminal: words there, and nothing else."""
    text = data.decode("utf-8", errors="replace")
    lines = io.StringIO()
    CsvLines(lines, ("a", "b")).write((text, "end"))
    rows = list(csv.reader(io.StringIO(lines.getvalue())))
    if len(rows) != 2 or len(rows[1]) != 2 or rows[1][1] != "end":
        raise AssertionError("words that moved a cell")
    cell = rows[1][0].lstrip()
    if cell.startswith(_OPENS_A_FORMULA) and not _is_number(cell):
        raise AssertionError("words that are a formula")
    page = _Page()
    page.feed(tag("p", text, title=text))
    page.close()
    if page.elements != ["p"]:
        raise AssertionError("words that are an element")
    if any(sign in escaped(text).replace(f"\\{sign}", "") for sign in "<>[]`|*@"):
        raise AssertionError("words that are markup")
    shown = visible(text)
    # Controls, turners of direction, halves of a character, separators of lines.
    obeyed = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    if len(shown) != len(text) or any(category(one) in obeyed and one not in "\n\t" for one in shown):
        raise AssertionError("words that a terminal obeys")


def _is_number(cell: str) -> bool:
    """A sign and a number with at most a unit after it."""
    return cell[1:2].isdigit() or cell in ("-", "+")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.append(tag)
