"""The house's invariants, each under its own name, on a whole closed organisation.

That a locked version is rebuilt from its deliveries, and that locking computes nothing, come with the lock.
"""

from __future__ import annotations

import csv
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from flows.declarations import root
from flows.declarations.columns import columns
from flows.store.duckdb_engine import MODEL_SCHEMAS
from flows.store.home import Home
from flows.store.publish import publish
from tests.close.closed_period import close_once, open_home
from tests.conftest import PERIOD, Organisation

GROWING = ("raw", "control", "closed")


def _counts(store: Path, schemas: tuple[str, ...] = GROWING) -> Mapping[str, int]:
    with duckdb.connect(str(store), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        names = [f'{schema}."{table}"' for schema, table in tables if schema in schemas]
        return {name: connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in names}


def _printed(organisation: Organisation) -> list[list[str]]:
    done = organisation.bokslut("tables", PERIOD, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.reader(done.stdout.splitlines()))


def test_raw_control_and_closed_only_grow_and_the_rest_may_be_dropped_at_any_moment(
    closed: Organisation, tmp_path: Path
) -> None:
    organisation = closed.copied_to(tmp_path)
    store = Home(organisation.home).build_file
    before, printed = _counts(store), _printed(organisation)
    with duckdb.connect(str(store)) as connection:
        for schema in (*MODEL_SCHEMAS, "build", "reference"):
            connection.execute(f"drop schema {schema} cascade")
    assert _printed(organisation) == printed
    for listing in ("status", "findings"):
        assert organisation.bokslut(listing, PERIOD).returncode == 0
    [gaps] = organisation.exports.rglob("luckor_202108_*.csv")
    later = gaps.with_name("luckor_202108_20210930T0700.csv")
    later.write_bytes(gaps.read_bytes().replace(b"2021-11-30", b"2021-12-01"))
    again = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert again.returncode == 0, again.stdout + again.stderr
    assert _printed(organisation) == printed
    after = _counts(store)
    shrunk = {name for name, rows in before.items() if after[name] < rows}
    assert shrunk == set()
    assert after['closed."report_cell"'] == 2 * before['closed."report_cell"']


#: Freezes and publishes a second version and is killed on the way, where nothing in Python can tidy up.
_KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
from flows.store.home import Home
from flows.store.publish import publish
from tests.close.closed_period import close_once, open_home
module, name = sys.argv[2].rsplit(".", 1)
setattr(import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
home = Home(Path(sys.argv[1]))
with home.writer("close 2021-08"), open_home(home) as connection:
    close_once(connection, printed="13")
    publish(connection, home, keep=5)
"""


@pytest.mark.parametrize(
    ("killed_in", "events"),
    [
        ("flows.store.versions._append", 1),
        ("flows.store.versions._store_declarations", 1),
        ("flows.store.versions.write_closing", 1),
        ("flows.store.publish._write", 2),
        ("flows.store.publish._write_dictionary", 2),
        ("flows.store.publish._sync", 2),
        ("flows.store.publish._point", 2),
    ],
)
def test_an_event_and_what_it_causes_are_one_transaction_and_a_crash_leaves_the_last_publication_whole(
    tmp_path: Path, killed_in: str, events: int
) -> None:
    home = Home(tmp_path / "home")
    with open_home(home) as connection:
        close_once(connection, printed="12")
        publish(connection, home, keep=5)
    arguments = [sys.executable, "-c", _KILLED, str(home.path), killed_in]
    killed = subprocess.run(arguments, cwd=root.PROJECT, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with duckdb.connect(str(home.published), read_only=True) as published:
        assert published.execute("select printed from latest.report_cell").fetchall() == [("12",)]
    with home.writer("close 2021-08"), open_home(home) as connection:
        for caused in ("control.period_events", "control.closings", "closed.report_cell", "closed.volume"):
            assert connection.execute(f"select count(*) from {caused}").fetchall() == [(events,)], caused
        publish(connection, home, keep=5)
    newest = "12" if events == 1 else "13"
    with duckdb.connect(str(home.published), read_only=True) as published:
        assert published.execute("select printed from latest.report_cell").fetchall() == [(newest,)]
    assert [path.name for path in home.published_dir.iterdir() if "tmp" in path.name] == []


def test_the_same_column_name_means_the_same_type_unit_and_meaning_everywhere(closed: Organisation) -> None:
    home = Home(closed.home)
    dictionary = columns()
    wrong: set[str] = set()
    for file, schemas in ((home.build_file, (*MODEL_SCHEMAS, "closed", "reference")), (home.published, ("latest",))):
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(
                "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            ).fetchall()
        for schema, table, column, type_ in found:
            if schema in schemas and (column not in dictionary or dictionary[column].type != type_):
                wrong.add(f"{schema}.{table}.{column}: {type_}")
    assert wrong == set()
    assert all(entry.meaning for entry in dictionary.values())


def test_no_personal_column_exists_in_marts_reconciliations_closed_or_the_published_file(closed: Organisation) -> None:
    home = Home(closed.home)
    personal = {name for name, entry in columns().items() if entry.personal}
    assert {"person_key", "employment_id", "birth_date"} <= personal
    shown = (
        (home.build_file, ("marts", "reconciliations", "closed", "control")),
        (home.published, ("latest",)),
    )
    for file, schemas in shown:
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute("select schema_name, table_name, column_name from duckdb_columns()").fetchall()
        assert [one for one in found if one[0] in schemas and one[2] in personal] == []


#: What a number in SQL may be that nobody decided: none, one, a step, a month's, per cent, exact scales, minutes.
_ARITHMETIC = re.compile(r"[0-7]|12|60|1440|10+|0\.0*[15]")


def test_a_number_from_a_law_a_decision_or_a_price_list_is_never_a_literal() -> None:
    decided: list[str] = []
    for path in sorted(root.SQL.glob("*/*.sql")):
        for literal in sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb").find_all(exp.Literal):
            of_a_type = literal.find_ancestor(exp.DataType) is not None
            if literal.is_number and not of_a_type and not _ARITHMETIC.fullmatch(literal.this):
                decided.append(f"{path.parent.name}/{path.name}: {literal.this}")
    assert decided == []


def test_a_value_says_what_it_is(closed: Organisation) -> None:
    with (root.REFERENCE / "value_statuses.csv").open(encoding="utf-8") as lines:
        statuses = {row["value_status"] for row in csv.DictReader(lines)}
    with duckdb.connect(str(Home(closed.home).published), read_only=True) as published:
        stated = published.execute(
            "select table_name from duckdb_columns() where column_name = 'value_status'"
        ).fetchall()
        assert {"report_cell", "volume", "volume_to_date", "staffing", "forecast"} <= {table for (table,) in stated}
        for (table,) in stated:
            found = published.execute(f"select distinct value_status from latest.{table}").fetchall()
            assert {status for (status,) in found} <= statuses, table
        without = {
            "a printed cell that is missing, without a reason": "report_cell where value_status = 'missing'"
            " and printed <> '' and coalesce(reason, '') = ''",
            "an estimated cell without method, months, reason or footnote": "report_cell"
            " where value_status = 'estimated' and (coalesce(method, '') = '' or coalesce(months, '') = ''"
            " or coalesce(reason, '') = '' or coalesce(footnote, '') = '')",
            "a figure to date without the months it stands on": "volume_to_date"
            " where value_status <> 'missing' and coalesce(months, '') = ''",
            "a missing volume that shows a number, or no reason": "volume where value_status = 'missing'"
            " and (volume is not null or coalesce(reason, '') = '')",
            "a suppressed figure that can be read": "staffing where value_status = 'suppressed'"
            " and (numerator is not null or denominator is not null)",
        }
        found = {
            words: published.execute(f"select count(*) from latest.{rows}").fetchall()
            for words, rows in without.items()
        }
    assert {words for words, rows in found.items() if rows != [(0,)]} == set()
