"""Whom the house speaks to, as `settings.toml` declares it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from flows.settings.secrets import SecretKeeper


class MessageSettings(BaseModel):
    """Receivers and the address that is asked so that silence means something."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Where each receiver's Apprise address is kept (`mailtos://…`, `jsons://…`): it holds a password or a token.
    to: tuple[SecretKeeper, ...] = ()
    #: Where the address of the dead-man's switch is kept: it is asked after every night that ran to its end.
    heartbeat: SecretKeeper | None = None
    #: The working day of the month after by which the figures must be whole.
    close_workday: int = Field(default=5, ge=1, le=20)
