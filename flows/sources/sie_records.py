"""The records of a ledger file, collected row by row and handed over as Arrow tables.

Dimension 1 is ansvar, 6 projekt, 20 verksamhet; dimension 7 is the employee and is never landed. Other dimensions are
kept as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pyarrow as pa

from flows.domain.period import Period
from flows.sources.printed_text import looks_personal
from flows.sources.sie_fields import Unreadable, day_of, month_of, whole_of
from flows.sources.sie_tables import SCHEMAS, quarantined_lines, rows_as_table
from flows.sources.sie_text import fields_of

_AMOUNT = re.compile(r"-?[0-9]{1,16}(?:[.,][0-9]{0,2})?")
#: An account, objects, an amount and perhaps a day and a text, nothing escaped and no brace within quotes.
_PLAIN_TRANSACTION = re.compile(
    r'#TRANS[ \t]+([^\s{}"]+)[ \t]+\{([^{}\\]*)\}[ \t]+(-?[0-9]{1,16}(?:\.[0-9]{0,2})?)'
    r'(?:[ \t]+([0-9]{8})(?:[ \t]+"([^"\\{}]*)")?)?'
)
_QUANTITY = re.compile(r"-?[0-9]{1,11}(?:[.,][0-9]{0,12})?")

_EMPLOYEE_DIMENSION = "7"
_WHOSE = "#FNAMN"
_HEADERS = frozenset(
    {"#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#PROSA", "#FTYP", "#FNR", "#ORGNR", "#BKOD", "#ADRESS"}
    | {"#FNAMN", "#TAXAR", "#OMFATTN", "#KPTYP", "#VALUTA"}
)
#: Known records that carry nothing the close asks for.
_PASSED_OVER = frozenset({"#SRU", "#ENHET"})


class LedgerRows:
    """The rows of one ledger file, by raw table."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in SCHEMAS}
        self._accounts: dict[str, int] = {}
        self._bad: list[tuple[int, str, str]] = []
        self._days: dict[str, date | None] = {"": None}
        self._objects: dict[tuple[str, ...], tuple[str | None, str | None, str | None, str | None]] = {}
        self._plain_objects: dict[str, tuple[str | None, str | None, str | None, str | None]] = {}
        self._headers: dict[str, str] = {}
        #: The line of the ledger's own name, where that was not kept.
        self.withheld_name: int | None = None
        self.decimal_commas = 0
        #: Objects of dimension 7, lines that carry nothing the close asks for, and fields beyond the standard.
        self.employees = 0
        self.passed_over = 0
        self.extra_fields = 0

    # -- what the reader feeds ------------------------------------------------------------------------------------

    def voucher(self, line: int, fields: list[str]) -> bool:
        """Whether the voucher's own fields could be read."""
        fields = [field for field in fields if field != "{"]
        self.extra_fields += max(0, len(fields) - 7)
        fields += [""] * 5
        try:
            row = (
                line,
                fields[1],
                fields[2],
                self._day(fields[3], required=True),
                fields[4] or None,
                self._day(fields[5]),
            )
        except Unreadable as unreadable:
            self.bad(line, "#VER", str(unreadable))
            return False
        self._rows["sie_voucher"].append((*row, fields[6] or None if len(fields) > 6 else None))
        return True

    def plain_transaction(self, line: int, voucher_line: int, text: str) -> bool:
        """Take a #TRANS of the form that nearly all have, without splitting it into fields; False for any other."""
        plain = _PLAIN_TRANSACTION.fullmatch(text)
        if plain is None:
            return False
        account, written, amount, day, words = plain.groups()
        objects = self._plain_objects.get(written)
        if objects is None:
            pairs = tuple(fields_of(written))
            if written.count('"') % 2 or len(pairs) % 2:
                return False
            objects = self._plain_objects[written] = self._objects_of(pairs)
        if day is not None and self._days.get(day) is None:
            return False
        when = None if day is None else self._days[day]
        self._rows["sie_transaction"].append(
            (line, voucher_line, "TRANS", account, *objects, amount, when, words or None, None, None)
        )
        return True

    def transaction(self, line: int, voucher_line: int, label: str, fields: list[str]) -> None:
        try:
            objects, rest = self._split(fields, 2)
            amount = self._amount(rest[0] if rest else "")
            self.extra_fields += max(0, len(rest) - 5)
            rest += [""] * 5
            row = (
                line, voucher_line, label[1:], fields[1], *objects, amount, self._day(rest[1]), rest[2] or None,
                self._quantity(rest[3]), rest[4] or None,
            )  # fmt: skip
        except (Unreadable, IndexError) as unreadable:
            self.bad(line, label, str(unreadable) if isinstance(unreadable, Unreadable) else "raden har för få fält")
            return
        self._rows["sie_transaction"].append(row)

    def record(self, line: int, label: str, fields: list[str]) -> bool:
        """Whether the label is known; an unreadable row of a known label is quarantined."""
        try:
            return self._record(line, label, fields)
        except Unreadable as unreadable:
            self.bad(line, label, str(unreadable))
        except IndexError:
            self.bad(line, label, "raden har för få fält")
        return True

    def bad(self, line: int, label: str, reason: str) -> None:
        self._bad.append((line, label, reason))

    # -- what the reader asks -------------------------------------------------------------------------------------

    def header(self, label: str) -> str:
        return self._headers.get(label, "")

    def is_sie(self) -> bool:
        return "#FLAGGA" in self._headers or "#SIETYP" in self._headers

    def fiscal_year(self) -> tuple[date | None, date | None]:
        for row in self._rows["sie_fiscal_year"]:
            if row[1] == 0:
                return row[2], row[3]  # type: ignore[return-value]
        return None, None

    def month_in_question(self) -> Period | None:
        """The month of #OMFATTN; where absent, of the last voucher (the contract's rule)."""
        scope = self._headers.get("#OMFATTN", "")
        try:
            day = self._day(scope)
        except Unreadable:
            day = None
        if day is None:
            days = [row[3] for row in self._rows["sie_voucher"] if isinstance(row[3], date)]
            day = max(days, default=None)
        return Period.of(day) if day else None

    def has(self, *records: str) -> bool:
        """Whether there is a balance, or an amount of a period, of one of these kinds."""
        return any(row[1] in records for table in ("sie_balance", "sie_period_amount") for row in self._rows[table])

    def has_vouchers(self) -> bool:
        return bool(self._rows["sie_voucher"])

    def bad_count(self) -> int:
        return len(self._bad)

    def bad_lines(self) -> Iterator[tuple[int, str, str]]:
        return iter(self._bad)

    def tables(self) -> dict[str, pa.Table]:
        return {name: rows_as_table(name, rows) for name, rows in self._rows.items()}

    def quarantined(self) -> pa.Table:
        return quarantined_lines(self._bad)

    # -- the records ----------------------------------------------------------------------------------------------

    def _record(self, line: int, label: str, fields: list[str]) -> bool:
        add = self._rows
        if label in _HEADERS:
            value = " ".join(fields[1:])
            if label == _WHOSE and looks_personal(value):
                # A firm of one person is named by it as often as not; the name is printed on every page.
                self.withheld_name, value = line, ""
            self._headers.setdefault(
                label, fields[1] if label in ("#OMFATTN", "#FORMAT") and len(fields) > 1 else value
            )
            add["sie_header"].append((line, label, value))
        elif label == "#RAR":
            add["sie_fiscal_year"].append(
                (line, whole_of(fields[1]), self._day(fields[2], required=True), self._day(fields[3], required=True))
            )
        elif label == "#KONTO":
            self._accounts[fields[1]] = len(add["sie_account"])
            add["sie_account"].append((line, fields[1], fields[2] if len(fields) > 2 else None, None))
        elif label == "#KTYP":
            self._type_account(fields[1], fields[2])
            self.passed_over += 1
        elif label in ("#DIM", "#UNDERDIM"):
            parent = fields[3] if label == "#UNDERDIM" and len(fields) > 3 else None
            add["sie_dimension"].append((line, fields[1], fields[2], parent))
        elif label == "#OBJEKT":
            if fields[1] == _EMPLOYEE_DIMENSION:
                self.employees += 1
            else:
                add["sie_object"].append((line, fields[1], fields[2], fields[3] if len(fields) > 3 else None))
        elif label in ("#IB", "#UB", "#RES", "#OIB", "#OUB"):
            objects, rest = self._split(fields, 3)
            add["sie_balance"].append(
                (
                    line,
                    label[1:],
                    whole_of(fields[1]),
                    fields[2],
                    *objects,
                    self._amount(rest[0]),
                    self._quantity(_second(rest)),
                )
            )
        elif label in ("#PSALDO", "#PBUDGET"):
            objects, rest = self._split(fields, 4)
            add["sie_period_amount"].append(
                (
                    line, label[1:], whole_of(fields[1]), month_of(fields[2]), fields[3], *objects,
                    not any(objects), self._amount(rest[0]), self._quantity(_second(rest)),
                )
            )  # fmt: skip
        elif label in _PASSED_OVER:
            self.passed_over += 1
        else:
            return False
        return True

    def _type_account(self, account: str, account_type: str) -> None:
        index = self._accounts.get(account)
        if index is not None:
            self._rows["sie_account"][index] = (*self._rows["sie_account"][index][:3], account_type)

    # -- fields ---------------------------------------------------------------------------------------------------

    def _split(
        self, fields: list[str], at: int
    ) -> tuple[tuple[str | None, str | None, str | None, str | None], list[str]]:
        """The objects in the braces at a position (some writers leave empty braces out), and what follows them."""
        if len(fields) <= at or fields[at] != "{":
            return self._objects_of(()), fields[at:]
        try:
            end = fields.index("}", at)
        except ValueError:
            raise Unreadable("en klammer stängs aldrig") from None
        return self._objects_of(tuple(fields[at + 1 : end])), fields[end + 1 :]

    def _objects_of(self, pairs: tuple[str, ...]) -> tuple[str | None, str | None, str | None, str | None]:
        known = self._objects.get(pairs)
        if known is None:
            if len(pairs) % 2:
                raise Unreadable("objekten står inte i par")
            by_dimension = dict(zip(pairs[::2], pairs[1::2], strict=True))
            others = [
                # That there was an employee matters (the row is no total); who it was does not.
                dimension if dimension == _EMPLOYEE_DIMENSION else f"{dimension}:{name}"
                for dimension, name in by_dimension.items()
                if dimension not in ("1", "6", "20")
            ]
            known = (by_dimension.get("1"), by_dimension.get("6"), by_dimension.get("20"), " ".join(others) or None)
            self._objects[pairs] = known
        return known

    def _amount(self, text: str) -> str:
        if _AMOUNT.fullmatch(text) is None:
            raise Unreadable("beloppet är inte ett tal med högst två decimaler")
        if "," in text:
            self.decimal_commas += 1
            return text.replace(",", ".")
        return text

    def _quantity(self, text: str) -> str | None:
        if not text:
            return None
        if _QUANTITY.fullmatch(text) is None:
            # A trailing field that is no number is one of the extra fields real files carry.
            self.extra_fields += 1
            return None
        return f"{Decimal(text.replace(',', '.')):.6f}"

    def _day(self, text: str, *, required: bool = False) -> date | None:
        if text not in self._days:
            self._days[text] = day_of(text)
        day = self._days[text]
        if required and day is None:
            raise Unreadable("datumet saknas")
        return day


def _second(rest: list[str]) -> str:
    return rest[1] if len(rest) > 1 else ""
