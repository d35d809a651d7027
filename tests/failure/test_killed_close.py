"""A close killed with SIGKILL in every step, and at any moment: what is published stands, and the next one ends it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.steps.archive_check import examine_archive
from flows.steps.doctor import State
from flows.store.home import Home
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment
from tests.failure.changed_exports import deliver_again, is_whole, leftovers, published

PAUSED_CLOSE = Path(__file__).with_name("paused_close.py")
#: Every step that writes, or that others wait for.
STEPS = ("receive", "build", "print_report", "tie", "judge", "ask", "freeze", "publish")


@pytest.fixture(scope="module")
def undisturbed(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, float]]:
    """What the month comes to when nobody kills anything, and how long each step took."""
    organisation = closed.copied_to(tmp_path_factory.mktemp("undisturbed"))
    before = published(organisation)
    deliver_again(organisation)
    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert done.returncode == 0, done.stderr
    assert published(organisation) != before
    stages = json.loads((organisation.home / "logs" / "stages.json").read_text())
    return published(organisation), stages["seconds"]


def begin(organisation: Organisation, *program: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*map(str, program), "close", PERIOD, "--from", str(organisation.exports)],
        env={**clean_environment(), **organisation.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def ends_as(organisation: Organisation, undisturbed: Any) -> None:
    """The next close finishes what was begun: the same cells and notes, nothing left over, an archive in order."""
    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert done.returncode == 0, done.stdout + done.stderr
    assert published(organisation) == undisturbed
    assert leftovers(organisation) == []
    assert [check for check in examine_archive(Home(organisation.home)) if check.state is not State.GOOD] == []


def test_killed_in_each_step_in_turn_it_comes_to_the_same(
    closed: Organisation, undisturbed: tuple[Any, dict[str, float]], tmp_path: Path
) -> None:
    report, seconds = undisturbed
    organisation = closed.copied_to(tmp_path)
    before = published(organisation)
    deliver_again(organisation)
    for step in STEPS:
        process = begin(organisation, sys.executable, PAUSED_CLOSE, step)
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n", step
        time.sleep(seconds[step] / 2)
        kill(process)
        assert is_whole(organisation), step
        assert published(organisation) in ([before] if step != "publish" else [before, report]), step
    ends_as(organisation, report)


@pytest.mark.long
def test_killed_at_any_moment_it_comes_to_the_same(
    closed: Organisation, undisturbed: tuple[Any, dict[str, float]], tmp_path: Path
) -> None:
    report, seconds = undisturbed
    organisation = closed.copied_to(tmp_path)
    before = published(organisation)
    deliver_again(organisation)
    for moment in random.sample(range(1, 100), 5):
        process = begin(organisation, BOKSLUT)
        try:
            process.wait(moment / 100 * sum(seconds.values()) + 1)
        except subprocess.TimeoutExpired:
            kill(process)
        assert is_whole(organisation), moment
        assert published(organisation) in (before, report), moment
    ends_as(organisation, report)
