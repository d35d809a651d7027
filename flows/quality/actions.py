"""What is to be done about a finding: the rule's own words, filled from the finding's keys.

An action is a Swedish template beside its rule. It may name the rule's keys and what follows from them and from the
place: see `NAMES`. What stands between backticks is typed as it stands, but for … and the words in capitals.
"""

from __future__ import annotations

import shlex
import string
from collections.abc import Mapping
from typing import Any

from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rules
from flows.declarations.rules import rules
from flows.domain.delivery import DeliveryName
from flows.domain.finding import Finding, Rule
from flows.domain.period import Period
from flows.printable import visible

#: What every action may name beside the keys of its rule; where a finding has no month, the closed one stands in.
NAMES = frozenset(
    {
        "period",
        "extract",
        "file_name",
        "line",
        "column",
        "first_month",
        "last_month",
        "gap_from_month",
        "unit_option",
        "wanted_file",
    }
)

#: When a file was taken out, in the name of one that nobody has taken out yet.
_UNKNOWN_TIME = "ÅÅÅÅMMDDTTTMM"

_ENDINGS = {"sie": "se"}


class _Blanks(dict[str, str]):
    """A finding of an earlier close may lack a key that its rule names today."""

    def __missing__(self, name: str) -> str:
        return "…"


def rule_of(rule_id: str) -> Rule | None:
    """The rule as it is declared today, at the gate or at the intake; None for one of an earlier day."""
    return rules().get(rule_id) or intake_rules().get(rule_id)


def action(found: Finding, period: Period) -> str:
    """What to do about a finding of a period's close; '' where its rule is no longer declared."""
    rule = rule_of(found.rule_id)
    return string.Formatter().vformat(rule.action, (), _Blanks(_words(found, period))) if rule else ""


def _words(found: Finding, period: Period) -> dict[str, str]:
    months = _months(found) or [str(period)]
    keys = {name: _without_command(value) for name, value in found.keys.items()}
    unit = keys.get("unit_code", "")
    return {
        **keys,
        "period": str(period),
        "extract": found.extract or "UTTAG",
        "file_name": found.file_name,
        "line": str(found.line or "…"),
        "column": found.column,
        "first_month": months[0],
        "last_month": months[-1],
        "gap_from_month": found.keys.get("gap_from", months[0])[:7],
        # It is pasted into a shell: a unit's code is anybody's words.
        "unit_option": f" --unit {shlex.quote(unit)}" if unit else "",
        "wanted_file": _wanted_file(found, months),
    }


def _without_command(value: Any) -> Any:
    """A key's value in which nothing begins or ends what is typed."""
    return visible(value).replace("`", "´") if isinstance(value, str) else value


def _months(found: Finding) -> list[str]:
    """The months that a finding is about, as YYYY-MM: its keys', or its file's."""
    keys: Mapping[str, Any] = found.keys
    if keys.get("month_list"):
        return sorted(str(keys["month_list"]).split(","))
    if keys.get("month"):
        return [str(keys["month"])[:7]]
    named = DeliveryName.parse(found.file_name)
    return [str(named.period)] if named else []


def _wanted_file(found: Finding, months: list[str]) -> str:
    """The name to ask for: one file, or the first and the last of several."""
    contract = contracts().get(found.extract)
    if contract is None:
        return "fil"
    ending = _ENDINGS.get(contract.format, contract.format)
    names = [f"{found.extract}_{month.replace('-', '')}_{_UNKNOWN_TIME}.{ending}" for month in (months[0], months[-1])]
    return " till och med ".join(dict.fromkeys(names))
