"""What `settings.toml` in a home says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flows.errors import Refusal
from flows.settings.messages import MessageSettings
from flows.settings.places import Place
from flows.settings.retention import RetentionSettings
from flows.settings.toml_lines import line_of

_PLACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class HomeSettings(BaseModel):
    """What `settings.toml` in the home says; without the file, the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Published files kept, the newest included: whoever has an older one open may go on reading.
    keep_published: int = Field(default=5, ge=1)
    #: A delivery above this is not read: a reader holds a whole file in memory.
    largest_file_megabytes: int = Field(default=1000, ge=1)
    #: Where exports are fetched from, by a name of one's own.
    places: Mapping[str, Place] = Field(default_factory=dict)
    #: Whom the house speaks to.
    messages: MessageSettings = Field(default_factory=MessageSettings)
    #: How long what is about persons is kept.
    retention: RetentionSettings = Field(default_factory=RetentionSettings)

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
    try:
        text = path.read_text("utf-8")
        return HomeSettings(**tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read ({type(error).__name__}).", "It must be a text file in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{path} cannot be read: {error}.", "Correct that line.") from None
    except RecursionError:
        raise Refusal(f"{path} cannot be read: it is nested too deep.", "Correct the file.") from None
    except ValidationError as error:
        wrong = "; ".join(_told(text, one) for one in error.errors(include_url=False, include_input=False))
        raise Refusal(f"{path} is wrong: {wrong}.", "Correct or remove the key.") from None


def _told(text: str, error: Mapping[str, Any]) -> str:
    """`line 7, places.heroma.port: Input should be …`; a tag that only our types have is left out of the key."""
    keys = [str(part) for part in error["loc"]]
    if len(keys) > 2 and keys[0] == "places" and f"kind = {keys[2]}" not in keys:
        keys = [*keys[:2], *keys[3:]] if keys[2] in _KINDS else keys
    line = line_of(text, keys)
    place = f"line {line}, " if line else ""
    return f"{place}{'.'.join(keys)}: {error['msg']}"


_KINDS = frozenset({"folder", "sftp", "https", "s3", "webdav"})
