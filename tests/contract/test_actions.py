"""What a finding tells people to type is a command that there is, with options that it has."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import typer

from flows.cli import app
from flows.declarations.intake_rules import intake_rules
from flows.declarations.rules import rules
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.quality.actions import action
from flows.reports.finding_list import COMMAND


def typed(rule_id: str) -> list[str]:
    """The commands that a finding of the rule names."""
    rule = {**intake_rules(), **rules()}[rule_id]
    keys = {"unit_code": "1001", "gap_from": "2021-04-01", "month_list": "2021-04,2021-05"}
    found = Finding(rule_id, rule.severity, rule.effect, "", extract="kost_maltider", keys=keys)
    return [one for one in COMMAND.findall(action(found, Period(2021, 8))) if one.startswith("bokslut")]


COMMANDS = sorted({command for rule_id in {**intake_rules(), **rules()} for command in typed(rule_id)})


def test_there_are_commands_to_keep_true() -> None:
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_and_its_options_exist(command: str) -> None:
    words = shlex.split(command)[1:]
    found: Any = typer.main.get_command(app)
    while hasattr(found, "commands"):
        name = words.pop(0)
        assert name in found.commands, command
        found = found.commands[name]
    options = {option for one in found.params for option in one.opts}
    assert {word for word in words if re.match("--", word)} <= options, command
