"""Areas over time: renamed, renamed again, ended, and known by every name that they have had."""

from __future__ import annotations

import pytest

from tests.spec.ledgers import draw_booked, draw_surroundings, figures_of

#: One area renamed twice, one that ended, and one that took over its name.
AREAS = """
| area_code | area_name     | order_number | valid_from | valid_to   |
| RS        | Råd och Stöd  | 1            |            | 2020-06-30 |
| RS        | Stöd och hälsa| 1            | 2020-07-01 | 2021-03-31 |
| RS        | Stöd          | 1            | 2021-04-01 |            |
| KF        | Kultur        | 2            |            | 2020-12-31 |
| AO        | Äldreomsorg   | 3            |            |            |
"""

UNIT_HEAD = "| unit_code | ansvar | area | valid_from | valid_to | successor_code | share_percent |"


def test_an_area_answers_to_every_name_it_has_had_and_is_called_by_its_last(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    closing("2021-08")
    expect(
        build("core.area"),
        """
        | area           | area_code | area_name   |
        | RS             | RS        | Stöd        |
        | Råd och Stöd   | RS        | Stöd        |
        | Stöd och hälsa | RS        | Stöd        |
        | Stöd           | RS        | Stöd        |
        | KF             | KF        | Kultur      |
        | Kultur         | KF        | Kultur      |
        | AO             | AO        | Äldreomsorg |
        | Äldreomsorg    | AO        | Äldreomsorg |
        """,
    )


def test_an_area_is_called_what_it_was_called_at_the_close(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    closing("2020-06")
    expect(
        build("core.known_area"),
        """
        | area_code | area_name    | is_in_force |
        | RS        | Råd och Stöd | true        |
        | KF        | Kultur       | true        |
        | AO        | Äldreomsorg  | true        |
        """,
    )
    closing("2021-08")
    expect(
        build("core.known_area"),
        """
        | area_code | area_name   | is_in_force |
        | RS        | Stöd        | true        |
        | KF        | Kultur      | false       |
        | AO        | Äldreomsorg | true        |
        """,
    )


def test_a_name_that_went_to_another_area_is_read_by_the_day(given, closing, build, expect) -> None:
    given(
        "staging.edition_area",
        """
        | area_code | area_name | order_number | valid_from | valid_to   |
        | A         | Omsorg    | 1            |            | 2020-12-31 |
        | B         | Omsorg    | 1            | 2021-01-01 |            |
        """,
    )
    given(
        "staging.unit",
        f"""
        {UNIT_HEAD}
        | U1 | 101 | Omsorg | 2019-01-01 | 2020-12-31 | U2 | |
        | U2 | 102 | Omsorg | 2021-01-01 |            |    | |
        """,
    )
    closing("2021-08")
    expect(
        build("core.unit_as_was"),
        """
        | unit_code | area_code |
        | U1        | A         |
        | U2        | B         |
        """,
    )
    expect(build("core.area"), "| area | area_code |\n| Omsorg | B |\n| A | A |\n| B | B |")


RENAMED = """
| area_code | area_name      | order_number | valid_from | valid_to   |
| AO        | Äldreomsorg    | 1            |            | 2020-12-31 |
| AO        | Vård           | 1            | 2021-01-01 | 2021-06-30 |
| AO        | Vård och hälsa | 1            | 2021-07-01 |            |
| RS        | Råd och Stöd   | 2            |            |            |
"""


@pytest.mark.parametrize(
    "areas", [RENAMED, "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |\n| RS | Stöd | 2 |"]
)
@pytest.mark.parametrize("view", ["restated", "as_was"])
def test_renaming_and_renaming_again_moves_nothing(given, closing, build, areas: str, view: str) -> None:
    """The register of units is not even written anew: its rows name the code, or the name of their time."""
    draw_surroundings(
        given,
        f"""
        {UNIT_HEAD}
        | U1 | 101 | Äldreomsorg | 2020-01-01 | | | |
        | U2 | 102 | RS          | 2020-01-01 | | | |
        """,
    )
    given("staging.edition_area", areas)
    draw_booked(
        given,
        """
        | 5010 | 101 | | 2020-03-01 | 70 |
        | 5010 | 102 | | 2020-03-01 | 30 |
        | 5010 | 101 | | 2021-03-01 | 71 |
        | 5010 | 102 | | 2021-08-01 | 31 |
        """,
    )
    closing("2021-08")
    made = build("core.figure_result")
    for year_offset, cost in ((0, {"AO": 71, "RS": 31, "-": 0, "": 102}), (-1, {"AO": 70, "RS": 30, "-": 0, "": 100})):
        found = {
            area: figures_of(made, area_code=area, quantity="actual", year_offset=year_offset, view=view)
            for area in cost
        }
        assert {area: figures["cost"] for area, figures in found.items()} == cost
    tags = figures_of(made, area_code="AO", quantity="actual", year_offset=-1, view=view, value="organisation_tag")
    assert set(tags.values()) == {"same"}


def test_an_area_that_ended_keeps_its_past_as_was_and_holds_nothing_restated(given, closing, build) -> None:
    draw_surroundings(
        given,
        f"""
        {UNIT_HEAD}
        | U1 | 101 | Kultur | 2020-01-01 | 2020-12-31 | U2 | |
        | U2 | 102 | AO     | 2020-01-01 |            |    | |
        """,
    )
    given("staging.edition_area", AREAS)
    draw_booked(given, "| 5010 | 101 | | 2020-03-01 | 70 |\n| 5010 | 102 | | 2020-03-01 | 30 |")
    closing("2021-08")
    made = build("core.figure_result")

    def costs(view: str) -> list[object]:
        asked = {"quantity": "actual", "year_offset": -1, "view": view}
        return [figures_of(made, area_code=area, **asked)["cost"] for area in ("KF", "AO", "RS", "-", "")]

    assert costs("as_was") == [70, 30, 0, 0, 100]
    assert costs("restated") == [0, 100, 0, 0, 100]


def test_nobody_owes_a_forecast_of_an_area_that_has_ended(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.economic_forecast",
        """
        | month   | area           | forecast_kind | forecast_sek |
        | 2021-08 | Stöd och hälsa | KOSTNAD       | 10           |
        | 2021-08 | Stöd           | INTAKT        | 4            |
        | 2021-08 | AO             | KOSTNAD       | 5            |
        | 2021-08 | AO             | INTAKT        | 1            |
        """,
    )
    closing("2021-08")
    made = build("marts.forecast")
    at = {name: index for index, name in enumerate(made.types)}
    found = {row[at["area_code"]]: row[at["forecast_value"]] for row in made.rows if row[at["measure_id"]] == "result"}
    assert found == {"RS": -6, "AO": -4, "": -10}
