"""What `settings.toml` in a home says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flows.declarations.toml_file import keys_of_unseen_characters, parse_toml, read_toml_text
from flows.errors import Refusal
from flows.settings.messages import MessageSettings
from flows.settings.month_end import MonthEndSettings
from flows.settings.places import Place
from flows.settings.retention import RetentionSettings
from flows.settings.toml_lines import line_of

_PLACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class HomeSettings(BaseModel):
    """What `settings.toml` in the home says; without the file, the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Published files kept, the newest included: whoever has an older one open may go on reading.
    keep_published: int = Field(default=5, ge=1)
    #: A delivery above this is not read: a reader holds a whole file in memory, and no column above two gigabytes.
    largest_file_megabytes: int = Field(default=1000, ge=1, le=2000)
    #: Where exports are fetched from, by a name of one's own.
    places: Mapping[str, Place] = Field(default_factory=dict)
    #: Whom the house speaks to.
    messages: MessageSettings = Field(default_factory=MessageSettings)
    #: How long what is about persons is kept.
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    #: Whether a person's word is needed before a month is published.
    month_end: MonthEndSettings = Field(default_factory=MonthEndSettings)

    @field_validator("places", mode="before")
    @classmethod
    def _named_as_folders(cls, places: Any) -> Any:
        """A place's name is the inbox's folder for its files."""
        for name in places if isinstance(places, dict) else ():
            if not _PLACE_NAME.fullmatch(name):
                raise ValueError("a place is named by small letters, digits and _, a letter first")
        return places


def home_settings(path: Path) -> HomeSettings:
    """The settings of one home; raises Refusal naming the file, the line and the key that is wrong, never its value."""
    if not path.exists():
        return HomeSettings()
    text = read_toml_text(path)
    declared = parse_toml(text, path)
    for keys in keys_of_unseen_characters(declared):
        raise Refusal(
            f"{path} is wrong: {_place(text, keys)}: characters that cannot be seen.", "Write it in one line."
        )
    try:
        return HomeSettings(**declared)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        wrong = "; ".join(_told(text, one) for one in errors[:_MOST_TOLD])
        more = f"; and {len(errors) - _MOST_TOLD} more" if len(errors) > _MOST_TOLD else ""
        raise Refusal(f"{path} is wrong: {wrong}{more}.", "Correct or remove the key.") from None


def _told(text: str, error: Mapping[str, Any]) -> str:
    """`line 7, places.heroma.port: Input should be …`; a tag that only our types have is left out of the key."""
    keys = [str(part) for part in error["loc"]]
    if len(keys) > 2 and keys[0] == "places" and f"kind = {keys[2]}" not in keys:
        keys = [*keys[:2], *keys[3:]] if keys[2] in _KINDS else keys
    # The validator quotes an unknown kind; it may be anything that somebody wrote in the wrong place.
    message = f"kind is none of {', '.join(_KINDS)}" if error["type"] == "union_tag_invalid" else error["msg"]
    return f"{_place(text, keys)}: {message}"


def _place(text: str, keys: Sequence[str]) -> str:
    line = line_of(text, keys)
    return f"line {line}, {'.'.join(keys)}" if line else ".".join(keys)


_KINDS = ("folder", "sftp", "https", "s3", "webdav")
#: More than a screen of faults is one fault: it is another file.
_MOST_TOLD = 20
