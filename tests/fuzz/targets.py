"""What each reader promises whatever the bytes are; a broken promise is an exception.

No traceback: a reader refuses in a sentence. No silent loss: lines in = landed + quarantined + noted.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from flows.domain.reading import Reading
from flows.sources.sie import read_any_ledger, read_ledger
from flows.sources.sie_text import decode_ledger
from tests.unit.tabular_files import AUGUST, read
from tests.unit.test_tabular_properties import assert_no_line_is_lost
from tests.unit.workbook_files import read_workbook, sheet_of

_MEALS = "kost_maltider"
_TYPED = "indikatorer_manuell"


class LineLost(AssertionError):
    """A line that neither landed nor was put aside nor told of."""


def tabular(data: bytes) -> None:
    """Bytes as they came, and as the rows under a good header."""
    assert_no_line_is_lost(read(_MEALS, data))
    reading = read(_MEALS, b"period;enhet_kod;portioner\n" + data)
    assert_no_line_is_lost(reading)
    text = data.decode("utf-8", errors="replace")
    if reading.refusal is None and reading.encoding == "UTF-8" and '"' not in text:
        lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
        if not len(lines) - 2 <= reading.lines <= len(lines):
            raise LineLost
    assert_no_line_is_lost(read(_TYPED, data))


def workbook(data: bytes) -> None:
    """Bytes as a workbook, and as the XML of a good workbook's sheet."""
    assert_no_line_is_lost(read_workbook(_MEALS, data))
    assert_no_line_is_lost(read_workbook(_MEALS, sheet_of(data.decode("utf-8", errors="ignore"))))


def ledger(data: bytes) -> None:
    """Bytes as they came, and after the first records of a good ledger."""
    for content in (data, b"#FLAGGA 0\n#SIETYP 4\n#RAR 0 20210101 20211231\n#KONTO 5010 x\n" + data):
        reading = read_any_ledger(content, "ledger.se")
        read_ledger(content, "ledger.se", AUGUST)
        _assert_no_record_is_lost(content, reading)


def _assert_no_record_is_lost(content: bytes, reading: Reading) -> None:
    if reading.refusal is not None:
        if reading.tables:
            raise LineLost
        return
    lines = [line.strip() for line in decode_ledger(content).text.split("\n")]
    records = [line for line in lines if line not in ("", "{", "}")]
    landed = sum(table.num_rows for table in reading.tables.values())
    quarantined = reading.quarantined.num_rows if reading.quarantined is not None else 0
    if landed + quarantined != reading.lines or len(records) != reading.lines + reading.noted:
        raise LineLost


TARGETS: Mapping[str, Callable[[bytes], None]] = {"tabular": tabular, "workbook": workbook, "ledger": ledger}


def parts_of(data: bytes) -> bytes:
    """The XML of a workbook's sheet: what the fuzzer may change without breaking the container."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    return xml.partition("<sheetData>")[2].partition("</sheetData>")[0].encode()
