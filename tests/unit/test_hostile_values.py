"""Text files and ledgers with what no system should write: nothing is read as what it is not, and nothing hangs."""

from __future__ import annotations

import time

import pytest

from flows.declarations.contracts import contracts
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.sources.sie import read_any_ledger
from tests.unit.tabular_files import AUGUST, landed, listed, meals, read

#: Generous: the tests' machine may be five times slower than a laptop, and busy.
SECONDS = 60


def refusal_of(reading: Reading) -> tuple[str, str]:
    assert reading.refusal is not None
    return reading.refusal.rule_id, reading.refusal.message


@pytest.mark.parametrize(
    "written",
    [
        "1e400",
        "1E5",
        "0x10",
        "٣",
        "１２",
        "²",
        "Infinity",
        "NaN",
        "1_000",
        "--1",
        "1-1",
        "½",
        "−",
        "1\u200b2",
        "\u202e21",
    ],
)
def test_what_only_looks_like_a_number_is_none(written: str) -> None:
    reading = read("kost_maltider", meals("2021-08;E1;5", f"2021-08;E2;{written}"))
    assert [row["portioner"] for row in landed(reading)] == [5]
    assert [row["column_name"] for row in listed(reading.quarantined)] == ["portioner"]


@pytest.mark.parametrize(
    "day", ["0000-01-01", "0000-00-00", "2021-02-30", "٢٠٢١-٠١-٠١", "2021-1-1", "99999-01-01", "-001-01-01"]
)
def test_what_is_no_day_of_the_calendar_is_a_bad_row(day: str) -> None:
    named = [column.name for column in contracts()["platser_register"].columns]
    row = dict.fromkeys(named, "") | {"enhet_kod": "E1", "platstyp": "BOENDE_RS", "antal": "1"}
    rows = [";".join({**row, "giltig_from": one}.values()) for one in ("2021-01-01", day)]
    reading = read("platser_register", "\n".join([";".join(named), *rows, ""]))
    assert len(landed(reading)) == 1
    assert [one["column_name"] for one in listed(reading.quarantined)] == ["giltig_from"]


@pytest.mark.parametrize("at", ["00010101T0000", "19891231T2359", "22000101T0000", "99991231T2359", "20210230T0600"])
def test_a_name_of_a_year_far_from_here_is_no_deliverys(at: str) -> None:
    assert DeliveryName.parse(f"kost_maltider_202108_{at}.csv") is None


@pytest.mark.parametrize("name", ["kost_maltider_000001_20210903T0600.csv", "kost_maltider_202108_20210903T0600.csv\n"])
def test_a_name_of_no_month_or_with_another_line_is_no_deliverys(name: str) -> None:
    assert DeliveryName.parse(name) is None


def test_byte_order_marks_within_a_file_are_characters_of_their_fields() -> None:
    reading = read("kost_maltider", meals("\ufeff2021-08;E1;5", "2021-08;E2;6").encode("utf-8-sig"))
    assert [row["enhet_kod"] for row in landed(reading)] == ["E2"]
    assert [row["line"] for row in listed(reading.quarantined)] == [2]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (
            b"\xff\xfe" + "period;enhet_kod;portioner\n".encode("utf-16-le") + b"\x00\xd8\n\x00",
            "file_unreadable_characters",
        ),
        (meals("2021-08;Å;5").encode() + meals("2021-08;Å;6").encode("cp1252"), "file_mojibake"),
        (b"\xef\xbb\xbf" + meals("2021-08;\xc5;5").encode("cp1252"), "file_unreadable_characters"),
        (meals("2021-08;E1\x00;5").encode(), "file_not_text"),
    ],
)
def test_encodings_that_are_mixed_refuse_the_file(data: bytes, rule: str) -> None:
    assert refusal_of(read("kost_maltider", data))[0] == rule


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"2021-08;E1;{'9' * 20_000_000}", "fältet är längre än 32767 tecken"),
        ("x" * 20_000_000, "1 fält i stället för 3"),
        (";" * 20_000_000, "20000001 fält i stället för 3"),
        ('"' + ";" * 20_000_000, "ett citattecken stängs inte"),
        ('2021-08;"E1;' + "9" * 20_000_000, "ett citattecken stängs inte"),
    ],
    ids=["digits", "letters", "semicolons", "quoted semicolons", "quoted"],
)
def test_a_huge_line_is_one_bad_line(content: str, reason: str) -> None:
    started = time.monotonic()
    reading = read("kost_maltider", meals("2021-08;E0;5", content, "2021-08;E2;6"))
    assert [row["portioner"] for row in landed(reading)] == [5, 6]
    assert [(row["line"], row["reason"], row["value"]) for row in listed(reading.quarantined)] == [(3, reason, None)]
    assert time.monotonic() - started < SECONDS


def test_a_million_columns_are_refused_and_not_told_one_by_one() -> None:
    header = ";".join(f"c{number}" for number in range(1_000_000))
    assert refusal_of(read("kost_maltider", f"{header}\n1\n"))[0] == "header_too_wide"


def test_a_control_line_of_a_million_fields_is_data() -> None:
    reading = read("kost_maltider", meals("2021-08;E0;5", "#ANTAL" + ";1" * 1_000_000))
    assert [row["portioner"] for row in landed(reading)] == [5]


@pytest.mark.parametrize("line", ['x;"aaa', 'a";"c', '"'], ids=["open", "open and closed", "alone"])
def test_quotes_that_are_never_closed_do_not_keep_the_night_busy(line: str) -> None:
    started = time.monotonic()
    reading = read("kost_maltider", "\n".join(["period;enhet_kod;portioner", *[line] * 60_000, ""]))
    assert refusal_of(reading)[0] == "too_many_bad_rows"
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("line", ["x", "2021-08;E1;x", "2021-08;E1;5", '"x'], ids=["narrow", "bad", "same key", "open"])
def test_millions_of_bad_lines_are_not_all_kept(line: str) -> None:
    reading = read("kost_maltider", "\n".join(["period;enhet_kod;portioner", *[line] * 210_000, ""]))
    rule, said = refusal_of(reading)
    assert (rule, "minst 200001 av 21000" in said) == ("too_many_bad_rows", True)


_LEDGER = "#FLAGGA 0\n#SIETYP 4\n#RAR 0 20210101 20211231\n#OMFATTN 20210831\n#KONTO 5010 x\n#IB 0 1510 0\n"


@pytest.mark.parametrize(
    "record",
    [
        "#IB 99999999999 1510 1",
        "#IB ٠ 1510 1",
        "#IB 0 1510 ٣",
        "#IB 0 1510 1e400",
        "#IB 0 1510 0x10",
        "#IB 0 1510 {1 {1 2}} 5",
        "#RAR 0 00000101 20211231",
        "#RAR -1 ٢٠٢٠٠١٠١ 20201231",
        f"#IB {'9' * 5_000} 1510 1",
        "#PSALDO 0 000001 1510 {} 1",
        "#PSALDO 0 ٢٠٢١٠٨ 1510 {} 1",
    ],
)
def test_a_record_that_holds_what_it_should_not_is_put_aside(record: str) -> None:
    reading = read_any_ledger(f"{_LEDGER}{record}\n#KONTO 5011 y\n".encode(), "a.se")
    assert reading.refusal is None
    assert [row["line"] for row in listed(reading.quarantined)] == [7]


def test_a_voucher_that_never_closes_is_a_cut_file() -> None:
    assert refusal_of(read_any_ledger(f"{_LEDGER}#VER A 1 20210801\n{{\n#TRANS 5010 {{}} 5\n".encode(), "a.se"))[0] == (
        "ledger_truncated"
    )


@pytest.mark.parametrize(
    "lines",
    [
        [f"#DIM {number} x\n#OBJEKT {number} {number} y" for number in range(50_000)],
        ["#VER A 1 20210801\n{\n#TRANS 5010 " + "{" * 500_000 + "}" * 500_000 + " 5\n}"],
        ["#" + '"' * 1_000_000],
        ["{" * 1_000_000],
        ["#KONTO 5010 " + '"a\\' * 300_000],
    ],
    ids=["dimensions", "braces", "quotes", "braces alone", "escapes"],
)
def test_a_ledger_of_nothing_but_structure_ends(lines: list[str]) -> None:
    started = time.monotonic()
    read_any_ledger((_LEDGER + "\n".join([*lines, "#KONTO 5011 y", ""])).encode(), "a.se")
    assert time.monotonic() - started < SECONDS


def test_a_flood_of_unknown_labels_is_told_in_a_few_sentences() -> None:
    labels = "".join(f"#X{number:04} 1\n" for number in range(5_000))
    reading = read_any_ledger(f"{_LEDGER}{labels}".encode(), "a.se")
    unknown = [one for one in reading.findings if one.rule_id == "ledger_unknown_label"]
    assert len(unknown) == 21
    assert reading.noted == 5_000


@pytest.mark.parametrize("text", ["0000-01", "9999-12", "٢٠٢١-٠٨", "1899-12", "2021-08\n", "2021-13", "20218"])
def test_a_month_that_no_close_can_be_of_is_none(text: str) -> None:
    if text.strip() == text:
        with pytest.raises(ValueError, match="is not a month"):
            Period.parse(text)
    else:
        assert Period.parse(text) == AUGUST
