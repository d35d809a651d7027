"""The ledger reader: a SIE 4 file as rows, its line numbers kept.

What is refused, tolerated and noted follows the format description (SIE 4B) and what real files do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from flows.declarations.intake_limits import tolerated_bad_rows
from flows.declarations.intake_rules import intake_rule
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.sources.encodings import garbled_at
from flows.sources.sie_records import LedgerRows
from flows.sources.sie_text import (
    DecodedLedger,
    checksum,
    checksum_of_own_bytes,
    decode_ledger,
    fields_of,
    lines_of,
    looks_like_another_format,
)

#: A word of the format, as a message may show it: where a file is damaged, anybody's words stand in such a place.
_A_LABEL = re.compile(r"#?[A-Z][A-Z_]{0,11}[0-9]{0,4}")
_A_CHECKSUM = re.compile(r"-?[0-9]{1,10}")
_NOT_SHOWN = "(ett ord som inte visas)"
#: So many unknown labels are told by name: more are no labels.
_MOST_LABELS = 20


@dataclass(slots=True)
class _Walk:
    """Where the walk through the file stands."""

    rows: LedgerRows = field(default_factory=LedgerRows)
    voucher_line: int | None = None
    in_braces: bool = False
    control_sums: list[str] = field(default_factory=list)
    has_labels: bool = False
    noted: dict[str, int] = field(default_factory=dict)


def read_ledger(data: bytes, file_name: str, period: Period) -> Reading:
    """The ledger delivered for a period; refused where the file is no ledger, cut, altered or of another period."""
    reading, months = _read(data, file_name)
    if reading.refusal is not None:
        return reading
    if months.no_use is not None:
        return _refused(reading, months.no_use)
    if months.about != period or not months.inside_fiscal_year(period):
        return _refused(
            reading,
            intake_rule("ledger_wrong_period").found(
                extract="ekonomi_sie", file_name=file_name, period=str(period), about=str(months.about or "ingen månad")
            ),
        )
    return reading


def read_any_ledger(data: bytes, file_name: str) -> Reading:
    """The same without asking which period the file is about."""
    return _read(data, file_name)[0]


@dataclass(frozen=True, slots=True)
class _Months:
    about: Period | None
    starts_on: date | None
    ends_on: date | None
    no_use: Finding | None = None

    def inside_fiscal_year(self, period: Period) -> bool:
        return (
            self.starts_on is not None
            and self.ends_on is not None
            and Period.of(self.starts_on) <= period <= Period.of(self.ends_on)
        )


def _read(data: bytes, file_name: str) -> tuple[Reading, _Months]:
    none = _Months(None, None, None)

    def refuse(rule: str, reading: Reading | None = None, **words: object) -> tuple[Reading, _Months]:
        finding = intake_rule(rule).found(extract="ekonomi_sie", file_name=file_name, **words)
        return _refused(reading or Reading(), finding), none

    if not data.strip():
        return refuse("file_empty")
    if looks_like_another_format(data):
        return refuse("ledger_not_sie")
    decoded = decode_ledger(data)
    walk = _Walk()
    for number, line in lines_of(decoded.text):
        _take(walk, number, line)
    if not walk.has_labels or not walk.rows.is_sie():
        return refuse("ledger_not_sie")
    reading = _reading_of(walk, decoded, file_name)
    if walk.in_braces or len(walk.control_sums) == 1 or _is_cut_off(walk, decoded.text):
        return refuse("ledger_truncated", reading)
    declared = next((text for text in walk.control_sums if text), None)
    if declared is not None and declared != str(checksum(decoded)):
        if declared != str(checksum_of_own_bytes(decoded)):
            words = {"declared": _shown(declared, _A_CHECKSUM), "computed": checksum(decoded)}
            return refuse("ledger_wrong_checksum", reading, **words)
        matched = intake_rule("ledger_checksum_of_own_bytes")
        found = matched.found(extract="ekonomi_sie", file_name=file_name, encoding=decoded.encoding)
        reading = replace(reading, findings=(*reading.findings, found))
    bad = walk.rows.bad_count()
    if bad > tolerated_bad_rows(reading.lines):
        # One sentence for them all; the rows are in the quarantine.
        others = tuple(found for found in reading.findings if found.rule_id != "ledger_bad_row")
        reading = replace(reading, findings=others)
        return refuse("ledger_too_many_bad_rows", reading, bad=bad, lines=reading.lines)
    starts_on, ends_on = walk.rows.fiscal_year()
    return reading, _Months(
        walk.rows.month_in_question(), starts_on, ends_on, _no_use(walk.rows, decoded.text, file_name)
    )


def _no_use(rows: LedgerRows, text: str, file_name: str) -> Finding | None:
    """Why a whole ledger is of no use to a close; None for one that is."""
    place = {"extract": "ekonomi_sie", "file_name": file_name}
    if (garbled := garbled_at(text)) is not None:
        start = text.rfind("\n", 0, garbled) + 1
        label = text[start:garbled].split(maxsplit=1)[:1]
        column = _shown(label[0], _A_LABEL) if label else _NOT_SHOWN
        return intake_rule("file_mojibake").found(**place, line=text.count("\n", 0, start) + 1, column=column)
    if rows.header("#SIETYP") == "4" or rows.has_vouchers():
        # Vouchers to be imported into a ledger (4I) say nothing of what the ledger holds.
        return None if rows.has("IB", "UB", "RES") else intake_rule("ledger_to_import").found(**place)
    return None if rows.has("PSALDO") else intake_rule("ledger_without_months").found(**place)


def _is_cut_off(walk: _Walk, text: str) -> bool:
    """Whether the file ends in a voucher without transactions, or within a line that is none without its rest."""
    last_line = text.count("\n") + 1
    return walk.voucher_line is not None or last_line in {line for line, *_ in walk.rows.bad_lines()}


def _take(walk: _Walk, number: int, line: str) -> None:
    if line == "{":
        walk.in_braces = True
        return
    if line == "}":
        walk.in_braces, walk.voucher_line = False, None
        return
    if walk.voucher_line is not None and walk.rows.plain_transaction(number, walk.voucher_line, line):
        return
    if not line.startswith("#"):
        walk.rows.bad(number, "", "raden börjar inte med en etikett")
        return
    walk.has_labels = True
    fields = fields_of(line)
    label = fields[0].upper()
    if label in ("#TRANS", "#RTRANS", "#BTRANS"):
        if walk.voucher_line is None:
            walk.rows.bad(number, label, "raden står utanför varje verifikation")
        else:
            walk.rows.transaction(number, walk.voucher_line, label, fields)
    elif label == "#VER":
        # The voucher's brace may follow on the same line in files edited by hand.
        walk.voucher_line = number if walk.rows.voucher(number, fields) else None
        walk.in_braces = fields[-1] == "{"
    elif label == "#KSUMMA":
        walk.control_sums.append(fields[1] if len(fields) > 1 else "")
    elif not walk.rows.record(number, label, fields):
        shown = _shown(label, _A_LABEL) if label in walk.noted or len(walk.noted) < _MOST_LABELS else _NOT_SHOWN
        walk.noted[shown] = walk.noted.get(shown, 0) + 1


def _shown(word: str, form: re.Pattern[str]) -> str:
    return word if form.fullmatch(word) else _NOT_SHOWN


def _reading_of(walk: _Walk, decoded: DecodedLedger, file_name: str) -> Reading:
    findings: list[Finding] = []
    place = {"extract": "ekonomi_sie", "file_name": file_name}
    for label, count in sorted(walk.noted.items()):
        findings.append(intake_rule("ledger_unknown_label").found(**place, label=label, count=count))
    if walk.rows.withheld_name is not None:
        findings.append(intake_rule("personal_in_text").found(**place, line=walk.rows.withheld_name, column="#FNAMN"))
    if walk.rows.employees:
        findings.append(intake_rule("ledger_employee_objects").found(**place, count=walk.rows.employees))
    if walk.rows.extra_fields:
        findings.append(intake_rule("ledger_extra_fields").found(**place, count=walk.rows.extra_fields))
    if walk.rows.decimal_commas:
        findings.append(intake_rule("ledger_decimal_comma").found(**place, count=walk.rows.decimal_commas))
    declared = walk.rows.header("#FORMAT")
    declared = declared and _shown(declared, _A_LABEL)
    if declared.upper() == "PC8" and decoded.encoding not in ("CP437", "UTF-8"):
        findings.append(
            intake_rule("ledger_other_encoding").found(**place, declared=declared, encoding=decoded.encoding)
        )
    tables = walk.rows.tables()
    quarantined = walk.rows.quarantined()
    for line, label, reason in walk.rows.bad_lines():
        findings.append(intake_rule("ledger_bad_row").found(**place, line=line, column=label, reason=reason))
    return Reading(
        tables=tables,
        lines=sum(table.num_rows for table in tables.values()) + walk.rows.bad_count(),
        noted=sum(walk.noted.values()) + len(walk.control_sums) + walk.rows.passed_over + walk.rows.employees,
        encoding=decoded.encoding,
        declared_encoding=declared,
        quarantined=quarantined,
        findings=tuple(findings),
    )


def _refused(reading: Reading, finding: Finding) -> Reading:
    return replace(reading, tables={}, refusal=finding)
