"""Who may read what in a home: its keeper everything, its group the published file, everybody else nothing."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment


def _close_for_everybody(organisation: Organisation) -> subprocess.CompletedProcess[str]:
    """A close under the umask that hides nothing."""
    return subprocess.run(
        [str(BOKSLUT), "close", PERIOD, "--from", str(organisation.exports)],
        env={**clean_environment(), **organisation.environment()},
        text=True,
        capture_output=True,
        check=False,
        umask=0,
    )


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter: pytest's own is its user's alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def organisation(closed: Organisation, open_folder: Path) -> Organisation:
    """Closed once more with a new register: new files in the archive, the logs and what is published."""
    copied = closed.copied_to(open_folder)
    [gaps] = copied.exports.rglob("luckor_202108_*.csv")
    later = gaps.with_name("luckor_202108_20210930T0700.csv")
    later.write_bytes(gaps.read_bytes().replace(b"2021-11-30", b"2021-12-01"))
    done = _close_for_everybody(copied)
    assert done.returncode == 0, done.stdout + done.stderr
    return copied


@pytest.fixture(scope="module")
def begun(closed: Organisation, open_folder: Path) -> Organisation:
    """A home that the command itself made, with one file in it; too little to be published."""
    exports = open_folder / "one-export"
    exports.mkdir()
    [meals] = closed.exports.glob("kost_maltider_202108_*.csv")
    (exports / meals.name).write_bytes(meals.read_bytes())
    fresh = Organisation(open_folder / "fresh-home", exports, closed.state)
    _close_for_everybody(fresh)
    assert (fresh.home / "store.duckdb").stat().st_size > 0
    return fresh


def _restricted(home: Path) -> list[Path]:
    return [path for path in sorted(home.rglob("*")) if path.is_file() and path.parent.name != "published"]


def test_nothing_but_the_published_file_has_a_right_for_others(organisation: Organisation, begun: Organisation) -> None:
    for home in (organisation.home, begun.home):
        restricted = [path for path in _restricted(home) if path != home / "published.duckdb"]
        assert {path.relative_to(home).parts[0] for path in restricted} >= {"archive", "store.duckdb"}
        open_to_others = [path.name for path in restricted if stat.S_IMODE(path.stat().st_mode) & 0o077]
        # The copy was made by this test; what the command wrote is what counts.
        assert [name for name in open_to_others if name != "close-output.txt"] == []
        assert stat.S_IMODE(home.stat().st_mode) == 0o710
        assert stat.S_IMODE((home / "archive").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_stranger_reads_nothing_and_the_group_only_what_is_published(
    organisation: Organisation, begun: Organisation
) -> None:
    strangers_group = "nogroup" if _is_group("nogroup") else "nobody"
    for home in (organisation.home, begun.home):
        for path in (home / "store.duckdb", next(path for path in (home / "archive").rglob("*") if path.is_file())):
            assert not _reads(path, strangers_group)
            assert not _reads(path, home.stat().st_gid)
    assert not _reads(organisation.home / "published.duckdb", strangers_group)
    assert _reads(organisation.home / "published.duckdb", organisation.home.stat().st_gid)


def _reads(path: Path, group: str | int) -> bool:
    """Whether nobody, as a member of the group alone, can read the file's first byte."""
    read = subprocess.run(
        ["head", "-c", "1", str(path)], user="nobody", group=group, extra_groups=[], capture_output=True, check=False
    )
    return read.returncode == 0 and len(read.stdout) == 1


def _is_group(name: str) -> bool:
    import grp

    return any(one.gr_name == name for one in grp.getgrall())
