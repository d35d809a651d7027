"""A workbook for what people enter: the header of the contract, lists to choose from, and each column explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flows.declarations.contracts import Column, Contract
from flows.declarations.staged_names import described
from flows.domain.period import Period

#: Rows that are ready to be filled in.
_ROWS = 1000
#: So far back and ahead a month can be chosen.
_MONTHS_BACK, _MONTHS_AHEAD = 24, 24
_EXPLANATION = "Förklaring"
_LISTS = "Listor"
_DECIMALS = frozenset({"hours", "number", "nonnegative_number", "percent", "amount"})
_NOT_NEGATIVE = frozenset({"count", "percent", "nonnegative_number"})

_FORMS: Mapping[str, str] = {
    "month": "månad, ÅÅÅÅ-MM",
    "date": "datum, ÅÅÅÅ-MM-DD",
    "time": "klockslag, TT:MM",
    "observation_period": "år eller månad, ÅÅÅÅ eller ÅÅÅÅ-MM",
    "flag": "0 eller 1",
    "count": "heltal, inte negativt",
    "integer": "heltal",
    "hours": "timmar",
    "number": "tal",
    "nonnegative_number": "tal, inte negativt",
    "number_or_words": "tal eller ord",
    "percent": "procent, 12,5",
    "amount": "belopp i kronor",
    "unit": "enhetens kod",
    "area": "affärsområdets kod eller namn",
    "code": "kod ur listan",
    "text": "text",
}


def write_template(
    path: Path,
    contract: Contract,
    period: Period,
    rows: Sequence[Mapping[str, str]] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the workbook. `rows` are there from the start; `lists` give the values of a column (by name) or type.

    A number may also be a word for a missing value: there the workbook warns, and does not stop.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(contract.label[:31])
        chosen = _Lists(book, lists or {}, contract, period)
        head = book.add_format({"bold": True, "bottom": 1})
        formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"}), "text": book.add_format({"num_format": "@"})}
        for place, column in enumerate(contract.columns):
            kind = (
                "date" if column.type == "date" else None if column.type in _DECIMALS | {"count", "integer"} else "text"
            )
            sheet.set_column(place, place, max(12, len(column.name) + 4), formats[kind] if kind else None)
            sheet.write_string(0, place, column.name, head)
            validation = chosen.validation(column)
            if validation is not None:
                sheet.data_validation(1, place, _ROWS, place, {"ignore_blank": True, **validation})
            for number, row in enumerate(rows, start=1):
                _write(sheet, number, place, column, row.get(column.name, ""))
        sheet.freeze_panes(1, 0)
        _explain(book, contract)
        chosen.write()


class _Lists:
    """The values to choose from, on a sheet that is not shown."""

    def __init__(self, book: Any, lists: Mapping[str, Sequence[str]], contract: Contract, period: Period) -> None:
        self._book = book
        self._period = period
        self._contract = contract
        self._lists = lists
        self._written: dict[str, Sequence[str]] = {}

    def validation(self, column: Column) -> dict[str, Any] | None:
        """What a cell of the column may hold."""
        allowed = self._allowed(column)
        if allowed:
            self._written[column.name] = allowed
            letter = chr(ord("A") + len(self._written) - 1)
            stops = bool(column.codes) or column.type in ("flag", "month")
            return {
                "validate": "list",
                "source": f"={_LISTS}!${letter}$1:${letter}${len(allowed)}",
                "error_type": "stop" if stops else "warning",
                "error_message": "Välj ur listan.",
            }
        if column.type == "date":
            first, last = self._period.plus(-12 * 50).first_day, self._period.plus(12 * 50).last_day
            between = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
            return {**between, "error_message": "Skriv ett datum: ÅÅÅÅ-MM-DD."}
        if column.type in _DECIMALS | {"count", "integer"}:
            kind = "decimal" if column.type in _DECIMALS else "integer"
            least = 0 if column.type in _NOT_NEGATIVE else -(10**12)
            between = {"validate": kind, "criteria": "between", "minimum": least, "maximum": 10**12}
            said = f"Det ska vara {_FORMS[column.type]}, eller ett ord för att värdet saknas."
            return {**between, "error_type": "warning", "error_message": said}
        return None

    def _allowed(self, column: Column) -> Sequence[str]:
        if column.codes:
            return column.codes
        if column.name == "period":
            return (str(self._period),)
        if column.type == "flag":
            return ("0", "1")
        if column.type == "month":
            return [str(one) for one in self._period.plus(-_MONTHS_BACK).through(self._period.plus(_MONTHS_AHEAD))]
        return self._lists.get(column.name) or self._lists.get(column.type) or ()

    def write(self) -> None:
        """Write the sheet of lists, if anything is chosen from one."""
        if not self._written:
            return
        sheet = self._book.add_worksheet(_LISTS)
        for place, values in enumerate(self._written.values()):
            for number, value in enumerate(values):
                sheet.write_string(number, place, value)
        sheet.hide()


def _write(sheet: Any, number: int, place: int, column: Column, written: str) -> None:
    """A value that is there from the start, as the workbook's own date or number where it is one."""
    plain = written.replace(",", ".")
    if not written:
        return
    if column.type == "date":
        sheet.write_datetime(number, place, date.fromisoformat(written))
    elif column.type in _DECIMALS | {"count", "integer", "number_or_words"} and _is_number(plain):
        sheet.write_number(number, place, float(plain))
    else:
        sheet.write_string(number, place, written)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def _explain(book: Any, contract: Contract) -> None:
    sheet = book.add_worksheet(_EXPLANATION)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, f"{contract.label}: {contract.title}", bold)
    for place, (words, width) in enumerate(
        (("kolumn", 22), ("betyder", 28), ("krävs", 8), ("skrivs som", 34), ("meaning", 60))
    ):
        sheet.set_column(place, place, width, wrap)
        sheet.write_string(2, place, words, bold)
    known = described(contract.extract)
    for number, column in enumerate(contract.columns, start=3):
        entry = known.get(column.name)
        form = f"en av {', '.join(column.codes)}" if column.codes else _FORMS[column.type]
        told = (column.name, entry.label if entry else "", "ja" if column.required else "", form)
        for place, words in enumerate((*told, entry.meaning if entry else "")):
            sheet.write_string(number, place, words)
    key = f"En rad per {', '.join(contract.key)}. Spara under samma namn, eller med en senare uttagstid."
    sheet.write_string(len(contract.columns) + 4, 0, key)
