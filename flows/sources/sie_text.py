"""A ledger file's bytes as text, and its lines as fields."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

#: Å Ä Ö å ä ö in the two single-byte charsets that ledger files really use.
_SWEDISH_IN_CP437 = bytes.fromhex("8F8E99868494")
_SWEDISH_IN_CP1252 = bytes.fromhex("C5C4D6E5E4F6")
_SWEDISH_IN_UTF8 = re.compile(rb"\xc3[\x84\x85\x96\xa4\xa5\xb6]")

_FOREIGN = re.compile(rb"^\s*(<!doctype|<html|<\?xml|<head|<body|%PDF|PK\x03\x04|\xd0\xcf\x11\xe0)", re.IGNORECASE)

#: A quoted field, a brace, or a bare field. A backslash before a quote is a quote inside the field, and so is one that
#: nothing ends after: real files hold names with a letter mangled into a quote. One never closed takes the line's rest.
_FIELD = re.compile(r'"((?:\\"|[^"]|"(?![\s{}]|$))*)(?:"|$)|([{}])|([^\s{}"]+)')


@dataclass(frozen=True, slots=True)
class DecodedLedger:
    """A ledger's text and the charset that its bytes turned out to be in."""

    text: str
    encoding: str


def looks_like_another_format(data: bytes) -> bool:
    """Whether the bytes begin as a web page, XML, PDF, zip or Office file."""
    return _FOREIGN.match(data[:512].removeprefix(b"\xef\xbb\xbf")) is not None


def decode_ledger(data: bytes) -> DecodedLedger:
    """The text, decided from the bytes: what the file declares (always PC8) is true of four files in five.

    Order: byte order mark, strict UTF-8 with a non-ASCII byte, else the single-byte charset with more Swedish letters.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return DecodedLedger(data.decode("utf-8-sig", errors="replace"), "UTF-8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DecodedLedger(data.decode("utf-16", errors="replace"), "UTF-16")
    try:
        return DecodedLedger(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    if _SWEDISH_IN_UTF8.search(data) is not None:
        # UTF-8 but for a byte or two: neither of the others, where these pairs spell nothing. What is lost shows.
        return DecodedLedger(data.decode("utf-8", errors="replace"), "UTF-8")
    in_cp437 = sum(data.count(byte) for byte in _SWEDISH_IN_CP437)
    in_cp1252 = sum(data.count(byte) for byte in _SWEDISH_IN_CP1252)
    encoding = "CP1252" if in_cp1252 > in_cp437 else "CP437"
    return DecodedLedger(data.decode(encoding, errors="replace"), encoding)


def fields_of(line: str) -> list[str]:
    """The fields of one line, its braces among them as `{` and `}`; a quoted brace gets a blank before it."""
    found = _FIELD.findall(line)
    if "\\" not in line and '"{"' not in line and '"}"' not in line:
        return [quoted or brace or bare for quoted, brace, bare in found]
    return [brace or bare or _unquoted(quoted) for quoted, brace, bare in found]


def _unquoted(field: str) -> str:
    return f" {field}" if field in ("{", "}") else field.replace('\\"', '"')


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """(line number, line without indent) of every line that is not blank; LF ends a line, a CR before it is dropped."""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped:
            yield number, stripped


def checksum(decoded: DecodedLedger) -> int:
    """The control sum of a file with #KSUMMA: CRC-32 over labels and fields between its first and last occurrence.

    Separators, quotes, braces and line ends are left out; an escaped quote counts as the quote alone. The bytes are
    CP437's, whatever the file is written in. Source: the SIE format description, reproduced on 17 real files.
    """
    return zlib.crc32(_summed_text(decoded.text).encode("cp437", errors="replace"))


def checksum_of_own_bytes(decoded: DecodedLedger) -> int:
    """The same control sum over the file's own bytes: what some writers of UTF-8 files do."""
    encoding = "utf-8" if decoded.encoding.startswith("UTF") else decoded.encoding
    return zlib.crc32(_summed_text(decoded.text).encode(encoding, errors="replace"))


def _summed_text(text: str) -> str:
    summed: list[str] = []
    inside = False
    for _, line in lines_of(text):
        if line.upper().startswith("#KSUMMA"):
            if inside:
                break
            inside = True
            continue
        if inside:
            for quoted, _brace, bare in _FIELD.findall(line):
                summed.append(quoted.replace('\\"', '"') or bare)
    return "".join(summed)
