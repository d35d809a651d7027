"""The commands of a first contact: what a file resembles, what people fill in, and what is known to be missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import home_of_run, terminal
from flows.errors import ExitCode


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file as the system exports it.")],
    extract: Annotated[
        str | None, typer.Option("--as", metavar="EXTRACT", help="Which extract it is; without it, the most alike.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the proposed mapping in the home's mappings.")] = False,
) -> None:
    """Say what a file resembles, what fits, and the mapping it needs; exit 4 where a close would not read it."""
    from flows.reports.first_contact import print_contact
    from flows.steps.check import check_file

    seen = check_file(home_of_run(), file, extract, write=write)
    print_contact(terminal(), seen)
    raise typer.Exit(ExitCode.DONE if seen.is_read else ExitCode.BARRED)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(check)
