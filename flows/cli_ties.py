"""The command that shows how a report ties: between cells and tables, with its texts and with earlier reports."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, parse_period, terminal, write
from flows.domain.period import Period


def ties(
    period: Annotated[
        Period | None,
        typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month; without it, the latest published."),
    ] = None,
    tie_class: Annotated[
        str | None, typer.Option("--class", metavar="CLASS", help="Only this class: sum, deviation, net, text …")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every identity, also those that hold.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show how a published report's figures tie, by class, and what breaks or is restated, with what explains it.

    With a class, what differs by rounding is listed too."""
    from flows.reports import tie_list
    from flows.steps.ties import read_ties

    read = read_ties(home_of_run(), period, tie_class)
    if form is Format.CSV:
        write(tie_list.as_csv(read.ties))
    elif form is Format.JSON:
        write(tie_list.as_json(read.ties, read.about()))
    else:
        console = terminal()
        console.print(f"Avstämningar {read.period}, version {read.version}", style="bold", highlight=False)
        tie_list.print_ties(console, read.ties, rounded=tie_class is not None, every=every)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(ties)
