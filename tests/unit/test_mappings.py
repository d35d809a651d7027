"""A mapping: what it may say, how it is refused, and what its conversions make of a value."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.declarations import mappings
from flows.declarations.mappings import parse_mapping
from flows.domain.period import Period
from flows.errors import Refusal
from flows.sources import conversions
from flows.sources.conversions import convert
from flows.sources.tabular import read_table
from tests.unit.tabular_files import AUGUST, EXTRACTED_AT, keys_of, landed, listed, rules

PATH = Path("mappings/heroma_franvaro.toml")
HEAD = 'extract = "heroma_franvaro"\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('extract = "timecare_pass"\n', 1, "not the file's own name"),
        (f"{HEAD}[kolumner]\n", 2, "nothing that a mapping says"),
        (f'{HEAD}[columns]\nOrsak = "orsaken"\n', 3, "no column of the contract"),
        (f'{HEAD}[columns]\nA = "tom"\n"B" = "tom"\n', 4, "two columns"),
        (f'{HEAD}[columns]\nA = "tom"\n[constants]\ntom = ""\n', 5, "both a column and a constant"),
        (f'{HEAD}[columns]\nA = "?"\n', 3, "no column of ours yet"),
        (f'{HEAD}[codes.orsak_kod]\nSjuk = "SJUK"\n', 3, "no code of orsak_kod"),
        (f'{HEAD}[codes.orsak_kod]\nSjuk = "?"\n', 3, "no code of ours yet"),
        (f'{HEAD}[codes.orsak_kod]\nSjuk = ""\n', 3, "no code of orsak_kod"),
        (f'{HEAD}[conversions]\ntimmar_period = "minutes"\n', 3, "no conversion"),
        (f'{HEAD}[conversions]\ntom = "hours_from_minutes"\n', 3, "does not give tom"),
        (f'{HEAD}[constants]\norsak_kod = "XXX"\n', 3, "no code of orsak_kod"),
        (f'{HEAD}[constants]\norsak_kod = ""\n', 3, "may not be empty"),
        (f"{HEAD}[constants]\nomfattning = 100\n", 3, "not text"),
        (f"{HEAD}[file]\npattern = 'x_(?P<period>.*)'\n", 3, "extraction time"),
        (f"{HEAD}[file]\npattern = '('\n", 3, "regular expression"),
        (f"{HEAD}[columns\n", 2, "cannot be read"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_line(text: str, line: int, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_mapping(text, PATH)
    assert str(PATH) in refused.value.what
    assert f"line {line}" in refused.value.what
    assert said in refused.value.what
    assert refused.value.do


def test_a_name_of_theirs_says_month_and_time() -> None:
    text = f"{HEAD}[file]\npattern = 'F-(?P<period>\\d{{6}})-(?P<extracted>\\d{{8}})\\.csv'\nextracted = '%Y%m%d'\n"
    mapping = parse_mapping(text, PATH)
    named = mapping.delivery_name("F-202108-20210903.csv")
    assert named is not None
    assert (named.extract, named.period, named.extracted_at) == (
        "heroma_franvaro",
        Period(2021, 8),
        datetime(2021, 9, 3),
    )
    assert mapping.delivery_name("F-202113-20210903.csv") is None
    assert mapping.delivery_name("G-202108-20210903.csv") is None


def test_every_declared_conversion_is_there() -> None:
    assert conversions.CONVERSIONS.keys() == mappings.CONVERSIONS.keys()


@pytest.mark.parametrize(
    ("names", "text", "made"),
    [
        (("hours_from_minutes",), "90", "1,5"),
        (("hours_from_minutes",), "9 120", "152"),
        (("hours_from_minutes",), "50", "0,833333333333"),
        (("hours_from_minutes",), "(90)", "-1,5"),
        (("hours_from_minutes",), "-", "-"),
        (("hours_from_minutes",), "nittio", "nittio"),
        (("hours_from_minutes",), "1.234", "1.234"),
        (("hours_from_clock",), "152:45", "152,75"),
        (("hours_from_clock",), "1:60", "1:60"),
        (("percent_from_share",), "0,755", "75,5"),
        (("kronor_from_thousands", "opposite_sign"), "12,5", "-12500"),
        (("kronor_from_millions",), "1,2", "1200000"),
        (("date_day_month_year",), "2/8/2021", "2021-08-02"),
        (("date_day_month_year",), "02.08.21", "02.08.21"),
        (("date_from_time",), "2021-08-02 00:00:00.000", "2021-08-02"),
        (("month_from_date",), "20210831", "2021-08"),
        (("month_month_year",), "8/2021", "2021-08"),
        (("time_without_seconds",), "7.00", "07:00"),
        (("time_without_seconds",), "07:00:30", "07:00:30"),
    ],
)
def test_what_a_conversion_cannot_read_is_left_to_the_reader(names: tuple[str, ...], text: str, made: str) -> None:
    assert convert(names, text) == made


@given(text=st.one_of(st.text(), st.from_regex(r"[-(]?[0-9 ]{0,40}[.,:/][0-9]{0,40}\)?", fullmatch=True)))
def test_no_conversion_stops_on_a_value(text: str) -> None:
    for name in conversions.CONVERSIONS:
        assert isinstance(convert((name,), text), str)


def test_their_column_of_our_name_is_laid_aside_when_another_one_is_ours() -> None:
    text = 'extract = "kost_maltider"\n[columns]\nAntal = "portioner"\n[constants]\nperiod = "{period}"\n'
    mapping = parse_mapping(text, Path("kost_maltider.toml"))
    data = "enhet_kod;portioner;Antal\nE1;små;7\nE2;stora;fel\n".encode()
    name = "kost_maltider_202108_20210903T0600.csv"
    contract = mappings.contracts()["kost_maltider"]
    reading = read_table(data, contract, name, AUGUST, EXTRACTED_AT, keys_of, mapping)
    assert [(row["period"].isoformat(), row["enhet_kod"], row["portioner"]) for row in landed(reading)] == [
        ("2021-08-01", "E1", 7)
    ]
    assert ("portioner (deras)", "små") in {(one["column_name"], one["value"]) for one in listed(reading.unknown)}
    assert [(one["line"], one["value"]) for one in listed(reading.quarantined)] == [(3, "fel")]
    assert "unknown_column" in rules(reading)
