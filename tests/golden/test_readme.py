"""The README's commands are run, and what it shows of their output is what they print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Organisation

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """(command, the lines shown under it) of every `$` line in the README's console blocks."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / "README.md").read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


BOKSLUT_EXAMPLES = [(command, shown) for command, shown in examples() if command.startswith("bokslut ")]


def test_there_are_examples_to_keep_true():
    assert len(BOKSLUT_EXAMPLES) >= 4
    assert {"make close", "make test"} <= {command for command, _ in examples()}


@pytest.mark.parametrize(("command", "shown"), BOKSLUT_EXAMPLES, ids=[command for command, _ in BOKSLUT_EXAMPLES])
def test_a_command_prints_what_the_readme_shows(closed_twice: Organisation, command: str, shown: list[str]):
    done = closed_twice.bokslut(*shlex.split(command)[1:], COLUMNS="100")
    assert_shown(shown, done.stdout)


def test_make_close_prints_what_the_readme_shows(closed: Organisation):
    printed = (closed.home / "close-output.txt").read_text("utf-8")
    (shown,) = [shown for command, shown in examples() if command == "make close"]
    assert_shown([line for line in shown if "published" not in line], printed)


def assert_shown(shown: list[str], printed: str) -> None:
    """Every shown line stands in the output, in this order; a lone … stands for lines left out."""
    lines = iter([line.rstrip() for line in printed.splitlines()])
    for line in shown:
        if line.strip() in ("", "…"):
            continue
        assert any(line.rstrip() == candidate for candidate in lines), f"not printed (any more): {line!r}"
