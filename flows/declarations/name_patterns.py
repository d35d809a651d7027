"""Patterns of files' names, as mappings say them: a name is anybody's, and may not keep the night busy."""

from __future__ import annotations

import re
from typing import Any, cast

#: How a name says when it was extracted: parts of a local time, and plain signs between them.
EXTRACTED = re.compile(r"(?:%[YymdHMS]|[A-Za-z0-9 ._,:;@+\-])+")

_LONGEST = 500
#: A name is at most 255 bytes: so many repetitions without an end are tried in milliseconds, one more in seconds.
_MOST_REPETITIONS = 3
#: More than any part of a name is repeated.
_WITHOUT_END = 16


def name_pattern(text: str) -> re.Pattern[str]:
    """The pattern; raises ValueError, in words that go on from "the pattern", for one that may never come to an end."""
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    try:
        pattern = re.compile(text)
        # Private to the standard library, and the only place that knows what a pattern repeats.
        parsed = re._parser.parse(text)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError, ValueError):
        raise ValueError("is no regular expression") from None
    if _repetitions(parsed, within=False) > _MOST_REPETITIONS:
        raise ValueError(f"has more than {_MOST_REPETITIONS} repetitions without an end, or a choice within one")
    return pattern


def _repetitions(parsed: Any, within: bool) -> int:
    """How many repetitions of no fixed length a pattern has; one within another counts as too many."""
    count = 0
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, repeated = argument
            is_open = most - least > _WITHOUT_END or (within and most > 1)
            count += (_MOST_REPETITIONS + 1 if within else 1) if is_open else 0
            count += _repetitions(repeated, within or most > 1)
        elif name == "GROUPREF" or name.startswith("GROUPREF"):
            count += _MOST_REPETITIONS + 1
        elif name == "BRANCH" and within:
            # Two ways to read the same letters, again and again.
            count += _MOST_REPETITIONS + 1
        else:
            count += sum(_repetitions(one, within) for one in _inner(argument))
    return count


def _inner(argument: Any) -> list[Any]:
    """The patterns within an operation's argument, however it holds them."""
    subpattern = type(re._parser.parse(""))  # type: ignore[attr-defined]
    if isinstance(argument, subpattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [found for one in cast("list[Any]", argument) for found in _inner(one)]
    return []
