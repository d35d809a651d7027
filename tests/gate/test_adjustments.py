"""Adjustments and one-offs that cannot be what was meant, and the bridges that must foot."""

from __future__ import annotations

from flows.domain.finding import Effect, Severity
from tests.gate.conftest import House, messages
from tests.gate.test_ledger import AREAS, CHART, UNITS


def adjusted(house: House, rows: str, booked: str = "") -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n justering | 2021-08")
    house.given("staging.account_group", CHART)
    house.given("staging.edition_area", AREAS)
    house.given("staging.unit", UNITS)
    house.given("staging.ledger_voucher", "line | voucher_date\n 1 | 2021-08-05")
    house.given("staging.ledger_transaction", f"line | voucher_date | month | account | ansvar | amount_sek\n{booked}")
    house.given(
        "staging.adjustment",
        "delivery_id | line | month | sequence_number | ansvar | account | amount_sek"
        " | reversed_in_month | responsible\n" + rows,
    )


SOUND = "2 | 2 | 2021-08-01 | 1 | 41 | 5010 | 1000 | 2021-09-01 | ekonomichefen\n"


def test_a_sound_adjustment_passes(house: House) -> None:
    adjusted(house, SOUND, "2 | 2021-08-05 | 2021-08-01 | 5010 | 41 | 999.99")
    assert house.findings("quality.adjustment") == []
    assert house.findings("reconciliations.adjustment_total", "adjustments_not_in_result") == []


def test_a_reversal_in_its_own_month_is_none(house: House) -> None:
    adjusted(house, SOUND + "2 | 3 | 2021-08-01 | 2 | 41 | 5010 | 500 | 2021-08-01 | ekonomichefen")
    (found,) = house.findings("quality.adjustment", "adjustment_reversed_too_early")
    assert found.message == (
        "justering_202108.csv rad 3: justering 2 för aug 2021 (500,00 kr) återförs i aug 2021,"
        " som inte är en senare månad"
    )
    assert (found.severity, found.effect, found.ask) == (Severity.WARNING, Effect.BARS_LOCK, "ekonomichefen")


def test_an_adjustment_that_stays_is_said(house: House) -> None:
    adjusted(house, SOUND + "2 | 3 | 2021-08-01 | 2 | 41 | 5010 | 500 | | ekonomichefen")
    (found,) = house.findings("quality.adjustment", "adjustment_never_reversed")
    assert found.message == "Justering 2 för aug 2021 (500,00 kr) återförs inte av sig själv"
    assert found.effect is Effect.NONE


def test_an_account_outside_the_result_moves_nothing(house: House) -> None:
    adjusted(house, SOUND + "2 | 3 | 2021-08-01 | 2 | 41 | 4010 | 500 | 2021-09-01 | ekonomichefen")
    assert messages(house.findings("quality.adjustment", "adjustment_outside_result")) == [
        "Justering 2 för aug 2021 (500,00 kr) ligger på konto 4010, som inte hör till resultatet"
    ]


def test_what_is_booked_in_the_same_month_is_asked_about(house: House) -> None:
    adjusted(house, SOUND, "2 | 2021-08-05 | 2021-08-01 | 5010 | 41 | 1000")
    assert messages(house.findings("quality.adjustment", "adjustment_booked_too")) == [
        "Justering 1 för aug 2021: 1\u00a0000,00 kr finns också bokfört på ansvar 41, konto 5010 samma månad"
    ]


def test_an_unknown_ansvar_or_account_is_found_as_in_the_ledger(house: House) -> None:
    adjusted(
        house,
        """2 | 2 | 2021-08-01 | 1 | 77 | 5010 | 1000 | | ekonomichefen
           2 | 3 | 2021-08-01 | 2 | 41 | 5810 | 500  | | ekonomichefen""",
    )
    assert messages(house.findings("quality.ansvar_reference", "ansvar_in_no_unit")) == [
        "Ansvar 77 hör inte till någon enhet 2021: 1 rader, 1\u00a0000,00 kr"
    ]
    assert messages(house.findings("quality.account_reference", "account_without_group")) == [
        "Konto 5810 ligger i ingen kontogrupp 2021: 1 rader, 500,00 kr"
    ]


def test_an_adjustment_lost_on_the_way_is_found(house: House) -> None:
    adjusted(house, SOUND)
    house.findings("quality.adjustment")
    house.given("core.adjustment_entry", "delivery_id | line | posting_kind | month | amount_sek")
    (found,) = house.findings("reconciliations.adjustment_total", "adjustments_not_in_result")
    assert found.message == "Justeringarna i resultatet (år 0) skiljer −1\u00a0000,00 kr från de lämnade"
    assert found.effect is Effect.BARS_PUBLICATION


def test_a_one_off_that_claims_nothing_is_said(house: House) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n engangsposter | 2021-08")
    house.given("staging.account_group", CHART)
    house.given("staging.unit", UNITS)
    house.given("staging.ledger_voucher", "line | voucher_date\n 1 | 2021-08-05")
    house.given(
        "staging.ledger_transaction",
        "line | voucher_date | month | account | ansvar | amount_sek\n2 | 2021-08-05 | 2021-08-01 | 5010 | 41 | 10",
    )
    house.given(
        "staging.one_off",
        """
        delivery_id | line | one_off_id | one_off_name | ansvar | account_from | account_to | valid_from | responsible
        2           | 2    | flytt      | Flytten      | 41     | 50           | 50         | 2021-01-01 | chefen
        2           | 3    | brand      | Branden      | 42     | 50           | 50         | 2021-01-01 | chefen
        """,
    )
    assert messages(house.findings("quality.one_off", "one_off_claims_nothing")) == [
        "Engångsposten Branden (brand) träffar ingen rad i huvudboken"
    ]


PLACES = "unit_code | place_kind | places | valid_from | valid_to | event_words\n"


def test_a_change_of_places_without_words_is_said(house: House) -> None:
    house.given(
        "staging.place",
        PLACES
        + """U1 | BOENDE_RS | 12 | 2019-01-01 |            |
             U1 | BOENDE_RS | 6  | 2021-04-01 |            |
             U2 | BOENDE_RS | 6  | 2021-04-01 |            | Öppnar
             U1 | BOENDE_RS | 9  | 2021-10-01 |            |""",
    )
    assert messages(house.findings("quality.place_event", "place_change_unexplained")) == [
        "Platserna på enhet U1 ändras 2021-04-01 utan att platsregistret säger varför"
    ]


def test_events_that_do_not_lead_to_the_places_counted_are_found(house: House) -> None:
    house.delivered("extract | period\n platser_register | 2021-08")
    house.given("staging.place", PLACES + "U1 | BOENDE_RS | 12 | 2019-01-01 | | Start")
    assert house.findings("reconciliations.place_bridge", "place_bridge_does_not_foot") == []
    house.given(
        "marts.place_event", "place_kind | unit_code | event_date | places_change\nBOENDE_RS | U1 | 2019-01-01 | 11"
    )
    found = house.findings("reconciliations.place_bridge", "place_bridge_does_not_foot")
    assert len(found) == 16
    assert found[0].message == "Händelserna leder till 11 platser (BOENDE_RS) jan 2020, registret säger 12"


def test_a_bridge_of_the_result_that_does_not_end_in_the_figure_is_found(house: House) -> None:
    adjusted(house, SOUND, "2 | 2021-08-05 | 2021-08-01 | 5010 | 41 | 10")
    assert house.findings("reconciliations.result_bridge", "result_bridge_does_not_foot") == []
    house.given(
        "marts.result_bridge",
        """
        comparison | area_code | account_group | is_one_off | start_sek | end_sek | step_sek
        budget     | RS        | PERSONAL      | false      | 0         | -1009   | -1009
        last_year  | RS        | PERSONAL      | false      | 0         | -1010   | -1010
        """,
    )
    assert messages(house.findings("reconciliations.result_bridge", "result_bridge_does_not_foot")) == [
        "Resultatbron mot budget (end, område '') skiljer 1,00 kr från rapportens siffra",
        "Resultatbron mot budget (end, område 'RS') skiljer 1,00 kr från rapportens siffra",
    ]
