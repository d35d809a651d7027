"""Receive a folder: each file is read against its contract, archived, recorded and landed; none stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.declarations.contracts import Contract, contracts
from flows.declarations.intake_rules import intake_rule
from flows.declarations.mappings import SourceMapping, read_mappings
from flows.domain.delivery import DeliveryName
from flows.domain.finding import Finding
from flows.errors import Refusal
from flows.steps.inbox_files import LARGEST_FILE, MEGABYTE, few_of_a_kind, files_of, no_delivery, whole_file
from flows.steps.received_tally import Tally
from flows.store.archive import archive, sha256_of
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.domain.reading import Reading
    from flows.store.deliveries import Arrival, Recorded, Slot

#: Contract format → the endings of its files, and what a reader calls them.
_ENDINGS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "csv": (("csv", "xlsx"), "semikolonseparerad text (.csv) eller arbetsbok (.xlsx)"),
    "sie": (("se",), "SIE 4E (.se)"),
}

#: The names of deliveries give local time.
_LOCAL = ZoneInfo("Europe/Stockholm")

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a folder: file names by what became of them, and the notes about files that are no deliveries."""

    landed: tuple[str, ...]
    duplicates: tuple[str, ...]
    refused: tuple[str, ...]
    seen_before: int
    notes: tuple[Finding, ...]

    @property
    def is_new(self) -> bool:
        return bool(self.landed or self.duplicates or self.refused)


def receive_folder(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    folder: Path,
    now: Callable[[], datetime] = datetime.now,
    progress: Progress = lambda _: None,
) -> Received:
    """Receive every file under `folder` with the organisation's key and mappings.

    Raises Refusal for no folder, no key, and a mapping that is wrong. The key is asked for only where a file is new.
    """
    from flows.settings import home_settings, settings
    from flows.sources.person_key import read_key

    mappings = read_mappings(home.mappings)
    largest = home_settings(home.settings_file).largest_file_megabytes * MEGABYTE
    key_file = settings().key_file
    return receive(connection, home.archive, folder, lambda: read_key(key_file), now, progress, mappings, largest)


def receive(
    connection: duckdb.DuckDBPyConnection,
    archive_folder: Path,
    folder: Path,
    key: Callable[[], bytes],
    now: Callable[[], datetime],
    progress: Progress = lambda _: None,
    mappings: Mapping[str, SourceMapping] = MappingProxyType({}),
    largest_file: int = LARGEST_FILE,
) -> Received:
    """The same with the places, the key and the mappings given. A time without a zone is the machine's own.

    A file is read again where its extract's mapping is another than when it came.
    """
    from flows.store.deliveries import mapping_sha256, seen_files

    if not folder.is_dir():
        raise Refusal(f"There is no folder {folder}.", "Give the folder of the exports with --from.")
    local_now = now().astimezone(_LOCAL)
    seen = set(seen_files(connection, local_now.date()))
    intake: _Intake | None = None
    seen_before = 0
    notes: list[Finding] = []
    tally = Tally(progress)
    for path in files_of(folder, notes):
        named = DeliveryName.parse(path.name) or _named_by_mapping(path.name, mappings)
        note = no_delivery(path, named)
        if named is None or note is not None:
            notes += [note] if note is not None else []
            continue
        data = whole_file(path, named.extract, largest_file)
        if isinstance(data, Finding):
            notes.append(data)
            continue
        mapping = mappings.get(named.extract)
        identity = (path.name, sha256_of(data), mapping_sha256(mapping.text if mapping else ""))
        if identity in seen:
            seen_before += 1
            continue
        if intake is None:
            intake = _Intake(connection, archive_folder, key(), local_now)
        intake.take(path, named, data, mapping)
        seen.add(identity)
        tally.add(named.extract, path.name, intake.last)
    tally.tell()
    told = tuple(few_of_a_kind(notes))
    if intake is None:
        return Received((), (), (), seen_before, told)
    return Received(tuple(intake.landed), tuple(intake.duplicates), tuple(intake.refused), seen_before, told)


def _named_by_mapping(file_name: str, mappings: Mapping[str, SourceMapping]) -> DeliveryName | None:
    """What a file's own name says by the first mapping whose pattern it is of."""
    return next((named for one in mappings.values() if (named := one.delivery_name(file_name)) is not None), None)


class _Intake:
    """The deliveries of one run, as each file is judged against those before it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, archive_folder: Path, key: bytes, now: datetime) -> None:
        from flows.sources.person_key import PersonKeys
        from flows.store.deliveries import in_force, recorded
        from flows.store.key_mark import keep_to_one_key

        self._connection = connection
        self._archive = archive_folder
        self._now = now.replace(tzinfo=None)
        self._person_keys = PersonKeys(key)
        keep_to_one_key(connection, self._person_keys.mark(), self._now)
        self._recorded = recorded(connection)
        self._in_force: dict[Slot, Recorded] = dict(in_force(self._recorded))
        self._withdrawn = {
            (one.extract, one.period, one.sha256, one.mapping_sha256): one.file_name
            for one in self._recorded
            if one.status == "withdrawn"
        }
        self._destroyed = {
            (one.extract, one.period, one.sha256): one.file_name for one in self._recorded if one.destroyed_at
        }
        self.landed: list[str] = []
        self.duplicates: list[str] = []
        self.refused: list[str] = []
        self.last: int | str = 0

    def take(self, path: Path, named: DeliveryName, data: bytes, mapping: SourceMapping | None) -> None:
        """Archive a file, judge it and record it; one that retention has destroyed is not archived again."""
        from flows.store.deliveries import Arrival, in_force, mapping_sha256, recorded
        from flows.store.landing import land, note_duplicate

        contract = contracts()[named.extract]
        file_name = path.name
        sha256 = sha256_of(data)
        gone = self._destroyed.get((named.extract, named.period, sha256))
        if gone is None:
            archive(self._archive, data)
        arrival = Arrival(
            named.extract,
            named.period,
            named.extracted_at,
            self._now,
            file_name,
            sha256,
            len(data),
            named.ending,
            str(path.parent),
            mapping.text if mapping else "",
        )
        known = (sha256, mapping_sha256(arrival.mapping))
        counts = self._in_force.get((named.extract, named.period))
        ahead = self._refused_by_name(contract, named, file_name)
        taken_back = self._withdrawn.get((named.extract, named.period, *known))
        if gone is not None:
            note_duplicate(self._connection, arrival, self._note("delivery_destroyed", arrival, gone))
            self.duplicates.append(file_name)
            self.last = "the same as one that retention destroyed, not read"
        elif ahead is None and counts is not None and (counts.sha256, counts.mapping_sha256) == known:
            note_duplicate(self._connection, arrival, self._note("delivery_duplicate", arrival, counts.file_name))
            self.duplicates.append(file_name)
            self.last = "a duplicate, not read again"
        elif ahead is None and taken_back is not None:
            note_duplicate(self._connection, arrival, self._note("delivery_withdrawn_again", arrival, taken_back))
            self.duplicates.append(file_name)
            self.last = "the same as one that was withdrawn, not read"
        else:
            reading = _refused(ahead) if ahead is not None else self._read(contract, named, file_name, data, mapping)
            land(self._connection, arrival, reading, self._notes(contract, arrival, reading))
            if reading.refusal is not None:
                self.refused.append(file_name)
                self.last = "refused"
            else:
                self.landed.append(file_name)
                self.last = reading.lines
        self._in_force = dict(in_force(recorded(self._connection)))

    def _refused_by_name(self, contract: Contract, named: DeliveryName, file_name: str) -> Finding | None:
        place = {"extract": named.extract, "table": named.extract, "file_name": file_name}
        if named.extracted_at.date() > self._now.date():
            return intake_rule("file_dated_ahead").found(**place, extracted_on=named.extracted_at.date().isoformat())
        endings, expected = _ENDINGS[contract.format]
        if named.ending not in endings:
            return intake_rule("file_wrong_ending").found(**place, expected=expected)
        return None

    def _read(
        self,
        contract: Contract,
        named: DeliveryName,
        file_name: str,
        data: bytes,
        mapping: SourceMapping | None,
    ) -> Reading:
        """The reading of a file. What a reader did not foresee refuses that file alone, and quotes nothing from it."""
        try:
            if contract.format == "sie":
                from flows.sources.sie import read_ledger

                return read_ledger(data, file_name, named.period)
            from flows.sources.tabular import read_table

            return read_table(data, contract, file_name, named.period, named.extracted_at, self._person_keys, mapping)
        except Exception as error:
            finding = intake_rule("file_failed").found(
                extract=contract.extract, table=contract.extract, file_name=file_name, kind=type(error).__name__
            )
            return _refused(finding)

    def _notes(self, contract: Contract, arrival: Arrival, reading: Reading) -> Iterable[Finding]:
        """What is to be said of a delivery beside what is in it."""
        if reading.refusal is not None:
            return
        counts = self._in_force.get((arrival.extract, arrival.period))
        if counts is not None and counts.sha256 == arrival.sha256:
            yield self._note("delivery_mapped_anew", arrival, counts.file_name)
        elif counts is not None and counts.extracted_at == arrival.extracted_at:
            yield self._note("delivery_same_time", arrival, counts.file_name)
        elif counts is not None and counts.counts_from > arrival.extracted_at:
            yield self._note("delivery_older", arrival, counts.file_name)
        last = contract.last_period or arrival.period
        if not contract.first_period <= arrival.period <= last:
            yield self._note("delivery_unexpected", arrival, "")

    def _note(self, rule_id: str, arrival: Arrival, earlier: str) -> Finding:
        return intake_rule(rule_id).found(
            extract=arrival.extract,
            table=arrival.extract,
            file_name=arrival.file_name,
            earlier=earlier,
            period=str(arrival.period),
        )


def _refused(finding: Finding) -> Reading:
    from flows.domain.reading import Reading

    return Reading(refusal=finding)
