"""The commands of a first contact: what a file resembles, what people fill in, and what is known to be missing."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
