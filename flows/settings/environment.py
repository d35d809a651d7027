"""What the environment says: which home, and where the key of the persons lies."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
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


def settings() -> Settings:
    """The environment's settings; raises Refusal naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = ", ".join(f"BOKSLUT_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise Refusal(f"The environment is wrong: {wrong}.", "Correct the variable.") from None
