"""Findings as a work list: who must act, what stops the close first, known gaps apart. Pure data; others print it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.domain.finding import Effect, Finding, Severity

#: Rules about what is missing and explained: nobody need act on them before the promised day.
KNOWN_GAP_RULES = frozenset({"known_gap", "known_unit_gap"})

_SEVERITIES = tuple(Severity)
_EFFECTS = (Effect.BARS_PUBLICATION, Effect.WITHHOLDS, Effect.BARS_LOCK, Effect.NONE)


@dataclass(frozen=True, slots=True)
class SameFinding:
    """The findings of one rule that one person is asked about."""

    rule_id: str
    severity: Severity
    effect: Effect
    findings: tuple[Finding, ...]

    def messages(self, most: int) -> tuple[tuple[str, ...], int]:
        """The first messages, and how many are left."""
        return tuple(one.message for one in self.findings[:most]), max(0, len(self.findings) - most)


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """What one person (a role) has to act on, the worst first."""

    ask: str
    groups: tuple[SameFinding, ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """The findings of a close in the order in which they are dealt with."""

    people: tuple[AskedPerson, ...]
    known_gaps: tuple[Finding, ...]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """What bars first, then by severity; otherwise as they were found."""
    return sorted(findings, key=lambda one: (_EFFECTS.index(one.effect), _SEVERITIES.index(one.severity)))


def work_list(findings: Iterable[Finding]) -> WorkList:
    """Grouped by who must act: first those whose findings bar most."""
    listed = in_order(findings)
    asked: dict[str, list[Finding]] = {}
    for one in listed:
        if one.rule_id not in KNOWN_GAP_RULES:
            asked.setdefault(one.ask, []).append(one)
    return WorkList(
        people=tuple(AskedPerson(ask, _by_rule(theirs)) for ask, theirs in asked.items()),
        known_gaps=tuple(one for one in listed if one.rule_id in KNOWN_GAP_RULES),
    )


def _by_rule(findings: Sequence[Finding]) -> tuple[SameFinding, ...]:
    same: dict[tuple[str, Severity, Effect], list[Finding]] = {}
    for one in findings:
        same.setdefault((one.rule_id, one.severity, one.effect), []).append(one)
    return tuple(SameFinding(*key, tuple(group)) for key, group in same.items())
