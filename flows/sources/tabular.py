"""The one reader of every tabular extract, text or workbook, from its contract alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from flows.declarations.contracts import NUMBER_TYPES, Contract
from flows.declarations.intake_limits import tolerated_bad_rows
from flows.declarations.intake_rules import intake_rule
from flows.declarations.mappings import SourceMapping
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.sources.beside_rows import MISSING, rows_as_table, unknown_values
from flows.sources.columns_of_file import as_delivered, match_header, shown
from flows.sources.control_lines import ControlLines, check
from flows.sources.delimited import Line, Records
from flows.sources.fields import ParsedColumn, PersonKey, arrow_schema, parse_column
from flows.sources.mapped_columns import is_of_other_form, mapped_control_lines, mapped_header, mapped_records
from flows.sources.printed_text import looks_personal, names_no_role
from flows.sources.quarantine import Quarantine
from flows.sources.refused_file import RefusedFile
from flows.sources.sex_of_person import other_sex_than_stated
from flows.sources.values import FORMULA_ERROR, FORMULA_ERRORS
from flows.sources.written_rows import written_rows

_PLACEHOLDER = "platshållare"
#: A longer value tells whoever is to mend it no more than its line does.
_LONGEST_SHOWN = 200


def read_table(
    data: bytes,
    contract: Contract,
    file_name: str,
    period: Period,
    extracted_at: datetime,
    person_key: PersonKey,
    mapping: SourceMapping | None = None,
) -> Reading:
    """One delivered file against its contract; never raises for what the bytes are.

    With a `mapping` the file is of the organisation's own form, and is read as if it had been of the contract's.

    `person_key` turns the twelve digits of distinct persons into their keys, and is called once. `lines` are data:
    neither header, blank lines nor control lines. A file stopped by its rows keeps its quarantine, so that they can be
    found.
    """
    reader = _Reader(contract, file_name, period, extracted_at.date(), person_key, mapping)
    try:
        return reader.read(data)
    except RefusedFile as stopped:
        refusal = intake_rule(stopped.rule_id).found(
            extract=contract.extract,
            table=contract.extract,
            file_name=file_name,
            line=stopped.line,
            column=stopped.column,
            **stopped.words,
        )
        return Reading(
            lines=reader.lines,
            encoding=reader.encoding,
            quarantined=reader.quarantined,
            findings=tuple(reader.findings),
            refusal=refusal,
        )


class _Reader:
    """The reading of one file, and what is known of it when it stops."""

    def __init__(
        self,
        contract: Contract,
        file_name: str,
        period: Period,
        extracted_on: date,
        person_key: PersonKey,
        mapping: SourceMapping | None,
    ) -> None:
        self.contract = contract
        self.file_name = file_name
        self.period = period
        self.extracted_on = extracted_on
        self.person_key = person_key
        self.mapping = mapping
        self.encoding = ""
        self.lines = 0
        self.findings: list[Finding] = []
        self.quarantined: pa.Table | None = None

    def read(self, data: bytes) -> Reading:
        written = written_rows(data, self.file_name)
        self.encoding = written.encoding
        for note in written.notes:
            self._find(note.rule_id, line=note.line, count=note.count)
        header, records, control_lines = written.header, written.records, written.control_lines
        if self.mapping is not None and is_of_other_form(header, self.mapping, self.contract):
            header = mapped_header(header, self.mapping)
            records = mapped_records(records, header, self.mapping, self.period)
            control_lines = mapped_control_lines(control_lines, header, self.mapping, self.contract.control_measure)
        unknown = match_header(self.contract, header)
        self.contract = as_delivered(self.contract, header)
        for name in unknown:
            self._find("unknown_column", line=header.number, column=shown(name))
        self.lines = records.count
        parsed = self._parse(header, records)
        self._refuse_wrong_period(parsed, records)
        quarantine = self._quarantine(header, parsed, records)
        _add_failed_formulas(quarantine, unknown, header, records)
        self.quarantined = quarantine.table()
        landed = quarantine.landing_mask(records.lines)
        self._withhold_personal_text(parsed, records, landed)
        self._note_columns(parsed)
        self._compare_sexes(header, parsed, records, landed)
        self._check_control_lines(control_lines, header, parsed, is_whole=bool(landed.all()) and not records.malformed)
        if quarantine:
            self._judge_bad_rows(quarantine)
        return Reading(
            tables={self.contract.extract: self._rows(parsed, records, landed)},
            lines=self.lines,
            encoding=self.encoding,
            quarantined=self.quarantined,
            missing=self._missing(parsed, records, landed),
            unknown=unknown_values(unknown, header, records),
            findings=tuple(self.findings),
        )

    def _find(self, rule_id: str, *, line: int | None = None, column: str = "", **words: object) -> None:
        place = {"extract": self.contract.extract, "table": self.contract.extract, "file_name": self.file_name}
        self.findings.append(intake_rule(rule_id).found(**place, line=line, column=column, **words))

    def _parse(self, header: Line, records: Records) -> Mapping[str, ParsedColumn]:
        return {
            column.name: parse_column(
                column,
                records.columns[header.fields.index(column.name)],
                extracted_on=self.extracted_on,
                typed_by_people=self.contract.typed_by_people,
                person_key=self.person_key,
            )
            for column in self.contract.columns
        }

    def _refuse_wrong_period(self, parsed: Mapping[str, ParsedColumn], records: Records) -> None:
        """A row of another month refuses the file; a period that is no month is a bad row like any other."""
        if self.contract.content != "month" or "period" not in parsed:
            return
        periods = parsed["period"].arrays[0]
        others = compute.fill_null(compute.not_equal(periods, pa.scalar(self.period.first_day)), False)
        position = compute.index(others, True).as_py()
        if position >= 0:
            about = Period.of(periods[position].as_py())
            line = int(records.lines[position])
            raise RefusedFile(
                "file_wrong_period", line=line, column="period", period=str(self.period), about=str(about)
            )

    def _quarantine(self, header: Line, parsed: Mapping[str, ParsedColumn], records: Records) -> Quarantine:
        quarantine = Quarantine(self.lines)
        for number, reason in records.malformed:
            quarantine.add(number, "", reason)
        for column in self.contract.columns:
            written = records.columns[header.fields.index(column.name)]
            for position, reason in parsed[column.name].bad.items():
                value = None if column.personal or column.printed or column.role else written[position].as_py()
                if value is not None and (len(value) > _LONGEST_SHOWN or looks_personal(value)):
                    # Fields that have moved: a personnummer in a code's place is as personal as in its own.
                    value = None
                quarantine.add(int(records.lines[position]), column.name, reason, value)
        key = self.contract.key
        unsound = {position for name in key for position in parsed[name].bad}
        for position in _repeated_keys([parsed[name].arrays[0] for name in key], unsound, len(records.lines)):
            quarantine.add(int(records.lines[position]), ", ".join(key), "nyckeln står på mer än en rad")
        return quarantine

    def _judge_bad_rows(self, quarantine: Quarantine) -> None:
        bad, limit = quarantine.line_count, tolerated_bad_rows(self.lines)
        line, column, reason = quarantine.first()
        words = {"bad": bad, "lines": self.lines, "reason": reason}
        column = column or "raden"
        if bad > limit:
            raise RefusedFile("too_many_bad_rows", line=line, column=column, limit=limit, **words)
        self._find("bad_rows", line=line, column=column, **words)

    def _withhold_personal_text(self, parsed: Mapping[str, ParsedColumn], records: Records, landed: np.ndarray) -> None:
        for column in self.contract.columns:
            if not (column.printed or column.role):
                continue
            rule_id = "not_a_role" if column.role else "personal_in_text"
            is_withheld = names_no_role if column.role else looks_personal
            for number, words in enumerate(parsed[column.name].arrays):
                if not pa.types.is_string(words.type):
                    continue
                texts = words.to_pylist()
                personal = [index for index, text in enumerate(texts) if text is not None and is_withheld(text)]
                for index in personal:
                    texts[index] = None
                    if landed[index]:
                        self._find(rule_id, line=int(records.lines[index]), column=column.name)
                parsed[column.name].arrays[number] = pa.array(texts, pa.string())

    def _note_columns(self, parsed: Mapping[str, ParsedColumn]) -> None:
        for name, column in parsed.items():
            for rule_id, count in column.notes.items():
                self._find(rule_id, column=name, count=count)

    def _compare_sexes(
        self, header: Line, parsed: Mapping[str, ParsedColumn], records: Records, landed: np.ndarray
    ) -> None:
        for column in self.contract.columns:
            if not column.sex_of:
                continue
            numbers = records.columns[header.fields.index(column.sex_of)]
            count = other_sex_than_stated(parsed[column.name].arrays[0], numbers, pa.array(landed))
            if count:
                self._find("sex_not_as_personnummer", column=column.name, count=count)

    def _check_control_lines(
        self, control_lines: ControlLines, header: Line, parsed: Mapping[str, ParsedColumn], *, is_whole: bool
    ) -> None:
        if control_lines.control is None and not control_lines.footers:
            return
        if not is_whole:
            self._find("control_unchecked")
        sums = self._sums(parsed) if is_whole else None
        personal = {column.name for column in self.contract.columns if column.personal}
        for wrong in check(control_lines, header, self.lines, self.contract.control_measure, sums):
            # The sum over one row is that row's value.
            words = dict.fromkeys(wrong.words, "ett annat tal") if wrong.column in personal else wrong.words
            self._find(wrong.rule_id, line=wrong.line, column=wrong.column, **words)

    def _sums(self, parsed: Mapping[str, ParsedColumn]) -> Mapping[str, tuple[Decimal, Decimal]]:
        """Column → its sum, and by how much rounding at landing may have moved it."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for column in self.contract.columns:
            if column.type in NUMBER_TYPES or column.type == "number_or_words":
                values = parsed[column.name].arrays[0]
                summed = Decimal(compute.sum(values).as_py() or 0)
                rounded = parsed[column.name].notes.get("rounded_decimals", 0)
                scale = values.type.scale if pa.types.is_decimal(values.type) else 0
                sums[column.name] = (summed, rounded * Decimal(1).scaleb(-scale) / 2)
        return sums

    def _rows(self, parsed: Mapping[str, ParsedColumn], records: Records, landed: np.ndarray) -> pa.Table:
        arrays = [array for column in self.contract.columns for array in parsed[column.name].arrays]
        table = pa.Table.from_arrays(
            [pa.array(records.lines, pa.int32()), *arrays], schema=arrow_schema(self.contract.landed())
        )
        return table if landed.all() else table.filter(pa.array(landed))

    def _missing(self, parsed: Mapping[str, ParsedColumn], records: Records, landed: np.ndarray) -> pa.Table | None:
        rows: list[tuple[int, str, str, str, date | None]] = []
        for name, column in parsed.items():
            for position in column.unlisted:
                if landed[position]:
                    self._find("unlisted_word", line=int(records.lines[position]), column=name)
            for position, missing in column.missing.items():
                if landed[position]:
                    line = int(records.lines[position])
                    rows.append((line, name, missing.word, missing.reason, missing.expected_day))
            for position, word in column.placeholders.items():
                if landed[position]:
                    line = int(records.lines[position])
                    self._find("placeholder", line=line, column=name)
                    rows.append((line, name, word, _PLACEHOLDER, None))
        return rows_as_table(sorted(rows, key=lambda row: row[:2]), MISSING)


def _add_failed_formulas(quarantine: Quarantine, unknown: Sequence[str], header: Line, records: Records) -> None:
    """Formula errors in columns that the contract does not know; in its own they are found with the values."""
    errors = pa.array(sorted(FORMULA_ERRORS))
    for place, name in enumerate(header.fields):
        if name in unknown:
            failed = compute.is_in(compute.utf8_trim_whitespace(records.columns[place]), value_set=errors)
            for position in np.flatnonzero(failed.to_numpy(zero_copy_only=False)):
                quarantine.add(int(records.lines[position]), shown(name), FORMULA_ERROR)


def _repeated_keys(columns: Sequence[pa.Array], unsound: set[int], count: int) -> list[int]:
    """The positions of rows whose key stands on another row too; an empty part of a key equals another empty one."""
    if not columns or count < 2:
        return []
    names = [f"key_{number}" for number in range(len(columns))]
    keys = pa.Table.from_arrays(list(columns), names=names)
    if not unsound and keys.group_by(names).aggregate([]).num_rows == count:
        return []
    held: dict[tuple[object, ...], list[int]] = {}
    for position, key in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
        if position not in unsound:
            held.setdefault(key, []).append(position)
    return [position for positions in held.values() if len(positions) > 1 for position in positions]
