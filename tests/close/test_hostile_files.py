"""Files made to do harm, or that might by mistake: none is followed, none fills the memory, none forges a line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.steps.receive import receive
from tests.close.received_folder import AUGUST, STOCKHOLM, Exports

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
    from flows.steps import inbox_files

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
    from datetime import datetime

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
