"""Every model keeps the house's rules: head, layers, columns of the dictionary, and no person below core."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from sqlglot import exp

from flows.declarations import root
from flows.declarations.columns import columns
from flows.store.duckdb_engine import MODEL_SCHEMAS, build_on_print, build_tables, open_store
from flows.store.migrations import migrate
from flows.store.models import Model, read_models
from flows.store.reference import load_reference
from flows.store.versions import FROZEN_MARTS

_MODELS = read_models(root.SQL)
_BELOW = {"build", "reference"}
#: What each schema may read. `closed` is nobody's source: a version is never built on another.
_LAYERS: Mapping[str, set[str]] = {
    "staging": {"raw", *_BELOW},
    "core": {"staging", "core", *_BELOW},
    "marts": {"staging", "core", "marts", *_BELOW},
    "quality": {"raw", "control", "staging", "core", "marts", "quality", *_BELOW},
    "reconciliations": {"staging", "core", "marts", "reconciliations", *_BELOW},
}
#: Words for what is missing carry no source's names, so that there is nothing to rename in staging.
_WITHOUT_STAGING = "raw.missing_value"
#: The parts of `marts.figure`: one file a kind of measure, each over the mart that it quotes.
_PARTS_OF_FIGURE = "core.figure_"
_PUBLISHABLE = ("marts", "reconciliations", "closed")

#: A pensioner's age is the numerator of a mean; below core it is only ever summed.
_NO_LONGER_PERSONAL = {"age_years as numerator"}

every_model = pytest.mark.parametrize("model", _MODELS.values(), ids=lambda model: model.name)


@cache
def _built() -> Mapping[str, Mapping[str, str]]:
    """Every table built on an empty store: name → column → type."""
    connection = open_store(":memory:")
    migrate(connection)
    load_reference(connection)
    build_on_print(connection, build_tables(connection).waiting)
    found: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name not in ('raw', 'control')"
    ).fetchall():
        found.setdefault(table, {})[column] = type_
    return found


def test_every_schema_is_one_of_ours() -> None:
    assert {model.schema for model in _MODELS.values()} <= set(MODEL_SCHEMAS)


def test_what_a_version_freezes_is_made() -> None:
    assert {f"marts.{mart}" for mart in FROZEN_MARTS} <= _MODELS.keys()


@every_model
def test_the_head_says_what_the_table_holds(model: Model) -> None:
    assert model.summary
    assert not model.summary.startswith(("Grain:", "Key:", "Source:"))
    assert model.summary.endswith(".")


@every_model
def test_the_key_is_selected(model: Model) -> None:
    assert set(model.key) <= set(model.statement.named_selects)


@every_model
def test_the_last_select_lists_its_columns(model: Model) -> None:
    assert not model.statement.is_star


@every_model
def test_a_layer_reads_only_what_lies_below_it(model: Model) -> None:
    allowed = _LAYERS[model.schema] | ({"marts"} if model.name.startswith(_PARTS_OF_FIGURE) else set())
    above = [name for name in model.references if name.split(".")[0] not in allowed and name != _WITHOUT_STAGING]
    assert above == []


@every_model
def test_the_text_is_lower_case_and_indented_by_four(model: Model) -> None:
    for number, line in enumerate(model.text.splitlines(), 1):
        assert "\t" not in line, f"{model.file}:{number}"
        assert line == line.rstrip(), f"{model.file}:{number}"


def test_a_column_means_the_same_everywhere() -> None:
    dictionary = columns()
    wrong = [
        f"{table}.{column}: {type_}, in the dictionary {dictionary[column].type if column in dictionary else 'absent'}"
        for table, listed in _built().items()
        for column, type_ in listed.items()
        if column not in dictionary or dictionary[column].type != type_
    ]
    assert wrong == []


def test_no_sum_is_a_float() -> None:
    floats = [
        f"{table}.{column}" for table, listed in _built().items() for column in listed if listed[column] == "DOUBLE"
    ]
    assert floats == []


def test_no_person_stands_in_what_may_be_published() -> None:
    of_a_person = [name for name, column in columns().items() if column.personal]
    personal = [
        f"{table}.{column}"
        for table, listed in _built().items()
        for column in listed
        if table.split(".")[0] in _PUBLISHABLE and any(f"_{column}".endswith(f"_{name}") for name in of_a_person)
    ]
    assert personal == []


@every_model
def test_a_personal_column_keeps_its_name(model: Model) -> None:
    """Under another name it would pass the allow-list."""
    dictionary = columns()
    renamed = []
    for select in model.statement.find_all(exp.Select):
        for projection in select.expressions:
            inner = projection.unalias()
            while isinstance(
                inner, exp.Cast | exp.Paren | exp.Coalesce | exp.Min | exp.Max | exp.AnyValue | exp.Concat
            ):
                inner = inner.this
            if not isinstance(inner, exp.Column) or projection.alias_or_name == inner.name:
                continue
            held, given = dictionary.get(inner.name), dictionary.get(projection.alias_or_name)
            keeps_its_name = projection.alias_or_name.endswith(f"_{inner.name}")
            if held and held.personal and not keeps_its_name and not (given and given.personal):
                renamed.append(f"{inner.name} as {projection.alias_or_name}")
    assert set(renamed) <= _NO_LONGER_PERSONAL
