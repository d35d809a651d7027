"""Exports of other forms, brought in by `check` and a mapping alone, land as the contract-conform originals do."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from flows.declarations.contracts import contracts
from flows.declarations.mappings import UNDECIDED, read_mappings
from flows.steps.check import check_file
from flows.steps.receive import receive
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.migrations import migrate

FOREIGN = Path(__file__).parent / "foreign_exports"
ORGANISATIONS = ("kusten", "skogen", "slatten")
EXTRACTS = ("heroma_franvaro", "timecare_pass", "treserva_hemtjanst")
EXPORTS = [(one, path) for one in ORGANISATIONS for path in sorted((FOREIGN / one / "exports").iterdir())]


def landed(folder: Path, exports: Path, mappings: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a folder of exports lands as, by raw table, without delivery numbers and lines."""
    folder.mkdir()
    connection = open_store(folder / "store.duckdb")
    migrate(connection)
    now = datetime(2021, 10, 1, 9, 0)
    received = receive(
        connection, folder / "archive", exports, lambda: b"k" * 32, lambda: now, mappings=read_mappings(mappings)
    )
    assert (len(received.landed), received.refused, received.notes) == (3, (), ())
    rows: dict[str, list[tuple[object, ...]]] = {}
    for extract in EXTRACTS:
        columns = ", ".join(f'"{name}"' for name, _ in contracts()[extract].landed())
        rows[extract] = connection.execute(f"select {columns} from raw.{extract} order by all").fetchall()
    rows["missing"] = connection.execute("select column_name, word, reason from raw.missing_value").fetchall()
    rows["quarantine"] = connection.execute("select * from raw.quarantine").fetchall()
    rows["deliveries"] = connection.execute(
        "select extract, period, extracted_at, status, landed_rows from control.deliveries order by extract"
    ).fetchall()
    rows["critical"] = connection.execute(
        "select rule_id from control.delivery_findings where severity <> 'info'"
    ).fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_another_form_lands_as_the_original(organisation: str, tmp_path: Path) -> None:
    original = landed(tmp_path / "conform", FOREIGN / "conform", tmp_path / "none")
    assert [len(original[extract]) for extract in EXTRACTS] == [6, 4, 3]
    foreign = landed(tmp_path / "foreign", FOREIGN / organisation / "exports", FOREIGN / organisation / "mappings")
    assert foreign == original


@pytest.mark.parametrize(("organisation", "path"), EXPORTS, ids=[f"{one}-{path.stem}" for one, path in EXPORTS])
def test_the_mapping_is_what_check_proposed_and_a_person_filled_in(
    organisation: str, path: Path, tmp_path: Path
) -> None:
    kept = {one.stem: tomllib.loads(one.read_text("utf-8")) for one in (FOREIGN / organisation / "mappings").iterdir()}
    mappings = read_mappings(FOREIGN / organisation / "mappings")
    (extract,) = [name for name, one in mappings.items() if one.delivery_name(path.name) is not None]
    # Of absence with English names too little is alike: there a person says what it is.
    asked = extract if (organisation, extract) == ("slatten", "heroma_franvaro") else None
    seen = check_file(Home(tmp_path / "home"), path, asked, write=True)
    assert seen.extract == extract
    proposed = tomllib.loads((tmp_path / "home" / "mappings" / f"{extract}.toml").read_text("utf-8"))
    for table in ("file", "columns", "conversions"):
        assert proposed.get(table, {}).items() <= kept[extract].get(table, {}).items()
    for column, codes in proposed.get("codes", {}).items():
        decided = {theirs: ours for theirs, ours in codes.items() if ours != UNDECIDED}
        assert decided.items() <= kept[extract]["codes"][column].items()
        assert codes.keys() <= kept[extract]["codes"][column].keys()


@pytest.mark.parametrize(("organisation", "path"), EXPORTS, ids=[f"{one}-{path.stem}" for one, path in EXPORTS])
def test_with_the_mapping_in_the_home_check_reads_every_line(organisation: str, path: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.mappings.symlink_to(FOREIGN / organisation / "mappings")
    extracts = read_mappings(home.mappings)
    (extract,) = [name for name, one in extracts.items() if one.delivery_name(path.name) is not None]
    seen = check_file(home, path, extract)
    assert (seen.is_read, seen.has_mapping, seen.bad_lines) == (True, True, ())
    assert seen.landed == seen.lines > 0
