"""Which files hold a person: those whose rows stand in the store, and those refused, put aside or never received."""

from __future__ import annotations

import getpass
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flows.declarations.contracts import contracts
from flows.errors import ExitCode, Refusal
from flows.reports.person_files import PersonFile
from flows.settings import home_settings
from flows.steps.close import stockholm_now
from flows.steps.deliveries import reading_received, refuse_personal_words
from flows.steps.inbox_files import MEGABYTE, files_of
from flows.store.archive import read_archived, sha256_of
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.sources.person_key import PersonKeys
    from flows.store.deliveries import Recorded

Progress = Callable[[str], None]

_KEY = "person_key"
_TOLD_EVERY = 100
#: How long we wait to write down who asked: a close may be under way.
_WAIT_SECONDS, _BETWEEN_TRIES = 300.0, 2.0
#: A shorter number of an employment is looked for in the store alone: in a file it may be anything's.
_SHORTEST_EMPLOYMENT = 5
_NOT_RECEIVED = "in the inbox, not received"


@dataclass(slots=True)
class Found:
    """The files that hold the person; `incomplete`: files that could not be looked into, wholly or at all, and why.

    `searched`: how many files were looked through. `destroyed`: deliveries of which nothing is left to search.
    `is_mistyped`: the number's last digit is not the one that the others give.
    """

    files: list[PersonFile] = field(default_factory=list)
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    searched: int = 0
    destroyed: int = 0
    is_mistyped: bool = False


def find_person(
    home: Home,
    number: str,
    reason: str,
    progress: Progress = lambda _: None,
    now: Callable[[], datetime] = stockholm_now,
    wait: Callable[[float], None] = time.sleep,
) -> Found:
    """Look for a person, given by personnummer or coordination number, and write down that somebody did.

    Nothing is returned before it is written down. Raises Refusal for what is no such number (without repeating it), for
    no reason, for whoever may not read the key, and (exit 5) where another writer never ends.
    """
    from flows.settings import settings
    from flows.sources.asked_person import asked_digits, has_right_check_digit
    from flows.sources.person_key import PersonKeys, read_key
    from flows.sources.values import BadValue

    refuse_personal_words("The reason", reason)
    if not reason.strip():
        raise Refusal("There is no reason.", "Say why with --reason.")
    key = read_key(settings().key_file)
    try:
        digits = asked_digits(number, now().date())
    except BadValue:
        raise Refusal(
            "That is no personnummer and no coordination number.",
            "Write it as YYYYMMDD-NNNN, or YYMMDD-NNNN with + for hundred years and more.",
        ) from None
    search = _Search(home, digits, PersonKeys(key), progress)
    found = search.found()
    found.is_mistyped = not has_right_check_digit(digits)
    _write_down(home, reason.strip(), len(found.files), now, wait)
    return found


class _Search:
    """The search for one person, first in the store, then in the files."""

    def __init__(self, home: Home, digits: str, keys: PersonKeys, progress: Progress) -> None:
        self._home = home
        self._digits = digits
        self._keys = keys
        self._progress = progress
        self._found = Found()

    def found(self) -> Found:
        """Look everywhere."""
        from flows.store.deliveries import recorded
        from flows.store.key_mark import refuse_another_key

        with reading_received(self._home) as connection:
            refuse_another_key(connection, self._keys.mark())
            received = recorded(connection)
            rows, employments = _in_store(connection, self._keys([self._digits])[0])
        self._found.destroyed = sum(one.destroyed_at is not None for one in received)
        by_file: dict[str, list[Recorded]] = {}
        for one in received:
            if one.destroyed_at is None:
                by_file.setdefault(one.sha256, []).append(one)
        for number, deliveries in enumerate(by_file.values(), start=1):
            self._look_into_archived(deliveries, rows, employments)
            if number % _TOLD_EVERY == 0:
                self._progress(f"Looked through {number} of {len(by_file)} archived files.")
        self._look_into_inbox(set(by_file))
        self._found.files.sort(key=lambda one: (one.extract, str(one.period or ""), one.file_name, one.sha256))
        return self._found

    def _look_into_archived(
        self, deliveries: Sequence[Recorded], rows: Mapping[int, int], employments: Iterable[str]
    ) -> None:
        from flows.sources.printed_text import shown_name

        first = deliveries[0]
        lines: int | None = None
        try:
            data = read_archived(self._home.archive, first.sha256)
        except Refusal as refusal:
            self._found.incomplete.append((shown_name(first.file_name), f"{refusal.what} {refusal.do}"))
        else:
            # An employment's number may be anything's in a file that is not about persons.
            told = employments if any(_is_about_persons(one.extract) for one in deliveries) else ()
            lines = self._lines(data, shown_name(first.file_name), told)
        for one in deliveries:
            if lines or rows.get(one.delivery_id):
                name = shown_name(one.file_name)
                landed = rows.get(one.delivery_id, 0)
                self._found.files.append(
                    PersonFile(one.extract, one.period, name, one.status, lines, landed, one.sha256)
                )

    def _look_into_inbox(self, archived: set[str]) -> None:
        """What lies in the inbox and was never received: misnamed, a link, too large, or not yet."""
        from flows.domain.delivery import DeliveryName
        from flows.sources.printed_text import shown_name

        most = home_settings(self._home.settings_file).largest_file_megabytes * MEGABYTE
        for path in files_of(self._home.inbox) if self._home.inbox.is_dir() else ():
            name = shown_name(path.name)
            if path.is_symlink() or not path.is_file():
                continue
            try:
                is_too_large = path.stat().st_size > most
                data = b"" if is_too_large else path.read_bytes()
            except OSError as error:
                is_too_large, data = False, b""
                self._found.incomplete.append((name, f"It is in the inbox, and not readable ({type(error).__name__})."))
            if is_too_large:
                self._found.incomplete.append((name, "It is in the inbox, and larger than what is read."))
            sha256 = sha256_of(data)
            if sha256 in archived or not (lines := self._lines(data, name, ())):
                continue
            named = DeliveryName.parse(path.name)
            extract, period = (named.extract, named.period) if named else ("", None)
            self._found.files.append(PersonFile(extract, period, name, _NOT_RECEIVED, lines, 0, sha256))

    def _lines(self, data: bytes, name: str, employments: Iterable[str]) -> int:
        from flows.sources.asked_person import ways_of_writing
        from flows.sources.searched_file import search

        searched = search(data, ways_of_writing(self._digits, employments))
        self._found.searched += 1
        self._found.incomplete += [(name, f"It could not be looked into: {why}.") for why in searched.unread]
        return searched.lines


def _is_about_persons(extract: str) -> bool:
    contract = contracts().get(extract)
    return contract is not None and any(column.personal for column in contract.columns)


def _in_store(connection: duckdb.DuckDBPyConnection, key: str) -> tuple[Mapping[int, int], tuple[str, ...]]:
    """Delivery → how many of its landed rows are the person's, by key or by employment; and the employments."""
    rows: Counter[int] = Counter()
    employments: dict[str, set[str]] = {}
    by_key = [one for one in contracts().values() if any(column.type == "personnummer" for column in one.columns)]
    for contract in by_key:
        own = _rows_of(connection, contract.extract, _KEY, [key])
        rows.update(own)
        for column in contract.columns:
            if own and column.personal and column.type == "text" and column.name in contract.key:
                held = connection.execute(
                    f'select distinct "{column.name}" from raw.{contract.extract} where {_KEY} = ?', [key]
                ).fetchall()
                employments.setdefault(column.name, set()).update(value for (value,) in held if value)
    for contract in contracts().values():
        for column in contract.columns:
            if contract not in by_key and column.personal and employments.get(column.name):
                rows.update(_rows_of(connection, contract.extract, column.name, sorted(employments[column.name])))
    every = {value for values in employments.values() for value in values}
    return rows, tuple(sorted(value for value in every if len(value) >= _SHORTEST_EMPLOYMENT))


def _rows_of(
    connection: duckdb.DuckDBPyConnection, extract: str, column: str, values: Sequence[str]
) -> Mapping[int, int]:
    return dict(
        connection.execute(
            f'select delivery_id, count(*) from raw.{extract} where "{column}" in (select unnest(?)) group by all',
            [values],
        ).fetchall()
    )


def _write_down(home: Home, why: str, counted: int, now: Callable[[], datetime], wait: Callable[[float], None]) -> None:
    from flows.store.duckdb_engine import open_store
    from flows.store.migrations import migrate
    from flows.store.person_acts import record_act

    waited = 0.0
    while True:
        try:
            with home.writer("person find"):
                connection = open_store(home.build_file)
                try:
                    migrate(connection)
                    who, at = getpass.getuser(), now().replace(tzinfo=None)
                    record_act(connection, "find", who=who, why=why, counted=counted, at=at)
                finally:
                    connection.close()
            return
        except Refusal as refusal:
            if refusal.exit_code is not ExitCode.ANOTHER_WRITER or waited >= _WAIT_SECONDS:
                raise
            wait(_BETWEEN_TRIES)
            waited += _BETWEEN_TRIES
