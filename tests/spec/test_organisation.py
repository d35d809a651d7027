"""The organisation as it was, and the same in the organisation of the period's last day."""

from __future__ import annotations

AREAS = """
| area_code | area_name   | order_number |
| AO        | Äldreomsorg | 1            |
| RS        | Stöd        | 2            |
"""

MONTH_ENDS = "| unit_code | area | valid_from | valid_to | successor_code | share_percent |"


def test_an_area_is_known_by_its_code_and_by_its_printed_name(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    closing("2021-08")
    expect(
        build("core.area"),
        """
        | area        | area_code |
        | AO          | AO        |
        | Äldreomsorg | AO        |
        | RS          | RS        |
        | Stöd        | RS        |
        """,
    )


def test_a_validity_that_is_repeated_for_each_successor_is_one(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | U1 | Äldreomsorg | 2020-01-01 | 2020-12-31 | U2 | 60 |
        | U1 | Äldreomsorg | 2020-01-01 | 2020-12-31 | U3 | 40 |
        | U2 | AO          | 2021-01-01 |            |    |    |
        """,
    )
    closing("2021-08")
    expect(
        build("core.unit_as_was"),
        """
        | unit_code | valid_from | valid_to   | area_code |
        | U1        | 2020-01-01 | 2020-12-31 | AO        |
        | U2        | 2021-01-01 |            | AO        |
        """,
    )


def test_a_unit_in_force_stands_for_itself_in_the_area_of_the_close(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | U1 | AO | 2020-01-01 |            |    |     |
        | U2 | AO | 2020-01-01 | 2020-12-31 | U9 | 100 |
        | U2 | RS | 2021-01-01 | 2021-08-31 |    |     |
        """,
    )
    closing("2021-08")
    expect(
        build("core.unit_restated"),
        """
        | unit_code | restated_unit_code | area_code | share | restatement_tag |
        | U1        | U1                 | AO        | 1     | same            |
        | U2        | U2                 | RS        | 1     | restated        |
        """,
    )


def test_successors_are_followed_through_every_generation_and_shares_are_multiplied(
    given, closing, build, expect
) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | A  | AO | 2020-01-01 | 2020-06-30 | B  |    |
        | B  | AO | 2020-07-01 | 2020-12-31 | C  | 60 |
        | B  | AO | 2020-07-01 | 2020-12-31 | D  | 40 |
        | C  | AO | 2021-01-01 |            |    |    |
        | D  | RS | 2021-01-01 | 2021-03-31 | E  | 50 |
        | D  | RS | 2021-01-01 | 2021-03-31 | C  | 50 |
        | E  | RS | 2021-04-01 |            |    |    |
        """,
    )
    closing("2021-08")
    expect(
        build("core.unit_restated"),
        """
        | unit_code | restated_unit_code | area_code | share | restatement_tag |
        | A         | C                  | AO        | 0.8   | restated_share  |
        | A         | E                  | RS        | 0.2   | restated_share  |
        | B         | C                  | AO        | 0.8   | restated_share  |
        | B         | E                  | RS        | 0.2   | restated_share  |
        | C         | C                  | AO        | 1     | same            |
        | D         | C                  | AO        | 0.5   | restated_share  |
        | D         | E                  | RS        | 0.5   | restated_share  |
        | E         | E                  | RS        | 1     | same            |
        """,
    )


def test_only_the_last_rows_of_an_ended_unit_name_its_successor(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | A | AO | 2019-01-01 | 2019-12-31 | X |  |
        | A | AO | 2020-01-01 | 2020-12-31 | B |  |
        | A | AO | 2021-09-01 |            |   |  |
        | B | RS | 2021-01-01 |            |   |  |
        """,
    )
    closing("2021-08")
    expect(
        build("core.unit_restated"),
        """
        | unit_code | restated_unit_code | area_code | share | restatement_tag |
        | A         | B                  | RS        | 1     | restated        |
        | B         | B                  | RS        | 1     | same            |
        """,
    )


def test_no_successor_has_left_the_organisation(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given("staging.unit", f"{MONTH_ENDS}\n| A | AO | 2020-01-01 | 2020-12-31 | | |")
    closing("2021-08")
    expect(
        build("core.unit_restated"),
        """
        | unit_code | restated_unit_code | area_code | share | restatement_tag |
        | A         | ''                 |           | 1     | left            |
        """,
    )


def test_a_circle_ends_and_shows_as_a_share_that_reaches_nobody(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | A | AO | 2020-01-01 | 2020-12-31 | B | 70 |
        | A | AO | 2020-01-01 | 2020-12-31 | C | 30 |
        | B | AO | 2020-01-01 | 2020-12-31 | A |    |
        | C | AO | 2020-01-01 |            |   |    |
        | F | AO | 2020-01-01 | 2020-12-31 | F |    |
        | G | AO | 2020-01-01 | 2020-12-31 | Z |    |
        """,
    )
    closing("2021-08")
    expect(
        build("reconciliations.unit_share"),
        """
        | unit_code | expected | actual | difference |
        | A         | 1        | 0.3    | -0.7       |
        | B         | 1        | 0.3    | -0.7       |
        | C         | 1        | 1      | 0          |
        | F         | 1        | 0      | -1         |
        | G         | 1        | 0      | -1         |
        """,
    )


def test_a_chain_of_many_generations_is_not_cut_off(given, closing, build) -> None:
    rows = [f"| U{n:02d} | AO | 2020-01-01 | 2020-12-31 | U{n + 1:02d} | |" for n in range(40)]
    given("staging.edition_area", AREAS)
    given("staging.unit", "\n".join([MONTH_ENDS, *rows, "| U40 | AO | 2021-01-01 | | | |"]))
    closing("2021-08")
    made = build("core.unit_restated")
    at_unit, at_restated = list(made.types).index("unit_code"), list(made.types).index("restated_unit_code")
    assert {row[at_unit]: row[at_restated] for row in made.rows}["U00"] == "U40"
    assert len(made.rows) == 41


def test_a_comparison_is_marked_where_a_unit_came_or_went(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | A | AO | 2020-01-01 | 2020-12-31 | | |
        | B | RS | 2020-01-01 |            | | |
        """,
    )
    closing("2021-08")
    expect(
        build("core.organisation_change"),
        """
        | area_code | is_changed |
        | ''        | true       |
        | AO        | true       |
        | RS        | false      |
        """,
    )


def test_the_map_of_the_organisation_reads_any_mart_by_unit_in_the_closed_organisation(
    warehouse, given, closing, build, expect
) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        """
        | unit_code | unit_name | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
        | A         | Norr      | 101    | AO   | 2019-01-01 | 2019-12-31 |                |               |
        | A         | Nord      | 101    | RS   | 2020-01-01 | 2020-12-31 | B              | 60            |
        | A         | Nord      | 101    | RS   | 2020-01-01 | 2020-12-31 | C              | 40            |
        | B         | Björken   | 102    | AO   | 2021-01-01 |            |                |               |
        | C         | Cedern    | 103    | RS   | 2021-01-01 |            |                |               |
        | G         | Granen    | 104    | RS   | 2019-01-01 | 2021-03-31 |                |               |
        | N         | Nya       | 105    | RS   | 2021-09-01 |            |                |               |
        """,
    )
    given(
        "marts.volume",
        """
        | measure_id | unit_code | month   | area_code | year_offset | volume |
        | care_days  | A         | 2020-03 | RS        | -1          | 100    |
        | care_days  | B         | 2021-03 | AO        | 0           | 70     |
        | care_days  | G         | 2020-03 | RS        | -1          | 9      |
        """,
    )
    closing("2021-08")
    made = build("marts.organisation_unit")
    expect(
        made,
        """
        | unit_code | area_code | restated_unit_code | valid_from | valid_to   | unit_name | restated_unit_name | restated_area_code | share | restatement_tag |
        | A         | AO        | B                  | 2019-01-01 | 2019-12-31 | Nord      | Björken            | AO                 | 0.6   | restated_share  |
        | A         | AO        | C                  | 2019-01-01 | 2019-12-31 | Nord      | Cedern             | RS                 | 0.4   | restated_share  |
        | A         | RS        | B                  | 2020-01-01 | 2020-12-31 | Nord      | Björken            | AO                 | 0.6   | restated_share  |
        | A         | RS        | C                  | 2020-01-01 | 2020-12-31 | Nord      | Cedern             | RS                 | 0.4   | restated_share  |
        | B         | AO        | B                  | 2021-01-01 |            | Björken   | Björken            | AO                 | 1     | same            |
        | C         | RS        | C                  | 2021-01-01 |            | Cedern    | Cedern             | RS                 | 1     | same            |
        | G         | RS        | ''                 | 2019-01-01 | 2021-03-31 | Granen    |                    |                    | 1     | left            |
        """,
    )
    restated = warehouse.connection.execute(
        """
        select organisation.restated_area_code, sum(volumes.volume * organisation.share)
        from marts.volume as volumes
        inner join marts.organisation_unit as organisation using (unit_code, area_code)
        where not (volumes.year_offset < 0 and organisation.restatement_tag = 'left')
        group by all
        """
    ).fetchall()
    assert {area: float(volume) for area, volume in restated} == {"AO": 130, "RS": 40}


def test_a_new_code_changes_nothing_and_a_move_its_two_areas_alone(given, closing, build, expect) -> None:
    given("staging.edition_area", f"{AREAS}| LE | Ledning | 3 |\n| KR | Kost | 4 |")
    given(
        "staging.unit",
        f"""
        {MONTH_ENDS}
        | A | AO | 2019-01-01 | 2020-12-31 | B | |
        | B | AO | 2021-01-01 |            |   | |
        | M | RS | 2019-01-01 | 2021-03-31 |   | |
        | M | LE | 2021-04-01 |            |   | |
        | K | KR | 2019-01-01 |            |   | |
        """,
    )
    closing("2021-08")
    expect(
        build("core.organisation_change"),
        """
        | area_code | is_changed |
        | ''        | false      |
        | AO        | false      |
        | RS        | true       |
        | LE        | true       |
        | KR        | false      |
        """,
    )
