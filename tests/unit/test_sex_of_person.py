"""The sex stated against the personnummer's: counted, never shown."""

from __future__ import annotations

from datetime import datetime

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from flows.sources.tabular import read_table

HEADER = (
    "period;personnummer;anst_id;enhet_kod;befattning_aid;anst_form;loneform;sysselsattningsgrad;kon;fodelsedatum;"
    "anst_from;anst_tom;skyddad"
)


def row(number: int, personnummer: str, sex: str) -> str:
    return f"2021-08;{personnummer};A{number};E1;A1;TV;MAN;100;{sex};1980-01-01;2010-01-01;;0"


def findings(*rows: str) -> list[str]:
    reading = read_table(
        "\n".join([HEADER, *rows, ""]).encode(),
        contracts()["heroma_anstallning"],
        "heroma_anstallning_202108_20210903T0600.csv",
        Period(2021, 8),
        datetime(2021, 9, 3, 6, 0),
        lambda digits: list(digits),
    )
    assert reading.refusal is None
    return [f"{one.rule_id}: {one.message}" for one in reading.findings]


def test_the_eleventh_digit_tells_with_and_without_a_hyphen_and_for_coordination_numbers() -> None:
    assert findings(row(1, "19800101-1236", "M"), row(2, "198001011244", "K"), row(3, "198001611236", "M")) == []


def test_rows_of_another_sex_are_counted_and_not_named() -> None:
    (found,) = findings(row(1, "19800101-1236", "K"), row(2, "198001011244", "M"), row(3, "198001011244", "K"))
    assert found == (
        "sex_not_as_personnummer: heroma_anstallning_202108_20210903T0600.csv:"
        " 2 rader har ett annat kön än personnumret säger."
    )
