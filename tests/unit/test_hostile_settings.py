"""Settings, mappings and secrets as nobody should write them: each is refused in a sentence that repeats nothing."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from flows.declarations.mappings import parse_mapping, read_mapping
from flows.declarations.name_patterns import name_pattern
from flows.errors import Refusal
from flows.settings import HomeSettings, home_settings
from flows.settings.places import FolderPlace, HttpsPlace, S3Place, SftpPlace, WebdavPlace
from flows.settings.secrets import read_secret
from flows.sources.person_key import read_key
from flows.steps.messages import read_said
from flows.store.home import Home
from flows.store.pulled import PulledFiles

PLACES = {
    "folder": (FolderPlace, 'path = "/srv/exports"'),
    "sftp": (SftpPlace, 'host = "a.example"\nuser = "me"\nkey_file = "/a"\nhost_key = "ssh-ed25519 AAAA"'),
    "https": (HttpsPlace, 'url = "https://a.example/"'),
    "s3": (S3Place, 'bucket = "exports"\naccess_key = "env:A"\nsecret_key = "env:B"'),
    "webdav": (WebdavPlace, 'url = "https://a.example/"'),
}
#: Nothing of ours is any of these; the last is a date, which TOML has and JSON has not.
WRONG = [
    "[[[]]]",
    "{ a = { b = 1 } }",
    "-1.5",
    "nan",
    '""',
    '"\\u0000"',
    '"\\u001b[2J"',
    "1979-05-27",
    f'"{"x" * 3000}"',
]


def refused(folder: Path, content: str | bytes) -> str:
    file = folder / "settings.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Refusal) as found:
        home_settings(file)
    said = str(found.value)
    assert str(file) in said
    assert said.isprintable()
    assert len(said) < 3000
    return said


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("wrong", WRONG)
def test_no_key_of_a_place_takes_what_it_is_not(kind: str, wrong: str, tmp_path: Path) -> None:
    model, needed = PLACES[kind]
    for key in model.model_fields:
        # A path, a user or a prefix may be any words that can be seen.
        if wrong in ('""', WRONG[-1]) and key in ("path", "user", "prefix", "region", "key_file", "ca_file"):
            continue
        others = "\n".join(line for line in needed.split("\n") if not line.startswith(f"{key} ="))
        kinds = "" if key == "kind" else f'kind = "{kind}"\n'
        said = refused(tmp_path, f"[places.a]\n{kinds}{others}\n{key} = {wrong}\n")
        assert "line " in said
        assert "x" * 3000 not in said


@pytest.mark.parametrize("wrong", [*WRONG, '"three"'])
def test_no_key_of_the_home_takes_what_it_is_not(wrong: str, tmp_path: Path) -> None:
    for key in HomeSettings.model_fields:
        assert "line 1" in refused(tmp_path, f"{key} = {wrong}\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("keep_published = 3\nkeep_published = 4\n", "line 2"),
        ("a.b = 1\n[a]\nb = 2\n", "line 2"),
        (f"keep_published = {'9' * 5_000}\n", "a number in it is too long"),
        ("keep_published = " + "[" * 100_000, "nested too deep"),
        ("a = " + "{ b = " * 5_000, "nested too deep"),
        ("# \xe5\n".encode("cp1252"), "UnicodeDecodeError"),
        ("keep_published = 3\n".encode("utf-16"), "UnicodeDecodeError"),
        ("keep_published = 3\r", "line 1"),
        ("keep_published = 3\0", "line 1"),
        ("#" * 2_000_000, "somebody wrote by hand"),
        ("\n".join(f"key{number} = 1" for number in range(5_000)), "and 4980 more"),
    ],
)
def test_what_is_no_settings_file_is_said(content: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(tmp_path, content)


@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_a_byte_order_mark_and_line_ends_of_windows_are_read(before: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(f"{before}keep_published = 3\r\n[messages]\r\nclose_workday = 4\r\n".encode())
    assert (home_settings(file).keep_published, home_settings(file).messages.close_workday) == (3, 4)


@pytest.mark.parametrize(
    "text",
    [
        '[places.a]\nkind = "hunter2"\n',
        '[places.a]\nkind = "https"\nurl = "https://a.example/?sig=hunter2"\n',
        '[places.a]\nkind = "https"\nurl = "https://a.example/#hunter2"\n',
        '[places.a]\nkind = "https"\nurl = "http://me:hunter2@a.example/"\n',
        '[places.a]\nkind = "webdav"\nurl = "https://a.example/"\npassword = "hunter2"\n',
        '[places.a]\nkind = "s3"\nbucket = "exports"\naccess_key = "env:A"\nsecret_key = "hunter2"\n',
        '[places.a]\nkind = "s3"\nbucket = "exports"\naccess_key = "env:A"\nsecret_key = "env:A"\nendpoint = "http://hunter2@a"',
        '[places.a]\nkind = "sftp"\nhost = "me:hunter2@a"\nuser = "me"\nkey_file = "/a"\nhost_key = "ssh-a AAAA"',
        '[places.a]\nkind = "folder"\npath = "/a"\npassword = "hunter2"\n',
        '[messages]\nto = ["mailtos://me:hunter2@a.example"]\n',
        '[messages]\nheartbeat = "https://a.example/hunter2"\n',
        'password = "hunter2"\n',
        "[messages]\nheartbeat = hunter2\n",
        '[messages]\nheartbeat = "hunter2\n',
    ],
)
def test_a_secret_in_any_place_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    assert "hunter2" not in refused(tmp_path, text)


def test_a_secret_is_one_line_of_a_small_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "token"
    for content in (
        b"hunter2\nX-Other: 1",
        b"hunter2\x1b[2J",
        b"hunter2\r\nBcc: a",
        b"hunter2\0",
        b"\xffhunter2",
        b"x" * 70_000,
    ):
        kept.write_bytes(content)
        kept.chmod(0o600)
        with pytest.raises(Refusal) as refusal:
            read_secret(f"file:{kept}")
        assert "hunter2" not in str(refusal.value)
    monkeypatch.setenv("A_TOKEN", "hunter2\nX-Other: 1")
    with pytest.raises(Refusal):
        read_secret("env:A_TOKEN")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/", "/proc/self/mem", "/a\0b"])
def test_what_is_no_file_holds_no_secret(path: str) -> None:
    with pytest.raises(Refusal):
        read_secret(f"file:{path}")


def test_a_pipe_in_a_secrets_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token", 0o600)
    with pytest.raises(Refusal):
        read_secret(f"file:{tmp_path / 'token'}")
    os.mkfifo(tmp_path / "key", 0o600)
    with pytest.raises(Refusal):
        read_key(tmp_path / "key")


PATH = Path("mappings/kost_maltider.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[columns]\n" + "[" * 5_000,
        f"a = {'9' * 5_000}",
        "[conversions]\nportioner = [[1]]\n",
        "[conversions]\nportioner = [{ a = 1 }]\n",
        "[conversions]\nportioner = { a = 1 }\n",
        "[codes]\nenhet_kod = 1\n",
        "[file]\npattern = '(?P<period>a)(?P<extracted>b)'\nextracted = '%Y%Y'\n",
        "[file]\npattern = '(?P<period>a)(?P<extracted>b)'\nextracted = '%Y-%m-%dT%H:%M%z'\n",
        "[file]\npattern = '(?P<period>a)(?P<extracted>b)'\nextracted = '%'\n",
        "[file]\npattern = '(?P<period>a)(?P<extracted>b){99999999999999999999}'\n",
        "[file]\npattern = '" + "(" * 400 + "(?P<period>a)(?P<extracted>b)'\n",
        "[file]\npattern = '(?P<period>(a+)+)(?P<extracted>b)'\n",
        "[file]\npattern = '.*.*.*.*(?P<period>a)(?P<extracted>b)'\n",
        "[file]\npattern = '(?P<period>(a|aa)*)(?P<extracted>b)'\n",
    ],
)
def test_a_mapping_that_would_stop_the_night_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_mapping(f'extract = "kost_maltider"\n{text}', PATH)
    assert str(PATH) in str(refusal.value)
    assert str(refusal.value).isprintable()


def test_a_mapping_may_begin_with_a_byte_order_mark_and_be_no_flood(tmp_path: Path) -> None:
    file = tmp_path / "kost_maltider.toml"
    file.write_bytes(b'\xef\xbb\xbfextract = "kost_maltider"\r\n[columns]\r\nA = "portioner"\r\n')
    assert read_mapping(file).columns == {"A": "portioner"}
    file.write_bytes(b"#" * 2_000_000)
    with pytest.raises(Refusal):
        read_mapping(file)


def test_a_part_of_a_name_that_may_be_absent_makes_it_no_delivery() -> None:
    text = "[file]\npattern = '(?P<period>[0-9]{6})?x(?P<extracted>[0-9]{8})?'\nextracted = '%Y%m%d'\n"
    mapping = parse_mapping(f'extract = "kost_maltider"\n{text}', PATH)
    assert mapping.delivery_name("x") is None
    assert mapping.delivery_name("202108x20210903") is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"HT_(?P<period>\d{6})_(?P<extracted>\d{8}T\d{4})\.csv",
        r".*(?P<period>20\d\d-?\d\d).*_(?P<extracted>\d+)\.(csv|xlsx)",
        r"(?i)export[ _-]?(?P<period>[0-9]{6}) \((?P<extracted>[0-9]{8,14})\)\.CSV",
    ],
)
def test_a_pattern_that_people_write_is_taken_and_any_name_is_soon_decided(pattern: str) -> None:
    found = name_pattern(pattern)
    started = time.monotonic()
    for name in ("2021-08" * 36, "a" * 255, "1" * 255, ".csv" * 63):
        found.fullmatch(name)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"1", b'"a"', b'{"news": 1}', b'{"news": {}, "down": []}', b"[" * 100_000, b"\xff", b"{",
     b'{"a.csv": {"sha256": "\\ud800"}}', b'{"user": 1, "pid": [], "since": null}', b'{"pid": 1e999}', b"NaN"],
)  # fmt: skip
def test_the_houses_own_notes_damaged_are_forgotten(content: bytes, tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    home.pulled.mkdir()
    for file in (home.messages_file, home.writer_file, home.pulled / "heroma.json"):
        file.write_bytes(content)
    assert all(isinstance(one, str) for one in read_said(home).news)
    memory = PulledFiles.of(home, "heroma")
    assert not memory.knows("b.csv", 1, "then")
    memory.arriving("b.csv").write_bytes(b"rows")
    memory.keep("b.csv", 4, "now", "0" * 64, datetime(2021, 9, 3))
    assert PulledFiles.of(home, "heroma").knows("b.csv", 4, "now")
    with home.writer("a test"), pytest.raises(Refusal) as refusal, home.writer("another"):
        pass
    assert "a test" in str(refusal.value)
