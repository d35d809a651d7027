"""First contact with a file: what it resembles, what fits, and the mapping it seems to need. Nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations.contracts import Contract, contracts
from flows.declarations.intake_rules import intake_rule
from flows.declarations.mappings import SourceMapping, parse_mapping, read_mapping
from flows.domain.delivery import DeliveryName
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.first_contact import BadLine, ColumnSeen, FirstContact
from flows.settings import home_settings
from flows.steps.inbox_files import MEGABYTE, whole_file
from flows.store.home import Home

if TYPE_CHECKING:
    from flows.domain.reading import Reading
    from flows.sources.resemblance import Resemblance
    from flows.sources.written_rows import WrittenRows

#: A file less like every contract than this is none of ours.
_LEAST_ALIKE = 0.3
_SHOWN_LINES = 20
_LEDGER_ENDINGS = frozenset({"se", "si", "sie"})
_LEDGER = "ekonomi_sie"
_MONTH = re.compile(r"(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])(?!\d{3})")


def check_file(home: Home, path: Path, extract: str | None = None, *, write: bool = False) -> FirstContact:
    """Read a file as a close would, with the home's mapping or the one that it seems to need.

    With `write` the proposed mapping is put in the home; one that is there is never replaced. Raises Refusal for a file
    that cannot be opened or that resembles no contract.
    """
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        raise Refusal(f"{path} is no file that can be read.", "Name the file to be checked.")
    largest = home_settings(home.settings_file).largest_file_megabytes * MEGABYTE
    data = whole_file(path, extract or "", largest, follow_link=True)
    if isinstance(data, Finding):
        return FirstContact(file_name=path.name, messages=(data.message,), is_read=False)
    if extract is not None and extract not in contracts():
        raise Refusal(f"There is no extract {extract}.", f"Choose one of {', '.join(contracts())}.")
    if extract == _LEDGER or path.suffix[1:].lower() in _LEDGER_ENDINGS or data.lstrip().startswith(b"#FLAGGA"):
        return _ledger(path, data)
    return _Contact(home, path, data, extract).checked(write)


def _ledger(path: Path, data: bytes) -> FirstContact:
    from flows.sources.sie import read_ledger

    named = DeliveryName.parse(path.name)
    reading = read_ledger(data, path.name, named.period if named else Period(1900, 1))
    if named is None and reading.refusal is not None and reading.refusal.rule_id == "ledger_wrong_period":
        name = f"{_LEDGER}_ÅÅÅÅMM_ÅÅÅÅMMDDTTTMM.se"
        return _contact(contracts()[_LEDGER], path, reading, undecided=(f"Filen behöver ett namn: {name}.",))
    return _contact(contracts()[_LEDGER], path, reading)


class _Contact:
    """The check of one tabular file."""

    def __init__(self, home: Home, path: Path, data: bytes, extract: str | None) -> None:
        self.home = home
        self.path = path
        self.data = data
        self.asked = extract

    def checked(self, write: bool) -> FirstContact:
        from flows.sources.mapping_proposal import needs_mapping, proposed_mapping
        from flows.sources.refused_file import RefusedFile
        from flows.sources.resemblance import resemblances
        from flows.sources.written_rows import written_rows

        try:
            rows = written_rows(self.data, self.path.name)
        except RefusedFile as stopped:
            extract = self.asked or "filen"
            words = {"file_name": self.path.name, "extract": extract, "column": stopped.column, **stopped.words}
            said = intake_rule(stopped.rule_id).found(line=stopped.line, **words)
            return FirstContact(file_name=self.path.name, messages=(said.message,), is_read=False)
        alike = resemblances(rows.header, rows.records)
        found = self._chosen(alike)
        kept = self.home.mappings / f"{found.contract.extract}.toml"
        if kept.exists():
            reading = self._read(found.contract, rows, read_mapping(kept))
            return replace(self._seen(found, alike, reading), mapping_path=str(kept), has_mapping=True)
        if not needs_mapping(found, self.path.name):
            return self._seen(found, alike, self._read(found.contract, rows, None))
        text = proposed_mapping(found, self.path.name, self._period(found, rows))
        try:
            mapping = parse_mapping(text, kept)
        except Refusal:
            undecided = tuple(line.strip() for line in text.splitlines() if _is_undecided(line))
            seen = replace(self._seen(found, alike, None), undecided=undecided)
        else:
            seen = self._seen(found, alike, self._read(found.contract, rows, mapping))
        if write:
            self.home.create()
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            kept.write_text(text, "utf-8")
        return replace(seen, proposal=text, mapping_path=str(kept), is_written=write)

    def _chosen(self, alike: Sequence[Resemblance]) -> Resemblance:
        named = DeliveryName.parse(self.path.name)
        asked = self.asked or (named.extract if named else None)
        for one in alike:
            if one.contract.extract == asked:
                return one
        if alike[0].score < _LEAST_ALIKE:
            raise Refusal(
                f"{self.path.name} resembles no contract.", "Say which it is with --as, or look at its first line."
            )
        return alike[0]

    def _period(self, found: Resemblance, rows: WrittenRows) -> Period:
        """The month of the file's rows, or of its name; without either, that of today."""
        from flows.sources.conversions import convert
        from flows.sources.values import BadValue, parse_month

        for match in found.columns:
            if match.column.type == "month" and match.column.name == "period" and match.theirs is not None:
                place = rows.header.fields.index(match.theirs)
                for value in rows.records.columns[place].unique().to_pylist()[:1]:
                    try:
                        return Period.of(parse_month(convert(match.conversions, value)))
                    except BadValue:
                        break
        of_name = _MONTH.search(self.path.name)
        return Period(int(of_name[1]), int(of_name[2])) if of_name else Period.of(datetime.now())

    def _read(self, contract: Contract, rows: WrittenRows, mapping: SourceMapping | None) -> Reading:
        from flows.sources.tabular import read_table

        name = self.path.name
        named = DeliveryName.parse(name) or (mapping.delivery_name(name) if mapping else None)
        period = named.period if named else self._month_read(contract, rows, mapping)
        at = named.extracted_at if named else datetime.now()
        return read_table(self.data, contract, name, period, at, _numbered, mapping)

    def _month_read(self, contract: Contract, rows: WrittenRows, mapping: SourceMapping | None) -> Period:
        from flows.sources.resemblance import resemblances

        (found,) = [one for one in resemblances(rows.header, rows.records) if one.contract is contract]
        return self._period(found, rows)

    def _seen(self, found: Resemblance, alike: Sequence[Resemblance], reading: Reading | None) -> FirstContact:
        from flows.sources.columns_of_file import shown

        next_best = next((one for one in alike if one is not found), None)
        return replace(
            _contact(found.contract, self.path, reading),
            score=found.score,
            next_best=next_best.contract.extract if next_best else "",
            next_score=next_best.score if next_best else 0.0,
            columns=tuple(
                ColumnSeen(
                    one.column.name,
                    one.theirs or "",
                    one.how,
                    ", ".join(one.conversions),
                    dict(one.codes),
                )
                for one in found.columns
            ),
            unknown=tuple(shown(name) for name in found.unknown),
        )


def _contact(contract: Contract, path: Path, reading: Reading | None, undecided: tuple[str, ...] = ()) -> FirstContact:
    seen = FirstContact(
        file_name=path.name,
        extract=contract.extract,
        label=contract.label,
        source=contract.source,
        is_read=False,
        undecided=undecided,
    )
    if reading is None:
        return seen
    messages = [one.message for one in reading.findings]
    messages += [reading.refusal.message] if reading.refusal is not None and not undecided else []
    bad = [] if reading.quarantined is None else reading.quarantined.slice(0, _SHOWN_LINES).to_pylist()
    return replace(
        seen,
        lines=reading.lines,
        landed=0 if reading.refusal else sum(table.num_rows for table in reading.tables.values()),
        messages=tuple(messages),
        bad_lines=tuple(BadLine(one["line"], one["column_name"] or "", one["reason"], one["value"]) for one in bad),
        is_read=reading.refusal is None,
    )


def _is_undecided(line: str) -> bool:
    return '= "?"' in line and not line.startswith("#")


def _numbered(digits: Sequence[str]) -> list[str]:
    """Stands in for the keyed hash: nothing of a check is kept, so no key is asked for."""
    return [str(number) for number in range(len(digits))]
