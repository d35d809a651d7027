"""The catalogue of indicators, its targets, and what was typed against them."""

from __future__ import annotations

import pytest

from flows.domain.finding import Effect, Finding
from tests.gate.conftest import House, messages

TYPED = (
    "month | indicator_id | sex | observation_period | observed_period | indicator_value | missing_words | target_value"
    " | target_words"
)
TARGETS = "indicator_id | year | sex | target_value | target_words | target_kind | decided_by"
ROWS = "table_id | row_id | row_label | measure_id | sex | item_id | print_unit | print_pattern | target_pattern"


@pytest.fixture(autouse=True)
def delivered(house: House) -> None:
    house.delivered("extract | period\n edition_indikator | 2021-08\n indikatorer_manuell | 2021-08")


def catalogued(house: House, drawn: str) -> None:
    """Rows of the catalogue; what is not drawn is as it may well be."""
    house.given("staging.edition_indicator", drawn)
    usual = {
        "valid_from": "date '2015-01-01'",
        "indicator_name": "indicator_id",
        "owner_role": "'hr'",
        "definition": "'d'",
        "direction_code": "'HOGRE'",
        "print_unit": "'%'",
        "type_code": "'KVOT'",
        "sex_split_code": "'KRAVS'",
    }
    listed = ", ".join(f"{column} = coalesce({column}, {value})" for column, value in usual.items())
    house.connection.execute(f"update staging.edition_indicator set {listed}")


def keyed(found: list[Finding], key: str) -> list[tuple[str, str]]:
    return sorted((one.rule_id, one.keys[key]) for one in found)


def test_a_definition_an_id_and_a_unit_keep_together(house: House) -> None:
    catalogued(
        house,
        """
        indicator_id | valid_from | valid_to   | indicator_name | owner_role | definition | print_unit
        nki          | 2015-01-01 | 2020-12-31 | Nöjda          | kvalitet   | andel      |
        nki          | 2021-01-01 |            | Nöjda          | kvalitet   | index      |
        hme          | 2015-01-01 | 2020-12-31 | HME            | hr         | enkät      | index
        hme          | 2021-01-01 |            | HME 2          | chef       | enkät      | index
        avi          | 2015-01-01 | 2021-06-30 | AVI            | hr         | enkät      | index
        """,
    )
    catalogued(
        house,
        """
        indicator_id | valid_from | definition | print_unit | no_sex_split_reason | replaced_id | expected_rule
        avi          | 2021-06-30 | enkät      | index      |                     |             | 06-30
        mätt         | 2021-01-01 |            | index      | för få              |             | +30
        jamix        | 2021-01-01 |            | index      | för få              | borta       | 6/30
        chef         | 2021-01-01 |            | index      | för få              | nki         |
        chef_2       | 2021-01-01 |            | index      | för få              | hme         |
        """,
    )
    house.connection.execute("update staging.edition_indicator set sex_split_code = 'EJ' where valid_to is null")
    house.connection.execute(
        "update staging.edition_indicator set no_sex_split_reason = 'x' where indicator_id in ('hme', 'nki')"
    )
    found = house.findings("quality.indicator_definition")
    assert keyed(found, "indicator_id") == [
        ("expected_rule_unreadable", "jamix"),
        ("indicator_redefined", "nki"),
        ("indicator_replaces_unknown", "jamix"),
        ("indicator_rows_overlap", "avi"),
        ("indicator_unit_changed", "chef"),
        ("sex_split_not_explained", "avi"),
    ]
    (redefined,) = [one for one in found if one.rule_id == "indicator_redefined"]
    assert redefined.message == (
        "Indikatorn Nöjda (nki) får en annan definition, formel eller enhet från 2021-01-01 under samma id"
    )
    assert {one.effect for one in found} == {Effect.BARS_LOCK}


def test_an_id_cannot_replace_itself(house: House) -> None:
    catalogued(house, "indicator_id | replaced_id\n a | a")
    assert [one.rule_id for one in house.findings("quality.indicator_definition")] == ["indicator_replaces_unknown"]


def test_one_name_has_one_definition_and_one_target(house: House) -> None:
    catalogued(
        house,
        """
        indicator_id | valid_from | valid_to   | indicator_name | definition    | replaced_id
        a            | 2021-01-01 |            | Platser        | antal i drift |
        b            | 2021-01-01 |            | platser        | antal köpta   |
        i1           | 2021-01-01 |            | Index          | enkät         |
        i2           | 2021-01-01 |            | Index          | enkät         |
        old          | 2015-01-01 | 2021-07-31 | Nöjda          | andel         |
        new          | 2021-08-01 |            | Nöjda          | index         | old
        """,
    )
    house.given(
        "staging.edition_target", f"{TARGETS}\n i1 | 2021 | T | 78 | | TAL | x\n i2 | 2021 | T | 80 | | TAL | x"
    )
    assert messages(house.findings("quality.indicator_name", "indicator_name_shared")) == [
        "Namnet Index bärs av i1, i2 (olika mål)",
        "Namnet Platser bärs av a, b (olika definitioner)",
    ]


def test_the_editions_target_and_the_typed_one_are_the_same(house: House) -> None:
    catalogued(house, "indicator_id\n a")
    house.given(
        "staging.edition_target",
        f"""{TARGETS}
        a  | 2021 | T | 78 |           | TAL   | nämnden
        a  | 2020 | T | 70 |           | TAL   | nämnden
        a  | 2021 | K |    | Max 1 %   | REGEL | nämnden
        a  | 2021 | M | 5  |           | ORD   | nämnden
        a  | 2022 | T |    | minska    | TAL   | nämnden
        a  | 2022 | K |    |           | ORD   | nämnden
        b  | 2021 | T | 100.5 |        | TAL   | nämnden
        """,
    )
    house.given(
        "staging.indicator_input",
        f"""{TYPED}
        2021-08-01 | a | T | 2021-08 | | 1 | | 78.0 |
        2021-08-01 | a | T | 2020    | | 1 | | 99   |
        2021-08-01 | a | K | 2021-08 | | 1 | |      | max 1 %
        2021-08-01 | b | T | 2021-08 | | 1 | | 2    |
        """,
    )
    found = house.findings("quality.target_input")
    assert keyed(found, "indicator_id") == [
        ("target_contradicted", "b"),
        ("target_kind_wrong", "a"),
        ("target_kind_wrong", "a"),
        ("target_kind_wrong", "a"),
        ("target_of_unknown_indicator", "b"),
    ]
    contradicted = next(one for one in found if one.rule_id == "target_contradicted")
    assert contradicted.message == "Målet för b (T) 2021 är 100,5 i utgåvan men något annat i indikatorfilen"
    wrong = sorted((one.keys["year"], one.keys["sex"]) for one in found if one.rule_id == "target_kind_wrong")
    assert wrong == [("2021", "M"), ("2022", "K"), ("2022", "T")]


def test_a_value_is_of_a_catalogued_indicator_and_of_a_time_in_which_it_exists(house: House) -> None:
    catalogued(house, "indicator_id | first_day\n a | 2020-07-01")
    typed = f"""{TYPED}
        2021-08-01 | a | T | 2021-08 |      | 1 | | |
        2021-08-01 | a | T | 2020    |      | 1 | | |
        2021-08-01 | a | T | 2020-07 |      | 1 | | |
        2021-08-01 | a | K | 2021-08 | 2019 | 1 | | |
        2021-08-01 | a | T | 2019    |      |   | i.u | |
        2021-08-01 | a | M | 2020-06 |      | 1 | | |
        2021-08-01 | b | T | 2021-08 |      | 1 | | |
        2021-08-01 | c | T | 2021-08 |      |   | i.u | |
        """
    house.given("staging.indicator_input", typed)
    found = house.findings("quality.indicator_value")
    assert [(one.rule_id, one.keys["indicator_id"], one.keys["sex"]) for one in found] == [
        ("indicator_before_first_day", "a", "K"),
        ("indicator_before_first_day", "a", "M"),
        ("indicator_not_catalogued", "b", "T"),
    ]
    assert messages(found)[0] == ("Indikatorn a (K) har ett värde för 2019, men kan finnas först från 2020-07-01")


def test_without_a_catalogue_no_value_is_asked_for_one(house: House) -> None:
    house.given("staging.indicator_input", f"{TYPED}\n 2021-08-01 | a | T | 2021-08 | | 1 | | |")
    assert house.findings("quality.indicator_value") == []


ASKED = (
    "table_id | row_id | column_id | measure_id | item_id | subject_id | source_measure_id | area_code"
    " | figure_area_code | sex | quantity | year_offset"
)


def asked(house: House, *indicators: str) -> None:
    lines = [f"t8 | {one} | u | indicator | {one} | {one} | indicator | | | T | actual | 0" for one in indicators]
    house.given("core.report_key", "\n".join([ASKED, *lines]))


def test_a_value_that_is_due_is_late_and_one_without_a_word_is_unexplained(house: House) -> None:
    catalogued(
        house,
        """
        indicator_id | indicator_name | first_day  | expected_rule
        due          | Förfallen      |            | 06-30
        today        | I dag          |            | +8
        later        | Senare         |            | +9
        said         | Lovad          |            | 06-30
        empty        | Tom            |            |
        norow        | Ingen rad      |            |
        young        | Kommande       | 2021-09-01 | 06-30
        there        | Finns          |            | 06-30
        """,
    )
    house.given(
        "staging.indicator_input",
        f"""{TYPED}
        2021-08-01 | due   | T | 2021-08 | |   | årsvis        | |
        2021-08-01 | today | T | 2021-08 | |   | -             | |
        2021-08-01 | later | T | 2021-08 | |   | i.u           | |
        2021-08-01 | said  | T | 2021-08 | |   | resultat v 40 | |
        2021-08-01 | empty | T | 2021-08 | |   |               | |
        2021-08-01 | there | T | 2021-08 | | 7 |               | |
        """,
    )
    house.connection.execute(
        "insert into raw.missing_value select delivery_id, line, 'saknas', missing_words, 'x',"
        " case when missing_words like 'resultat%' then date '2021-10-08' end"
        " from staging.indicator_input where missing_words is not null"
    )
    asked(house, "due", "today", "later", "said", "empty", "norow", "young", "there")
    house.closes("2021-08", as_of="2021-09-08")
    found = house.findings("quality.indicator_expected")
    assert keyed(found, "indicator_id") == [
        ("indicator_late", "due"),
        ("indicator_without_reason", "empty"),
        ("indicator_without_reason", "norow"),
    ]
    assert messages(found)[0] == "Indikatorn Förfallen (due, T) saknas och skulle ha kommit 2021-06-30"


def test_the_day_after_it_is_due_a_value_is_late(house: House) -> None:
    catalogued(house, "indicator_id | expected_rule\n today | +8")
    house.given("staging.indicator_input", f"{TYPED}\n 2021-08-01 | today | T | 2021-08 | | | i.u | |")
    asked(house, "today")
    house.closes("2021-08", as_of="2021-09-09")
    assert [one.rule_id for one in house.findings("quality.indicator_expected")] == ["indicator_late"]


def test_where_no_file_came_no_value_of_it_is_asked_for(house: House) -> None:
    catalogued(house, "indicator_id | expected_rule\n due | 06-30")
    asked(house, "due")
    assert len(house.findings("quality.indicator_expected")) == 2
    house.connection.execute("delete from build.closing_deliveries where extract = 'indikatorer_manuell'")
    assert house.findings("quality.indicator_expected") == []


FIGURES = "subject_id | area_code | sex | quantity | year_offset | organisation_view | value_status | figure_value"


def figures(house: House, drawn: str) -> None:
    house.given("marts.figure", f"{FIGURES}\n{drawn}")
    house.connection.execute("update marts.figure set area_code = '', organisation_view = '', numerator = null")


def test_a_required_split_has_both_sexes(house: House) -> None:
    catalogued(
        house,
        """
        indicator_id | sex_split_code | no_sex_split_reason
        both         |                |
        one          |                |
        none         |                |
        free         | EJ             | enkät
        few          |                |
        calc         |                |
        """,
    )
    figures(
        house,
        """both | * | T | actual | 0 | * | actual | 3
        both | * | K | actual | 0 | * | actual | 4
        both | * | M | actual | 0 | * | actual | 2
        one  | * | T | actual | 0 | * | actual | 3
        one  | * | K | actual | 0 | * | actual | 3
        none | * | T | actual | 0 | * | missing |
        free | * | T | actual | 0 | * | actual | 3
        few  | * | T | actual | 0 | * | actual | 3
        few  | * | K | actual | 0 | * | suppressed |
        few  | * | M | actual | 0 | * | suppressed |
        sick_leave | * | T | actual | 0 | * | actual | 3""",
    )
    house.given(
        "core.report_key",
        f"{ASKED}\n t13 | a | u | sick_leave | calc | sick_leave | sick_leave | | | T | actual | 0",
    )
    assert keyed(house.findings("quality.indicator_sex"), "indicator_id") == [
        ("sex_split_absent", "calc"),
        ("sex_split_absent", "one"),
    ]


def test_a_total_almost_upon_one_sex_says_that_the_other_are_few(house: House) -> None:
    figures(
        house,
        """age   | * | T | actual | 0 | * | actual | 64.5
        age   | * | K | actual | 0 | * | actual | 64.5
        age   | * | M | actual | 0 | * | actual | 67
        limit | * | T | actual | 0 | * | actual | 65
        limit | * | K | actual | 0 | * | actual | 64
        limit | * | M | actual | 0 | * | actual | 84
        same  | * | T | actual | 0 | * | actual | 70
        same  | * | K | actual | 0 | * | actual | 70
        same  | * | M | actual | 0 | * | actual | 70
        count | * | T | actual | 0 | * | actual | 100
        count | * | K | actual | 0 | * | actual | 100
        count | * | M | actual | 0 | * | actual | 0
        out   | * | T | actual | 0 | * | actual | 64.4
        out   | * | K | actual | 0 | * | actual | 64.5
        out   | * | M | actual | 0 | * | actual | 67""",
    )
    found = house.findings("quality.total_between_sexes")
    assert keyed(found, "subject_id") == [("total_just_inside_sexes", "age"), ("total_outside_sexes", "out")]
    assert [one.effect for one in found if one.rule_id == "total_just_inside_sexes"] == [Effect.NONE]


def test_per_cent_and_percentage_points_are_two_units(house: House) -> None:
    catalogued(house, "indicator_id | print_unit\n share | %\n points | procentenheter\n goal | procentenheter")
    house.given(
        "staging.edition_target",
        f"{TARGETS}\n goal | 2021 | T | | öka 2 % | REGEL | x\n share | 2021 | T | | öka 2 % | REGEL | x",
    )
    house.given(
        "staging.edition_row",
        f"""{ROWS}
        t1 | a | Andel     | indicator | T | share  | %              | 0,0 %               | 0 %
        t1 | b | Andel pe  | indicator | T | share  | %              | 0,0 procentenheter  |
        t1 | c | Skillnad  | indicator | T | points | procentenheter | 0,0 procentenheter  |
        t1 | d | Skillnad% | indicator | T | points | procentenheter | 0,0 procentenheter  | 0 %
        t1 | e | Enhet     | indicator | T | points | %              | 0,0                 |
        t1 | f | Ökning    | indicator | T | goal   | procentenheter | 0,0                 |
        t1 | g | Annat     | indicator | T | other  | %              | 0,0 procentenheter  |
        """,
    )
    found = house.findings("quality.indicator_unit")
    assert keyed(found, "row_id") == [
        ("percent_for_percentage_points", "d"),
        ("percent_for_percentage_points", "f"),
        ("percentage_points_for_percent", "b"),
        ("unit_not_as_catalogued", "e"),
    ]


def test_one_label_is_one_figure(house: House) -> None:
    house.given(
        "staging.edition_row",
        """
        table_id | row_id | row_label | area | measure_id       | item_id
        t02      | a      | Platser   |      | places_housing   |
        t14      | b      | platser   |      | indicator        | egna_platser
        t13      | c      | HME       |      | indicator        | hme
        t03      | d      | HME       |      | indicator        | hme
        t04      | e      | Summa     |      | result           |
        t06      | f      | Summa     |      | investment       |
        t04      | g      | Kost      | KR   | result           |
        t08      | h      | Kost      |      | indicator        | kost
        t07      | i      | HME       |      | goal             | ett_mal
        """,
    )
    assert messages(house.findings("quality.indicator_label", "label_of_two_indicators")) == [
        "Raden Platser trycks för egna_platser, places_housing (t02, t14)"
    ]


def test_a_goal_that_its_indicators_contradict(house: House) -> None:
    goals = ("reached", "mixed", "missed", "partly", "rounded", "unjudged", "equal", "doubtful", "told")
    judged = {
        "r1": ("HOGRE", "reached"),
        "r2": ("LAGRE", "reached"),
        "x1": ("HOGRE", "mixed"),
        "x2": ("HOGRE", "mixed"),
        "m1": ("LAGRE", "missed"),
        "p1": ("HOGRE", "partly"),
        "d1": ("LAGRE", "rounded"),
        "u1": ("INGEN", "unjudged"),
        # A figure that a refused file took away may be the one that decides; one whose absence is told is known.
        "q1": ("HOGRE", "doubtful"),
        "q2": ("HOGRE", "doubtful"),
        "w1": ("HOGRE", "told"),
        "w2": ("HOGRE", "told"),
    }
    drawn = [f"{one} | {direction} | {goal}" for one, (direction, goal) in judged.items()]
    catalogued(house, "\n".join(["indicator_id | direction_code | goal_id", *drawn]))
    targets = [f"{one} | 2021 | T | 7 | | TAL | x" for one in judged]
    house.given("staging.edition_target", "\n".join([TARGETS, *targets]))
    house.given(
        "marts.goal",
        "goal_id | assessment | words\n"
        + "\n".join(
            f"{goal} | {'INTE' if goal == 'missed' else 'DELVIS' if goal == 'partly' else 'UPPNAS'} | ord"
            for goal in goals
        ),
    )
    house.given(
        "marts.report_cell",
        """
        table_id | row_id | column_id | item_id | measure_id | numerator | denominator
        t1       | a      | u         | r1      | indicator  | 6         | 1
        t1       | b      | u         | r2      | indicator  | 8         | 1
        t1       | c      | u         | x1      | indicator  | 6         | 1
        t1       | d      | u         | x2      | indicator  | 7         | 1
        t1       | e      | u         | m1      | indicator  | 5         | 1
        t1       | f      | u         | p1      | indicator  | 1         | 1
        t1       | g      | u         | d1      | sick_leave | 705       | 100
        t1       | h      | u         | u1      | indicator  | 1         | 1
        t1       | i      | u         | q1      | indicator  | 6         | 1
        t1       | j      | u         | q2      | result     |           |
        t1       | k      | u         | w1      | indicator  | 6         | 1
        t1       | l      | u         | w2      | indicator  |           |
        """,
    )
    house.connection.execute("update marts.report_cell set words = 'årsvis' where item_id = 'w2'")
    house.connection.execute(
        "update marts.report_cell set quantity = 'actual', year_offset = 0, multiplier = 1, divisor = 1, sex = 'T',"
        " area_code = '', row_sign = 1, print_pattern = '0,0'"
    )
    found = house.findings("quality.goal_summary", "goal_contradicts_indicators")
    assert messages(found) == [
        "Målet missed bedöms som ord, men 0 av 1 indikatorer med talmål är sämre än sitt mål",
        "Målet reached bedöms som ord, men 2 av 2 indikatorer med talmål är sämre än sitt mål",
        "Målet told bedöms som ord, men 1 av 1 indikatorer med talmål är sämre än sitt mål",
    ]
