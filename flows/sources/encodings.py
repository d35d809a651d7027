"""A text file's encoding, decided from its bytes, and the bytes as UTF-8 with LF line ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.sources.refused_file import RefusedFile

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

#: How other formats begin, and what a reader calls them.
_OTHER_FORMATS = (
    (b"PK\x03\x04", "en arbetsbok (xlsx) eller zip-fil"),
    (b"\xd0\xcf\x11\xe0", "en äldre Office-fil"),
    (b"%PDF", "en PDF-fil"),
    (b"\x1f\x8b", "en packad fil (gzip)"),
    (b"{\\rtf", "en RTF-fil"),
)

_LONGEST_HEADER = 100_000
_A_PAGE = "en webbsida eller XML-fil"

#: What the bytes 80–BF look like when UTF-8 has been read as Latin-1 or CP1252.
_CONTINUATION = "".join(
    {chr(byte) for byte in range(0x80, 0xC0)} | {bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)}
)
_MOJIBAKE = re.compile(f"Ã[{re.escape(_CONTINUATION)}]|\ufffd")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text as UTF-8 bytes with LF line ends, and what it was written in."""

    utf8: bytes
    encoding: str


def decode(data: bytes) -> Decoded:
    """The file as UTF-8; raises RefusedFile for what is empty, no text, or garbled on its way."""
    _refuse_other_formats(data)
    text, encoding = _text(data)
    # A text that is already UTF-8 is not built up as characters: the large files are.
    utf8 = data.removeprefix(_UTF8_MARK) if text is None else text.encode("utf-8")
    if b"\x00" in utf8:
        raise RefusedFile("file_not_text", kind="en binärfil")
    if not utf8.strip():
        raise RefusedFile("file_empty")
    if utf8[:1024].lstrip().startswith(b"<"):
        raise RefusedFile("file_not_text", kind=_A_PAGE)
    if b"\r" in utf8:
        utf8 = utf8.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    _refuse_mojibake(utf8)
    return Decoded(utf8, encoding)


def kind_of_other_format(data: bytes) -> str | None:
    """What a file that is neither text nor our workbook seems to be; None where its beginning says nothing."""
    for beginning, kind in _OTHER_FORMATS:
        if data.startswith(beginning):
            return kind
    return _A_PAGE if data[:1024].removeprefix(_UTF8_MARK).lstrip().startswith(b"<") else None


def garbled_at(text: str) -> int | None:
    """Where a text holds characters that were garbled on their way (UTF-8 read as something else)."""
    if "Ã" not in text and "\ufffd" not in text:
        return None
    found = _MOJIBAKE.search(text)
    return None if found is None else found.start()


def _refuse_other_formats(data: bytes) -> None:
    for beginning, kind in _OTHER_FORMATS:
        if data.startswith(beginning):
            raise RefusedFile("file_not_text", kind=kind)


def _text(data: bytes) -> tuple[str | None, str]:
    """(text, encoding); None where the bytes are UTF-8 as they are."""
    if data.startswith(_UTF16_MARKS):
        try:
            return data.decode("utf-16").replace("\ufeff", ""), "UTF-16"
        except UnicodeDecodeError as error:
            raise RefusedFile("file_unreadable_characters", line=_line_at(data, error.start)) from None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data.startswith(_UTF8_MARK):
            raise RefusedFile("file_unreadable_characters", line=_line_at(data, error.start)) from None
    else:
        return None, "UTF-8 BOM" if data.startswith(_UTF8_MARK) else "UTF-8"
    try:
        return data.decode("cp1252"), "CP1252"
    except UnicodeDecodeError as error:
        # NUL first: a binary file is called that, not a text with one strange byte.
        if b"\x00" in data:
            raise RefusedFile("file_not_text", kind="en binärfil") from None
        raise RefusedFile("file_unreadable_characters", line=_line_at(data, error.start)) from None


def _refuse_mojibake(utf8: bytes) -> None:
    if b"\xc3\x83" not in utf8 and b"\xef\xbf\xbd" not in utf8:
        return
    text = utf8.decode("utf-8")
    found = garbled_at(text)
    if found is None:
        return
    start = text.rfind("\n", 0, found) + 1
    position = text[start:found].count(";")
    # No name of ours stands further in; a line without an end is not split.
    header = text.lstrip().split("\n", 1)[0][:_LONGEST_HEADER].split(";")
    line = text.count("\n", 0, start) + 1
    raise garbled(line, position, header if line > 1 else ())


def garbled(line: int, position: int, header: Sequence[str]) -> RefusedFile:
    """The refusal of a garbled file; `header` is empty where its own words may be the garbled ones."""
    named = position < len(header) and re.fullmatch(r"[a-z_]{1,40}", header[position])
    place = f"kolumnen {header[position]}" if named else f"kolumn {position + 1}"
    return RefusedFile("file_mojibake", line=line, column=place)


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
