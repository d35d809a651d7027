"""Workbooks (xlsx) against contracts, section 1: the first visible sheet, read as it is shown."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from decimal import Decimal

import fastexcel
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain.finding import Effect, Severity
from flows.sources.number_formats import Calendar, Shown, as_shown, shown_by
from flows.sources.workbook import read_sheet
from tests.unit.tabular_files import landed, listed, meals, read, rules
from tests.unit.test_tabular_properties import assert_no_line_is_lost
from tests.unit.workbook_files import read_workbook, sheet_of, with_parts, workbook

MEALS = ["period", "enhet_kod", "portioner"]
FORECAST = ["period", "affarsomrade", "slag", "prognos_helar", "metod", "ansvarig", "datum", "motivering"]
HOME_CARE = [
    "period", "enhet_kod", "omrade", "insats", "beviljade_timmar", "planerade_timmar", "utforda_timmar",
    "debiterbara_timmar", "brukare_antal", "status",
]  # fmt: skip
SHIFT = [
    "period", "pass_id", "enhet_kod", "datum", "start", "slut", "rast_min", "planerade_timmar", "utforda_timmar",
    "bemannad_av", "vakant",
]  # fmt: skip
#: 1 August 2021 as a workbook counts days.
AUGUST_FIRST = 44409


def test_a_workbook_lands_as_the_same_rows_of_text_do() -> None:
    reading = read_workbook("kost_maltider", [MEALS, ["2021-08", "Köket Åsen", 12], ["202108", "E2", "1 234"]])
    as_text = read("kost_maltider", meals("2021-08;Köket Åsen;12", "202108;E2;1 234"))
    assert landed(reading) == landed(as_text)
    assert (reading.encoding, reading.lines, reading.findings) == ("XLSX", 2, ())


def test_dates_times_and_flags_are_as_the_sheet_shows_them() -> None:
    row = [
        (AUGUST_FIRST, "yyyy-mm"), "P1", "E1", (AUGUST_FIRST + 1, "yyyy-mm-dd"), (0.3125, "hh:mm"), ("16:00", "@"), 30,
        8.25, 0, "ORD", False,
    ]  # fmt: skip
    (shift,) = landed(read_workbook("timecare_pass", [SHIFT, row]))
    assert shift["period"] == date(2021, 8, 1)
    assert (shift["datum"], shift["start"], shift["slut"]) == (date(2021, 8, 2), time(7, 30), time(16, 0))
    assert (shift["planerade_timmar"], shift["vakant"]) == (Decimal("8.25"), False)


def test_a_number_is_exact_whatever_its_binary_form() -> None:
    hours = [1.234, 0.1 + 0.2, 36.9 + 6e-15, 1e15, -1234.5, 1e-7]
    rows = [
        ["2021-08", f"E{n}", "TATORT", "SERVICE", one, None, None, None, None, "DEF"] for n, one in enumerate(hours)
    ]
    reading = read_workbook("treserva_hemtjanst", [HOME_CARE, *rows])
    # What has no room among hours is a bad row.
    assert [row["value"] for row in listed(reading.quarantined)] == ["1000000000000000"]
    values = [row["beviljade_timmar"] for row in landed(reading)]
    assert values == [Decimal(one) for one in ("1.234", "0.3", "36.9", "-1234.5", "0")]
    assert "rounded_decimals" in rules(reading)


def test_a_text_that_looks_like_a_number_is_read_as_text_files_are() -> None:
    reading = read_workbook(
        "ekonomi_prognos", [FORECAST, ["2021-08", "A", "INTAKT", "1.234"], ["2021-08", "A", "KOSTNAD", 1.25]]
    )
    (bad,) = listed(reading.quarantined)
    assert (bad["line"], bad["column_name"]) == (2, "prognos_helar")
    assert landed(reading)[0]["prognos_helar"] == Decimal("1.25")


def test_a_per_cent_is_what_the_sheet_shows() -> None:
    header = ["period", "indikator_id", "kon", "matperiod", "varde", "saknas", "mal", "kalla", "ansvarig"]
    rows = [["2021-08", "i1", "T", 2021, (0.125, "0.0%"), None, (0.5, "0 %"), None, None]]
    (row,) = landed(read_workbook("indikatorer_manuell", [header, *rows]))
    assert (row["varde"], row["mal"], row["matperiod"]) == (Decimal("12.5"), Decimal(50), "2021")


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#BLOCKED!"])
def test_a_formula_error_is_a_bad_row_in_any_column(error: str) -> None:
    for place in range(4):
        row: list[object] = ["2021-08", "E1", 5, "x"]
        row[place] = f"=A9→{error}"
        data = workbook([[*MEALS, "anteckning"], row, ["2021-08", "E2", 7]])
        xml = sheet_xml(data).replace(f'<c r="{"ABCD"[place]}2" t="str">', f'<c r="{"ABCD"[place]}2" t="e">')
        reading = read_workbook("kost_maltider", with_parts(data, {"xl/worksheets/sheet1.xml": xml}))
        (bad,) = listed(reading.quarantined)
        assert (bad["line"], bad["column_name"]) == (2, [*MEALS, "anteckning"][place])
        assert [row["enhet_kod"] for row in landed(reading)] == ["E2"]


def test_a_formula_that_nobody_has_calculated_is_a_bad_row_not_a_missing_value() -> None:
    xml = header_xml() + '<row r="2"><c t="str"><v>2021-08</v></c><c t="str"><v>E1</v></c><c><f>1+1</f></c></row>'
    (bad,) = listed(read_workbook("kost_maltider", sheet_of(xml)).quarantined)
    assert bad["column_name"] == "portioner"


def test_the_result_of_a_formula_is_a_value() -> None:
    reading = read_workbook("kost_maltider", [MEALS, ["2021-08", '="E"&1→E1', "=2+3→5"]])
    assert [(row["enhet_kod"], row["portioner"]) for row in landed(reading)] == [("E1", 5)]


def test_the_first_visible_sheet_is_read_and_those_after_it_are_told() -> None:
    rows = [MEALS, ["2021-08", "E1", 5]]
    reading = read_workbook("kost_maltider", rows, sheets=("(Dolt)", "Data", "Mer", "Ännu mer"))
    assert len(landed(reading)) == 1
    assert [(one.rule_id, one.severity) for one in reading.findings] == [("sheets_left", Severity.INFO)]
    assert "2 till" in reading.findings[0].message


def test_hidden_rows_count_and_are_noted() -> None:
    rows = [MEALS, ["2021-08", "E1", 5], ["2021-08", "E2", 6], ["2021-08", "E3", 7]]
    reading = read_workbook("kost_maltider", rows, hidden_rows=(3, 4))
    assert len(landed(reading)) == 3
    (note,) = reading.findings
    assert (note.rule_id, note.effect, note.line) == ("hidden_rows", Effect.NONE, 3)


def test_lines_are_the_rows_of_the_sheet_and_blank_ones_are_no_data() -> None:
    rows = [[], [None, *MEALS], [], [None, "2021-08", "E1", 5], [None, " "], [None, "2021-08", "E2", "XX"]]
    reading = read_workbook("kost_maltider", rows)
    assert [row["line"] for row in landed(reading)] == [4]
    assert [row["line"] for row in listed(reading.quarantined)] == [6]
    assert reading.lines == 2


def test_control_line_and_totals_are_checked_and_never_data() -> None:
    rows = [MEALS, ["2021-08", "E1", 5], ["2021-08", "E2", 10]]
    for ending in ([["#ANTAL", 2, "SUMMA", 15]], [["Summa", None, 15]], [["Totalt", None, 15], ["#ANTAL", "2"]]):
        reading = read_workbook("kost_maltider", [*rows, *ending])
        assert (len(landed(reading)), reading.findings) == (2, ())
    assert rules(read_workbook("kost_maltider", [*rows, ["#ANTAL", 2, "SUMMA", 16]])) == ["control_sum"]
    assert rules(read_workbook("kost_maltider", [*rows, ["Summa", None, 14]])) == ["footer_sum"]


def test_what_stands_beside_the_columns_is_put_aside_and_noted() -> None:
    reading = read_workbook("kost_maltider", [MEALS, ["2021-08", "E1", 5, None, "se mejl"], ["2021-08", "E2", 6]])
    assert len(landed(reading)) == 2
    assert [row["value"] for row in listed(reading.unknown)] == ["se mejl"]
    assert set(rules(reading)) == {"unknown_column"}


def test_garbled_characters_refuse_the_workbook_with_row_and_column() -> None:
    garbled = "Äldreomsorg".encode().decode("cp1252")
    refusal = read_workbook("kost_maltider", [MEALS, ["2021-08", "E1", 5], ["2021-08", garbled, 5]]).refusal
    assert refusal is not None
    assert (refusal.rule_id, refusal.line, refusal.column) == ("file_mojibake", 3, "kolumnen enhet_kod")


# What is no workbook to read


def test_a_workbook_under_password_is_refused_in_a_sentence() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    refusal = read_workbook("kost_maltider", data).refusal
    assert refusal is not None
    assert (refusal.rule_id, refusal.effect) == ("workbook_protected", Effect.WITHHOLDS)
    assert "lösenord" in refusal.message


WHOLE = workbook([MEALS, ["2021-08", "E1", 5]])
BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file_empty"),
        (workbook([]), "file_empty"),
        (workbook([[" "]]), "file_empty"),
        (workbook([MEALS], sheets=("Synlig", "(Dold)")), ""),
        (b"<html>", "workbook_unreadable"),
        (b"period;enhet_kod;portioner\n", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "workbook_unreadable"),
        (b"PK\x03\x04" + bytes(60), "workbook_unreadable"),
        (WHOLE[: len(WHOLE) // 2], "workbook_unreadable"),
        (with_parts(WHOLE, {"xl/workbook.xml": None}), "workbook_unreadable"),
        (with_parts(WHOLE, {"xl/sharedStrings.xml": None}), "workbook_unreadable"),
        (with_parts(WHOLE, {"xl/worksheets/sheet1.xml": "<worksheet>"}), "workbook_unreadable"),
        (with_parts(WHOLE, {"xl/worksheets/sheet1.xml": BILLION_LAUGHS}), "workbook_unreadable"),
        (sheet_of('<row r="2"/><row r="2"/>'), "workbook_unreadable"),
        (sheet_of('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "workbook_unreadable"),
        (sheet_of('<row r="1"><c r="A7"><v>1</v></c></row>'), "workbook_unreadable"),
        (sheet_of('<row r="1048577"/>'), "workbook_unreadable"),
        (sheet_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "workbook_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_whole_workbook_is_refused_in_a_sentence(data: bytes, rule: str) -> None:
    reading = read_workbook("kost_maltider", data)
    assert (reading.refusal.rule_id if reading.refusal else "") == rule
    assert reading.refusal is None or reading.refusal.message.endswith(".")


def test_a_workbook_without_a_visible_sheet_is_refused() -> None:
    xml = sheet_xml(WHOLE, "xl/workbook.xml").replace("<sheet ", '<sheet state="veryHidden" ')
    refusal = read_workbook("kost_maltider", with_parts(WHOLE, {"xl/workbook.xml": xml})).refusal
    assert refusal is not None
    assert refusal.rule_id == "workbook_without_sheet"


def test_a_workbook_that_swells_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"workbook_cells_tolerated": Decimal(5), "workbook_megabytes_tolerated": Decimal(1)}
    monkeypatch.setattr("flows.sources.workbook.intake_limit", limits.__getitem__)
    refusal = read_workbook("kost_maltider", [MEALS, ["2021-08", "E1", 5]]).refusal
    assert refusal is not None
    assert (refusal.rule_id, "5 celler" in refusal.message) == ("workbook_too_large", True)
    bomb = with_parts(WHOLE, {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 3_000_000 + b"</worksheet>"})
    refusal = read_workbook("kost_maltider", bomb).refusal
    assert refusal is not None
    assert (refusal.rule_id, "1 MB" in refusal.message) == ("workbook_too_large", True)


def test_a_cell_in_the_last_column_of_the_last_row_costs_nothing() -> None:
    xml = header_xml() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    reading = read_workbook("kost_maltider", sheet_of(xml))
    assert reading.lines == 1


# Other writers


def test_texts_may_stand_in_the_cell_in_runs_escaped_and_under_other_prefixes() -> None:
    xml = (
        '<x:row r="1"><x:c t="inlineStr"><x:is><x:t>period</x:t></x:is></x:c>'
        '<x:c t="inlineStr"><x:is><x:r><x:t>enhet</x:t></x:r><x:r><x:t>_kod</x:t></x:r></x:is></x:c>'
        '<x:c t="str"><x:v>portioner</x:v></x:c></x:row>'
        '<x:row><x:c t="str"><x:v>2021-08</x:v></x:c><x:c t="str"><x:v>E_x0031_</x:v></x:c>'
        "<x:c><x:v>5</x:v></x:c></x:row>"
    )
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    content = f'<x:worksheet xmlns:x="{strict}"><x:sheetData>{xml}</x:sheetData></x:worksheet>'
    reading = read_workbook("kost_maltider", with_parts(WHOLE, {"xl/worksheets/sheet1.xml": content}))
    assert [(row["line"], row["enhet_kod"], row["portioner"]) for row in landed(reading)] == [(2, "E1", 5)]


def test_a_workbook_that_counts_from_1904_shows_the_same_day() -> None:
    data = workbook(
        [SHIFT, [(AUGUST_FIRST - 1462, "mmm-yy"), "P1", "E1", (AUGUST_FIRST - 1462, "d/m/yyyy"), "07:30", "16:00"]]
    )
    xml = sheet_xml(data, "xl/workbook.xml").replace("<workbookPr ", '<workbookPr date1904="1" ')
    (row,) = read_sheet(with_parts(data, {"xl/workbook.xml": xml})).rows[1:]
    assert (row.cells[0], row.cells[3]) == ("2021-08", "2021-08-01")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", Shown.PLAIN), ("0.00", Shown.PLAIN), ('# ##0 "dagar"', Shown.PLAIN), ("[Red]-0,0", Shown.PLAIN),
        ('#,##0 [$kr-41D];[Red]-#,##0', Shown.PLAIN), ("0.0%", Shown.PERCENT), ('0 "%"', Shown.PLAIN),
        ("yyyy-mm-dd", Shown.DATE), ("[$-41D]d mmmm yyyy", Shown.DATE), ("yyyy-mm-dd hh:mm", Shown.DATE),
        ("mmm-yy", Shown.MONTH), ("yyyy\\-mm", Shown.MONTH), ("yyyy", Shown.YEAR), ("hh:mm:ss", Shown.TIME),
        ("h:mm AM/PM", Shown.TIME), ("[h]:mm", Shown.DURATION), ("0.00E+00", Shown.PLAIN), ("@", Shown.PLAIN),
    ],
)  # fmt: skip
def test_what_a_format_shows(code: str, shown: Shown) -> None:
    assert shown_by(code) is shown


@pytest.mark.parametrize(
    ("stored", "shown", "written"),
    [
        ("0.3125", Shown.TIME, "07:30"), ("0.99999", Shown.TIME, "23:59:59"), ("1.5", Shown.DURATION, "36:00"),
        ("44409.5", Shown.DATE, "2021-08-01 12:00"), ("59", Shown.DATE, "1900-02-28"), ("60", Shown.DATE, "60"),
        ("61", Shown.DATE, "1900-03-01"), ("-1", Shown.DATE, "-1"), ("2958466", Shown.DATE, "2958466"),
        ("0.125", Shown.PERCENT, "12,5 %"), ("1E-2", Shown.PERCENT, "1 %"), ("-0", Shown.PLAIN, "0"),
        ("198001011234", Shown.PLAIN, "198001011234"), ("1E3", Shown.PLAIN, "1000"), ("NaN", Shown.PLAIN, "NaN"),
        ("007", Shown.PLAIN, "7"), ("0", Shown.PLAIN, "0"),
    ],
)  # fmt: skip
def test_a_stored_number_as_shown(stored: str, shown: Shown, written: str) -> None:
    assert as_shown(stored, shown, Calendar()) == written


# What holds whatever a workbook holds


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [None, " ", "2021-08", "E1", "XX", 5, 7.5, -1, "#N/A", "#ANTAL", "Summa", (0.5, "0%"), True]
            ),
            max_size=5,
        ),
        max_size=12,
    )
)
def test_every_row_of_a_sheet_is_landed_put_aside_or_a_control_line(rows: list[list[object]]) -> None:
    reading = read_workbook("kost_maltider", [MEALS, *rows])
    assert_no_line_is_lost(reading)
    data_rows = [row for row in rows if any(cell not in (None, " ") for cell in row)]
    # What begins as a control line among the last two rows is none of the data.
    ending = sum(1 for row in data_rows[-2:] if row[0] in ("#ANTAL", "Summa"))
    if reading.refusal is None or reading.refusal.rule_id == "too_many_bad_rows":
        assert len(data_rows) - ending <= reading.lines <= len(data_rows)


# What other readers make of the same workbook


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.integers(-(10**12), 10**12),
                st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 4)),
                st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=8),
                st.integers(1, 60_000).map(lambda day: (day, "yyyy-mm-dd")),
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
def test_the_cells_are_those_that_other_readers_find(rows: list[list[object]]) -> None:
    # A text that begins as a formula is one to the writer of this test.
    plain = [[f"x{cell}" if isinstance(cell, str) else cell for cell in row] for row in rows]
    data = workbook([["a", "b", "c", "d", "e"], *plain])
    ours = {(row.line, place): text for row in read_sheet(data).rows for place, text in row.cells.items()}
    theirs: dict[tuple[int, int], str] = {}
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                theirs[(cell.row, cell.column - 1)] = _as_text(cell.value)
    assert ours == theirs
    frame = fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    assert {(line, place) for line, place in ours} == {
        (line + 1, place)
        for place, column in enumerate(frame.columns)
        for line, value in enumerate(column.to_pylist())
        if value is not None
    }


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        # The day that never was is a day to the other reader.
        return value.date().isoformat() if value != datetime(1900, 3, 1) else "1900-03-01"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".replace(".", ",")
    return str(value)


def sheet_xml(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part).decode()


def header_xml() -> str:
    cells = "".join(f'<c t="str"><v>{name}</v></c>' for name in MEALS)
    return f'<row r="1">{cells}</row>'
