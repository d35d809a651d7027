"""How long persons' rows and the files that hold them are kept, as `settings.toml` declares it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

#: A close of December reads January of the year before, and is corrected until the end of March: 26 months.
LEAST_DAYS = 790


class RetentionSettings(BaseModel):
    """After how many days what is about persons is destroyed. Nobody decides that by not deciding: no default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Counted from the last day of the month that a delivery is about, or from its arrival where that was earlier.
    days: int | None = Field(default=None, ge=LEAST_DAYS, le=36_500)
