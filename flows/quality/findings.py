"""Findings as a work list: who must act, what stops the close first, known gaps apart. Pure data; others print it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.quality.actions import action

#: Rules about what is missing and explained: nobody need act on them before the promised day.
KNOWN_GAP_RULES = frozenset({"known_gap", "known_unit_gap"})

_SEVERITIES = tuple(Severity)
_EFFECTS = (Effect.BARS_PUBLICATION, Effect.WITHHOLDS, Effect.BARS_LOCK, Effect.NONE)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A finding, and what is to be done about it; '' where its rule is no longer declared."""

    finding: Finding
    action: str


@dataclass(frozen=True, slots=True)
class SameFinding:
    """The findings of one rule that one person is asked about."""

    rule_id: str
    severity: Severity
    effect: Effect
    items: tuple[WorkItem, ...]


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """What one person (a role) has to act on, the worst first."""

    ask: str
    groups: tuple[SameFinding, ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """The findings of a close in the order in which they are dealt with."""

    people: tuple[AskedPerson, ...]
    known_gaps: tuple[SameFinding, ...]

    def items(self) -> tuple[WorkItem, ...]:
        """Every finding with its action, in that order."""
        groups = [*(group for person in self.people for group in person.groups), *self.known_gaps]
        return tuple(item for group in groups for item in group.items)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """What bars first, then by severity, then what was found last; otherwise as they were found."""
    return sorted(findings, key=_place)


def _place(one: Finding) -> tuple[int, int, float]:
    age = float("-inf") if one.found_before is None else -one.found_before.timestamp()
    return (_EFFECTS.index(one.effect), _SEVERITIES.index(one.severity), age)


def work_list(findings: Iterable[Finding], period: Period) -> WorkList:
    """Grouped by who must act: first those whose findings bar most."""
    asked: dict[str, list[WorkItem]] = {}
    gaps: list[WorkItem] = []
    for one in in_order(findings):
        item = WorkItem(one, action(one, period))
        if one.rule_id in KNOWN_GAP_RULES:
            gaps.append(item)
        else:
            asked.setdefault(one.ask, []).append(item)
    people = tuple(AskedPerson(ask, _by_rule(theirs)) for ask, theirs in asked.items())
    return WorkList(people, _by_rule(gaps))


def _by_rule(items: Sequence[WorkItem]) -> tuple[SameFinding, ...]:
    same: dict[tuple[str, Severity, Effect], list[WorkItem]] = {}
    for one in items:
        same.setdefault((one.finding.rule_id, one.finding.severity, one.finding.effect), []).append(one)
    return tuple(SameFinding(*key, tuple(group)) for key, group in same.items())
