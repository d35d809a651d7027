"""Where this run works and how: the environment says which home, the home's `settings.toml` the rest."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.declarations import root
from flows.errors import Refusal


class Settings(BaseSettings):
    """What the environment says: BOKSLUT_HOME, BOKSLUT_KEY_FILE."""

    # A variable that is set to nothing is one that is not set: the folder one stands in is nobody's home.
    model_config = SettingsConfigDict(env_prefix="BOKSLUT_", env_ignore_empty=True, frozen=True)

    home: Path = root.DEFAULT_HOME
    #: The key of the keyed hash that stands for a person: never in the home, never in the checkout.
    key_file: Path = Field(default_factory=lambda: Path.home() / ".config" / "bokslut" / "person.key")


class HomeSettings(BaseModel):
    """What `settings.toml` in the home says; without the file, the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Published files kept, the newest included: whoever has an older one open may go on reading.
    keep_published: int = Field(default=5, ge=1)


def settings() -> Settings:
    """The environment's settings; raises Refusal naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = ", ".join(f"BOKSLUT_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise Refusal(f"The environment is wrong: {wrong}.", "Correct the variable.") from None


def home_settings(path: Path) -> HomeSettings:
    """The settings of one home; raises Refusal naming the file, and the line or the key that is wrong."""
    if not path.exists():
        return HomeSettings()
    try:
        return HomeSettings(**tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{path} cannot be read: {error}.", "Correct that line.") from None
    except ValidationError as error:
        wrong = ", ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Refusal(f"{path} is wrong: {wrong}.", "Correct or remove the key.") from None
