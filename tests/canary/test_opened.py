"""The scan itself: a canary is heard in whatever it is packed, and nothing is heard where none sings."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import pickle
import quopri
import sqlite3
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from tests.canary.canaries import FREE_TEXT, LANDED, NAME, PHONES, Listener, everything, hyphened

SUNG = f"rad 1;{hyphened(LANDED)};{NAME} {FREE_TEXT};{PHONES[0]}"
HEARD = {"person 1", "name", "free text", "phone"}


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", data)
    return file.getvalue()


def named_in_a_zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(data.decode(), b"")
    return file.getvalue()


def commented_zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = data
    return file.getvalue()


def tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def in_a_workbook(data: bytes) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_string("B2", data.decode())
    return file.getvalue()


def in_a_comment_of_a_workbook(data: bytes) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_comment("B2", data.decode())
    return file.getvalue()


def in_the_properties_of_a_workbook(data: bytes) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet()
        book.set_properties({"author": data.decode()})
    return file.getvalue()


def of_a_file(ending: str, write: Callable[[Path, bytes], None]) -> Callable[[bytes, Path], bytes]:
    def packed(data: bytes, folder: Path) -> bytes:
        file = folder / f"packed.{ending}"
        write(file, data)
        return file.read_bytes()

    return packed


def write_sqlite(file: Path, data: bytes) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("create table log (id integer, message text, state blob)")
        connection.execute("insert into log values (1, 'nothing', ?)", [zlib.compress(data)])
    connection.close()


def write_duckdb(file: Path, data: bytes) -> None:
    with duckdb.connect(str(file)) as connection:
        # Many alike, so that the engine compresses them.
        connection.execute("create table told as select ? as words from range(5000)", [data.decode()])


def write_duckdb_comment(file: Path, data: bytes) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table told (words varchar)")
        connection.execute(f"comment on column told.words is '{data.decode()}'")


def write_parquet(file: Path, data: bytes) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table told as select ? as words from range(5000)", [data.decode()])
        connection.execute(f"copy told to '{file}' (format parquet, compression zstd)")


def mailed(data: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "läget"
    message["To"] = "controller@example.se"
    message.set_content("inget här")
    message.add_attachment(gzip.compress(data), maintype="application", subtype="gzip", filename="a.gz")
    return message.as_bytes()


def in_a_subject(data: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = data.decode()
    message["To"] = "controller@example.se"
    message.set_content("inget här")
    return message.as_bytes()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "in capitals": lambda data: data.decode().upper().encode(),
    "cp1252": lambda data: data.decode().encode("cp1252"),
    "cp437": lambda data: data.decode().encode("cp437"),
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "utf-16-be": lambda data: data.decode().encode("utf-16-be"),
    "utf-32": lambda data: data.decode().encode("utf-32"),
    "json": lambda data: json.dumps({"message": data.decode()}).encode(),
    "html": lambda data: html.escape(data.decode()).encode("ascii", "xmlcharrefreplace"),
    "url": lambda data: urllib.parse.quote(data.decode(), safe="").encode(),
    "quoted-printable": quopri.encodestring,
    "base64": lambda data: b"Authorization: Basic " + base64.b64encode(data),
    "base64 for addresses": lambda data: b"?t=" + base64.urlsafe_b64encode(data).rstrip(b"="),
    "hex": lambda data: data.hex().encode(),
    "pickle": lambda data: pickle.dumps({"row": [data.decode()]}),
    "base64 of a pickle": lambda data: base64.b64encode(pickle.dumps(ValueError(data.decode()))),
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "a name in a zip": named_in_a_zip,
    "a comment of a zip": commented_zip,
    "tar": tarred,
    "workbook": in_a_workbook,
    "comment of a workbook": in_a_comment_of_a_workbook,
    "properties of a workbook": in_the_properties_of_a_workbook,
    "pdf": lambda data: b"%PDF-1.7\n1 0 obj<<>>\nstream\n" + zlib.compress(data) + b"\nendstream\n",
    "mail": mailed,
    "subject of a mail": in_a_subject,
    "workbook in base64 in json": lambda data: json.dumps(base64.b64encode(in_a_workbook(data)).decode()).encode(),
    "json in an address": lambda data: urllib.parse.quote(json.dumps(data.decode())).encode(),
}
IN_FILES = {
    "a blob of sqlite": of_a_file("sqlite", write_sqlite),
    "duckdb": of_a_file("duckdb", write_duckdb),
    "comment of duckdb": of_a_file("duckdb", write_duckdb_comment),
    "parquet": of_a_file("parquet", write_parquet),
}


@pytest.mark.parametrize("packing", PACKED)
def test_a_canary_is_heard_in_whatever_it_is_packed(packing: str) -> None:
    listener = Listener(everything())
    assert {canary for _, canary in listener.in_text("packed", PACKED[packing](SUNG.encode()))} >= HEARD
    assert listener.in_text("packed", PACKED[packing](b"rad 1;ingen;ingenting;0")) == set()


@pytest.mark.parametrize("packing", IN_FILES)
def test_a_canary_is_heard_in_a_database(packing: str, tmp_path: Path) -> None:
    listener = Listener(everything())
    data = IN_FILES[packing](SUNG.encode(), tmp_path)
    assert {canary for _, canary in listener.in_text("packed", data)} >= HEARD
    assert {canary for _, canary in listener.in_files(tmp_path)} >= HEARD
    # A database within an archive is opened too.
    assert {canary for _, canary in listener.in_text("packed", zipped(data))} >= HEARD


def test_what_a_log_of_a_database_has_not_yet_brought_home_is_heard(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "prefect.db") as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table log (message text)")
        connection.commit()
        connection.execute("insert into log values (?)", [SUNG])
        connection.commit()
        assert {place for place, _ in Listener(everything()).in_files(tmp_path)} >= {
            f"{tmp_path.name}/prefect.db!log 0",
            f"{tmp_path.name}/prefect.db-wal",
        }
    connection.close()


def test_a_name_of_a_file_and_of_a_folder_is_heard(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / f"{LANDED}.csv").touch()
    assert {canary for _, canary in Listener(everything()).in_files(tmp_path)} >= {"name", "person 1"}


def test_a_secret_is_heard_as_bytes_and_in_an_address() -> None:
    secret = bytes(range(7, 39))
    listener = Listener({"key": (secret, secret.hex(), base64.b64encode(secret)), "password": ("p/w:hemligt+0",)})
    for written in (b"\0\1" + secret, secret.hex().upper().encode(), base64.b64encode(secret)):
        assert {canary for _, canary in listener.in_text("packed", written)} == {"key"}
    address = f"mailto://me:{urllib.parse.quote('p/w:hemligt+0', safe='')}@example.se"
    assert {canary for _, canary in listener.in_text("packed", address)} == {"password"}
