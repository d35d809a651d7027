"""Changes to a workbook's container, as bytes say them: what only somebody who builds a zip by hand can make."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

#: The parts of a workbook that its reader opens.
PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
)
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
#: Where flags, method, checksum and the two sizes stand in a central and in a local header.
_FIELDS = {
    _CENTRAL: ((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (42, 4)),
    _LOCAL: ((6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2)),
}
#: What a change makes is never itself the flood.
_LARGEST = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def changed_container(good: bytes, changes: bytes) -> bytes:
    """The workbook after the changes: each is four bytes that say which, where and what."""
    changed = good
    for at in range(0, min(len(changes), 64) - 3, 4):
        act, where, value = changes[at], changes[at + 1], changes[at + 2 : at + 4]
        changed = _ACTS[act % len(_ACTS)](changed, where, value)
    return changed


def _header_field(data: bytes, where: int, value: bytes) -> bytes:
    """A flag, a method, a checksum or a size of one header says something else: encrypted, cut, a flood."""
    mark = _CENTRAL if where % 2 else _LOCAL
    starts = _found(data, mark)
    if not starts:
        return data
    start = starts[(where >> 1) % len(starts)]
    offset, width = _FIELDS[mark][value[0] % 6]
    written = (
        (value * 2)[:width]
        if value[1] % 3
        else (b"\xff" * width if value[1] % 2 else bytes([value[1], *b"\0\0\0"])[:width])
    )
    return data[: start + offset] + written + data[start + offset + width :]


def _overwritten(data: bytes, where: int, value: bytes) -> bytes:
    place = len(data) * where // 256
    return data[:place] + value + data[place + len(value) :]


def _cut(data: bytes, where: int, value: bytes) -> bytes:
    return data[: len(data) * where // 256 + value[0]]


def _repeated(data: bytes, where: int, value: bytes) -> bytes:
    """The same header of the directory again and again: entries that overlap."""
    starts, end = _found(data, _CENTRAL), data.rfind(_END)
    if not starts or end < 0 or len(data) > _LARGEST:
        return data
    start = starts[where % len(starts)]
    after = next((one for one in starts if one > start), end)
    again = data[start:after] * (value[0] + 1)
    count, size = len(starts) + value[0] + 1, end - starts[0] + len(again)
    tail = bytearray(data[end:])
    if len(tail) >= 16:
        tail[8:16] = struct.pack("<HHL", min(count, 65535), min(count, 65535), size)
    return data[:end] + again + bytes(tail)


def _packed_anew(data: bytes, where: int, value: bytes) -> bytes:
    """The same parts packed in another way, one of them renamed, doubled, left out or replaced."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as before:
            parts = [(name, before.read(name)) for name in before.namelist()]
        if not parts:
            return data
        place = where % len(parts)
        name, content = parts[place]
        parts[place : place + 1] = (
            [(f"../{name}", content)],
            [(name, content), (name, content[::-1])],
            [],
            [(name, (content * (value[1] + 1))[:_LARGEST])],
            [(name, content.replace(b"<", b"<a>", 1))],
            [(name, b'<?xml version="1.0" encoding="' + value + b'"?>' + content)],
            [(name, b'<!DOCTYPE x [<!ENTITY a "b">]>' + content)],
            [(name, content.decode("utf-8", "replace").encode("utf-16"))],
        )[value[0] % 8]
        method = _METHODS[value[1] % len(_METHODS)]
        with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as after:
            # The same name twice is just what is wanted.
            warnings.simplefilter("ignore")
            for one, written in parts:
                after.writestr(one, written)
    except Exception:
        # What is broken already cannot be packed again: that is not what is tried here.
        return data
    return target.getvalue()


def _found(data: bytes, mark: bytes) -> list[int]:
    found: list[int] = []
    start = data.find(mark)
    while start >= 0:
        found.append(start)
        start = data.find(mark, start + 1)
    return found


_ACTS = (_header_field, _packed_anew, _overwritten, _header_field, _cut, _repeated)
