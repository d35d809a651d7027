"""Whether a person must say yes before a month is published, and how that is asked for until it is said."""

from __future__ import annotations

from collections.abc import Callable

from flows.domain.word import Given, Word, nobody
from flows.settings import home_settings
from flows.steps.closing import Closing, Outcome


def ask(closing: Closing) -> None:
    """End a preview here, and a close that a person's word is wanting to; what would change is what either shows.

    Raises Refusal where the period's state allows no close: nobody is asked for what may not be done."""
    from flows.domain import lifecycle
    from flows.steps.ending import awaiting, previewed
    from flows.steps.preview import what_would_change
    from flows.store.versions import period_state

    if closing.is_preview:
        closing.outcome = previewed(closing, what_would_change(closing))
    elif home_settings(closing.home.settings_file).month_end.ask_before_publishing:
        lifecycle.after(period_state(closing.connection, closing.period), lifecycle.Act.CLOSE)
        closing.word = closing.given(closing.begun().fingerprint)
        if closing.word is None:
            closing.outcome = awaiting(closing, what_would_change(closing))


def ask_until_said(
    attempt: Callable[[Given], Outcome], asked: Callable[[Outcome], Word | None], given: Given = nobody
) -> Outcome:
    """Close; where that awaits a word, ask for it, and ask again where something has come before it was given.

    `attempt` closes with the words given so far (`given`: those of before) and holds nothing once it has returned;
    `asked` gives None for a no.
    """
    said: dict[str, Word] = {}
    while True:
        outcome = attempt(lambda fingerprint: said.get(fingerprint) or given(fingerprint))
        word = asked(outcome) if outcome.awaits_word else None
        if word is None:
            return outcome
        said[outcome.fingerprint] = word
