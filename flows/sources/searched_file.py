"""A file searched as it lies there, whatever it is: text in any encoding, a workbook's every sheet, what is packed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from flows.declarations.intake_limits import intake_limit
from flows.sources.number_formats import Calendar
from flows.sources.refused_file import RefusedFile
from flows.sources.sheet_cells import SheetRows, shared_texts

_ZIP, _GZIP, _OLE, _PDF = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MEGABYTE = 1 << 20
_DEEPEST = 3

_SHEET = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_SHARED = re.compile(r"(?:^|/)sharedStrings\.xml$", re.IGNORECASE)
#: Where a new line begins in documents and comments; other tags stand within a word.
_ENDS_A_LINE = re.compile(rb"</(?:[a-z]+:)?(?:p|row|tr|table-row|comment|si|c)>|<(?:[a-z]+:)?(?:br|tab)\b[^>]*>", re.I)
_TAG = re.compile(rb"<[^>]*>")

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, NotImplementedError, OSError, RuntimeError,
    UnicodeError, ValueError, RefusedFile,
)  # fmt: skip


@dataclass(slots=True)
class Searched:
    """On how many lines (of a workbook: rows) something was found, and what of the file could not be looked into."""

    lines: int = 0
    unread: list[str] = field(default_factory=list)


def search(data: bytes, looked_for: re.Pattern[bytes]) -> Searched:
    """Look through a file of any kind; never raises for what the bytes are."""
    searched = Searched()
    _Search(looked_for, searched, _most_bytes()).look(data)
    return searched


class _Search:
    """The search of one file, and how much more of it may be unpacked."""

    def __init__(self, looked_for: re.Pattern[bytes], searched: Searched, most_bytes: int) -> None:
        self._looked_for = looked_for
        self._searched = searched
        self._left = most_bytes

    def look(self, data: bytes, depth: int = 0) -> None:
        """Count what is found in the bytes, and in what is packed in them."""
        if depth > _DEEPEST:
            self._unread("packed too deep")
        elif data.startswith(_ZIP):
            self._unpack(data, depth)
        elif data.startswith(_GZIP):
            self._inflate(data, depth)
        elif data.startswith(_PDF):
            self._unread("a PDF file")
        elif data.startswith(_OLE):
            self._text(data)
            self._text(data.decode("utf-16-le", "replace").encode())
            self._unread("an older Office file, or one with a password: only its texts can be searched")
        elif data.startswith(_UTF16_MARKS):
            self._text(data.decode("utf-16", "replace").encode())
        else:
            self._text(data)
            if b"\x00" in data:
                for encoding in ("utf-16-le", "utf-16-be"):
                    self._text(data.decode(encoding, "replace").encode())

    def _unread(self, why: str) -> None:
        if why not in self._searched.unread:
            self._searched.unread.append(why)

    def _text(self, text: bytes) -> None:
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        ended = 0
        for match in self._looked_for.finditer(text):
            if match.start() >= ended:
                self._searched.lines += 1
                end = text.find(b"\n", match.end())
                ended = len(text) if end < 0 else end

    def _inflate(self, data: bytes, depth: int) -> None:
        try:
            inflated = zlib.decompressobj(zlib.MAX_WBITS | 16)
            content = inflated.decompress(data, self._left)
        except zlib.error:
            self._unread("damaged")
            return
        if inflated.unconsumed_tail:
            self._unread("larger than we unpack")
        self._left -= len(content)
        self.look(content, depth + 1)

    def _unpack(self, data: bytes, depth: int) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                self._look_into(packed, depth)
        except _DAMAGE:
            # What cannot be read as what it says it is may still show what it holds.
            self._text(data)
            self._unread("damaged")

    def _look_into(self, packed: zipfile.ZipFile, depth: int) -> None:
        names = [one.filename for one in packed.infolist() if not one.is_dir()]
        shared = next((name for name in names if _SHARED.search(name)), None)
        before = self._searched.lines
        texts = shared_texts(packed, shared) if shared is not None and self._fits(packed, shared) else []
        for name in names:
            if name == shared or not self._fits(packed, name):
                continue
            if _SHEET.search(name):
                self._sheet(packed, name, texts)
            elif name.lower().endswith((".xml", ".vml", ".rels")):
                self._markup(packed.read(name))
            else:
                self.look(packed.read(name), depth + 1)
        if self._searched.lines == before:
            self._text("\n".join(texts).encode())

    def _fits(self, packed: zipfile.ZipFile, name: str) -> bool:
        self._left -= packed.getinfo(name).file_size
        if self._left < 0:
            self._unread("larger than we unpack")
        return self._left >= 0

    def _markup(self, markup: bytes) -> None:
        self._text(_TAG.sub(b"", _ENDS_A_LINE.sub(b"\n", markup)))

    def _sheet(self, packed: zipfile.ZipFile, name: str, texts: list[str]) -> None:
        """Every row of a sheet, hidden ones and hidden sheets too; a number as it was typed, however it is shown."""
        most_cells = int(intake_limit("workbook_cells_tolerated"))
        try:
            rows = SheetRows(texts, [], Calendar(), most_cells, _most_bytes()).read(packed, name)
        except _DAMAGE:
            self._unread("damaged, or larger than we read")
            self._markup(packed.read(name))
            return
        for row in rows:
            line = "\t".join(" ".join(text.splitlines()) for text in row.cells.values())
            self._text(line.encode("utf-8", "replace"))


def _most_bytes() -> int:
    return int(intake_limit("workbook_megabytes_tolerated")) * _MEGABYTE
