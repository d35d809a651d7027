"""A month end by the command where a person must say yes: piped, at a terminal, beforehand; and a preview."""

from __future__ import annotations

import getpass
import os
import pty
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import cli
from flows.errors import ExitCode
from flows.store.home import Home
from flows.store.publish import is_published
from tests.close.late_meals import ask_before_publishing, deliver_meals
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment


@dataclass(frozen=True)
class Kept:
    """What the store keeps of closes: attempts, and versions with who and why."""

    attempts: list[tuple[str, int | None]]
    versions: list[tuple[int, str, str | None]]

    @classmethod
    def of(cls, organisation: Organisation) -> Kept:
        with duckdb.connect(str(Home(organisation.home).build_file), read_only=True) as store:
            return cls(
                store.execute("select outcome, version from control.closings order by closing_id").fetchall(),
                store.execute("select version, who, why from control.period_events order by event_id").fetchall(),
            )


@pytest.fixture
def organisation(closed: Organisation, tmp_path: Path) -> Organisation:
    """Closed once; then more meals came. The settings ask for a word."""
    copied = closed.copied_to(tmp_path)
    ask_before_publishing(copied.home)
    deliver_meals(copied.exports, "20210930T0700")
    return copied


def at_a_terminal(organisation: Organisation, answer: str, *words: str | Path) -> tuple[int, str]:
    """The command in a terminal of 80 columns, where its question gets this answer; (exit code, what was shown)."""
    terminal, theirs = pty.openpty()
    running = subprocess.Popen(
        [str(BOKSLUT), *map(str, words)],
        env={**clean_environment(), **organisation.environment(), "TERM": "xterm-256color", "COLUMNS": "80"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    is_answered = False
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # The other side is closed.
            break
        shown += part
        if b"[y/N]" in shown and not is_answered:
            os.write(terminal, f"{answer}\n".encode())
            is_answered = True
    os.close(terminal)
    assert is_answered, shown.decode()
    return running.wait(), shown.decode()


def test_piped_it_shows_what_would_change_publishes_nothing_and_says_what_to_type(organisation: Organisation) -> None:
    before = Home(organisation.home).published.resolve().read_bytes()
    for _ in range(2):  # What waits is recorded once.
        asked = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
        assert asked.returncode == ExitCode.AWAITS_WORD, asked.stdout + asked.stderr
        assert "2021-08 version 2 mot version 1: av 277 celler 1 ändras." in asked.stdout
        assert "t02:maltider:utfall" in asked.stdout
        assert "4 073  4 078" in asked.stdout
        assert "\x1b[" not in asked.stdout
        assert max(map(len, asked.stdout.splitlines())) <= 80 or "quality.html" in asked.stdout
        assert f"bokslut close {PERIOD} --publish" in asked.stdout
        kept = Kept.of(organisation)
        assert kept.attempts == [("published", 1), ("awaits_word", None)]
        assert [version for version, *_ in kept.versions] == [1]
        assert Home(organisation.home).published.resolve().read_bytes() == before
    # What it found can be read, and the matrix; the page says how it stands.
    assert organisation.bokslut("findings", PERIOD).returncode == 0
    page = (organisation.home / "reports" / PERIOD / "quality.html").read_text("utf-8")
    assert "Väntar på ett ord: kan publiceras. Version 1 står kvar till dess." in page

    # A preview says the same and leaves no trace; neither is asked for a word that is given beforehand.
    previewed = organisation.bokslut("close", PERIOD, "--preview")
    assert previewed.returncode == 0, previewed.stdout + previewed.stderr
    assert "av 277 celler 1 ändras." in previewed.stdout
    assert Kept.of(organisation) == kept
    published = organisation.bokslut("close", PERIOD, "--publish")
    assert published.returncode == 0, published.stdout + published.stderr
    assert Kept.of(organisation).versions[1:] == [(2, getpass.getuser(), "word given beforehand, with --publish")]
    again = organisation.bokslut("close", PERIOD, "--preview")
    assert again.returncode == 0
    assert again.stdout == f"Nothing changed since version 2 of {PERIOD}.\n"


def test_at_a_terminal_it_asks_and_a_no_leaves_all_as_it_was_and_a_yes_publishes(organisation: Organisation) -> None:
    code, shown = at_a_terminal(organisation, "", "close", PERIOD, "--from", organisation.exports)
    assert code == ExitCode.AWAITS_WORD, shown
    assert "Publish 2021-08 as version 2? [y/N]" in shown
    assert "\x1b[" in shown
    assert [version for version, *_ in Kept.of(organisation).versions] == [1]
    code, shown = at_a_terminal(organisation, "y", "close", PERIOD)
    assert code == 0, shown
    assert Kept.of(organisation).versions[1:] == [(2, getpass.getuser(), "word given at the terminal")]
    assert f"{PERIOD} version 2:" in shown


def test_a_barred_preview_records_nothing_either(organisation: Organisation) -> None:
    [gaps, *_] = sorted(organisation.exports.rglob("luckor_202108_*.csv"))
    header = gaps.read_bytes().splitlines(keepends=True)[0]
    gaps.with_name("luckor_202108_20210930T0700.csv").write_bytes(header)
    before = Kept.of(organisation)
    barred = organisation.bokslut("close", PERIOD, "--from", organisation.exports, "--preview")
    assert barred.returncode == ExitCode.BARRED, barred.stdout + barred.stderr
    assert "Hemtjänst saknas apr–aug 2021" in " ".join(barred.stdout.split())
    assert Kept.of(organisation) == before


def test_a_word_for_a_preview_cannot_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path))
    assert cli.main(["close", PERIOD, "--publish", "--preview"]) == ExitCode.USAGE


def test_where_nobody_is_to_be_asked_nothing_is_asked(closed: Organisation, tmp_path: Path) -> None:
    """Without the setting a preview still publishes nothing, and a close asks nothing."""
    organisation = closed.copied_to(tmp_path)
    deliver_meals(organisation.exports, "20210930T0700")
    previewed = organisation.bokslut("close", PERIOD, "--from", organisation.exports, "--preview")
    assert previewed.returncode == 0, previewed.stdout + previewed.stderr
    assert "t02:maltider:utfall" in previewed.stdout
    assert [one for one, *_ in Kept.of(organisation).versions] == [1]
    done: Any = organisation.bokslut("close", PERIOD)
    assert done.returncode == 0, done.stdout + done.stderr
    assert Kept.of(organisation).versions[1:] == [(2, getpass.getuser(), None)]
    with duckdb.connect(str(Home(organisation.home).build_file), read_only=True) as store:
        assert is_published(store, Home(organisation.home))
