"""Anybody's words as a terminal may be given them: what it would obey, or hide behind, is shown as a sign."""

from __future__ import annotations

import re

#: Control characters (escape sequences begin with one), those that turn the direction of writing or are not seen,
#: and what is no character: all that Python calls unprintable, but for blanks that people write.
_CANDIDATE = re.compile(r"[^\x20-\x7e\n\t]")
_BLANKS = frozenset("\u00a0\u202f\u2007\u2009\u3000\u2002\u2003")
_SIGN = "\ufffd"


def visible(text: str) -> str:
    """The text with a sign in the place of each such character, so that it keeps its length; LF and tab stay."""
    return text if text.isprintable() else _CANDIDATE.sub(_shown, text)


def is_one_line(text: str) -> bool:
    """Whether the text can be shown as it is, on one line."""
    return "\n" not in text and "\t" not in text and visible(text) == text


def _shown(match: re.Match[str]) -> str:
    one = match[0]
    return one if one.isprintable() or one in _BLANKS else _SIGN
