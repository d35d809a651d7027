"""The catalogue of measures hangs together: each has its sources, its unit can be printed, each estimate its method."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from flows.declarations import root
from flows.declarations.contracts import contracts


def rows(name: str) -> Sequence[Mapping[str, str]]:
    """One file of warehouse/reference."""
    with (root.REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


MEASURES = {row["measure_id"]: row for row in rows("measures")}
QUANTITIES = {row["quantity"] for row in rows("quantities")}
METHODS = {row["method"]: row["method_kind"] for row in rows("methods")}


def test_every_measure_has_sources_and_every_source_is_a_contract() -> None:
    sources = rows("measure_sources")
    assert {row["measure_id"] for row in sources} == MEASURES.keys()
    assert {row["extract"] for row in sources} <= contracts().keys()
    assert {row["quantity"] for row in sources} <= QUANTITIES | {""}
    keys = [(row["measure_id"], row["quantity"], row["extract"]) for row in sources]
    assert len(keys) == len(set(keys))


def test_what_a_footnote_gives_beside_a_measure_is_a_measure_of_the_same_unit_with_words_for_it() -> None:
    kinds = {row["footnote_kind"] for row in rows("footnote_texts")}
    noted = rows("noted_measures")
    assert noted
    for row in noted:
        assert MEASURES[row["measure_id"]]["figure_unit"] == MEASURES[row["noted_measure_id"]]["figure_unit"]
        assert row["footnote_kind"] in kinds


def test_every_computed_measure_says_what_it_is_and_who_owns_it() -> None:
    computed = [row for row in MEASURES.values() if row["measure_kind"] != "typed"]
    assert computed
    assert [
        row["measure_id"] for row in computed if not (row["owner_role"] and row["definition"] and row["formula"])
    ] == []
    assert len({row["definition"] for row in computed}) == len(computed)


def test_every_figure_unit_can_be_printed_somehow() -> None:
    printable = {row["figure_unit"] for row in rows("units")} | {"printed"}
    assert {row["figure_unit"] for row in MEASURES.values()} <= printable
    assert all(int(row["divisor"]) > 0 for row in rows("units"))


def test_each_counted_volume_has_one_method_of_estimation_on_every_day() -> None:
    counted = {measure_id for measure_id, row in MEASURES.items() if row["volume_extract"]}
    for measure_id in counted:
        chosen = [
            row
            for row in rows("measure_method")
            if row["measure_id"] == measure_id and METHODS[row["method"]] == "estimate"
        ]
        chosen.sort(key=lambda row: row["valid_from"])
        assert chosen, f"{measure_id} has no method"
        assert chosen[0]["valid_from"] <= "2020-01-01"
        assert chosen[-1]["valid_to"] == ""
        for earlier, later in pairwise(chosen):
            gap = date.fromisoformat(later["valid_from"]) - date.fromisoformat(earlier["valid_to"])
            assert gap.days == 1, f"{measure_id}: {earlier['valid_to']} to {later['valid_from']}"


def test_each_method_has_its_file_and_each_file_its_method() -> None:
    files = {
        (kind, path.stem.removeprefix(f"{kind}_"))
        for kind in ("estimate", "forecast")
        for path in (root.SQL / "core").glob(f"{kind}_*.sql")
    }
    what_they_stand_on = {("forecast", "basis")}
    assert files - what_they_stand_on == {(kind, method) for method, kind in METHODS.items()}


def test_an_area_may_have_its_own_method_of_forecast_and_never_of_estimation() -> None:
    assert not [row for row in rows("measure_method") if METHODS[row["method"]] == "estimate" and row["area_code"]]


def test_every_decision_says_who_and_why() -> None:
    for name in ("measure_method", "account_roles", "account_group_parts"):
        assert all(row["decided_by"] and row["because"] and row["valid_from"] for row in rows(name)), name


def test_the_extracts_that_units_owe_are_delivered_every_month() -> None:
    for row in MEASURES.values():
        if row["volume_extract"]:
            assert contracts()[row["volume_extract"]].needed == "history"
