"""The rules of the intake: what a delivered file may break before any SQL has run."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from flows.declarations import root
from flows.domain.finding import DEFAULT_EFFECT, Effect, Rule, Severity

PATH = root.REFERENCE / "intake_rules.csv"


@cache
def intake_rules() -> Mapping[str, Rule]:
    """Every intake rule by id; an empty effect is the severity's own."""
    with PATH.open(encoding="utf-8", newline="") as lines:
        return {row["rule_id"]: _rule(row) for row in csv.DictReader(lines)}


def intake_rule(rule_id: str) -> Rule:
    """One intake rule."""
    return intake_rules()[rule_id]


def _rule(row: Mapping[str, str]) -> Rule:
    severity = Severity(row["severity"])
    effect = Effect(row["effect"]) if row["effect"] else DEFAULT_EFFECT[severity]
    return Rule(row["rule_id"], severity, effect, row["message"], row["because"], row["ask"], row["action"] or "")
