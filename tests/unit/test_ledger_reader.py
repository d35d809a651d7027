"""The ledger reader against small files drawn by hand."""

from __future__ import annotations

import zlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.period import Period
from flows.sources.sie import read_any_ledger, read_ledger
from flows.sources.sie_text import fields_of

LEDGER = """\
#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#RAR 0 20210101 20211231
#OMFATTN 20210831
#KONTO 5010 "Lön, månadsavlönade"
#KTYP 5010 K
#DIM 1 "Ansvar"
#OBJEKT 1 "2100" "Hemvård Öst"
#OBJEKT 7 "44" "Någon Verklig"
#PBUDGET 0 202101 5010 {} 300.00
#PBUDGET 0 202101 5010 {1 "2100"} 300.00
#VER A 1 20210115 "Lönekörning" 20210120
{
   #TRANS 5010 {1 "2100" 7 "44"} 100.50
   #RTRANS 5010 {1 "2100" 6 "P1" 20 "510" 9 "x"} 20.00
   #TRANS 5010 {1 "2100" 6 "P1" 20 "510" 9 "x"} 20.00
   #TRANS 1930 {} -120.5 20210116 "text med \\"citat\\"" 3
}
#RES 0 5010 120.50
"""


def read(text: str, encoding: str = "cp437"):
    return read_any_ledger(text.encode(encoding), "ekonomi_sie_202108_20210903T0900.se")


def rows(reading, table: str) -> list[dict]:
    return reading.tables[table].to_pylist()


def test_every_record_keeps_its_line_and_its_objects():
    reading = read(LEDGER)
    assert reading.refusal is None
    first, added, booked, bank = rows(reading, "sie_transaction")
    assert (first["line"], first["voucher_line"], first["ansvar"], first["amount"]) == (
        15,
        13,
        "2100",
        Decimal("100.50"),
    )
    assert (added["record"], booked["record"]) == ("RTRANS", "TRANS")
    assert (booked["projekt"], booked["verksamhet"], booked["other_objects"]) == ("P1", "510", "9:x")
    assert (bank["amount"], bank["transaction_date"]) == (Decimal("-120.50"), date(2021, 1, 16))
    assert bank["transaction_text"] == 'text med "citat"'
    (voucher,) = rows(reading, "sie_voucher")
    assert (voucher["series"], voucher["number"], voucher["voucher_date"]) == ("A", "1", date(2021, 1, 15))
    total, by_ansvar = rows(reading, "sie_period_amount")
    assert (total["is_total"], by_ansvar["is_total"], by_ansvar["month"]) == (True, False, date(2021, 1, 1))
    assert rows(reading, "sie_account") == [
        {"line": 6, "account": "5010", "account_name": "Lön, månadsavlönade", "account_type": "K"}
    ]


def test_the_employee_dimension_is_never_landed():
    reading = read(LEDGER)
    landed = str({name: table.to_pylist() for name, table in reading.tables.items()})
    assert "Någon Verklig" not in landed
    assert rows(reading, "sie_transaction")[0]["other_objects"] == "7"


@pytest.mark.parametrize(
    ("encoding", "detected"), [("cp437", "CP437"), ("cp1252", "CP1252"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8")]
)
def test_the_charset_is_decided_from_the_bytes_whatever_the_file_declares(encoding, detected):
    reading = read(LEDGER, encoding)
    assert (reading.encoding, reading.declared_encoding) == (detected, "PC8")
    assert rows(reading, "sie_account")[0]["account_name"] == "Lön, månadsavlönade"


def refusal(text: str) -> str:
    found = read(text).refusal
    assert found is not None
    return found.rule_id


def test_a_web_page_an_empty_file_and_a_letter_are_no_ledgers():
    assert refusal("<!DOCTYPE html><html><body>404</body></html>") == "ledger_not_sie"
    assert refusal("   \n") == "file_empty"
    assert refusal("Hej,\nhär kommer filen.\n") == "ledger_not_sie"


def test_a_ledger_cut_inside_a_voucher_is_refused_and_lands_nothing():
    reading = read(LEDGER[: LEDGER.rindex("}")])
    assert reading.refusal is not None
    assert reading.refusal.rule_id == "ledger_truncated"
    assert reading.tables == {}


@pytest.mark.parametrize(
    "tail", ["#PSALDO 0 2021", "#PSALDO 0 202103 3010 {1 ", '#VER A 9 20210305 "Hyra"', '#VER A 9 20210305 "Hyra"\n']
)
def test_a_ledger_cut_within_a_line_or_before_a_vouchers_lines_is_refused(tail: str):
    assert refusal(LEDGER + tail) == "ledger_truncated"
    assert read(LEDGER.rstrip("\n")).refusal is None


def summed(body: str, value: int | None = None) -> str:
    bare = body.replace(" ", "").replace("\n", "").replace("{", "").replace("}", "")
    return f"#FLAGGA 0\n#KSUMMA\n{body}\n#KSUMMA {value if value is not None else zlib.crc32(bare.encode('cp437'))}\n"


def test_the_control_sum_is_recomputed():
    body = "#SIETYP 4\n#RAR 0 20210101 20211231\n#KONTO 1930 Bank"
    assert read(summed(body)).refusal is None
    assert refusal(summed(body, 1)) == "ledger_wrong_checksum"
    assert refusal(summed(body).rsplit("#KSUMMA", 1)[0]) == "ledger_truncated"


def test_a_control_sum_over_a_files_own_bytes_is_taken_and_told():
    body = '#SIETYP 4\n#RAR 0 20210101 20211231\n#KONTO 1930 "Någon bank"'
    bare = body.replace(" ", "").replace("\n", "").replace('"', "").replace("Någonbank", "Någon bank")
    for encoding in ("utf-8", "cp1252"):
        own = f"#FLAGGA 0\n#KSUMMA\n{body}\n#KSUMMA {zlib.crc32(bare.encode(encoding))}\n"
        reading = read(own, encoding)
        assert reading.refusal is None
        assert "ledger_checksum_of_own_bytes" in {found.rule_id for found in reading.findings}
        by_the_book = f"#FLAGGA 0\n#KSUMMA\n{body}\n#KSUMMA {zlib.crc32(bare.encode('cp437'))}\n"
        reading = read(by_the_book, encoding)
        assert reading.refusal is None
        assert "ledger_checksum_of_own_bytes" not in {found.rule_id for found in reading.findings}


def test_a_ledger_that_a_close_cannot_use_is_refused_with_the_reason():
    def refused(text: str) -> str:
        found = read_ledger(text.encode("cp437"), "x.se", Period(2021, 8)).refusal
        return "" if found is None else found.rule_id

    assert refused(LEDGER) == ""
    assert refused(LEDGER.replace("#RES 0 5010 120.50\n", "")) == "ledger_to_import"
    years = "#FLAGGA 0\n#SIETYP 1\n#RAR 0 20210101 20211231\n#OMFATTN 20210831\n#IB 0 1930 5\n#RES 0 5010 5\n"
    assert refused(years) == "ledger_without_months"
    assert refused(years + '#PSALDO 0 202108 5010 {1 "2100"} 5\n') == ""


@pytest.mark.parametrize(
    "data",
    [
        LEDGER.replace("Hemvård", "Hemvård".encode().decode("cp1252")).encode(),
        LEDGER.replace("Hemvård", "Hemv\ufffdrd").encode(),
        # One byte of another charset does not turn the whole file into that charset.
        LEDGER.encode().replace("Hemvård".encode(), "Hemvård".encode("cp437")),
        LEDGER.encode("cp1252").replace(b"Hemv", b"Hemv\x81"),
    ],
)
def test_a_garbled_ledger_is_refused_with_line_and_label(data):
    refused = read_ledger(data, "x.se", Period(2021, 8)).refusal
    assert refused is not None
    assert (refused.rule_id, refused.line, refused.column) == ("file_mojibake", 9, "#OBJEKT")


def test_what_is_left_out_is_told_by_number():
    findings = {found.rule_id: found.message for found in read(LEDGER).findings}
    assert "1 objekt" in findings["ledger_employee_objects"]
    longer = LEDGER.replace('citat\\"" 3', 'citat\\"" tre "sign" "mer"')
    assert longer != LEDGER
    assert "2 fält" in {found.rule_id: found.message for found in read(longer).findings}["ledger_extra_fields"]


def test_a_refused_ledger_keeps_its_quarantine_so_that_the_rows_can_be_found():
    reading = read(LEDGER.replace("100.50", "hundra").replace(" 20.00", " tjugo"))
    assert reading.refusal is not None
    assert (reading.refusal.rule_id, reading.quarantined.num_rows) == ("ledger_too_many_bad_rows", 3)


def test_a_ledger_of_another_period_is_refused():
    data = LEDGER.encode("cp437")
    name = "ekonomi_sie_202108_20210903T0900.se"
    assert read_ledger(data, name, Period(2021, 8)).refusal is None
    wrong = read_ledger(data, name, Period(2021, 7)).refusal
    assert wrong is not None
    assert wrong.rule_id == "ledger_wrong_period"


def test_without_a_stated_scope_the_last_voucher_says_the_month():
    data = LEDGER.replace("#OMFATTN 20210831\n", "").encode("cp437")
    assert read_ledger(data, "x.se", Period(2021, 1)).refusal is None


def test_an_unreadable_line_is_quarantined_with_its_place_and_without_its_value():
    reading = read(LEDGER.replace("100.50", "hundra"))
    (bad,) = reading.quarantined.to_pylist()
    assert (bad["line"], bad["column_name"], bad["value"]) == (15, "#TRANS", None)
    assert "hundra" not in reading.findings[-1].message
    assert reading.lines == sum(table.num_rows for table in reading.tables.values()) + 1


def test_a_decimal_comma_is_taken_and_noted():
    reading = read(LEDGER.replace("100.50", "100,50"))
    assert rows(reading, "sie_transaction")[0]["amount"] == Decimal("100.50")
    assert "ledger_decimal_comma" in {finding.rule_id for finding in reading.findings}


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('#TRANS 5010 {1 "a b"} -1', ["#TRANS", "5010", "{", "1", "a b", "}", "-1"]),
        ('#VER "" "" 20210101', ["#VER", "", "", "20210101"]),
        (r'#FNAMN "a \"b\" c\d"', ["#FNAMN", r'a "b" c\d']),
        ("#TRANS\t5010\t{}\t5", ["#TRANS", "5010", "{", "}", "5"]),
        ('#FNAMN "öppen till radens slut', ["#FNAMN", "öppen till radens slut"]),
        ('#KONTO 1684 "leverant"r" 1', ["#KONTO", "1684", 'leverant"r', "1"]),
    ],
)
def test_fields_are_split_by_blanks_quotes_and_braces(line, fields):
    assert fields_of(line) == fields


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='"\\{}'), max_size=12), max_size=6
    )
)
def test_quoted_fields_come_back_as_they_were_written(texts):
    line = "#X " + " ".join(f'"{text}"' for text in texts)
    assert fields_of(line) == ["#X", *texts]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(data):
    read_any_ledger(b"#FLAGGA 0\n#SIETYP 4\n" + data, "x.se")


@given(st.integers(0, len(LEDGER) - 1), st.sampled_from(list('#"{}\n x0')))
def test_no_changed_character_loses_a_line_in_silence(position, character):
    reading = read(LEDGER[:position] + character + LEDGER[position + 1 :])
    if reading.refusal is None:
        landed = sum(table.num_rows for table in reading.tables.values())
        quarantined = len(set(reading.quarantined.column("line").to_pylist()))
        assert reading.lines == landed + quarantined
        text = LEDGER[:position] + character + LEDGER[position + 1 :]
        assert (
            len([1 for line in text.split("\n") if line.strip() not in ("", "{", "}")]) == reading.lines + reading.noted
        )


_BLANKS = st.sampled_from([" ", "  ", "\t"])
_OBJECTS = st.lists(
    st.sampled_from(['1 "2100"', "6 P1", '20 ""', '7 "44"', '9 "a b"', "1", '"x', 'a"b"', "1 2100"]), max_size=3
).map(" ".join)
_AMOUNTS = st.sampled_from(["1", "-1.5", "100.25", "1,50", "1.234", "x", '"5"', "", "12345678901234567"])
_REST = st.sampled_from(
    [
        "",
        "20210816",
        '20210816 "text"',
        '20210816 "a b" 3',
        '"" "text"',
        "20211301",
        '20210816 "a\\"b"',
        '20210816 "öppen',
        "x",
    ]
)


@given(st.sampled_from(["5010", '"5010"', ""]), _OBJECTS, _AMOUNTS, _REST, _BLANKS)
def test_a_transaction_is_read_alike_whole_or_field_by_field(account, objects, amount, rest, blank):
    line = blank.join(["TRANS", account, f"{{{objects}}}", amount, rest])
    quickly, slowly = (
        read(LEDGER.replace("   #TRANS 5010", f"   #{label}\n   #TRANS 5010", 1))
        for label in (line, line.lower()[:5] + line[5:])
    )
    assert rows_or_none(quickly) == rows_or_none(slowly)
    assert quickly.quarantined == slowly.quarantined
    assert (quickly.lines, quickly.noted) == (slowly.lines, slowly.noted)


def rows_or_none(reading):
    return {name: table.to_pylist() for name, table in reading.tables.items()}
