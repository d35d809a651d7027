"""The archive keeps each file's bytes once, unchanged and unchangeable."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from flows.errors import ExitCode, Refusal
from flows.store.archive import archive, archived_path, destroy, read_archived, was_destroyed

DATA = "period;enhet_kod\n2021-08;Å1\n".encode()


def test_bytes_lie_under_their_own_sha256_read_only(tmp_path: Path) -> None:
    sha256 = archive(tmp_path / "archive", DATA)
    assert sha256 == hashlib.sha256(DATA).hexdigest()
    place = tmp_path / "archive" / sha256[:2] / sha256
    assert place.read_bytes() == DATA == read_archived(tmp_path / "archive", sha256)
    assert stat.S_IMODE(place.stat().st_mode) == 0o400
    assert stat.S_IMODE(place.parent.stat().st_mode) == stat.S_IMODE((tmp_path / "archive").stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once_and_not_written_again(tmp_path: Path) -> None:
    sha256 = archive(tmp_path, DATA)
    written = archived_path(tmp_path, sha256).stat().st_mtime_ns
    assert archive(tmp_path, DATA) == sha256
    assert archived_path(tmp_path, sha256).stat().st_mtime_ns == written
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]


def test_a_crash_before_the_rename_leaves_nothing_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: int) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", crash)
        with pytest.raises(OSError, match="full"):
            archive(tmp_path, DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert archive(tmp_path, DATA) == hashlib.sha256(DATA).hexdigest()


def test_an_altered_or_lost_file_is_found_when_it_is_read(tmp_path: Path) -> None:
    sha256 = archive(tmp_path, DATA)
    place = archived_path(tmp_path, sha256)
    place.chmod(0o600)
    place.write_bytes(DATA + b" ")
    with pytest.raises(Refusal) as refused:
        read_archived(tmp_path, sha256)
    assert refused.value.exit_code is ExitCode.BARRED
    place.unlink()
    with pytest.raises(Refusal):
        read_archived(tmp_path, sha256)


def test_what_is_destroyed_is_gone_and_known_by_every_name_that_it_came_under(tmp_path: Path) -> None:
    sha256 = archive(tmp_path, DATA)
    assert destroy(tmp_path, sha256, ["a.csv"])
    assert not archived_path(tmp_path, sha256).exists()
    assert not destroy(tmp_path, sha256, ["b.csv"])
    assert [was_destroyed(tmp_path, sha256, name) for name in ("a.csv", "b.csv", "c.csv", "")] == [
        True,
        True,
        False,
        False,
    ]
    note = tmp_path / "destroyed" / sha256
    assert stat.S_IMODE(note.stat().st_mode) == 0o400
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]
    with pytest.raises(Refusal):
        read_archived(tmp_path, sha256)


def test_a_crash_before_the_bytes_are_gone_leaves_the_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = archive(tmp_path, DATA)

    def crash(_: Path) -> None:
        raise OSError("power")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda path, missing_ok=False: None if missing_ok else crash(path))
        with pytest.raises(OSError, match="power"):
            destroy(tmp_path, sha256, ["a.csv"])
    assert was_destroyed(tmp_path, sha256, "a.csv")
    assert destroy(tmp_path, sha256, ["a.csv"])
