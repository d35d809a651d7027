"""Workbooks made to do harm: each is refused in a sentence, at once, before it fills the memory."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from flows.domain.reading import Reading
from tests.fuzz.changed_container import PARTS
from tests.unit.workbook_files import read_workbook, sheet_of, with_parts, workbook_of_everything

SHEET, TEXTS = PARTS[0], PARTS[1]
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refused(data: bytes) -> tuple[str, str]:
    """The rule that a workbook is refused by, and what is said."""
    reading: Reading = read_workbook("kost_maltider", data)
    assert reading.refusal is not None
    assert reading.tables == {}
    return reading.refusal.rule_id, reading.refusal.message


def header_field(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Every header of a kind with one field overwritten."""
    changed = bytearray(data)
    start = data.find(mark)
    while start >= 0:
        changed[start + offset : start + offset + len(value)] = value
        start = data.find(mark, start + 1)
    return bytes(changed)


_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: header_field(data, _CENTRAL, 16, b"\0\0\0\0"),  # Wrong sums.
        lambda data: header_field(header_field(data, _CENTRAL, 8, b"\1\0"), _LOCAL, 6, b"\1\0"),  # Under password.
        lambda data: header_field(data, _CENTRAL, 10, b"\x0e\0"),  # LZMA, which asks for its memory beforehand.
        lambda data: header_field(data, _CENTRAL, 10, b"\x63\0"),  # A method of nobody's.
        lambda data: header_field(data, _CENTRAL, 42, b"\xff\xff\xff\x7f"),  # Parts beyond the end.
        lambda data: header_field(data, _LOCAL, 26, b"\xff\xff"),  # A name longer than the file.
        lambda data: data[: len(data) // 2],
    ],
)
def test_a_container_that_lies_is_damaged(change: Callable[[bytes], bytes]) -> None:
    assert refused(change(workbook_of_everything()))[0] == "workbook_unreadable"


def test_parts_that_overlap_count_by_what_each_says_it_holds() -> None:
    """The same ten kilobytes a hundred and twenty times in the directory: more than a gigabyte."""
    flood = with_parts(workbook_of_everything(), {"xl/media/x": b" " * 10_000_000})
    start, end = flood.rfind(_CENTRAL), flood.rfind(b"PK\x05\x06")
    again = flood[start:end] * 120
    tail = bytearray(flood[end:])
    count, size = struct.unpack("<HL", tail[10:16])
    tail[8:16] = struct.pack("<HHL", count + 120, count + 120, size + len(again))
    rule, said = refused(flood[:end] + again + bytes(tail))
    assert (rule, "1000 MB" in said) == ("workbook_too_large", True)


def test_a_part_that_unpacks_to_more_than_it_says_is_not_read_on() -> None:
    flood = with_parts(workbook_of_everything(), {SHEET: b"<worksheet>" + b" " * 50_000_000})
    lying = header_field(flood, _CENTRAL, 24, struct.pack("<L", 100))
    tracemalloc.start()
    rule, _ = refused(lying)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rule == "workbook_unreadable"
    assert peak < 20_000_000


def test_a_directory_of_many_parts_is_refused_before_it_is_read() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")
    rule, said = refused(target.getvalue())
    assert (rule, "20000 delar" in said) == ("workbook_too_large", True)


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("declared", [_LAUGHS, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "<!DOCTYPE x>"])
def test_a_document_type_in_any_part_is_refused(part: str, declared: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_of_everything())) as archive:
        xml = archive.read(part).decode()
    head, _, rest = xml.partition("?>")
    assert (
        refused(with_parts(workbook_of_everything(), {part: f"{head}?>{declared}{rest}"}))[0] == "workbook_unreadable"
    )


@pytest.mark.parametrize("encoding", ["nobodys", "utf-7", "UTF-8" * 2000, "idna"])
def test_an_encoding_of_nobodys_is_damage(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><worksheet {_MAIN}><sheetData/></worksheet>'
    assert refused(with_parts(workbook_of_everything(), {SHEET: xml}))[0] in ("workbook_unreadable", "file_empty")


@pytest.mark.parametrize(
    "xml",
    [
        "<a>" * 300_000,
        f'<row r="1"><c r="A1" t="{"x" * 5_000_000}"><v>1</v></c></row>',
        f'<row r="1"><c r="A1" s="{"9" * 5_000}"><v>1</v></c></row>',
        f'<row r="{"9" * 5_000}"/>',
        f'<row r="1"><c r="A1" t="s"><v>{"9" * 5_000}</v></c></row>',
        '<row r="2"><c r="A1"><v>1</v></c></row>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="1048577"/>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>&#xD800;</v></c></row>',
    ],
)
def test_xml_that_no_spreadsheet_writes_is_refused(xml: str) -> None:
    assert refused(sheet_of(xml))[0] in ("workbook_unreadable", "file_empty", "header_not_found")


def test_a_text_that_every_cell_names_is_counted_as_often_as_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One text of 32 000 characters and a million cells that name it: a hundred kilobytes that become 32 gigabytes."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 40_000))
    texts = f"<sst {_MAIN}><si><t>{'x' * 32_000}</t></si></sst>"
    sheet = f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>"
    rule, said = refused(with_parts(workbook_of_everything(), {TEXTS: texts, SHEET: sheet}))
    assert (rule, "miljoner tecken" in said) == ("workbook_too_large", True)


def test_a_cell_far_to_the_right_does_not_make_a_million_rows_as_wide() -> None:
    head = '<row r="1"><c r="A1" t="str"><v>period</v></c><c r="B1" t="str"><v>enhet_kod</v></c></row>'
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 3_000))
    far = '<row r="3000"><c r="XFD3000"><v>1</v></c></row>'
    assert refused(sheet_of(head + rows + far))[0] == "workbook_too_large"


def test_a_heading_of_thousands_of_columns_is_refused() -> None:
    letters = [f"{chr(65 + n // 676)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}" for n in range(2_100)]
    head = "".join(f'<c r="{one}1" t="str"><v>{one}</v></c>' for one in letters)
    assert refused(sheet_of(f'<row r="1">{head}</row>'))[0] == "header_too_wide"


def test_a_longer_text_than_a_cell_holds_is_a_bad_row() -> None:
    rows = [["period", "enhet_kod", "portioner"], ["2021-08", "E1", 5], ["2021-08", "E2", 6]]
    xml = sheet_of(
        "".join(
            f'<row r="{line}">'
            + "".join(f'<c r="{"ABC"[at]}{line}" t="str"><v>{value}</v></c>' for at, value in enumerate(row))
            + "</row>"
            for line, row in enumerate([*rows, ["2021-08", "x" * 32_768, 1]], start=1)
        )
    )
    reading = read_workbook("kost_maltider", xml)
    assert reading.refusal is None
    assert reading.quarantined is not None
    assert reading.quarantined.to_pylist() == [
        {"line": 4, "column_name": "enhet_kod", "reason": "fältet är längre än 32767 tecken", "value": None}
    ]
