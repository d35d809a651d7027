"""What a value is, and which word wins where several apply."""

from __future__ import annotations

from enum import StrEnum


class ValueStatus(StrEnum):
    """What a printed value stands on."""

    MISSING = "missing"
    SUPPRESSED = "suppressed"
    ESTIMATED = "estimated"
    PRELIMINARY = "preliminary"
    ACTUAL = "actual"
    FORECAST = "forecast"
    BUDGET = "budget"
    TARGET = "target"
    JUDGEMENT = "judgement"
