"""Files made to do harm, or that might by mistake: none is followed, none fills the memory, none forges a line."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from flows import cli
from flows.declarations.mappings import parse_mapping
from flows.domain.finding import Finding
from flows.errors import ExitCode
from flows.steps import inbox_files
from flows.steps.receive import receive
from tests.close.received_folder import AUGUST, STOCKHOLM, Exports
from tests.conftest import BOKSLUT, clean_environment

NAME = "kost_maltider_202108_20210903T0600.csv"


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


def test_a_link_is_not_followed(exports: Exports, tmp_path: Path) -> None:
    secret = tmp_path / "person.key"
    secret.write_text("period;enhet_kod;portioner\n2021-08;E1;10\n")
    (exports.inbox / NAME).symlink_to(secret)
    received = exports.receive()
    assert received.landed == ()
    assert [note.rule_id for note in received.notes] == ["file_is_link"]
    assert exports.values("select count(*) from control.deliveries") == [0]


def test_a_link_put_in_a_files_place_after_the_look_is_not_followed(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "person.key"
    secret.write_text("a key")
    (exports.inbox / NAME).symlink_to(secret)
    monkeypatch.setattr(Path, "is_symlink", lambda _: False)
    found = inbox_files.whole_file(exports.inbox / NAME, "kost_maltider", 1000)
    assert not isinstance(found, bytes)
    assert found.rule_id == "file_not_opened"


def test_a_pipe_does_not_hang_the_night(exports: Exports) -> None:
    os.mkfifo(exports.inbox / NAME)
    assert exports.receive().landed == ()


def test_a_file_too_large_for_the_memory_is_left_where_it_is(exports: Exports) -> None:
    large = exports.inbox / NAME
    with large.open("wb") as file:
        file.truncate(5_000_000_000)  # Sparse: five gigabytes to whoever reads it.
    other = exports.meals("202107", "20210803T0600", 10)
    received = exports.receive()
    assert received.landed == (other,)
    assert [(note.rule_id, note.message) for note in received.notes] == [
        ("file_too_large", f"{NAME} är 5000 MB och är inte läst; det största som läses är 1000 MB.")
    ]


def test_the_limit_is_the_homes_own(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    now = datetime(2021, 10, 1, 9, 0, tzinfo=STOCKHOLM)
    received = receive(
        exports.connection, exports.archive, exports.inbox, lambda: b"k" * 32, lambda: now, largest_file=10
    )
    assert [note.rule_id for note in received.notes] == ["file_too_large"]


@pytest.mark.parametrize(
    "name",
    [
        "kost_maltider_202108_20210903T0600\n2021-09-03 01:00 forged.csv",
        "kost_maltider_202108_20210903T0600\x1b[31m.csv",
        "..csv",
        f"{'k' * 240}.csv",
        "kost_maltider'); drop table raw.kost_maltider; --_202108_20210903T0600.csv",
        "kost_maltider_202108_20210903T0600.csv;rm -rf .csv",
        "=HYPERLINK(A1)_202108_20210903T0600.csv",
    ],
)
def test_a_name_is_never_more_than_a_name(exports: Exports, name: str) -> None:
    (exports.inbox / name).write_text("period;enhet_kod;portioner\n2021-08;E1;10\n")
    other = exports.meals("202107", "20210803T0600", 10)
    received = exports.receive()
    assert received.landed == (other,)
    assert exports.values("select count(*) from raw.kost_maltider") == [1]
    assert all(note.message.isprintable() for note in received.notes)
    assert exports.select(AUGUST.plus(-1)) == [other]


def _named(exports: Exports, *names: str | bytes) -> None:
    for name in names:
        (exports.inbox / os.fsdecode(name)).write_text("period;enhet_kod;portioner\n2021-08;E1;10\n")


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}\n",
        f"{NAME}\r",
        "kost_maltider_202108_20210903T0600\u202evsc.csv",
        "\u202ekost_maltider_202108_20210903T0600.csv",
        b"kost_maltider_202108_20210903T0600\xff.csv",
        "kost_maltider_000001_20210903T0600.csv",
        "kost_maltider_999912_20210903T0600.csv",
        "kost_maltider_202108_00010101T0000.csv",
        "kost_maltider_٢٠٢١٠٨_20210903T0600.csv",
        f"{'k' * 251}.csv",
        "%2e%2e%2fetc%2fpasswd",
    ],
)
def test_a_name_that_only_seems_a_deliverys_is_left_and_the_rest_is_read(exports: Exports, name: str | bytes) -> None:
    _named(exports, name)
    other = exports.meals("202107", "20210803T0600", 10)
    received = exports.receive()
    assert (received.landed, received.refused) == ((other,), ())
    assert [note.rule_id for note in received.notes] == ["name_not_a_delivery"]
    assert all(note.message.isprintable() for note in received.notes)


def test_a_mapping_takes_no_name_that_a_terminal_would_obey(exports: Exports) -> None:
    text = 'extract = "kost_maltider"\n[columns]\nAntal = "portioner"\n[file]\n' + (
        "pattern = '(?s).*(?P<period>2021..).*(?P<extracted>2021[0-9]{4}).*csv'\nextracted = '%Y%m%d'\n"
    )
    mapping = parse_mapping(text, Path("kost_maltider.toml"))
    names = [
        "mat 202108 20210903.csv",
        "mat 202108\x1b[2J 20210903.csv",
        "mat 202108\n20210903.csv",
        "\u202e202108 20210903.csv",
    ]
    _named(exports, *names, b"\xff202108 20210903.csv")
    now = datetime(2021, 10, 1, 9, 0, tzinfo=STOCKHOLM)
    received = receive(
        exports.connection,
        exports.archive,
        exports.inbox,
        lambda: b"k" * 32,
        lambda: now,
        mappings={"kost_maltider": mapping},
    )
    assert received.landed == (names[0],)
    assert [note.rule_id for note in received.notes] == ["name_not_a_delivery"] * 4
    assert all(note.message.isprintable() for note in received.notes)


def test_folders_that_are_links_loops_unnameable_or_endless_stop_no_file(exports: Exports, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / NAME).write_text("period;enhet_kod;portioner\n2021-08;E1;10\n")
    (exports.inbox / "link").symlink_to(outside)
    (exports.inbox / "loop").symlink_to(exports.inbox)
    (exports.inbox / "self").symlink_to("self")
    odd = exports.inbox / os.fsdecode(b"odd\xff\x1b[2J")
    odd.mkdir()
    (odd / NAME).write_text("period;enhet_kod;portioner\n2021-08;E1;10\n")
    _dig(exports.inbox)
    other = exports.meals("202107", "20210803T0600", 10)
    received = exports.receive()
    assert received.landed == (other,)
    told = sorted(note.rule_id for note in received.notes)
    assert told == ["file_not_opened", *["name_not_a_delivery"] * 4]
    assert all(note.message.isprintable() for note in received.notes)
    assert not list(exports.archive.rglob(sha256((outside / NAME).read_bytes()).hexdigest()))


def _dig(folder: Path) -> None:
    """Folders within folders, further down than any path reaches."""
    before = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=before)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=before)
        os.close(before)
        before = below
    os.close(before)


def test_a_pipe_and_a_folder_under_a_deliverys_name_are_told_or_entered(exports: Exports) -> None:
    os.mkfifo(exports.inbox / NAME)
    (exports.inbox / "kost_maltider_202106_20210703T0600.csv").mkdir()
    inner = exports.inbox / "kost_maltider_202106_20210703T0600.csv" / "kost_maltider_202107_20210803T0600.csv"
    inner.write_text("period;enhet_kod;portioner\n2021-07;E1;10\n")
    received = exports.receive()
    assert received.landed == (inner.name,)
    assert [(note.rule_id, note.message) for note in received.notes] == [
        ("file_not_opened", f"{NAME} går inte att öppna (ingen vanlig fil) och är inte läst.")
    ]


def test_twenty_thousand_files_that_are_no_deliveries_are_told_in_a_few_lines(exports: Exports) -> None:
    first = exports.inbox / "photo.00000.jpg"
    first.touch()
    for number in range(1, 20_000):
        os.link(first, exports.inbox / f"photo.{number:05}.jpg")
    other = exports.meals("202107", "20210803T0600", 10)
    received = exports.receive()
    assert received.landed == (other,)
    assert [note.rule_id for note in received.notes] == [*["name_not_a_delivery"] * 50, "files_left"]
    assert received.notes[-1].message == "19950 filer till lämnas olästa av samma skäl som photo.00000.jpg."


@pytest.mark.parametrize("act", ["shrinks", "is replaced", "is gone"])
def test_a_file_that_changes_under_the_reader_is_not_read_in_part(
    exports: Exports, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    path = exports.inbox / NAME
    path.write_text("period;enhet_kod;portioner\n" + "2021-08;E1;10\n" * 1_000)
    before = os.fstat

    def seen(handle: int) -> os.stat_result:
        found = before(handle)
        if path.exists() and os.path.samestat(found, path.stat()):
            if act == "shrinks":
                os.truncate(path, 100)
            elif act == "is replaced":
                other = exports.inbox / ".other"
                other.write_text("another")
                other.replace(path)
            else:
                path.unlink()
        return found

    monkeypatch.setattr(inbox_files.os, "fstat", seen)
    found = inbox_files.whole_file(path, "kost_maltider", 1_000_000)
    if act == "shrinks":
        assert isinstance(found, Finding)
        assert found.rule_id == "file_growing"
    else:
        # What was opened is what is read: whole, and the one that was looked at.
        assert isinstance(found, bytes)
        assert found.count(b"\n") == 1_001


@pytest.mark.parametrize(
    "unit",
    [
        "'); drop table raw.kost_maltider; --",
        "E1' or '1'='1",
        "\"; attach '/tmp/x' as x; --",
        "${jndi:x}",
        "{0.__class__}",
    ],
)
def test_a_code_that_is_sql_or_a_template_is_a_code(exports: Exports, unit: str) -> None:
    quoted = unit.replace('"', '""')
    exports.write("kost_maltider_202108_20210903T0600", f'period;enhet_kod;portioner\n2021-08;"{quoted}";10\n')
    exports.receive()
    assert exports.values("select enhet_kod from raw.kost_maltider") == [unit]


def test_check_waits_for_no_pipe_and_reads_no_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    os.mkfifo(tmp_path / NAME)
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(5_000_000_000)
    for path in (tmp_path / NAME, Path("/dev/zero"), tmp_path, tmp_path / "nothing", tmp_path / ("x" * 300)):
        assert cli.main(["check", str(path)]) == ExitCode.REFUSAL
    assert cli.main(["check", str(large)]) == ExitCode.BARRED
    said = capsys.readouterr()
    assert "5000 MB" in said.out
    assert "Traceback" not in said.err


#: What a terminal would obey: clear the screen, a link, a title; and what hides which end of a name is which.
_COMMANDS = ("\x1b[2J", "\x1b]8;;http:evil.example\x1b\\", "\x1b]0;title\x07", "\x9b31m", "\u202e", "\x08\x08")


def test_nothing_in_a_file_commands_the_terminal(tmp_path: Path) -> None:
    """Names of files and columns, values and words, as a person sees them on a real terminal."""
    words = "".join(_COMMANDS)
    file = tmp_path / f"kost{words[:-2]}_202108.csv"
    file.write_text(f"period;enhet_kod;portioner;X{words}\n2021-08;E1{words};tolv{words};1\n2021-08;E2;5;1\n")
    said = _on_a_terminal(tmp_path, "check", str(file), "--as", "kost_maltider")
    assert "portioner" in said
    assert "\x1b[" in said  # Our own colours are there.
    left = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert all(one.isprintable() or one in "\r\n" for one in left)
    refused = _on_a_terminal(tmp_path, "check", str(tmp_path / f"none{words}.csv"))
    assert "Refused:" in refused
    assert all(one.isprintable() or one in "\r\n" for one in refused)


def _on_a_terminal(tmp_path: Path, *words: str) -> str:
    ours, theirs = pty.openpty()
    environment = {
        **clean_environment(),
        "BOKSLUT_HOME": str(tmp_path / "home"),
        "TERM": "xterm-256color",
        "COLUMNS": "200",
    }
    environment.pop("NO_COLOR", None)
    running = subprocess.Popen([str(BOKSLUT), *words], env=environment, stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    said = b""
    while True:
        try:
            block = os.read(ours, 65_536)
        except OSError:
            break
        if not block:
            break
        said += block
    os.close(ours)
    running.wait(timeout=60)
    return said.decode("utf-8", "replace")
