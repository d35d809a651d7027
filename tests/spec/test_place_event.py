"""Places between any two days: each step dated and named, and the sum of the steps is the difference of the days."""

from __future__ import annotations

from tests.spec.ledgers import AREAS, UNITS

HEAD = "| unit_code | place_kind | places | valid_from | valid_to | event_words |"
EVENTS = "| unit_code | event_date | event_kind | event_words | places_change | places | area_code | is_planned |"


def test_a_step_is_the_difference_to_the_row_before_dated_and_named(given, closing, build, expect) -> None:
    given("staging.edition_area", AREAS)
    given("staging.unit", UNITS)
    given(
        "staging.place",
        f"""
        {HEAD}
        | U1 | BOENDE_RS | 20 | 2020-01-01 |            | Start                 |
        | U1 | BOENDE_RS | 14 | 2021-04-01 |            | Minskning av stödboende |
        | U1 | BOENDE_RS | 0  | 2021-07-01 |            | Avveckling            |
        | U2 | BOENDE_RS | 12 | 2021-11-01 |            | Övertagande           |
        """,
    )
    closing("2021-08")
    expect(
        build("marts.place_event"),
        f"""
        {EVENTS}
        | U1 | 2020-01-01 | first  | Start                   | 20  | 20 | AO | false |
        | U1 | 2021-04-01 | change | Minskning av stödboende | -6  | 14 | AO | false |
        | U1 | 2021-07-01 | closed | Avveckling              | -14 | 0  | AO | false |
        | U2 | 2021-11-01 | first  | Övertagande             | 12  | 12 | RS | true  |
        """,
    )


def test_a_row_that_ends_is_a_step_without_words_and_one_that_ends_under_another_is_none(
    given, closing, build, expect
) -> None:
    given(
        "staging.place",
        f"""
        {HEAD}
        | U1 | BOENDE_RS | 20 | 2020-01-01 | 2021-03-31 | Start  |
        | U2 | BOENDE_RS | 8  | 2020-01-01 | 2021-05-31 | Start  |
        | U2 | BOENDE_RS | 9  | 2021-03-01 |            | Utökat |
        """,
    )
    closing("2021-08")
    expect(
        build("marts.place_event"),
        f"""
        {EVENTS}
        | U1 | 2020-01-01 | first  | Start  | 20  | 20 | | false |
        | U1 | 2021-04-01 | ended  |        | -20 | 0  | | false |
        | U2 | 2020-01-01 | first  | Start  | 8   | 8  | | false |
        | U2 | 2021-03-01 | change | Utökat | 1   | 9  | | false |
        """,
    )


def test_places_that_are_not_known_make_no_step(given, closing, build, expect) -> None:
    given(
        "staging.place",
        f"{HEAD}\n| U1 | BOENDE_RS | 20 | 2020-01-01 | | Start |\n| U1 | BOENDE_RS | | 2021-02-01 | | ? |\n"
        "| U1 | BOENDE_RS | 22 | 2021-03-01 | | Rättat |",
    )
    closing("2021-08")
    expect(
        build("marts.place_event"),
        """
        | event_date | places_change | places |
        | 2020-01-01 | 20            | 20     |
        | 2021-02-01 |               |        |
        | 2021-03-01 |               | 22     |
        """,
    )


def test_the_events_lead_to_the_places_of_every_month(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given("staging.unit", UNITS)
    given(
        "staging.place",
        f"""
        {HEAD}
        | U1 | BOENDE_RS      | 20 | 2019-01-01 | 2021-03-31 | Start  |
        | U2 | BOENDE_RS      | 8  | 2020-02-01 |            | Öppnar |
        | U2 | BOENDE_RS      | 9  | 2021-03-15 |            | Utökat |
        | U2 | ARBETSMARKNAD  | 3  | 2021-03-15 | 2021-06-30 | Start  |
        """,
    )
    given("build.closing_deliveries", "| extract | period |\n| platser_register | 2021-08 |")
    closing("2021-08")
    made = build("reconciliations.place_bridge")
    assert len(made.rows) > 16
    assert {row[-1] for row in made.rows} == {0}
