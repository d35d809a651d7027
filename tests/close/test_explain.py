"""Each printed cell of a closed period is explained by parts that come to it; staff is never told below an area."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from tests.conftest import PERIOD, Organisation


def cells(organisation: Organisation, where: str) -> list[tuple[Any, ...]]:
    """(address, number, measure) of published cells."""
    connection = open_store(Home(organisation.home).published.resolve(), read_only=True)
    try:
        return connection.execute(
            "select table_id || ':' || row_id || ':' || column_id, number, unit from latest.report_cell"
            f" where number is not null and ({where}) order by all"
        ).fetchall()
    finally:
        connection.close()


def explained(organisation: Organisation, address: str) -> dict[str, Any]:
    made = organisation.bokslut("explain", address, PERIOD, "--format", "json", "--top", "3")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@pytest.mark.parametrize(
    "where",
    [
        "measure_id = 'result' and quantity = 'actual' and year_offset = 0 and area_code = ''",
        "measure_id = 'result' and quantity = 'actual' and year_offset = -1 and area_code <> ''",
        "measure_id = 'cost' and quantity = 'budget_full_year'",
        "measure_id = 'revenue' and quantity = 'annual_accounts'",
        "measure_id = 'result' and quantity = 'forecast_full_year' and area_code = ''",
        "measure_id = 'investment' and quantity = 'frame' and area_code = ''",
        "measure_id = 'home_care_hours' and quantity = 'actual'",
        "measure_id = 'places_housing' and quantity = 'actual'",
    ],
)
def test_the_parts_come_to_the_figure_without_a_rest_that_nobody_can_name(closed: Organisation, where: str) -> None:
    address, number, _ = cells(closed, where)[0]
    told = explained(closed, address)
    assert Decimal(told["number"]) == number
    (composition,) = told["compositions"]
    *addends, total = [Decimal(row["amounts"][-1]) for row in composition["rows"]]
    assert abs(sum(addends) - total) < Decimal("0.001")
    assert total == number
    assert "ej förklarat" not in json.dumps(composition, ensure_ascii=False)


def test_a_deviation_is_explained_by_what_moved_between_its_two_figures(closed: Organisation) -> None:
    deviation = "measure_id = 'result' and quantity = 'deviation' and minuend_column in ("
    deviation += "select column_id from latest.report_cell where quantity = 'actual' and measure_id = 'result')"
    address, number, _ = cells(closed, f"{deviation} and area_code = ''")[0]
    told = explained(closed, address)
    (composition,) = told["compositions"]
    assert len(composition["amounts_of"]) == 3
    total = [Decimal(amount) for amount in composition["rows"][-1]["amounts"]]
    assert total[0] - total[1] == total[2]
    # The printed deviation is the difference of two printed numbers.
    assert abs(total[2] - number) <= 1


def test_a_staff_measure_is_shown_by_area_alone(closed: Organisation) -> None:
    address, *_ = cells(closed, "measure_id = 'sick_leave' and quantity = 'actual' and sex = 'T'")[0]
    told = explained(closed, address)
    (composition,) = told["compositions"]
    assert all(set(row["names"]) == {"Område"} for row in composition["rows"])
    assert {"Täljare", "Nämnare"} <= told["facts"].keys()


def test_a_typed_figure_says_who_typed_it(closed: Organisation) -> None:
    address, *_ = cells(closed, "measure_id = 'indicator' and quantity = 'observation' and year_offset < 0")[0]
    assert "ansvarig" in explained(closed, address)["facts"]["Inmatat"]


def test_an_estimate_says_its_method_months_and_reason(closed: Organisation) -> None:
    address, *_ = cells(closed, "value_status = 'estimated' and quantity = 'actual'")[0]
    told = explained(closed, address)
    assert {"Metod", "Orsak", "Fotnot"} <= told["facts"].keys()
    assert any(row.get("remark") == "uppskattad" for row in told["compositions"][0]["rows"])


def test_what_is_printed_names_a_cell_as_well_as_its_ids(closed: Organisation) -> None:
    address, *_ = cells(closed, "measure_id = 'home_care_hours' and quantity = 'actual' and year_offset = 0")[0]
    told = explained(closed, address)
    by_print = explained(closed, f"{told['table'].split()[0]}:{told['row']}:{told['column']}")
    assert by_print["address"] == address


def test_an_address_of_no_cell_is_refused_with_the_candidates(closed: Organisation) -> None:
    address, *_ = cells(closed, "true")[0]
    table, _, column = address.split(":")
    for wrong, said in ((f"zz:{address[3:]}", table), (f"{table}:zz:{column}", "zz"), ("zz", "table:row:column")):
        made = closed.bokslut("explain", wrong)
        assert made.returncode == 3
        assert said in made.stderr
