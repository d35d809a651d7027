"""A finding: bad data as a value, collected and shown whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters to the reader."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Effect(StrEnum):
    """What a finding does to the close."""

    BARS_PUBLICATION = "bars_publication"
    BARS_LOCK = "bars_lock"
    WITHHOLDS = "withholds"
    NONE = "none"


#: What a severity does where the rule does not say otherwise.
DEFAULT_EFFECT: Mapping[Severity, Effect] = {
    Severity.CRITICAL: Effect.BARS_PUBLICATION,
    Severity.WARNING: Effect.BARS_LOCK,
    Severity.INFO: Effect.NONE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place. The message is Swedish and, like every key, free of personal values."""

    rule_id: str
    severity: Severity
    effect: Effect
    message: str
    ask: str = ""
    extract: str = ""
    table: str = ""
    file_name: str = ""
    line: int | None = None
    column: str = ""
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    #: When an earlier close of the same period first found the same; None for what is new.
    found_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as declared: what it demands, why, whom to ask when it is broken, and what is to be done then."""

    rule_id: str
    severity: Severity
    effect: Effect
    message: str
    because: str
    ask: str
    action: str = ""

    def found(
        self,
        *,
        extract: str = "",
        table: str = "",
        file_name: str = "",
        line: int | None = None,
        column: str = "",
        keys: Mapping[str, str] | None = None,
        **words: object,
    ) -> Finding:
        """The finding of this rule at one place; `words` fill the message's braces beside the place itself."""
        filled = self.message.format(extract=extract, file_name=file_name, line=line, column=column, **words)
        place = Finding(self.rule_id, self.severity, self.effect, filled, self.ask, extract, table, file_name)
        return replace(place, line=line, column=column, keys=keys or {})
