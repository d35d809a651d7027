"""Secrets of a house as canaries: what they are, where they are kept, and what they may look like where they leak."""

from __future__ import annotations

import base64
import secrets
import subprocess
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Secrets:
    """Each secret by what it opens; `variables` are those kept in the environment, the files lie in `folder`."""

    folder: Path
    values: dict[str, str | bytes] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def in_environment(self, what: str, value: str = "") -> str:
        """Make one, or keep this one, in a variable; returns how settings name it."""
        variable = f"KEPT_{what.upper().replace(' ', '_')}"
        self.variables[variable] = self.keep(what, value)
        return f"env:{variable}"

    def in_file(self, what: str, value: str = "") -> str:
        """The same in a file that its owner alone may read."""
        file = self.folder / what.replace(" ", "-")
        file.touch(mode=0o600)
        file.write_text(self.keep(what, value) + "\n")
        return f"file:{file}"

    def keep(self, what: str, value: str = "") -> str:
        """Remember a secret, made anew where none is given."""
        made = value or f"{secrets.token_urlsafe(9)}/+{secrets.token_urlsafe(9)}"
        self.values[what] = made
        return made

    def ssh_key(self, what: str) -> Path:
        """A key that opens nothing."""
        file = self.folder / what.replace(" ", "-")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
        self.keep_lines(what, file)
        return file

    def keep_lines(self, what: str, file: Path) -> None:
        """The inner lines of a key file: any of them alone is too much. The first is as in every such key."""
        for number, line in enumerate(file.read_text().splitlines()[2:-1], 2):
            self.values[f"{what}, line {number}"] = line

    def ways(self) -> Mapping[str, tuple[str | bytes, ...]]:
        """What a listener listens for; base64 and addresses are opened by the scan itself."""
        return {what: _written(value) for what, value in self.values.items()}


def _written(value: str | bytes) -> tuple[str | bytes, ...]:
    if isinstance(value, bytes):
        return (value, value.hex(), base64.b64encode(value), base64.urlsafe_b64encode(value).rstrip(b"="))
    return (value, urllib.parse.quote(value, safe=""))
