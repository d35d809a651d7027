"""How a month end is published, as `settings.toml` declares it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class MonthEndSettings(BaseModel):
    """Whether somebody must say yes before a month is published, and how long a run waits for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Show what would change, and publish only on a person's word.
    ask_before_publishing: bool = False
    #: How long a run in Prefect's page waits for the word before it ends; the command waits as long as its terminal.
    wait_hours: float = Field(default=72, gt=0, le=24 * 92)
