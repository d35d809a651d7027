"""The forms of a single value: contracts section 1, row by row, and round trips over what nobody thought of."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.declarations.missing_words import typed_missing
from flows.sources.printed_text import looks_personal
from flows.sources.values import (
    BadValue,
    Number,
    parse_date,
    parse_flag,
    parse_month,
    parse_number,
    parse_observation_period,
    parse_time,
    personnummer_digits,
)

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("written", "value", "mark"),
    [
        ("1234,50", "1234.50", ","),
        ("1 234,50", "1234.50", ","),
        (f"1{NBSP}234{NBSP}567,5", "1234567.5", ","),
        (f"1{NARROW}234", "1234", ""),
        ("-4687", "-4687", ""),
        (f"{MINUS}4 687", "-4687", ""),
        ("(4 687)", "-4687", ""),
        ("(4 687,25)", "-4687.25", ","),
        ("12.5", "12.5", "."),
        ("0.12", "0.12", "."),
        ("1.2345", "1.2345", "."),
        (" 7,5 ", "7.5", ","),
        ("0", "0", ""),
        ("-0", "0", ""),
    ],
)
def test_the_forms_of_a_number(written: str, value: str, mark: str) -> None:
    assert parse_number(written) == Number(Decimal(value), mark)


@pytest.mark.parametrize(
    "written",
    ["1.234", "1 234.567", "1.234,50", "1,234,50", "1.234.567", "1 23", "12,", ",5", "4687-", "(-5)", "(5", "--5"],
)
def test_digits_that_can_be_read_in_two_ways_or_none_are_bad(written: str) -> None:
    with pytest.raises(BadValue):
        parse_number(written)


@pytest.mark.parametrize("written", ["", "-", "XX", "?", "Utfa", "ca 5", "12 st", "i.u", "1e5", "٣"])
def test_words_are_no_number(written: str) -> None:
    assert parse_number(written) is None


def test_a_per_cent_sign_is_told() -> None:
    assert parse_number("12,5 %") == Number(Decimal("12.5"), ",", percent_sign=True)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6), st.sampled_from(["", " ", NBSP, NARROW]),
       st.sampled_from(["-", MINUS, "()"]))  # fmt: skip
def test_a_number_written_by_the_rules_comes_back_exactly(value: Decimal, blank: str, minus: str) -> None:
    whole, decimals = f"{abs(value):,f}".split(".")
    written = f"{whole.replace(',', blank)},{decimals}"
    if value < 0:
        written = f"({written})" if minus == "()" else f"{minus}{written}"
    number = parse_number(written)
    assert number is not None
    assert number.value == value


@given(st.dates())
def test_a_date_comes_back_in_both_forms(day: date) -> None:
    assert parse_date(day.isoformat()) == parse_date(day.isoformat().replace("-", "")) == day
    assert parse_month(day.isoformat()[:7]) == parse_month(day.isoformat()[:7].replace("-", "")) == day.replace(day=1)


@pytest.mark.parametrize(
    "written", ["2021-02-30", "2021-2-3", "21-02-03", "2021-0203", "2021/02/03", "20210230", "0000-01-01", "-"]
)
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(BadValue):
        parse_date(written)


@pytest.mark.parametrize("written", ["2021-13", "2021-00", "2021", "08-2021", "aug 2021"])
def test_what_is_no_month(written: str) -> None:
    with pytest.raises(BadValue):
        parse_month(written)


def test_times_flags_and_observation_periods() -> None:
    assert parse_time("21:30") == time(21, 30)
    assert [parse_flag("0"), parse_flag("1")] == [False, True]
    assert [parse_observation_period(one) for one in ("2020", "2021-08", "202108")] == ["2020", "2021-08", "2021-08"]
    for parse, wrong in (
        (parse_time, "24:00"),
        (parse_time, "7:30"),
        (parse_flag, "ja"),
        (parse_observation_period, "T2"),
    ):
        with pytest.raises(BadValue):
            parse(wrong)


@pytest.mark.parametrize(
    ("written", "digits"),
    [("19800229-1234", "198002291234"), ("198002291234", "198002291234"), ("19800261-1234", "198002611234")],
)
def test_a_personnummer_with_or_without_hyphen_or_of_coordination(written: str, digits: str) -> None:
    assert personnummer_digits(written) == digits


@pytest.mark.parametrize(
    "written", ["800229-1234", "19810229-1234", "19801301-1234", "19800192-1234", "1980010112345", "19800100-1234"]
)
def test_what_is_no_personnummer_is_not_quoted(written: str) -> None:
    with pytest.raises(BadValue) as raised:
        personnummer_digits(written)
    assert not any(character.isdigit() for character in str(raised.value))


@pytest.mark.parametrize(
    ("word", "extracted_on", "expected_day"),
    [
        ("", date(2021, 9, 3), None),
        ("-", date(2021, 9, 3), None),
        ("i.u", date(2021, 9, 3), None),
        ("I.U", date(2021, 9, 3), None),
        ("årsvis", date(2021, 9, 3), None),
        ("resultat v 40", date(2021, 9, 3), date(2021, 10, 8)),
        ("resultat v 25", date(2021, 9, 3), date(2022, 6, 24)),
        ("resultat v 53", date(2021, 9, 3), date(2027, 1, 1)),
        ("resultat v 1", date(2021, 12, 30), date(2022, 1, 7)),
        ("oktober", date(2021, 9, 3), date(2021, 10, 31)),
        ("Februari", date(2023, 9, 3), date(2024, 2, 29)),
    ],
)
def test_a_word_for_missing_and_its_promise(word: str, extracted_on: date, expected_day: date | None) -> None:
    missing = typed_missing(word, extracted_on)
    assert missing is not None
    assert (missing.word, missing.expected_day) == (word, expected_day)
    assert missing.reason


@pytest.mark.parametrize("word", ["XX", "?", "Utfa", "resultat v 54", "resultat v 0", "resultat v", "n/a"])
def test_an_unlisted_word_means_nothing(word: str) -> None:
    assert typed_missing(word, date(2021, 9, 3)) is None


@pytest.mark.parametrize(
    "text",
    [
        "gäller 19800101-1234 som slutat", "800101-1234", "8001011234", "198001611234", "19800101 1234", "800101+1234",
        "ring 070-123 45 67", "08-508 25 000", "0701234567", "+46 70 123 45 67", "0455-30 30 00", "(0455) 30 30 00",
    ],
)  # fmt: skip
def test_a_personal_number_in_a_text_is_found(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "12 261 timmar", "ökning med 1 234 567 kr", "2021-08-31", "229 544", "ärende 2021-1234", "556677-8899",
        "från 2021-01-01 till 2021-08-31", "2020–2021", "0,5 mnkr", "v 35", "−4 687 tkr", "",
    ],
)  # fmt: skip
def test_figures_and_dates_in_a_text_are_left_alone(text: str) -> None:
    assert not looks_personal(text)
