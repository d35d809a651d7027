"""A person's word: the yes to publishing what was shown, and whose it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's yes. `who` is a role or a user id, `why` the way it was given; both are kept with the version."""

    who: str
    why: str


#: The word that was given for a closing's fingerprint; None where nobody has said yes to exactly that.
Given = Callable[[str], Word | None]


def nobody(_: str) -> Word | None:
    """No word was given, for anything."""
    return None
