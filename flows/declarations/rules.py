"""The rules of the gate, read from the suites in `expectations/` without Great Expectations.

A suite is Great Expectations' own JSON. What is ours stands in each expectation's `meta`: rule_id, severity, effect
(by default the severity's), because, ask, message, action, keys and, where a column that is unknown (NULL) is no
breach, `unknown_passes`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flows.declarations import root
from flows.domain.finding import DEFAULT_EFFECT, Effect, Rule, Severity

#: What every rule says about itself.
REQUIRED_META = ("rule_id", "severity", "because", "ask", "message", "keys")


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """A rule and the expectation that carries it out."""

    rule: Rule
    expectation: Mapping[str, Any]
    keys: tuple[str, ...]
    unknown_passes: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are judged; none where the table as a whole is."""
        kwargs = self.expectation["kwargs"]
        return tuple([kwargs["column"]] if "column" in kwargs else kwargs.get("column_list", ()))


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules of one table."""

    table: str
    rules: tuple[JudgedRule, ...]
    fingerprint: str

    def as_declared(self) -> dict[str, Any]:
        """The suite as Great Expectations reads it."""
        return {"name": self.table, "expectations": [dict(one.expectation) for one in self.rules]}


@cache
def suites(folder: Path = root.EXPECTATIONS) -> Mapping[str, Suite]:
    """Every suite by the table that it judges (`schema.table`), in the order of their names."""
    paths = sorted(folder.glob("*/*.json"))
    return {f"{path.parent.name}.{path.stem}": _read(path) for path in paths}


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id."""
    return {one.rule.rule_id: one.rule for suite in suites().values() for one in suite.rules}


def _read(path: Path) -> Suite:
    content = path.read_bytes()
    table = f"{path.parent.name}.{path.stem}"
    declared = json.loads(content)
    return Suite(
        table,
        tuple(_rule(table, one) for one in declared["expectations"]),
        hashlib.sha256(content).hexdigest(),
    )


def _rule(table: str, expectation: Mapping[str, Any]) -> JudgedRule:
    meta = expectation.get("meta", {})
    absent = [name for name in REQUIRED_META if name not in meta]
    if absent:
        raise ValueError(f"{table}: a rule ({meta.get('rule_id', expectation.get('type'))}) lacks {', '.join(absent)}")
    severity = Severity(meta["severity"])
    effect = Effect(meta["effect"]) if "effect" in meta else DEFAULT_EFFECT[severity]
    rule = Rule(
        meta["rule_id"], severity, effect, meta["message"], meta["because"], meta["ask"], meta.get("action", "")
    )
    return JudgedRule(rule, expectation, tuple(meta["keys"]), meta.get("unknown_passes", False))
