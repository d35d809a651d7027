"""A home with a few employees, months long: small enough to be read by eye, received by the house's own readers."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from flows.domain.period import Period
from flows.steps.receive import Received, receive
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.migrations import migrate
from tests.canary.canaries import personnummer
from tests.close.closed_period import close_once, open_home

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EMPLOYMENTS = (
    "period;personnummer;anst_id;enhet_kod;befattning_aid;anst_form;loneform;sysselsattningsgrad;kon;fodelsedatum;"
    "anst_from;anst_tom;skyddad"
)
ABSENCE = "period;anst_id;orsak_kod;from;tom;omfattning;timmar_period"

#: Nobody's numbers, whose sex digit is a woman's (…982) or a man's (…981).
ANNA = personnummer("19030217", "982")
BO = personnummer("19040318", "981")
CILLA = personnummer("19050419", "984")
PERSONS = (ANNA, BO, CILLA)

OLD_KEY, NEW_KEY = b"o" * 32, b"n" * 32


def employment_of(digits: str) -> str:
    """The number of a person's employment."""
    return f"KANST-{digits[2:8]}"


class StaffHome:
    """A home under a folder, with its key, and what is delivered to its inbox."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home").create()
        self.key_file = folder / "keys" / "person.key"
        self.key_file.parent.mkdir(mode=0o700)
        self.key_file.write_bytes(OLD_KEY)
        self.key_file.chmod(0o600)

    def copied_to(self, folder: Path) -> StaffHome:
        """The same home in another place, free to be changed: one that is made once serves many tests."""
        shutil.copytree(self.home.path.parent, folder, dirs_exist_ok=True)
        copied = StaffHome.__new__(StaffHome)
        copied.home, copied.key_file = Home(folder / "home"), folder / "keys" / self.key_file.name
        return copied

    def write(self, name: str, content: str | bytes) -> Path:
        """A file of the inbox."""
        path = self.home.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def staff(self, month: str, persons: Sequence[str] = PERSONS, extracted: str = "") -> Path:
        """A month's employments, and an absence of each; returns the file of employments."""
        written = Period.parse(month)
        at = extracted or f"{written.plus(1).compact()}03T0600"
        rows = [
            f"{month};{one[:8]}-{one[8:]};{employment_of(one)};E1;;TV;MAN;100;{'M' if int(one[10]) % 2 else 'K'};"
            f"{one[:4]}-{one[4:6]}-{one[6:8]};2019-01-01;;0"
            for one in persons
        ]
        absences = [f"{month};{employment_of(one)};SJK;{month}-02;{month}-03;100;16,00" for one in persons]
        self.write(f"heroma_franvaro_{written.compact()}_{at}.csv", "\n".join([ABSENCE, *absences, ""]))
        return self.write(f"heroma_anstallning_{written.compact()}_{at}.csv", "\n".join([EMPLOYMENTS, *rows, ""]))

    def meals(self, month: str) -> Path:
        """A month's meals: nobody is in them."""
        written = Period.parse(month)
        name = f"kost_maltider_{written.compact()}_{written.plus(1).compact()}03T0600.csv"
        return self.write(name, f"period;enhet_kod;portioner\n{month};E1;{written.year * 100 + written.month}\n")

    def receive(self, now: datetime = datetime(2023, 10, 1, 9, 0, tzinfo=STOCKHOLM)) -> Received:
        """Receive the inbox under the key as it is now."""
        with self.store() as connection:
            return receive(connection, self.home.archive, self.home.inbox, self.key_file.read_bytes, lambda: now)

    def close(self, month: str) -> None:
        """Freeze a version of a month, as a close does at its end."""
        open_home(self.home).close()
        with self.store() as connection:
            close_once(connection, Period.parse(month))

    @contextlib.contextmanager
    def store(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The store, open for writing."""
        connection = open_store(self.home.build_file)
        try:
            migrate(connection)
            yield connection
        finally:
            connection.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        with duckdb.connect(str(self.home.build_file), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def values(self, query: str) -> list[object]:
        """The first column of a query."""
        return [row[0] for row in self.rows(query)]

    def every_value(self) -> set[str]:
        """All that stands in any column of any table of the store."""
        found: set[str] = set()
        with duckdb.connect(str(self.home.build_file), read_only=True) as connection:
            columns = "select schema_name, table_name, column_name from duckdb_columns() where not internal"
            for schema, table, column in connection.execute(columns).fetchall():
                values = connection.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
                found |= {str(value) for (value,) in values if value is not None}
        return found
