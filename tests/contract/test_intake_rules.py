"""The intake's declarations: every rule is used, explained and safe to fill in; every word and limit is dated."""

from __future__ import annotations

import csv
import re
import string

import pytest

from flows.declarations import root
from flows.declarations.intake_limits import tolerated_bad_rows
from flows.declarations.intake_rules import intake_rules
from flows.domain.finding import Rule
from flows.quality.actions import NAMES

SOURCE = "\n".join(path.read_text("utf-8") for path in (root.PROJECT / "flows").rglob("*.py"))


@pytest.mark.parametrize("rule", intake_rules().values(), ids=lambda rule: rule.rule_id)
def test_a_rule_is_used_and_says_what_why_and_whom_to_ask(rule: Rule) -> None:
    assert f'"{rule.rule_id}"' in SOURCE
    assert rule.message.endswith(".")
    assert rule.because.endswith(".")
    assert rule.ask


@pytest.mark.parametrize("rule", intake_rules().values(), ids=lambda rule: rule.rule_id)
def test_a_message_is_filled_by_names_alone(rule: Rule) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name is not None}
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)
    assert "value" not in names


@pytest.mark.parametrize("rule", intake_rules().values(), ids=lambda rule: rule.rule_id)
def test_a_rule_says_what_to_do_about_it(rule: Rule) -> None:
    assert rule.action.endswith(".")
    assert {name for _, name, _, _ in string.Formatter().parse(rule.action) if name} <= NAMES


def test_every_rule_named_in_the_code_is_declared() -> None:
    named = set(re.findall(r'(?:intake_rule|refuse|RefusedFile|_find|_note|Disagreement)\(\s*"([a-z_]+)"', SOURCE))
    assert named
    assert named <= intake_rules().keys()


def test_words_and_limits_are_dated_and_say_where_they_come_from() -> None:
    for name in ("missing_words", "intake_limits"):
        with (root.REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                assert row["valid_from"]
                assert row["because"]


@pytest.mark.parametrize(("lines", "tolerated"), [(0, 1), (1, 1), (100, 1), (199, 1), (200, 2), (54321, 543)])
def test_one_bad_row_or_one_per_cent_is_tolerated(lines: int, tolerated: int) -> None:
    assert tolerated_bad_rows(lines) == tolerated
