"""What happens to an organisation, seen in both views: the same month's amount is booked and counted for each unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from tests.drawn_tables import Drawing
from tests.spec.ledgers import draw_booked, draw_surroundings
from tests.spec.organisation_drawings import AREAS, register

#: Both figures count January–August.
MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 9)]


def each_month(drawing: str) -> list[tuple[str, str, str, Decimal]]:
    """(unit, ansvar, month, amount) of `unit | ansvar | first | last | amount`, a row a month."""
    rows = []
    for unit, ansvar, first, last, amount in Drawing.read(drawing).rows:
        months = [month for month in MONTHS if (first or "") <= month <= (last or "9999")]
        rows.extend((str(unit), str(ansvar), month, Decimal(str(amount))) for month in months)
    return rows


@pytest.fixture
def happened(given, closing) -> Callable[[str, str], None]:
    """Draw a register and what its units cost and counted, for a close of August 2021."""

    def draw(units: str, amounts: str) -> None:
        draw_surroundings(given, register(units))
        given("staging.edition_area", AREAS)
        rows = each_month(amounts)
        draw_booked(
            given, "\n".join(f"| 5010 | {ansvar} | | {month}-15 | {amount} |" for _, ansvar, month, amount in rows)
        )
        counted = "\n".join(f"| {month} | {unit} | SERVICE | {amount} | DEF |" for unit, _, month, amount in rows)
        given("staging.home_care", f"| month | unit_code | care_kind | performed_hours | delivery_status |\n{counted}")
        closing("2021-08")

    return draw


@pytest.fixture
def expect_both(build) -> Callable[[str], None]:
    """Compare cost and home-care hours with one drawing: a row a view and year, a column an area, `tag` behind each area."""

    def check(drawing: str) -> None:
        drawn = Drawing.read(drawing)
        for table, subject in (("core.figure_result", "cost"), ("core.figure_volume", "home_care_hours")):
            found = _figures(build(table), subject)
            for row in drawn.rows:
                cells = dict(zip(drawn.columns, row, strict=True))
                view, year = str(cells.pop("view")), int(str(cells.pop("year")))
                wanted = {name: _cell(name, text) for name, text in cells.items()}
                made = {name: found.get((view, year, *_place(name)), _nothing(name)) for name in cells}
                assert made == wanted, f"{subject}, {view}, {year}"

    return check


def _figures(made, subject: str) -> Mapping[tuple[object, ...], object]:
    at = {name: index for index, name in enumerate(made.types)}
    found: dict[tuple[object, ...], object] = {}
    for row in made.rows:
        if row[at["subject_id"]] == subject and row[at["quantity"]] == "actual":
            place = (row[at["organisation_view"]], row[at["year_offset"]], row[at["area_code"]])
            found[*place, "value"], found[*place, "tag"] = row[at["figure_value"]], row[at["organisation_tag"]]
    return found


def _place(name: str) -> tuple[str, str]:
    area, _, kind = name.partition(" ")
    return ("" if area == "all" else area), kind or "value"


def _nothing(name: str) -> object:
    """An area in which no unit counts has no volume figure, and costs 0."""
    return "same" if name.endswith(" tag") else Decimal(0)


def _cell(name: str, text: str | None) -> object:
    return (text or "") if name.endswith(" tag") else Decimal(text or "0")


def test_a_merger(happened, expect_both) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | C         |         |
        | B    | 102    | RS   | 2019-01-01 | 2020-12-31 | C         |         |
        | C    | 103    | AO   | 2021-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         | 2020-12 | 10     |
        | B    | 102    |         | 2020-12 | 20     |
        | C    | 103    | 2021-01 |         | 32     |
        """,
    )
    expect_both(
        """
        | view     | year | AO  | AO tag       | RS  | RS tag       | - | all | all tag |
        | as_was   | 0    | 256 |              | 0   |              | 0 | 256 |         |
        | as_was   | -1   | 80  | not_restated | 160 | not_restated | 0 | 240 | same    |
        | restated | 0    | 256 |              | 0   |              | 0 | 256 |         |
        | restated | -1   | 240 | restated     | 0   | restated     | 0 | 240 | same    |
        """
    )


def test_a_split_with_shares(happened, expect_both) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | C         | 62.5    |
        | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | D         | 37.5    |
        | C    | 103    | AO   | 2021-01-01 |            |           |         |
        | D    | 104    | RS   | 2021-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         | 2020-12 | 10.01  |
        | C    | 103    | 2021-01 |         | 6      |
        | D    | 104    | 2021-01 |         | 5      |
        """,
    )
    expect_both(
        """
        | view     | year | AO    | AO tag         | RS    | RS tag         | - | all   | all tag |
        | as_was   | 0    | 48    |                | 40    |                | 0 | 88    |         |
        | as_was   | -1   | 80.08 | not_restated   | 0     | not_restated   | 0 | 80.08 | same    |
        | restated | 0    | 48    |                | 40    |                | 0 | 88    |         |
        | restated | -1   | 50.05 | restated_share | 30.03 | restated_share | 0 | 80.08 | same    |
        """
    )


def test_a_hand_over_to_another_department_mid_year(happened, expect_both) -> None:
    """Out of scope from 1 April: what it did before then is the year's, in no area; of last year's comparatives it is out."""
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2021-03-31 |           |         |
        | B    | 102    | AO   | 2019-01-01 |            |           |         |
        | C    | 103    | RS   | 2019-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first | last    | amount |
        | A    | 101    |       | 2021-03 | 10     |
        | B    | 102    |       |         | 5      |
        | C    | 103    |       |         | 1      |
        """,
    )
    expect_both(
        """
        | view     | year | AO  | AO tag       | RS | RS tag | -  | all | all tag      |
        | as_was   | 0    | 70  |              | 8  |        | 0  | 78  |              |
        | as_was   | -1   | 120 | not_restated | 8  | same   | 0  | 128 | not_restated |
        | restated | 0    | 40  |              | 8  |        | 30 | 78  |              |
        | restated | -1   | 40  | restated     | 8  | same   | 0  | 48  | restated     |
        """
    )


def test_a_unit_taken_over_from_outside_mid_year(happened, expect_both) -> None:
    """Nobody here knows what it did before: the comparatives cannot hold it, and say that the organisation has changed."""
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | N    | 101    | RS   | 2021-05-01 |            |           |         |
        | B    | 102    | RS   | 2019-01-01 |            |           |         |
        | C    | 103    | AO   | 2019-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last | amount |
        | N    | 101    | 2021-05 |      | 7      |
        | B    | 102    |         |      | 5      |
        | C    | 103    |         |      | 1      |
        """,
    )
    expect_both(
        """
        | view     | year | AO | AO tag | RS | RS tag       | - | all | all tag      |
        | as_was   | 0    | 8  |        | 68 |              | 0 | 76  |              |
        | as_was   | -1   | 8  | same   | 40 | not_restated | 0 | 48  | not_restated |
        | restated | 0    | 8  |        | 68 |              | 0 | 76  |              |
        | restated | -1   | 8  | same   | 40 | restated     | 0 | 48  | restated     |
        """
    )


def test_a_unit_that_moves_between_areas_mid_year(happened, expect_both) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | M    | 101    | AO   | 2019-01-01 | 2021-03-31 |           |         |
        | M    | 101    | RS   | 2021-04-01 |            |           |         |
        | B    | 102    | AO   | 2019-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first | last | amount |
        | M    | 101    |       |      | 10     |
        | B    | 102    |       |      | 1      |
        """,
    )
    expect_both(
        """
        | view     | year | AO | AO tag       | RS | RS tag       | - | all | all tag |
        | as_was   | 0    | 38 |              | 50 |              | 0 | 88  |         |
        | as_was   | -1   | 88 | not_restated | 0  | not_restated | 0 | 88  | same    |
        | restated | 0    | 8  |              | 80 |              | 0 | 88  |         |
        | restated | -1   | 8  | restated     | 80 | restated     | 0 | 88  | same    |
        """
    )


def test_a_unit_closed_inside_names_who_takes_its_accounts_over(happened, expect_both) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2021-03-31 | B         |         |
        | B    | 102    | RS   | 2019-01-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         | 2021-03 | 10     |
        | B    | 102    |         | 2021-03 | 5      |
        | B    | 102    | 2021-04 |         | 15     |
        """,
    )
    expect_both(
        """
        | view     | year | AO | AO tag       | RS  | RS tag       | - | all | all tag |
        | as_was   | 0    | 30 |              | 90  |              | 0 | 120 |         |
        | as_was   | -1   | 80 | not_restated | 40  | not_restated | 0 | 120 | same    |
        | restated | 0    | 0  |              | 120 |              | 0 | 120 |         |
        | restated | -1   | 0  | restated     | 120 | restated     | 0 | 120 | same    |
        """
    )


def test_a_chain_of_successors_and_a_part_that_leaves(happened, expect_both) -> None:
    """A becomes B, B is divided: half stays as C, half goes to E, which is then handed over to another department."""
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2020-06-30 | B         |         |
        | B    | 102    | AO   | 2020-07-01 | 2020-12-31 | C         | 50      |
        | B    | 102    | AO   | 2020-07-01 | 2020-12-31 | E         | 50      |
        | C    | 103    | RS   | 2021-01-01 |            |           |         |
        | E    | 105    | AO   | 2021-01-01 | 2021-06-30 |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         | 2020-06 | 10     |
        | B    | 102    | 2020-07 | 2020-12 | 10     |
        | C    | 103    | 2021-01 |         | 4      |
        | E    | 105    | 2021-01 | 2021-06 | 5      |
        """,
    )
    expect_both(
        """
        | view     | year | AO | AO tag         | RS | RS tag         | -  | all | all tag        |
        | as_was   | 0    | 30 |                | 32 |                | 0  | 62  |                |
        | as_was   | -1   | 80 | not_restated   | 0  | not_restated   | 0  | 80  | not_restated   |
        | restated | 0    | 0  |                | 32 |                | 30 | 62  |                |
        | restated | -1   | 0  | restated_share | 40 | restated_share | 0  | 40  | restated_share |
        """
    )


def test_a_unit_renamed_and_renamed_again_moves_nothing(happened, expect_both) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 |            |           |         |
        | B    | 102    | RS   | 2019-01-01 | 2020-12-31 | C         |         |
        | C    | 102    | RS   | 2021-01-01 | 2021-06-30 | D         |         |
        | D    | 102    | RS   | 2021-07-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         |         | 1      |
        | B    | 102    |         | 2020-12 | 10     |
        | C    | 102    | 2021-01 | 2021-06 | 11     |
        | D    | 102    | 2021-07 |         | 11     |
        """,
    )
    expect_both(
        """
        | view     | year | AO | AO tag | RS | RS tag | - | all | all tag |
        | as_was   | 0    | 8  |        | 88 |        | 0 | 96  |         |
        | as_was   | -1   | 8  | same   | 80 | same   | 0 | 88  | same    |
        | restated | 0    | 8  |        | 88 |        | 0 | 96  |         |
        | restated | -1   | 8  | same   | 80 | same   | 0 | 88  | same    |
        """
    )


@pytest.mark.parametrize("table", ["reconciliations.result_total", "reconciliations.area_total"])
def test_every_event_ties_to_the_ledger_in_both_views(happened, build, table: str) -> None:
    happened(
        """
        | unit | ansvar | area | from       | to         | successor | share   |
        | A    | 101    | AO   | 2019-01-01 | 2020-06-30 | B         | 33.3333 |
        | A    | 101    | AO   | 2019-01-01 | 2020-06-30 | C         | 66.6667 |
        | B    | 102    | RS   | 2020-07-01 |            |           |         |
        | C    | 103    | RS   | 2020-07-01 | 2021-03-31 |           |         |
        | D    | 104    | AO   | 2019-01-01 | 2021-03-31 |           |         |
        | D    | 104    | RS   | 2021-04-01 |            |           |         |
        | N    | 105    | AO   | 2021-05-01 |            |           |         |
        """,
        """
        | unit | ansvar | first   | last    | amount |
        | A    | 101    |         | 2020-06 | 10.01  |
        | B    | 102    | 2020-07 |         | 3.33   |
        | C    | 103    | 2020-07 | 2021-03 | 6.67   |
        | D    | 104    |         |         | 100    |
        | N    | 105    | 2021-05 |         | 1      |
        | X    | 999    |         |         | 0.5    |
        """,
    )
    made = build(table)
    at = {name: index for index, name in enumerate(made.types)}
    assert {row[at["organisation_view"]] for row in made.rows} >= {"as_was", "restated"}
    assert {row[at["difference"]] for row in made.rows} == {Decimal(0)}
