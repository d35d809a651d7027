"""The dated decisions are loaded with the dictionary's types, and only when their file changed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flows.errors import Refusal
from flows.store.duckdb_engine import open_store
from flows.store.migrations import migrate
from flows.store.reference import load_reference


@pytest.fixture
def store():
    connection = open_store(":memory:")
    migrate(connection)
    return connection


def test_a_file_is_loaded_once_per_change_and_goes_with_its_file(store, tmp_path) -> None:
    file = tmp_path / "shares.csv"
    file.write_text("unit_code,share_percent,valid_from,reason\nU1,12.5,2021-01-01,\n", "utf-8")
    assert load_reference(store, tmp_path) == ("shares",)
    rows = store.execute("select unit_code, share_percent, month(valid_from), reason from reference.shares").fetchall()
    assert rows == [("U1", Decimal("12.5"), 1, None)]
    assert load_reference(store, tmp_path) == ()
    file.write_text('unit_code,share_percent,valid_from,reason\nU1,25,2021-01-01,"a, b"\n', "utf-8")
    assert load_reference(store, tmp_path) == ("shares",)
    file.unlink()
    load_reference(store, tmp_path)
    assert store.execute("select count(*) from duckdb_tables() where schema_name = 'reference'").fetchall() == [(0,)]


def test_a_field_of_the_wrong_type_names_the_file(store, tmp_path) -> None:
    (tmp_path / "shares.csv").write_text("share_percent\nmuch\n", "utf-8")
    with pytest.raises(Refusal, match=r"shares\.csv cannot be loaded"):
        load_reference(store, tmp_path)


def test_a_column_outside_the_dictionary_is_named(store, tmp_path) -> None:
    (tmp_path / "shares.csv").write_text("shar\n1\n", "utf-8")
    with pytest.raises(Refusal, match=r"shares\.csv: the column shar is not in columns\.toml"):
        load_reference(store, tmp_path)
