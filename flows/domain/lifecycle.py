"""The life of a period: which act may follow on which state, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flows.errors import Refusal


class State(StrEnum):
    """Where a period stands; read from its events, stored nowhere."""

    OPEN = "open"
    PRELIMINARY = "preliminary"
    LOCKED = "locked"
    REOPENED = "reopened"


class Act(StrEnum):
    """What can be done to a period."""

    CLOSE = "close"
    LOCK = "lock"
    REOPEN = "reopen"


TRANSITIONS: Mapping[tuple[State, Act], State] = {
    (State.OPEN, Act.CLOSE): State.PRELIMINARY,
    (State.PRELIMINARY, Act.CLOSE): State.PRELIMINARY,
    (State.PRELIMINARY, Act.LOCK): State.LOCKED,
    (State.LOCKED, Act.REOPEN): State.REOPENED,
    (State.REOPENED, Act.CLOSE): State.PRELIMINARY,
    # Reopened, and nothing had changed after all: the version that was read is locked again.
    (State.REOPENED, Act.LOCK): State.LOCKED,
}


def after(state: State, act: Act) -> State:
    """The state that an act leads to; raises Refusal where it may not be done."""
    reached = TRANSITIONS.get((state, act))
    if reached is None:
        possible = ", ".join(allowed for (of, allowed) in TRANSITIONS if of is state)
        raise Refusal(f"The period is {state}: it cannot be {_PAST[act]} now.", f"Possible now: {possible}.")
    return reached


def state_after(acts: Iterable[str]) -> State:
    """The state of a period that has lived through these acts, oldest first."""
    state = State.OPEN
    for act in acts:
        state = after(state, Act(act))
    return state


_PAST: Mapping[Act, str] = {Act.CLOSE: "closed", Act.LOCK: "locked", Act.REOPEN: "reopened"}
