"""The command that looks whether everything is there that a close and a night need."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli_options import home_of_run, say, terminal
from flows.errors import ExitCode


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the places of settings.toml.")] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="Read every archived file too, and hold it to the sum it arrived with.")
    ] = False,
) -> None:
    """Look at settings, rights, keys, secrets, disk, clock, versions, places and server, and say what to mend."""
    from itertools import chain

    from rich.table import Table

    from flows.steps.archive_check import examine_archive
    from flows.steps.close import stockholm_now
    from flows.steps.doctor import State, examine

    styles = {State.GOOD: "green", State.LOOK: "yellow", State.WRONG: "bold red"}
    table = Table(box=None, pad_edge=False, show_header=False)
    for no_wrap in (True, True, False, False):
        table.add_column(no_wrap=no_wrap, overflow="fold")
    is_well = True
    home = home_of_run()
    read = examine_archive(home, say) if archive else ()
    for check in chain(examine(home, stockholm_now(), list_places=not offline), read):
        is_well &= check.state is not State.WRONG
        table.add_row(f"[{styles[check.state]}]{check.state}[/]", check.subject, check.what, check.do)
    terminal().print(table)
    if not is_well:
        raise typer.Exit(ExitCode.REFUSAL)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(doctor)
