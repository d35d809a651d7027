"""A TOML file that a person wrote: read whole, or refused in a sentence that names it and quotes nothing of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from flows.errors import Refusal

#: Nobody writes a longer one by hand.
_LARGEST_BYTES = 1_000_000


def read_toml_text(path: Path) -> str:
    """The file's text without a byte order mark, which some editors put first; raises Refusal."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise Refusal(f"{path} cannot be read: it is no file that somebody wrote by hand.", "Look at it.")
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise Refusal(f"{path} cannot be read ({type(error).__name__}).", "It must be a text file in UTF-8.") from None


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """What the text declares; raises Refusal naming the file and, where the parser knows it, the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{path} cannot be read: {error}.", "Correct that line.") from None
    except RecursionError:
        raise Refusal(f"{path} cannot be read: it is nested too deep.", "Correct the file.") from None
    except ValueError:
        # The parser lets through what the language itself says of a whole number of thousands of digits.
        raise Refusal(f"{path} cannot be read: a number in it is too long.", "Correct the file.") from None


def keys_of_unseen_characters(declared: object, keys: Sequence[str] = ()) -> Iterator[Sequence[str]]:
    """The paths of the values that hold what a terminal obeys or does not show; no setting of ours needs one."""
    if isinstance(declared, str):
        if not declared.isprintable():
            yield keys
    elif isinstance(declared, dict):
        for key, value in cast(dict[str, object], declared).items():
            yield from keys_of_unseen_characters(value, (*keys, key))
    elif isinstance(declared, list):
        for value in cast(list[object], declared):
            yield from keys_of_unseen_characters(value, keys)
