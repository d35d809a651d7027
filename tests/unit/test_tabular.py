"""The tabular reader against contracts, section 1: what lands, what is put aside and what stops the file."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from flows.declarations.contracts import contracts
from flows.domain.finding import Effect, Severity
from flows.domain.period import Period
from flows.sources.fields import arrow_schema
from tests.unit.tabular_files import landed, listed, meals, read, rules

FORECAST = "period;affarsomrade;slag;prognos_helar;metod;ansvarig;datum;motivering"
HOME_CARE = (
    "period;enhet_kod;omrade;insats;beviljade_timmar;planerade_timmar;utforda_timmar;debiterbara_timmar;"
    "brukare_antal;status"
)
EMPLOYMENT = (
    "period;personnummer;anst_id;enhet_kod;befattning_aid;anst_form;loneform;sysselsattningsgrad;kon;fodelsedatum;"
    "anst_from;anst_tom;skyddad"
)
COMMENT = "period;tabell;rad;lopnr;text;ansvarig;datum"


# What lands


def test_every_type_lands_as_the_contract_says() -> None:
    rows = landed(
        read(
            "timecare_pass",
            "period;pass_id;enhet_kod;datum;start;slut;rast_min;planerade_timmar;utforda_timmar;bemannad_av;vakant\n"
            "2021-08;P1;E1;20210802;21:30;07:00;30;9,0;0;;1\n",
        )
    )
    assert rows == [
        {
            "line": 2,
            "period": date(2021, 8, 1),
            "pass_id": "P1",
            "enhet_kod": "E1",
            "datum": date(2021, 8, 2),
            "start": time(21, 30),
            "slut": time(7, 0),
            "rast_min": 30,
            "planerade_timmar": Decimal("9.000000"),
            "utforda_timmar": Decimal("0.000000"),
            "bemannad_av": None,
            "vakant": True,
        }
    ]


@pytest.mark.parametrize("extract", [name for name, contract in contracts().items() if contract.format == "csv"])
def test_a_header_alone_says_none_with_the_contracts_types(extract: str) -> None:
    contract = contracts()[extract]
    reading = read(extract, ";".join(column.name for column in contract.columns))
    assert (reading.refusal, reading.lines, reading.findings) == (None, 0, ())
    assert reading.tables[extract].schema == arrow_schema(contract.landed())


def test_columns_stand_in_any_order_and_lines_are_those_of_the_file() -> None:
    reading = read("kost_maltider", "portioner;period;enhet_kod\r\n\r\n10;202108;E1\r\n20;2021-08;E2")
    assert [(row["line"], row["enhet_kod"], row["portioner"]) for row in landed(reading)] == [
        (3, "E1", 10),
        (4, "E2", 20),
    ]
    assert reading.lines == 2


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 BOM"), ("cp1252", "CP1252"), ("utf-16", "UTF-16")],
)
def test_the_encoding_is_decided_from_the_bytes(encoding: str, recorded: str) -> None:
    reading = read("kost_maltider", meals("2021-08;Köket Åsen – väst;12"), encoding)
    assert landed(reading)[0]["enhet_kod"] == "Köket Åsen – väst"
    assert reading.encoding == recorded


def test_ascii_is_utf8_and_big_endian_utf16_is_read() -> None:
    assert read("kost_maltider", meals("2021-08;E1;12")).encoding == "UTF-8"
    data = b"\xfe\xff" + meals("2021-08;Å1;12").encode("utf-16-be")
    assert landed(read("kost_maltider", data))[0]["enhet_kod"] == "Å1"


def test_the_forms_of_numbers_are_the_same_figures() -> None:
    rows = ["1 234,50", "1\u00a0234,5", "−4 687", "(4 687)", "-4687,00", "0"]
    content = "\n".join([FORECAST, *(f"2021-08;A{n};INTAKT;{form};;;;" for n, form in enumerate(rows))])
    values = [row["prognos_helar"] for row in landed(read("ekonomi_prognos", content))]
    assert values == [Decimal(one) for one in ("1234.50", "1234.50", "-4687.00", "-4687.00", "-4687.00", "0.00")]


def test_a_dot_is_taken_where_no_row_has_a_comma_and_is_noted() -> None:
    reading = read("ekonomi_prognos", f"{FORECAST}\n2021-08;A;INTAKT;12.5;;;;\n2021-08;A;KOSTNAD;7;;;;")
    assert [row["prognos_helar"] for row in landed(reading)] == [Decimal("12.50"), Decimal("7.00")]
    assert rules(reading) == ["dot_decimals"]


def test_quoted_fields_hold_semicolons_quotes_and_line_breaks() -> None:
    reading = read("kommentar", f'{COMMENT}\n2021-08;t01;;1;"Två ""rader"";\nen till";EK;\n2021-08;t01;;2;5" rör;EK;\n')
    assert [(row["line"], row["text"]) for row in landed(reading)] == [(2, 'Två "rader";\nen till'), (4, '5" rör')]
    assert (reading.lines, reading.quarantined) == (2, None)


def test_a_number_or_words_lands_as_either() -> None:
    header = "period;indikator_id;kon;matperiod;varde;saknas;mal;kalla;ansvarig"
    targets = ["62,5", "-", "Minska", "12,5 %", ""]
    rows = [f"2021-08;i{n};T;2021-08;1;;{target};;" for n, target in enumerate(targets)]
    reading = read("indikatorer_manuell", "\n".join([header, *rows]))
    assert [(row["mal"], row["mal_ord"]) for row in landed(reading)] == [
        (Decimal("62.5"), None),
        (None, "-"),
        (None, "Minska"),
        (Decimal("12.5"), None),
        (None, None),
    ]
    assert "percent_signs" in rules(reading)


def test_a_person_lands_as_a_key_and_never_as_a_number() -> None:
    rows = [
        "2021-08;19800101-1234;A1;E1;;TV;MAN;100;K;1980-01-01;2015-01-01;;0",
        "2021-08;198001011234;A2;E1;;TIM;TIM;;K;1980-01-01;2015-01-01;;0",
        "2021-08;19800161-1234;A3;E1;;TV;MAN;75,5;M;1980-01-01;2015-01-01;;1",
    ]
    reading = read("heroma_anstallning", "\n".join([EMPLOYMENT, *rows]))
    first, second, third = (row["person_key"] for row in landed(reading))
    assert first == second != third
    assert "19800101" not in str(reading.tables["heroma_anstallning"].to_pydict()).replace("1980-01-01", "")


# Missing values


@pytest.mark.parametrize(
    ("word", "expected_day"),
    [("", None), ("-", None), ("i.u", None), ("I.U", None), ("årsvis", None), ("resultat v 40", date(2021, 10, 8)),
     ("november", date(2021, 11, 30))],
)  # fmt: skip
def test_a_listed_word_is_a_typed_missing_value_never_zero(word: str, expected_day: date | None) -> None:
    reading = read("kost_maltider", meals(f"2021-08;E1;{word}", "2021-08;E2;5"))
    assert [row["portioner"] for row in landed(reading)] == [None, 5]
    (missing,) = listed(reading.missing)
    assert (missing["line"], missing["column_name"], missing["word"]) == (2, "portioner", word)
    assert missing["expected_day"] == expected_day
    assert missing["reason"]
    assert reading.findings == ()


@pytest.mark.parametrize("word", ["XX", "?", "Utfa"])
def test_a_placeholder_in_what_people_type_lands_as_missing_and_is_critical(word: str) -> None:
    reading = read("ekonomi_prognos", f"{FORECAST}\n2021-08;A;INTAKT;{word};;;;\n2021-08;A;KOSTNAD;7;;;;")
    assert [row["prognos_helar"] for row in landed(reading)] == [None, Decimal("7.00")]
    (finding,) = reading.findings
    assert (finding.rule_id, finding.severity, finding.line) == ("placeholder", Severity.CRITICAL, 2)
    assert listed(reading.missing)[0]["word"] == word


def test_a_placeholder_from_a_system_is_a_bad_row() -> None:
    reading = read("kost_maltider", meals("2021-08;E1;XX", "2021-08;E2;5"))
    assert [row["enhet_kod"] for row in landed(reading)] == ["E2"]
    assert [(row["line"], row["column_name"], row["value"]) for row in listed(reading.quarantined)] == [
        (2, "portioner", "XX")
    ]


@pytest.mark.parametrize("error", ["#DIV/0!", "#REFERENS!", "#N/A"])
def test_a_formula_error_is_a_bad_row_wherever_it_stands(error: str) -> None:
    rows = [f"2021-08;A;INTAKT;{error};;;;", "2021-08;A;KOSTNAD;7;;;;"]
    reading = read("ekonomi_prognos", "\n".join([FORECAST, *rows]))
    assert [row["slag"] for row in landed(reading)] == ["KOSTNAD"]
    reading = read("ekonomi_prognos", "\n".join([FORECAST, f"2021-08;A;INTAKT;5;;;;{error}", rows[1]]))
    assert [row["column_name"] for row in listed(reading.quarantined)] == ["motivering"]


def test_words_that_are_printed_for_a_missing_value_keep_their_promise_and_an_unlisted_one_is_found() -> None:
    header = "period;indikator_id;kon;matperiod;varde;saknas;mal;kalla;ansvarig"
    words = ["resultat v 40", "-", "kanske", ""]
    rows = [f"2021-08;i{n};T;2021-08;;{word};;;" for n, word in enumerate(words)]
    reading = read("indikatorer_manuell", "\n".join([header, *rows]))
    assert [row["saknas"] for row in landed(reading)] == ["resultat v 40", "-", "kanske", None]
    assert [
        (row["line"], row["expected_day"]) for row in listed(reading.missing) if row["column_name"] == "saknas"
    ] == [(2, date(2021, 10, 8)), (3, None)]
    assert [(one.rule_id, one.severity, one.line) for one in reading.findings] == [
        ("unlisted_word", Severity.WARNING, 4)
    ]


# Bad rows


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2021-08;E1;12,5", "portioner"),
        ("2021-08;E1;-3", "portioner"),
        ("2021-08;E1;1.234", "portioner"),
        ("2021-08;E1;12 %", "portioner"),
        ("2021-08;E1;99999999999999999999", "portioner"),
        ("2021-08;;12", "enhet_kod"),
        ("2021-13;E1;12", "period"),
        (";E1;12", "period"),
        ("2021-08;E1", ""),
        ("2021-08;E1;12;13", ""),
        ('2021-08;"E1;12', ""),
    ],
)
def test_a_bad_row_is_put_aside_with_line_and_column(row: str, column: str) -> None:
    reading = read("kost_maltider", meals("2021-08;E0;1", row, "2021-08;E2;5"))
    assert [one["line"] for one in landed(reading)] == [2, 4]
    (bad,) = listed(reading.quarantined)
    assert (bad["line"], bad["column_name"]) == (3, column)
    assert bad["reason"]
    assert rules(reading) == ["bad_rows"]
    assert reading.lines == 3


def test_a_dot_among_commas_a_code_not_listed_and_a_third_decimal_are_bad() -> None:
    rows = [
        "2021-08;A;INTAKT;12,5;;;;",
        "2021-08;B;INTAKT;12.5;;;;",
        "2021-08;C;intakt;1;;;;",
        "2021-08;D;INTAKT;1,2345;;;;",
    ] + [f"2021-08;E{n};INTAKT;{n};;;;" for n in range(400)]
    reading = read("ekonomi_prognos", "\n".join([FORECAST, *rows]))
    assert [(row["line"], row["column_name"]) for row in listed(reading.quarantined)] == [
        (3, "prognos_helar"),
        (4, "slag"),
        (5, "prognos_helar"),
    ]


def test_every_row_of_a_repeated_key_is_bad() -> None:
    rows = [f"2021-08;E{n};{n}" for n in range(300)]
    reading = read("kost_maltider", meals(*rows, "202108;E7;8"))
    assert [row["line"] for row in listed(reading.quarantined)] == [9, 302]
    assert len(landed(reading)) == 299


def test_an_empty_part_of_a_key_equals_another_empty_part() -> None:
    header = "extract;enhet_kod;fran;till;orsak;arende;ansvarig;vantas"
    reading = read("luckor", f"{header}\nx;;2021-04;;fel;;;\nx;;2021-04;;fel igen;;;\nx;E1;2021-04;;fel;;;")
    assert reading.refusal is not None
    assert len(listed(reading.quarantined)) == 2


def test_one_bad_row_or_one_per_cent_is_tolerated_and_one_more_is_not() -> None:
    def file(bad: int, good: int) -> str:
        return meals(*(f"2021-08;B{n};XX" for n in range(bad)), *(f"2021-08;E{n};1" for n in range(good)))

    assert read("kost_maltider", file(1, 2)).refusal is None
    assert read("kost_maltider", file(3, 297)).refusal is None
    stopped = read("kost_maltider", file(2, 2))
    assert stopped.refusal is not None
    assert (stopped.refusal.rule_id, stopped.refusal.effect) == ("too_many_bad_rows", Effect.WITHHOLDS)
    assert stopped.tables == {}
    assert len(listed(stopped.quarantined)) == 2
    refusal = read("kost_maltider", file(4, 297)).refusal
    assert refusal is not None
    assert refusal.rule_id == "too_many_bad_rows"


def test_an_open_quote_costs_its_own_line_not_those_that_follow() -> None:
    for broken in ('2021-08;"E1;12', '2021-08;"E1"x;12'):
        reading = read(
            "kost_maltider", meals("2021-08;E0;1", broken, "2021-08;E2;5", '2021-08;E"3;5', '2021-08;"E4";5')
        )
        assert [row["enhet_kod"] for row in landed(reading)] == ["E0", "E2", 'E"3', "E4"]
        assert [row["line"] for row in listed(reading.quarantined)] == [3]


def test_no_value_of_a_personal_column_is_kept_or_told() -> None:
    good = "2021-08;19800101-1234;A1;E1;;TV;MAN;100;K;1980-01-01;2015-01-01;;0"
    bad = "2021-08;19801301-1234;KANARIE;E1;;TV;MAN;100;K;1980-13-01;2015-01-01;;x"
    reading = read("heroma_anstallning", "\n".join([EMPLOYMENT, good, bad]))
    assert {row["column_name"]: row["value"] for row in listed(reading.quarantined)} == {
        "personnummer": None,
        "fodelsedatum": None,
        "skyddad": None,
    }
    told = " ".join(finding.message for finding in reading.findings)
    assert "1980" not in told
    assert "KANARIE" not in told


# Columns


def test_an_unknown_column_is_landed_aside_and_noted() -> None:
    reading = read(
        "kost_maltider", meals("2021-08;E1;5;vegan", "2021-08;E2;6;", header="period;enhet_kod;portioner;kosttyp")
    )
    assert len(landed(reading)) == 2
    assert listed(reading.unknown) == [{"line": 2, "column_name": "kosttyp", "value": "vegan"}]
    assert [(one.rule_id, one.severity) for one in reading.findings] == [("unknown_column", Severity.INFO)]


def test_a_renamed_column_stops_the_extract_with_old_and_new_name() -> None:
    refusal = read("heroma_anstallning", EMPLOYMENT.replace("sysselsattningsgrad", "syssgrad")).refusal
    assert refusal is not None
    assert refusal.rule_id == "columns_missing"
    assert "sysselsattningsgrad → syssgrad" in refusal.message


INDICATORS = "period;indikator_id;kon;matperiod;varde;saknas;mal;kalla;ansvarig"


def test_a_column_that_may_be_absent_is_empty_and_one_that_is_there_is_read() -> None:
    without = read("indikatorer_manuell", f"{INDICATORS}\n2021-08;hme;T;2021-08;73;;78;enkät;hr\n")
    assert (without.refusal, without.findings) == (None, ())
    assert "avser" not in landed(without)[0]
    with_it = read("indikatorer_manuell", f"{INDICATORS};avser\n2021-08;hme;T;2021-08;73;;78;enkät;hr;2020\n")
    assert landed(with_it)[0]["avser"] == "2020"
    assert with_it.findings == ()


def test_missing_and_new_columns_are_named() -> None:
    refusal = read("treserva_boende", "period;enhet_kod;boendeform;status;xyz").refusal
    assert refusal is not None
    assert "platser" in refusal.message
    assert "belagda_dygn" in refusal.message
    assert "xyz" in refusal.message


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("Period;Enhet_kod;Portioner", "columns_missing"),
        ("period,enhet_kod,portioner", "header_not_found"),
        ("2021-08;E1;5", "header_not_found"),
        ("period;enhet_kod;portioner;period", "header_repeated"),
    ],
)
def test_a_header_that_is_not_the_contracts(header: str, rule: str) -> None:
    refusal = read("kost_maltider", meals("2021-08;E2;5", header=header)).refusal
    assert refusal is not None
    assert refusal.rule_id == rule


def test_a_file_without_header_does_not_tell_its_first_row() -> None:
    row = "2021-08;19800101-1234;A1;E1;Anna;TV;MAN;100;K;1980-01-01;2015-01-01;;0"
    refusal = read("heroma_anstallning", row).refusal
    assert refusal is not None
    assert "1980" not in refusal.message
    assert "Anna" not in refusal.message


# Control lines and totals


def test_control_line_and_totals_are_checked_and_never_data() -> None:
    for ending in (
        "#ANTAL;2;SUMMA;15",
        "Summa;;15",
        "Totalt;;15\n#ANTAL;2;SUMMA;15",
        "#ANTAL;2;SUMMA;15;;;\n\n",
        "#ANTAL;2",
    ):
        reading = read("kost_maltider", meals("2021-08;E1;5", "2021-08;E2;10", ending))
        assert len(landed(reading)) == 2
        assert (reading.lines, reading.findings) == (2, ())


@pytest.mark.parametrize(
    ("ending", "rule"),
    [
        ("#ANTAL;3;SUMMA;15", "control_count"),
        ("#ANTAL;2;SUMMA;16", "control_sum"),
        ("#ANTAL;två;SUMMA;15", "control_unreadable"),
        ("Summa;;14", "footer_sum"),
    ],
)
def test_a_control_line_that_the_rows_do_not_bear_out_is_critical(ending: str, rule: str) -> None:
    reading = read("kost_maltider", meals("2021-08;E1;5", "2021-08;E2;10", ending))
    (finding,) = reading.findings
    assert (finding.rule_id, finding.effect) == (rule, Effect.BARS_PUBLICATION)


def test_a_control_sum_is_exact_and_counts_missing_as_nothing() -> None:
    rows = [
        "2021-08;E1;TATORT;SERVICE;0,1;;;;;DEF",
        "2021-08;E2;TATORT;SERVICE;0,2;;;;;DEF",
        "2021-08;E3;TATORT;SERVICE;-;;;;;DEF",
    ]
    reading = read("treserva_hemtjanst", "\n".join([HOME_CARE, *rows, "#ANTAL;3;SUMMA;0,3"]))
    assert reading.findings == ()
    reading = read("treserva_hemtjanst", "\n".join([HOME_CARE, *rows, "#ANTAL;3;SUMMA;0,30001"]))
    assert rules(reading) == ["control_sum"]


def test_a_sum_is_not_checked_where_a_row_is_bad_but_the_count_is() -> None:
    reading = read("kost_maltider", meals("2021-08;E1;5", "2021-08;E2;XX", "#ANTAL;2;SUMMA;15"))
    assert rules(reading) == ["control_unchecked", "bad_rows"]
    reading = read("kost_maltider", meals("2021-08;E1;5", "2021-08;E2;XX", "#ANTAL;4;SUMMA;15"))
    assert "control_count" in rules(reading)


def test_a_total_of_another_width_or_further_up_is_a_bad_row() -> None:
    reading = read("kost_maltider", meals("Summa;;15", "2021-08;E1;5", "2021-08;E2;10"))
    assert {row["line"] for row in listed(reading.quarantined)} == {2}
    reading = read("kost_maltider", meals("2021-08;E1;5", "2021-08;E2;10", "Summa;15"))
    assert [row["line"] for row in listed(reading.quarantined)] == [4]


def test_a_personal_sum_is_not_told() -> None:
    header = "period;anst_id;enhet_kod;anst_form;kon;avgang_datum;avgang_typ;extern;alder"
    reading = read("heroma_avgang", f"{header}\n2021-08;A1;E1;TV;K;2021-08-31;PENSION;1;65,4\n#ANTAL;1;SUMMA;66,4")
    (finding,) = reading.findings
    assert finding.rule_id == "control_sum"
    assert "65" not in finding.message


# What stops a file


def test_another_month_refuses_the_file() -> None:
    reading = read("kost_maltider", meals("2021-08;E1;5", "2021-07;E2;10"))
    assert reading.refusal is not None
    assert (reading.refusal.rule_id, reading.refusal.line) == ("file_wrong_period", 3)
    assert "2021-07" in reading.refusal.message
    assert read("kost_maltider", meals("2021-08;E1;5"), period=Period(2021, 7)).refusal is not None


def test_mojibake_refuses_the_file_with_line_and_column() -> None:
    garbled = "Äldreomsorg".encode().decode("cp1252")
    refusal = read("ekonomi_prognos", f"{FORECAST}\n2021-08;Ö;INTAKT;1;;;;\n2021-08;{garbled};KOSTNAD;1;;;;").refusal
    assert refusal is not None
    assert (refusal.rule_id, refusal.line) == ("file_mojibake", 3)
    assert "affarsomrade" in refusal.message
    for garbled in ("Ã¤", "Ã–", "Ã…", "\ufffd"):
        refusal = read("kost_maltider", meals(f"2021-08;{garbled};5")).refusal
        assert refusal is not None
        assert refusal.rule_id == "file_mojibake"


def test_one_stray_byte_in_utf8_does_not_turn_the_file_into_cp1252() -> None:
    data = meals("2021-08;Åsen;5", "2021-08;V?st;5").encode().replace(b"?", b"\xe4")
    refusal = read("kost_maltider", data).refusal
    assert refusal is not None
    assert refusal.rule_id == "file_mojibake"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf\r\n", "file_empty"),
        (b"  <!DOCTYPE html><html><body>Sidan finns inte</body></html>", "file_not_text"),
        (b"PK\x03\x04\x14\x00\x06\x00", "file_not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_not_text"),
        (b"%PDF-1.4", "file_not_text"),
        (b"period;enhet_kod;portioner\n2021-08;E\x001;5", "file_not_text"),
        (b"period;enhet_kod;portioner\n2021-08;E\x811;5", "file_unreadable_characters"),
        (b"\xff\xfep\x00e\x00", "header_not_found"),
        (b"\xff\xfep", "file_unreadable_characters"),
    ],
)
def test_what_is_no_text_with_semicolons_is_refused_in_a_sentence(data: bytes, rule: str) -> None:
    reading = read("kost_maltider", data)
    assert reading.refusal is not None
    assert (reading.refusal.rule_id, reading.refusal.effect) == (rule, Effect.WITHHOLDS)
    assert reading.refusal.message.endswith(".")


# Words meant for print


def test_a_personal_number_in_words_for_print_withholds_them() -> None:
    rows = ["2021-08;t01;;1;Ring 070-123 45 67 om detta;EK;", "2021-08;t01;;2;Kostnaden ökar med 4 687 tkr;EK;"]
    reading = read("kommentar", "\n".join([COMMENT, *rows]))
    assert [row["text"] for row in landed(reading)] == [None, "Kostnaden ökar med 4 687 tkr"]
    (finding,) = reading.findings
    assert (finding.rule_id, finding.severity, finding.effect, finding.line, finding.column) == (
        "personal_in_text",
        Severity.CRITICAL,
        Effect.BARS_LOCK,
        2,
        "text",
    )
    assert "070" not in finding.message


@pytest.mark.parametrize(("typed", "kept"), [("controller.ekonomi", "controller.ekonomi"), ("Anna Svensson", None)])
def test_a_person_in_a_roles_place_is_withheld(typed: str, kept: str | None) -> None:
    reading = read("indikatorer_manuell", f"{INDICATORS}\n2021-08;hme;T;2021-08;73;;;;{typed}\n")
    assert landed(reading)[0]["ansvarig"] == kept
    found = [finding for finding in reading.findings if finding.rule_id == "not_a_role"]
    assert len(found) == (kept is None)
    assert all("Svensson" not in finding.message for finding in found)
