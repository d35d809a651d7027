"""What the runbook and the page on threats name is there: commands, exit codes, files, settings, tests, code."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from flows.cli import app
from flows.errors import ExitCode
from flows.settings import HomeSettings
from flows.settings.messages import MessageSettings
from flows.settings.month_end import MonthEndSettings
from flows.settings.places import FolderPlace, HttpsPlace, S3Place, SftpPlace, WebdavPlace
from flows.steps.nights import NIGHT_HOUR
from flows.store.home import Home

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("RUNBOOK.md", "THREATS.md")
SETTINGS = {
    name
    for model in (
        HomeSettings,
        MessageSettings,
        MonthEndSettings,
        SftpPlace,
        FolderPlace,
        HttpsPlace,
        S3Place,
        WebdavPlace,
    )
    for name in model.model_fields
}
RUNBOOK = (ROOT / "RUNBOOK.md").read_text("utf-8")


def commands(program: str) -> list[str]:
    """Every command of a program that the documents quote, up to where a comment begins or a sentence goes on."""
    found: list[str] = []
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8")
        quoted = [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)]
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            quoted += block.splitlines()
        matches = (re.search(rf"(?:^|\s)({program} \S.*)$", one) for one in quoted)
        found += [match[1].split("  #")[0].strip() for match in matches if match]
    return sorted(set(found))


def test_there_are_commands_and_tests_to_keep_true() -> None:
    assert len(commands("bokslut")) >= 15
    assert len(commands("prefect")) >= 2
    assert len(list(named_tests())) >= 30


@pytest.mark.parametrize("command", commands("bokslut"))
def test_a_command_exists_with_its_options(command: str) -> None:
    program: Any = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while words and hasattr(program, "commands"):
        assert words[0] in program.commands, command
        program = program.commands[words.pop(0)]
    known = {option for parameter in program.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("-")} <= known
    required = [one for one in program.params if one.required and one.param_type_name == "argument"]
    given = [word for word in words if not word.startswith("-")]
    if "--help" not in words:
        assert len(given) >= len(required), f"{command}: an argument is missing"


def test_what_is_asked_of_prefect_exists() -> None:
    import prefect.cli

    folder = Path(prefect.cli.__file__).parent
    files = {"flow-run": "flow_run.py", "gcl": "global_concurrency_limit.py", "deployment": "deployment.py"}
    for command in commands("prefect"):
        _, group, act, *words = shlex.split(command)
        text = (folder / files[group]).read_text("utf-8")
        assert re.search(rf'name="{act}"|def {act}\b', text), command
        for option in (word for word in words if word.startswith("--")):
            assert f'"{option}"' in text or re.search(rf"\b{option[2:].replace('-', '_')}: ", text), command


def test_the_exit_codes_are_the_codes() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", RUNBOOK, re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == [(code.value, code.name) for code in ExitCode]


def test_the_limits_told_are_those_of_the_code() -> None:
    flow = (ROOT / "flows" / "close_period.py").read_text("utf-8")
    assert "_LEASE_SECONDS, _WAIT_SECONDS = 60, 100" in flow
    assert 'WRITER_LIMIT = "bokslut-writer"' in flow
    assert "let for 60 s" in RUNBOOK
    assert "up to 100 s" in RUNBOOK
    assert MessageSettings().close_workday == 5
    serve = (ROOT / "flows" / "serve.py").read_text("utf-8")
    assert NIGHT_HOUR == 1
    assert "_MORNING_HOUR = 6" in serve
    assert '"month-end"' in serve


def test_every_refusal_quoted_is_said_by_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "flows").rglob("*.py"))
    for words in (
        "Another writer works in",
        "Another process has",
        "a process that has only just begun",
        "Another run of this Prefect server is closing a month.",
        "The disk cannot be written",
        "cannot be opened as a DuckDB file",
        "sent a file that is not the one it listed",
        "does not answer",
        "does not let us in",
        "barred by its findings",
        "waits for its files",
        "receivers of messages could not be reached",
        "Above largest_megabytes",
        "holds another key",
    ):
        assert words in code, words
        assert words.lower() in RUNBOOK.replace("\n", " ").lower(), words


def test_every_rule_quoted_is_a_rule() -> None:
    rules = (ROOT / "warehouse" / "reference" / "intake_rules.csv").read_text("utf-8")
    for rule in ("columns_missing", "header_not_found", "file_too_large", "file_is_link"):
        assert f"`{rule}`" in RUNBOOK
        assert f"\n{rule}," in rules


def test_every_file_and_setting_is_the_homes() -> None:
    home = Home(Path("/h"))
    known = {
        getattr(home, name).name
        for name in dir(Home)
        if isinstance(getattr(Home, name, None), property) and isinstance(getattr(home, name), Path)
    }
    quoted = set(re.findall(r"`([a-z_.]+\.(?:toml|json|duckdb|lock))`", RUNBOOK))
    assert quoted == {"settings.toml", "writer.lock", "published.duckdb"}
    assert quoted <= known
    assert set(re.findall(r"`([a-z]+)/`", RUNBOOK)) - {"archive", "prefect", "mappings", "published"} == set()
    assert {"archive", "prefect", "mappings", "published"} <= known
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", RUNBOOK)) | {"to", "heartbeat"}
    rules = {"columns_missing", "header_not_found", "file_too_large", "file_is_link"}
    assert named - rules <= SETTINGS


def named_tests() -> Iterator[tuple[str, str]]:
    for name in DOCUMENTS:
        yield from re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / name).read_text("utf-8"))


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


def test_every_test_named_is_there() -> None:
    missing = [f"{path}::{name}" for path, name in named_tests() if name not in functions(ROOT / path)]
    assert missing == []


def test_every_place_in_the_code_that_is_called_dangerous_is_there() -> None:
    text = re.sub(r"\s+", " ", (ROOT / "THREATS.md").read_text("utf-8"))
    places = re.findall(r"`(flows/[\w/]+\.py)`((?: ?`\w+`,?)*)", text)
    assert len(places) >= 10
    for path, names in places:
        assert (ROOT / path).is_file(), path
        assert set(re.findall(r"`(\w+)`", names)) <= functions(ROOT / path), path
