"""The places that exports are fetched from, as `settings.toml` declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flows.settings.secrets import SecretKeeper

_Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-:]+$", max_length=253)]
#: No user and no query: what lets somebody in does not stand in an address.
_HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[^\s/@?#]+(/[^\s?#]*)?$", max_length=2000)]


class PlaceSettings(BaseModel):
    """What is the same for every place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Names of the files wanted, as shell patterns; by default every file that is named as a delivery.
    files: tuple[str, ...] = ("*",)
    #: How the source says that a file is whole: its size and time stand still, `NAME.done` lies beside it,
    #: or `NAME.sha256` does, with the sum that the file must have.
    finished: Literal["still", "done", "sha256"] = "still"
    #: How long a file must have stood still.
    still_seconds: float = Field(default=10, ge=0, le=3600)
    #: Tries in all for what may pass: a server that is down, a line that is cut. Waits double, with chance in them.
    attempts: int = Field(default=5, ge=1, le=20)
    first_wait_seconds: float = Field(default=2, gt=0, le=600)
    longest_wait_seconds: float = Field(default=120, gt=0, le=3600)
    #: How long the other side may be silent.
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    #: A file above this is left where it is, and told.
    largest_megabytes: int = Field(default=1000, ge=1)


class FolderPlace(PlaceSettings):
    """A folder of this machine, or mounted in it."""

    kind: Literal["folder"]
    path: Path


class SftpPlace(PlaceSettings):
    """A folder of an SFTP server, entered by key. `host_key` is the server's public key: no other is talked to."""

    kind: Literal["sftp"]
    host: _Host
    port: int = Field(default=22, ge=1, le=65535)
    user: str
    path: str = "."
    key_file: Path
    host_key: Annotated[str, StringConstraints(pattern=r"^(ssh|ecdsa|sk)-[a-z0-9@.\-]+ [A-Za-z0-9+/=]+( .*)?$")]


class HttpsPlace(PlaceSettings):
    """A page that links to the files. `ca_file` pins who may have signed the server's certificate."""

    kind: Literal["https"]
    url: _HttpsUrl
    token: SecretKeeper | None = None
    ca_file: Path | None = None


class S3Place(PlaceSettings):
    """A bucket, or what in it begins with `prefix`, of S3 or a service that speaks as it does."""

    kind: Literal["s3"]
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.\-]{3,63}$")]
    prefix: str = ""
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@?#]+/?$")] | None = None
    region: str | None = None
    access_key: SecretKeeper
    secret_key: SecretKeeper
    ca_file: Path | None = None


class WebdavPlace(PlaceSettings):
    """A WebDAV folder."""

    kind: Literal["webdav"]
    url: _HttpsUrl
    user: str | None = None
    password: SecretKeeper | None = None
    ca_file: Path | None = None


Place = Annotated[FolderPlace | SftpPlace | HttpsPlace | S3Place | WebdavPlace, Field(discriminator="kind")]
