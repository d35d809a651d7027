"""A workbook (xlsx): its first visible sheet as rows of texts."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from flows.declarations.intake_limits import intake_limit
from flows.sources.encodings import kind_of_other_format
from flows.sources.number_formats import BUILT_IN, Calendar, Shown, shown_by
from flows.sources.refused_file import RefusedFile
from flows.sources.sheet_cells import Row, SheetRows, damaged, read_part, shared_texts

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MEGABYTE = 1 << 20

#: A part's head in the directory, and the most parts that a workbook has: each costs memory before any is opened.
_PART, _MOST_PARTS = b"PK\x01\x02", 20_000
#: What spreadsheets pack with. Others can ask for gigabytes before the first byte.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

#: What a damaged container or part may raise in the libraries that read it; LookupError: an encoding of nobody's.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
    UnicodeError, ValueError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first visible sheet of a workbook: its rows that are not blank, and how many visible sheets come after it."""

    rows: list[Row]
    sheets_left: int


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    part: str


def read_sheet(data: bytes) -> Sheet:
    """The first visible sheet; raises RefusedFile where the bytes are no workbook, a locked, damaged or huge one."""
    if not data.strip():
        raise RefusedFile("file_empty")
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise RefusedFile("workbook_protected")
    if not data.startswith(_ZIP):
        kind = kind_of_other_format(data) or "den är ingen arbetsbok"
        raise RefusedFile("workbook_unreadable", kind=kind)
    if data.count(_PART) > _MOST_PARTS:
        raise RefusedFile("workbook_too_large", limit=f"{_MOST_PARTS} delar")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _first_visible_sheet(archive)
    except _DAMAGE:
        raise damaged() from None


def _first_visible_sheet(archive: zipfile.ZipFile) -> Sheet:
    most_megabytes = int(intake_limit("workbook_megabytes_tolerated"))
    if sum(part.file_size for part in archive.infolist()) > most_megabytes * _MEGABYTE:
        raise RefusedFile("workbook_too_large", limit=f"{most_megabytes} MB")
    if any(part.compress_type not in _METHODS for part in archive.infolist()):
        raise damaged()
    book = next((one.part for one in _relations(archive, "").values() if one.kind == "officeDocument"), None)
    if book is None:
        raise damaged()
    relations = _relations(archive, book)
    visible, calendar = _visible_sheets(archive, book, relations)
    if not visible:
        raise RefusedFile("workbook_without_sheet")
    parts = {one.kind: one.part for one in relations.values()}
    texts = shared_texts(archive, parts["sharedStrings"]) if "sharedStrings" in parts else []
    styles = _styles(archive, parts["styles"]) if "styles" in parts else []
    most_characters = most_megabytes * _MEGABYTE
    sheet = SheetRows(texts, styles, calendar, int(intake_limit("workbook_cells_tolerated")), most_characters)
    return Sheet(sheet.read(archive, visible[0]), len(visible) - 1)


def _relations(archive: zipfile.ZipFile, part: str) -> Mapping[str, _Relation]:
    """What a part refers to, by id."""
    folder, name = posixpath.split(part)
    found: dict[str, _Relation] = {}

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = _Relation(attributes["Type"].rpartition("/")[2], target)

    read_part(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start, _nothing, _nothing)
    return found


def _visible_sheets(
    archive: zipfile.ZipFile, book: str, relations: Mapping[str, _Relation]
) -> tuple[list[str], Calendar]:
    """The parts of the sheets that a reader of the workbook sees (charts are none), and its calendar."""
    visible: list[str] = []
    calendars: list[Calendar] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "sheet" and attributes.get("state", "visible") == "visible":
            ids = [value for name, value in attributes.items() if name.rpartition(":")[2] == "id"]
            visible.extend(relations[one].part for one in ids if relations[one].kind == "worksheet")
        elif element == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            calendars.append(Calendar(from_1904=True))

    read_part(archive, book, start, _nothing, _nothing)
    return visible, calendars[0] if calendars else Calendar()


def _styles(archive: zipfile.ZipFile, part: str) -> list[Shown]:
    """What each of the workbook's styles makes of a number, in their order."""
    formats: dict[int, str] = dict(BUILT_IN)
    styles: list[Shown] = []
    within: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "numFmt" and within[-1:] == ["numFmts"]:
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif element == "xf" and within[-1:] == ["cellXfs"]:
            styles.append(shown_by(formats.get(int(attributes.get("numFmtId", "0")), "General")))
        within.append(element)

    def end(_: str) -> None:
        within.pop()

    read_part(archive, part, start, end, _nothing)
    return styles


def _nothing(_: str) -> None:
    """What names, ends and texts of these parts mean to us."""
