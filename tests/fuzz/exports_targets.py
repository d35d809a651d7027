"""The readers of exports: text, workbook and ledger, with and without a mapping."""

from __future__ import annotations

import functools
import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from flows.declarations.contracts import contracts
from flows.declarations.mappings import SourceMapping, parse_mapping
from flows.domain.reading import Reading
from flows.errors import Refusal
from flows.sources.sie import read_any_ledger, read_ledger
from flows.sources.sie_text import decode_ledger
from flows.sources.tabular import read_table
from flows.steps.check import check_file
from flows.store.home import Home
from tests.fuzz.changed_container import PARTS, changed_container
from tests.unit.tabular_files import AUGUST, EXTRACTED_AT, keys_of, read
from tests.unit.test_tabular_properties import assert_no_line_is_lost
from tests.unit.workbook_files import read_workbook, workbook_of_everything

_MEALS = "kost_maltider"
#: Between the parts of an input that is more than one file.
CUT = b"\n%%\n"
_SHEET_BEGINS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_LEDGER_BEGINS = b"#FLAGGA 0\n#SIETYP 4\n#RAR 0 20210101 20211231\n#KONTO 5010 x\n"
#: Contracts that between them have every type of column.
_OF_EVERY_TYPE = ("indikatorer_manuell", "timecare_pass", "heroma_anstallning", "ekonomi_konto", "kommentar", "luckor")


class LineLost(AssertionError):
    """A line that neither landed nor was put aside nor told of."""


def tabular(data: bytes) -> None:
    """Bytes as they came, as rows of one of several contracts, or (half of them) as rows under a good header."""
    if len(data) % 4 == 0:
        assert_no_line_is_lost(read(_MEALS, data))
    elif len(data) % 4 == 1:
        extract = _OF_EVERY_TYPE[len(data) // 4 % len(_OF_EVERY_TYPE)]
        assert_no_line_is_lost(read(extract, _header(extract) + data))
    else:
        _meals(data)


def _meals(data: bytes) -> None:
    reading = read(_MEALS, _header(_MEALS) + data)
    assert_no_line_is_lost(reading)
    text = data.decode("utf-8", errors="replace")
    if reading.refusal is None and reading.encoding == "UTF-8" and '"' not in text:
        lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
        if not len(lines) - 2 <= reading.lines <= len(lines):
            raise LineLost


@functools.cache
def _header(extract: str) -> bytes:
    return ";".join(column.name for column in contracts()[extract].columns).encode() + b"\n"


def workbook(data: bytes) -> None:
    """Bytes as a workbook; and, as the first one says, as the rows of a good one's sheet or as one of its parts."""
    assert_no_line_is_lost(read_workbook(_MEALS, data))
    if data[:1] < b"0" or data[:1] >= b"B":
        rows = data.decode("utf-8", errors="ignore").encode()
        sheet = _SHEET_BEGINS + rows + b"</sheetData></worksheet>"
        assert_no_line_is_lost(read_workbook(_MEALS, _packed({PARTS[0]: sheet})))
    else:
        assert_no_line_is_lost(read_workbook(_MEALS, _packed({PARTS[data[0] % len(PARTS)]: data[1:]})))


def _packed(replaced: Mapping[str, bytes]) -> bytes:
    """The parts that are read, some of them replaced, as they are: packing them is not what is tried."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**_parts(), **replaced}.items():
            archive.writestr(name, content)
    return target.getvalue()


@functools.cache
def _parts() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook_of_everything())) as archive:
        return {name: archive.read(name) for name in PARTS}


def workbook_container(data: bytes) -> None:
    """The bytes as a list of changes to a good workbook's container."""
    assert_no_line_is_lost(read_workbook(_MEALS, changed_container(workbook_of_everything(), data)))


def ledger(data: bytes) -> None:
    """Bytes as they came, or after the first records of a good ledger."""
    content = data if len(data) % 2 else _LEDGER_BEGINS + data
    _assert_no_record_is_lost(content, read_any_ledger(content, "ledger.se"))
    if len(data) % 8 == 0:
        read_ledger(content, "ledger.se", AUGUST)


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


def mapped(data: bytes) -> None:
    """A mapping, then a file that is read through it; where the mapping is refused, through a good one."""
    text, _, content = data.partition(CUT)
    name, _, rows = content.partition(b"\n")
    extract = _MEALS if len(data) % 2 else "heroma_franvaro"
    try:
        mapping = parse_mapping(text.decode("utf-8", errors="replace"), Path(f"{extract}.toml"))
    except Refusal as refusal:
        if f"{extract}.toml" not in refusal.what:
            raise AssertionError("a refusal that does not say which file") from refusal
        extract, mapping = _MEALS, _good_mapping()
    named = mapping.delivery_name(name.decode("utf-8", errors="surrogateescape"))
    period, at = (named.period, named.extracted_at) if named else (AUGUST, EXTRACTED_AT)
    reading = read_table(rows, contracts()[extract], "a file.csv", period, at, keys_of, mapping)
    assert_no_line_is_lost(reading)


@functools.cache
def _good_mapping() -> SourceMapping:
    text = (
        f'extract = "{_MEALS}"\n[columns]\nManad = "period"\nEnhet = "enhet_kod"\nAntal = "portioner"\n'
        '[codes.enhet_kod]\n"Köket" = "E1"\n[conversions]\nperiod = "month_from_date"\n'
        "[file]\npattern = 'mat-(?P<period>[0-9]{6})-(?P<extracted>[0-9T]{13}).csv'\n"
    )
    return parse_mapping(text, Path(f"{_MEALS}.toml"))


def first_contact(data: bytes) -> None:
    """What `bokslut check` says of a file; nothing of it is kept."""
    kind = (".csv", ".xlsx", ".se", ".txt")[len(data) % 4]
    file = _folder() / f"from somewhere 2021-08{kind}"
    file.write_bytes(data)
    try:
        check_file(Home(_folder() / "home"), file, _MEALS if len(data) % 8 < 4 else None)
    except Refusal:
        return


@functools.cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="bokslut-fuzz-"))
