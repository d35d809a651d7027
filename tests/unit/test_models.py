"""The builder: order from the SQL itself, only what changed, all or nothing, and errors that name the place."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from flows.errors import ExitCode, Refusal
from flows.store.duckdb_engine import Built, build_on_print, build_tables, open_store
from flows.store.migrations import migrate
from flows.store.models import BrokenModel, ordered, read_models
from flows.store.printed import write_printed

Write = Callable[..., Path]

#: With the head that `write` adds, `expression` stands on line 11 of its file.
_TWO_CTES = """with
first_rows as (
    select a from {source}
),

next_rows as (
    select
        {expression} as a
    from first_rows
)

select a from next_rows"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, select: str, key: str = "a") -> Path:
        path = tmp_path / "sql" / f"{name.replace('.', '/')}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"-- Rows.\n-- Grain: one row per {key}.\n-- Key: {key}\n{select}\n", "utf-8")
        return path

    return written


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    store = open_store(":memory:")
    migrate(store)
    return store


@pytest.fixture
def build(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[[], Built]:
    return lambda: build_tables(connection, folder=tmp_path / "sql")


def test_each_model_comes_after_those_it_reads(write, tmp_path) -> None:
    write("marts.c", "with mine as (select a from core.b) select a from mine")
    write("core.b", "select a from staging.d")
    write("staging.d", "select 1 as a")
    assert [model.name for model in ordered(read_models(tmp_path / "sql"), [])] == ["staging.d", "core.b", "marts.c"]


def test_a_circle_is_named(write, tmp_path) -> None:
    write("core.b", "select a from core.c")
    write("core.c", "select a from core.b")
    with pytest.raises(BrokenModel, match=r"circle: core\.\w → core\.\w → core\.\w"):
        ordered(read_models(tmp_path / "sql"), [])


def test_a_table_that_nothing_makes_is_named_with_its_reader(write, tmp_path) -> None:
    write("core.b", "select a from core.lost")
    with pytest.raises(BrokenModel, match=r"sql/core/b\.sql reads core\.lost"):
        ordered(read_models(tmp_path / "sql"), [])


def test_a_short_name_and_a_missing_head_are_refused(write, tmp_path) -> None:
    path = write("core.b", "select a from\n    lost")
    with pytest.raises(BrokenModel, match=r"sql/core/b\.sql:5: the table lost is not named in full"):
        ordered(read_models(tmp_path / "sql"), [])
    path.write_text("-- Rows.\nselect 1 as a\n")
    with pytest.raises(BrokenModel, match=r"sql/core/b\.sql: its head comment has no line `-- Grain:`"):
        read_models(tmp_path / "sql")


def test_only_what_changed_is_made_again(write, build) -> None:
    write("staging.d", "select 1 as a")
    write("core.b", "select a from staging.d")
    write("core.c", "select 2 as a")
    assert set(build().made) == {"staging.d", "core.b", "core.c"}
    assert build().made == ()
    write("staging.d", "-- another comment changes nothing\nselect   1 as a")
    assert build().made == ()
    write("staging.d", "select 3 as a")
    assert build().made == ("staging.d", "core.b")


def test_what_stands_on_the_printed_report_waits_for_it(write, build, connection) -> None:
    write("core.b", "select 1 as a")
    write("quality.c", "select count(*) as a from build.printed_cell")
    write("quality.d", "select a from quality.c")

    def made_on(*printed: str) -> tuple[str, ...]:
        write_printed(connection, {"printed_cell": pa.table({"printed": list(printed)})})
        return build_on_print(connection, build().waiting).made

    first = build()
    assert (first.made, [model.name for model in first.waiting]) == (("core.b",), ["quality.c", "quality.d"])
    assert made_on("12") == ("quality.c", "quality.d")
    assert connection.execute("select a from quality.d").fetchall() == [(1,)]
    assert made_on("12") == ()
    assert made_on("12", "13") == ("quality.c", "quality.d")
    assert build().made == ()


def test_staging_is_made_again_when_its_own_deliveries_change(write, build, connection) -> None:
    for extract in ("kost_maltider", "luckor"):
        write(
            f"staging.{extract}",
            f"select 1 as a from raw.{extract} as d inner join build.closing_deliveries as c using (delivery_id)",
        )
    build()
    connection.execute("insert into build.closing_deliveries (delivery_id, extract) values (1, 'luckor')")
    assert build().made == ("staging.luckor",)


def test_a_dropped_table_is_made_again_and_a_removed_file_takes_its_table(write, build, connection) -> None:
    path = write("core.b", "select 1 as a")
    build()
    connection.execute("drop schema core cascade")
    assert build().made == ("core.b",)
    path.unlink()
    assert build().dropped == ("core.b",)
    assert connection.execute("select count(*) from duckdb_tables() where schema_name = 'core'").fetchall() == [(0,)]


def test_a_failure_leaves_every_table_as_it_was(write, build, connection) -> None:
    write("core.b", "select 1 as a")
    build()
    write("core.b", "select 2 as a")
    write("core.c", "select lost as a from core.b")
    with pytest.raises(BrokenModel):
        build()
    assert connection.execute("select a from core.b").fetchall() == [(1,)]


def test_a_binding_error_names_file_line_and_cte(write, build) -> None:
    write("core.b", "select 1 as a")
    write("core.c", _TWO_CTES.format(source="core.b", expression="lost"))
    with pytest.raises(BrokenModel, match=r"sql/core/c\.sql:11 \(in the CTE next_rows\).*lost") as broken:
        build()
    assert broken.value.exit_code is ExitCode.OUR_FAULT


@pytest.mark.parametrize("expression", ["cast(a as integer)", "error(a)"])
def test_an_error_in_the_rows_names_the_cte_and_quotes_no_cell(write, build, expression) -> None:
    write("staging.d", "select '19800101-1234' as a")
    write("core.c", _TWO_CTES.format(source="staging.d", expression=expression))
    with pytest.raises(BrokenModel, match=r"sql/core/c\.sql:\d+ \(in the CTE next_rows\)") as broken:
        build()
    assert "1234" not in "".join(traceback.format_exception(broken.value))


def test_a_key_that_repeats_is_refused_and_unknown_equals_unknown(write, build) -> None:
    write("core.b", "select 1 as a, cast(null as integer) as b union all select 1, null", key="a, b")
    with pytest.raises(Refusal, match=r"core\.b: 1 keys \(a, b\) stand on more than one row \(2 rows") as refused:
        build()
    assert refused.value.exit_code is ExitCode.BARRED
    write("core.b", "select 1 as a, null as b union all select 1, 2", key="a, b")
    assert build().made == ("core.b",)


def test_one_row_is_one_row(write, build) -> None:
    write("core.b", "select 1 as a", key="one row")
    build()
    write("core.b", "select 1 as a union all select 2", key="one row")
    with pytest.raises(Refusal, match=r"core\.b"):
        build()


def test_a_migration_that_was_changed_after_it_was_applied_is_refused(tmp_path) -> None:
    migration = tmp_path / "0001_first.sql"
    migration.write_text("create table control.mine (a integer)")
    store = open_store(":memory:")
    store.execute("create schema raw")
    assert migrate(store, tmp_path) == ("0001_first",)
    assert migrate(store, tmp_path) == ()
    migration.write_text("create table control.mine (a bigint)")
    with pytest.raises(Refusal, match="0001_first was changed"):
        migrate(store, tmp_path)


def test_the_build_schema_may_be_dropped_and_is_made_again(connection, write, build) -> None:
    write("core.b", "select 1 as a")
    build()
    connection.execute("drop schema build cascade")
    migrate(connection)
    assert build().made == ("core.b",)


def test_a_contract_that_gains_a_column_keeps_what_has_landed(connection) -> None:
    connection.execute("alter table raw.kost_maltider drop column portioner")
    connection.execute("insert into raw.kost_maltider values (1, 2, date '2021-01-01', 'U1')")
    migrate(connection)
    assert connection.execute("select enhet_kod, portioner from raw.kost_maltider").fetchall() == [("U1", None)]


def test_a_landed_column_never_changes_its_type(connection) -> None:
    connection.execute("alter table raw.kost_maltider alter column portioner type varchar")
    with pytest.raises(Refusal, match="kost_maltider declares portioner as BIGINT"):
        migrate(connection)
