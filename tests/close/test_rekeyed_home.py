"""A whole home under another key: no figure of it changes, whether nothing is built again or everything is."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import duckdb
import pytest

from flows.steps.receive import receive_folder
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from tests.conftest import PERIOD, Organisation

_CELLS = "select * exclude (version) from closed.report_cell where version = {} order by all"
_FOOTNOTES = "select * exclude (version) from closed.footnote where version = {} order by all"
_STAFFING = "select * exclude (version) from closed.staffing_to_date where version = {} order by all"


def hashes(home: Path) -> set[str]:
    """Every person's key in raw."""
    with duckdb.connect(str(home / "store.duckdb"), read_only=True) as connection:
        rows = connection.execute("select distinct person_key from raw.heroma_anstallning").fetchall()
    return {key for (key,) in rows}


@pytest.fixture(scope="module")
def rekeyed(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, Path, set[str]]:
    """A copy of the closed demo under a new key; the key, and the hashes that were."""
    organisation = closed.copied_to(tmp_path_factory.mktemp("rekeyed"))
    before = hashes(organisation.home)
    key = organisation.home.parent / "new.key"
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    done = organisation.bokslut("rekey", "--new-key-file", key)
    assert done.returncode == 0, done.stderr
    assert f"{len(before)} persons" in done.stdout
    return organisation, key, before


def test_no_table_of_the_store_holds_an_old_hash_and_each_has_one_new(
    rekeyed: tuple[Organisation, Path, set[str]],
) -> None:
    organisation, _, before = rekeyed
    store = organisation.home / "store.duckdb"
    after = hashes(organisation.home)
    assert len(after) == len(before) > 1000
    assert after.isdisjoint(before)
    with duckdb.connect(str(store), read_only=True) as connection:
        connection.execute("create temp table old_key as select unnest(?) as old_key", [sorted(before)])
        texts = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns()"
            " where data_type = 'VARCHAR' and not internal and table_name <> 'old_key'"
        ).fetchall()
        for schema, table, column in texts:
            count = f'select count(*) from "{schema}"."{table}" where "{column}" in (select old_key from old_key)'
            assert connection.execute(count).fetchall() == [(0,)], (table, column)
        for table in ("staging.employment", "core.permanent_employee_month", "core.staff_contribution"):
            held = connection.execute(f"select distinct person_key from {table}").fetchall()
            assert {key for (key,) in held} & after, table


def test_the_next_close_changes_nothing_and_a_build_from_nothing_gives_the_same_cells(
    rekeyed: tuple[Organisation, Path, set[str]],
) -> None:
    organisation, key, _ = rekeyed
    again = organisation.bokslut("close", PERIOD, "--from", organisation.exports, BOKSLUT_KEY_FILE=str(key))
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Nothing changed since version 1" in again.stdout
    store = organisation.home / "store.duckdb"
    with duckdb.connect(str(store)) as connection:
        for schema in ("staging", "core", "quality", "marts", "reconciliations"):
            connection.execute(f"drop schema {schema} cascade")
        connection.execute("delete from build.model_fingerprint")
        ((as_of,),) = connection.execute("select as_of from control.closings").fetchall()
        # As if something else had changed since: everything is made again.
        connection.execute("update control.closings set fingerprint = 'another'")
    anew = organisation.bokslut("close", PERIOD, "--from", organisation.exports, BOKSLUT_KEY_FILE=str(key))
    assert anew.returncode == 0, anew.stdout + anew.stderr
    with duckdb.connect(str(store), read_only=True) as connection:
        assert connection.execute("select version, as_of from control.closings order by 1").fetchall() == [
            (1, as_of),
            (2, as_of),
        ]
        for query in (_CELLS, _FOOTNOTES, _STAFFING):
            first, second = (connection.execute(query.format(version)).fetchall() for version in (1, 2))
            assert first
            assert first == second


def test_the_old_key_is_refused_for_what_comes_next_and_under_the_new_one_everybody_is_who_they_were(
    rekeyed: tuple[Organisation, Path, set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, key, _ = rekeyed
    (staff,) = sorted(organisation.exports.rglob("heroma_anstallning_202108_*"))
    at = staff.name.rsplit("_", 1)[1]
    (tmp_path / staff.name.replace(at, "20210930T0700.csv")).write_bytes(staff.read_bytes() + b"\n")
    refused = organisation.bokslut("close", PERIOD, "--from", tmp_path)
    assert refused.returncode == 3
    assert "BOKSLUT_KEY_FILE holds another key than this home's persons" in refused.stderr
    before = hashes(organisation.home)
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(key))
    connection = open_store(organisation.home / "store.duckdb")
    try:
        assert len(receive_folder(connection, Home(organisation.home), tmp_path).landed) == 1
    finally:
        connection.close()
    assert hashes(organisation.home) == before
