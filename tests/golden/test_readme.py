"""The README's commands are run, and what it shows of their output is what they print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.close.late_meals import ask_before_publishing, deliver_meals
from tests.conftest import Organisation

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
#: What is told in order, of a home in which something has come; every other command stands by itself.
TOLD_IN_ORDER = "## A month end\n"


def examples(text: str) -> list[tuple[str, list[str]]]:
    """(command, the lines shown under it) of every `$` line in a text's console blocks."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


BEFORE, _, AFTER = README.partition(TOLD_IN_ORDER)
MONTH_END, _, AFTER = AFTER.partition("\n## ")
BOKSLUT_EXAMPLES = [(command, shown) for command, shown in examples(BEFORE + AFTER) if command.startswith("bokslut ")]


def test_there_are_examples_to_keep_true():
    assert len(BOKSLUT_EXAMPLES) >= 4
    assert {"make close", "make test"} <= {command for command, _ in examples(BEFORE)}
    assert len(examples(MONTH_END)) == 3


@pytest.mark.parametrize(("command", "shown"), BOKSLUT_EXAMPLES, ids=[command for command, _ in BOKSLUT_EXAMPLES])
def test_a_command_prints_what_the_readme_shows(closed_twice: Organisation, command: str, shown: list[str]):
    done = closed_twice.bokslut(*shlex.split(command)[1:], COLUMNS="100")
    assert_shown(shown, done.stdout)


def test_make_close_prints_what_the_readme_shows(closed: Organisation):
    printed = (closed.home / "close-output.txt").read_text("utf-8")
    (shown,) = [shown for command, shown in examples(BEFORE) if command == "make close"]
    assert_shown([line for line in shown if "published" not in line], printed)


def test_a_month_end_goes_as_the_readme_tells(closed: Organisation, tmp_path: Path):
    organisation = closed.copied_to(tmp_path)
    shutil.copytree(organisation.exports, organisation.home / "inbox", dirs_exist_ok=True)
    ask_before_publishing(organisation.home)
    deliver_meals(organisation.home / "inbox", "20210930T0700")
    for command, shown in examples(MONTH_END):
        done = organisation.bokslut(*shlex.split(command)[1:])
        # Where it was published differs from home to home.
        assert_shown([line.split("warehouse")[0] for line in shown], re.sub(r"/\S*/published/\S*", "", done.stdout))


def assert_shown(shown: list[str], printed: str) -> None:
    """Every shown line stands in the output, in this order; a lone … stands for lines left out."""
    lines = iter([line.rstrip() for line in printed.splitlines()])
    for line in shown:
        if line.strip() in ("", "…"):
            continue
        assert any(line.rstrip() == candidate for candidate in lines), f"not printed (any more): {line!r}"
