"""A reorganisation that was entered wrongly: refused, with the rows named."""

from __future__ import annotations

import pytest

from flows.domain.finding import Effect
from tests.gate.conftest import House, messages

AREAS = "area_code | area_name | order_number | valid_from | valid_to"
UNITS = "unit_code | ansvar | area | valid_from | valid_to | successor_code | share_percent"


def units(house: House, rows: str) -> None:
    house.delivered("extract | period\n organisation_enhet | 2021-08")
    house.given("staging.edition_area", f"{AREAS}\n RS | Råd och Stöd | 1 | | \n AO | Äldreomsorg | 2 | |")
    house.given("staging.unit", f"{UNITS}\n{rows}")


def test_a_unit_that_is_its_own_successor_and_a_circle_through_several(house: House) -> None:
    units(
        house,
        """ A | 41 | RS | 2019-01-01 | 2020-12-31 | A |
            B | 42 | RS | 2019-01-01 | 2020-12-31 | C |
            D | 43 | RS | 2019-01-01 | 2020-12-31 | B | 60
            D | 43 | RS | 2019-01-01 | 2020-12-31 | E | 40
            C | 44 | RS | 2021-01-01 | 2021-03-31 | D |
            E | 45 | RS | 2021-01-01 |            |   |
            F | 46 | RS | 2019-01-01 | 2020-12-31 | B |""",
    )
    found = house.findings("quality.successor_circle", "successor_circle")
    assert messages(found) == [
        "Efterföljarna går i cirkel: A → A (rad 2)",
        "Efterföljarna går i cirkel: B → C → D → B (rad 3, 6, 4)",
    ]
    assert {(one.effect, one.file_name) for one in found} == {
        (Effect.BARS_PUBLICATION, "organisation_enhet_202108.csv")
    }
    assert [one.line for one in found] == [2, 3]


def test_a_chain_that_ends_is_no_circle_and_neither_is_a_code_used_again(house: House) -> None:
    units(
        house,
        """ A | 41 | RS | 2018-01-01 | 2018-12-31 | B |
            A | 41 | RS | 2020-01-01 | 2020-12-31 | C |
            B | 42 | RS | 2019-01-01 | 2019-12-31 | A |
            C | 43 | RS | 2021-01-01 |            |   |""",
    )
    assert house.findings("quality.successor_circle") == []


def test_a_circle_of_what_has_not_happened_yet_is_as_wrong(house: House) -> None:
    units(
        house,
        """ A | 41 | RS | 2019-01-01 | 2021-12-31 | B |
            B | 42 | RS | 2022-01-01 | 2022-12-31 | A |""",
    )
    assert [one.keys["circle_words"] for one in house.findings("quality.successor_circle")] == ["A → B → A"]


def test_a_share_lost_on_the_way_is_named_with_its_line(house: House) -> None:
    units(
        house,
        """ A | 41 | RS | 2019-01-01 | 2020-12-31 | B | 80
            B | 42 | RS | 2021-01-01 |            |   |""",
    )
    (found,) = house.findings("reconciliations.unit_share", "unit_not_followed_whole")
    assert found.message == "Enhet A följs inte helt in i periodens organisation (andel 0,8; från rad 2)"
    assert (found.file_name, found.line, found.effect) == ("organisation_enhet_202108.csv", 2, Effect.BARS_PUBLICATION)


@pytest.mark.parametrize(
    ("rule_id", "rows", "message"),
    [
        (
            "unknown_successor",
            "A | 41 | RS | 2019-01-01 | 2020-12-31 | Z | 50\nA | 41 | RS | 2019-01-01 | 2020-12-31 | Y | 50",
            "Enhet A från 2019-01-01 har en efterföljare som inte finns i registret: Y, Z (rad 2, 3)",
        ),
        (
            "unit_overlaps_itself",
            "A | 41 | RS | 2019-01-01 | 2021-01-31 | |\nA | 41 | AO | 2021-01-31 | | |",
            "Enhet A har rader som gäller samma dagar, från 2019-01-01 (rad 2 och 3)",
        ),
        (
            "ansvar_in_two_areas",
            "A | 41 | RS | 2019-01-01 | | |\nB | 41 | AO | 2019-01-01 | | |",
            "Ansvar 41 hör samma dag till enheter i två områden, A och B (rad 2 och 3)",
        ),
    ],
)
def test_the_rows_are_named_by_line(house: House, rule_id: str, rows: str, message: str) -> None:
    units(house, rows)
    found = house.findings("quality.unit_register", rule_id)
    assert message in messages(found)
    assert {(one.effect, one.file_name) for one in found} == {
        (Effect.BARS_PUBLICATION, "organisation_enhet_202108.csv")
    }


def test_a_unit_may_stand_in_an_ended_area_until_its_last_day_and_no_longer(house: House) -> None:
    house.given(
        "staging.edition_area",
        f"{AREAS}\n RS | Råd och Stöd | 1 | | \n KF | Kultur | 2 | | 2021-08-31\n IF | Idrott | 3 | | 2021-08-30",
    )
    house.given(
        "staging.unit",
        f"""{UNITS}
            A | 41 | KF | 2019-01-01 |            | |
            B | 42 | IF | 2019-01-01 | 2021-08-30 | |
            C | 43 | IF | 2019-01-01 |            | |
            D | 44 | IF | 2021-09-01 |            | |
        """,
    )
    (found,) = house.findings("quality.unit_register")
    assert (found.rule_id, found.keys["unit_code"], found.effect) == (
        "unit_in_ended_area",
        "C",
        Effect.BARS_PUBLICATION,
    )


def test_an_area_has_one_name_on_a_day_and_a_name_one_area(house: House) -> None:
    house.given(
        "staging.edition_area",
        f"""{AREAS}
            RS | Råd och Stöd   | 1 |            | 2020-12-31
            RS | Stöd           | 1 | 2021-01-01 |
            AO | Äldreomsorg    | 2 |            | 2021-01-01
            AO | Vård           | 2 | 2021-01-01 |
            IA | Arbete         | 3 |            | 2020-12-31
            AM | Arbete         | 4 | 2021-01-01 |
            KF | Kultur         | 5 |            |
            FR | Kultur         | 6 |            |
            LE | Ledning        | 7 | 2021-01-01 | 2020-12-31
        """,
    )
    assert [(one.rule_id, one.keys["area_code"]) for one in house.findings("quality.area_register")] == [
        ("area_has_two_names", "AO"),
        ("area_has_two_names", "AO"),
        ("area_name_of_two_areas", "FR"),
        ("area_name_of_two_areas", "KF"),
        ("area_ended_before_begun", "LE"),
    ]


def test_areas_volumes_sum_to_the_organisations_in_both_views(house: House) -> None:
    house.given(
        "core.figure_volume",
        """
        measure_id | area_code | year_offset | organisation_view | figure_value
        care_days  | RS        | -1          | restated          | 10
        care_days  | -         | -1          | restated          | 5
        care_days  | *         | -1          | restated          | 15.000001
        care_days  | RS        | -1          | as_was            | 10
        care_days  | -         | -1          | as_was            | 4
        care_days  | *         | -1          | as_was            | 15
        """,
    )
    house.connection.execute("update core.figure_volume set area_code = '' where area_code = '*'")
    (found,) = house.findings("reconciliations.volume_area_total", "volume_areas_not_total")
    assert found.keys["organisation_view"] == "as_was"


def test_a_table_that_compares_in_two_organisations_is_told(house: House) -> None:
    house.given(
        "marts.report_cell",
        """
        table_id | row_id | column_id | row_label | organisation_tag | figure_value
        t01      | a      | f         | Resultat  | restated         | 1
        t01      | b      | f         | Dygn      | not_restated     | 1
        t02      | a      | f         | Dygn      | not_restated     | 1
        t02      | b      | f         | Timmar    | same             | 1
        t03      | a      | f         | Resultat  | restated_share   | 1
        t03      | b      | f         | Timmar    | not_restated     |
        """,
    )
    (found,) = house.findings("quality.comparison_view", "mixed_comparison")
    assert found.message == "Tabell t01 jämför i två organisationer: omräknat och, utan omräkning, Dygn"
    assert found.effect is Effect.NONE


def test_what_is_said_to_be_unchanged_is_one_figure_in_both_views(house: House) -> None:
    house.given(
        "marts.figure",
        """
        subject_id | area_code | sex | quantity | year_offset | organisation_view | organisation_tag | figure_value
        cost       | RS        | T   | actual   | -1          | restated          | same             | 10.000001
        cost       | RS        | T   | actual   | -1          | as_was            | same             | 10
        cost       | AO        | T   | actual   | -1          | restated          | restated         | 10
        cost       | AO        | T   | actual   | -1          | as_was            | not_restated     | 20
        meals      | AO        | T   | actual   | -1          | restated          | same             | 10
        meals      | AO        | T   | actual   | -1          | as_was            | same             | 10.001
        """,
    )
    (found,) = house.findings("reconciliations.unchanged_comparative", "unchanged_comparative_differs")
    assert (found.keys["subject_id"], found.effect) == ("meals", Effect.BARS_PUBLICATION)
