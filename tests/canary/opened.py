"""Whatever a run leaves, opened: archives, databases, mails and encodings, one within another, to be searched."""

from __future__ import annotations

import base64
import binascii
import bz2
import email
import email.policy
import gzip
import hashlib
import html
import io
import lzma
import quopri
import re
import sqlite3
import tarfile
import tempfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import duckdb

#: A path through containers, and the bytes found at its end.
Found = tuple[str, bytes]

#: So deep are containers opened and encodings undone: a workbook in base64 in a mail in a database.
_DEEPEST = 5
#: What is larger is a database or an archive; its text is not decoded as a whole, only its members are.
_LONGEST_TEXT = 40_000_000

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
_QUOTED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_MAIL_HEAD = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}\r?\n")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def opened(name: str, data: bytes, depth: int = 0, seen: set[bytes] | None = None) -> Iterator[Found]:
    """The bytes themselves, then everything inside them and every way of reading them, to the bottom; each once."""
    seen = set() if seen is None else seen
    digest = hashlib.blake2b(data, digest_size=16).digest()
    if digest in seen:
        return
    seen.add(digest)
    yield name, data
    if depth < _DEEPEST and data:
        for inside, content in chain(_members(data), _readings(data)):
            yield from opened(f"{name}!{inside}", content, depth + 1, seen)


def opened_file(path: Path, name: str) -> Iterator[Found]:
    """A file; one of a database is opened as one, with the log that lies beside it."""
    data = path.read_bytes()
    if data.startswith(b"SQLite format 3\0"):
        yield name, data
        yield from _each(name, _sqlite(path))
    elif data[8:12] == b"DUCK":
        yield name, data
        yield from _each(name, _duckdb(path))
    else:
        yield from opened(name, data)


def _each(name: str, members: Iterator[Found]) -> Iterator[Found]:
    seen: set[bytes] = set()
    for inside, content in members:
        yield from opened(f"{name}!{inside}", content, 1, seen)


def _members(data: bytes) -> Iterator[Found]:
    """What a container holds; nothing where it is none, or cannot be opened."""
    for is_one, members in _CONTAINERS:
        if is_one(data):
            try:
                yield from members(data)
            except (OSError, ValueError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile):
                continue
            except (sqlite3.Error, duckdb.Error):
                continue


def _zip(data: bytes) -> Iterator[Found]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "comment", archive.comment
        for member in archive.infolist():
            yield "name", member.filename.encode() + b"\n" + member.comment
            yield member.filename, archive.read(member)


def _tar(data: bytes) -> Iterator[Found]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            yield "name", member.name.encode()
            file = archive.extractfile(member)
            yield member.name, file.read() if file else b""


def _pdf(data: bytes) -> Iterator[Found]:
    for number, stream in enumerate(_PDF_STREAM.findall(data)):
        try:
            yield f"stream {number}", zlib.decompress(stream)
        except zlib.error:
            yield f"stream {number}", stream


def _mail(data: bytes) -> Iterator[Found]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    yield "head", "\n".join(f"{key}: {value}" for key, value in message.items()).encode("utf-8", "replace")
    for number, part in enumerate(message.walk()):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content != data:
            yield f"part {number}", content


def _database(data: bytes, ending: str, members: Callable[[Path], Iterator[Found]]) -> Iterator[Found]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"opened.{ending}"
        file.write_bytes(data)
        yield from list(members(file))


def _sqlite(file: Path) -> Iterator[Found]:
    """Each table's texts and blobs; the schema too. The log beside it is read with it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        yield "schema", b"\n".join(sql or b"" for (sql,) in connection.execute("select sql from sqlite_master"))
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            name = table.decode()
            for number, row in enumerate(connection.execute(f'select * from "{name}"')):
                texts = [one if isinstance(one, bytes) else str(one).encode() for one in row if one is not None]
                yield f"{name} {number}", b"\n".join(texts)
                for column, value in enumerate(row):
                    if isinstance(value, bytes) and _is_container(value):
                        yield f"{name} {number}.{column}", value


def _duckdb(file: Path) -> Iterator[Found]:
    """Each column's values, and every name and comment."""
    with duckdb.connect(str(file), read_only=True) as connection:
        yield (
            "schema",
            _joined(
                connection,
                "select concat_ws(' ', schema_name, table_name, column_name, comment, column_default)"
                " from duckdb_columns()"
                " union all select concat_ws(' ', table_name, comment, sql) from duckdb_tables()"
                " union all select concat_ws(' ', view_name, comment, sql) from duckdb_views() where not internal",
            ),
        )
        yield from columns_of(connection)


def columns_of(connection: duckdb.DuckDBPyConnection, schemas: Container[str] | None = None) -> Iterator[Found]:
    """Each column of a DuckDB file, or of some of its schemas: its name and its values as text."""
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        if schemas is None or schema in schemas:
            yield from _column(connection, f'"{schema}"."{table}"', column)


def _parquet(file: Path) -> Iterator[Found]:
    with duckdb.connect() as connection:
        source = f"read_parquet('{file}')"
        yield "metadata", _joined(connection, f"select concat_ws(' ', key, value) from parquet_kv_metadata('{file}')")
        for column, *_ in connection.execute(f"describe select * from {source}").fetchall():
            yield from _column(connection, source, column)


def _column(connection: duckdb.DuckDBPyConnection, source: str, column: str) -> Iterator[Found]:
    name = column.replace('"', '""')
    text = _joined(connection, f'select distinct cast("{name}" as varchar) from {source} where "{name}" is not null')
    yield f"{source}.{column}", column.encode() + b"\n" + text


def _joined(connection: duckdb.DuckDBPyConnection, select: str) -> bytes:
    return "\n".join(str(value) for (value,) in connection.execute(select).fetchall()).encode("utf-8", "replace")


_CONTAINERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Iterator[Found]]], ...] = (
    (lambda data: data.startswith((b"PK\3\4", b"PK\5\6")), _zip),
    (lambda data: data.startswith(b"\x1f\x8b"), lambda data: iter([("gz", gzip.decompress(data))])),
    (lambda data: data[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), lambda data: _zlib(data)),
    (lambda data: data.startswith(b"BZh"), lambda data: iter([("bz2", bz2.decompress(data))])),
    (lambda data: data.startswith(b"\xfd7zXZ\0"), lambda data: iter([("xz", lzma.decompress(data))])),
    (lambda data: data[257:262] == b"ustar", _tar),
    (lambda data: data.startswith(b"%PDF"), _pdf),
    (lambda data: data.startswith(b"SQLite format 3\0"), lambda data: _database(data, "sqlite", _sqlite)),
    (lambda data: data[8:12] == b"DUCK", lambda data: _database(data, "duckdb", _duckdb)),
    (lambda data: data.startswith(b"PAR1"), lambda data: _database(data, "parquet", _parquet)),
    (lambda data: _MAIL_HEAD.match(data) is not None, _mail),
)


def _zlib(data: bytes) -> Iterator[Found]:
    yield "zlib", zlib.decompress(data)


def _is_container(data: bytes) -> bool:
    return any(is_one(data) for is_one, _ in _CONTAINERS)


def _readings(data: bytes) -> Iterator[Found]:
    """The same bytes read otherwise, where that says anything else; decoded pieces that are containers, one by one."""
    if len(data) > _LONGEST_TEXT or _is_container(data):
        return
    if b"\0" in data:
        # Wide characters, of either end: what is ASCII in them stands out when the zeros go.
        yield "wide", data.replace(b"\0", b"")
    if b"%" in data and (unquoted := urllib.parse.unquote_to_bytes(data)) != data:
        yield "url", unquoted
    if b"&" in data and (unescaped := _unescaped(data)) != data:
        yield "html", unescaped
    if b"\\u" in data:
        yield "json", _ESCAPED.sub(lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), data)
    if _QUOTED.search(data) and (unquoted := quopri.decodestring(data)) != data:
        yield "quoted-printable", unquoted
    yield from _pieces("base64", _BASE64, data, _of_base64)
    yield from _pieces("hex", _HEX, data, binascii.unhexlify)


def _unescaped(data: bytes) -> bytes:
    return html.unescape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _pieces(kind: str, form: re.Pattern[bytes], data: bytes, decoded: Callable[[bytes], bytes]) -> Iterator[Found]:
    plain: list[bytes] = []
    for piece in form.findall(data):
        try:
            content = decoded(piece)
        except ValueError:
            continue
        if _is_container(content):
            yield kind, content
        else:
            plain.append(content)
    if plain:
        yield kind, b"\n".join(plain)


def _of_base64(piece: bytes) -> bytes:
    plain = piece.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    if len(plain) % 4 == 1:
        plain = plain[:-1]  # Cut out of a longer word, it has a sign too many.
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))
