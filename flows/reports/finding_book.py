"""Findings as a workbook: one sheet that is filtered and ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.finding_list import EFFECT_WORDS, WorkItem

#: Head, width in characters.
_COLUMNS = (
    ("Vem", 28),
    ("Effekt", 20),
    ("Avvikelse", 70),
    ("Att göra", 70),
    ("Sedan", 12),
    ("Fil", 40),
    ("Rad", 7),
    ("Kolumn", 16),
    ("Regel", 28),
    ("Nycklar", 40),
)


def write_book(items: Sequence[WorkItem], period: Period, to: Path) -> None:
    """Write the workbook; every cell but a line's number is text, whatever it begins with.

    Raises Refusal where the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Nothing that a source wrote may become a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(to), options)
    sheet = book.add_worksheet(f"Avvikelser {period}")
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, (head, width) in enumerate(_COLUMNS):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, head, bold)
    for number, item in enumerate(items, start=1):
        for column, value in enumerate(_values(item)):
            if isinstance(value, int):
                sheet.write_number(number, column, value, wrapped)
            else:
                sheet.write_string(number, column, value, wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(items), 1), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    try:
        book.close()
    except FileCreateError as error:
        raise Refusal(
            f"{to} cannot be written ({type(error.args[0]).__name__}).", "Give another file with --to."
        ) from None


def _values(item: WorkItem) -> tuple[str | int, ...]:
    one = item.finding
    return (
        one.ask,
        EFFECT_WORDS[one.effect],
        one.message,
        item.action.replace("`", ""),
        f"{one.found_before:%Y-%m-%d}" if one.found_before else "ny",
        one.file_name,
        one.line or "",
        one.column,
        one.rule_id,
        ", ".join(f"{name}={value}" for name, value in one.keys.items()),
    )
