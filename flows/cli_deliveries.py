"""The commands about what was received: the ledger of deliveries, withdrawal, and the lines that were not taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import (
    Format,
    FormatOption,
    PeriodArgument,
    home_of_run,
    parse_period,
    say,
    terminal,
    write,
)
from flows.domain.period import Period


def deliveries(
    period: Annotated[
        Period | None,
        typer.Argument(parser=parse_period, metavar="[PERIOD]", help="Only what is about this month; else everything."),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """List what came: when, from where, what it replaced, its rows, and whether it counts."""
    from flows.reports import delivery_list
    from flows.steps.deliveries import list_deliveries

    listed = list_deliveries(home_of_run(), period)
    if form is Format.CSV:
        write(delivery_list.as_csv(listed))
    elif form is Format.JSON:
        write(delivery_list.as_json(listed))
    else:
        delivery_list.print_deliveries(terminal(), listed)


def withdraw(
    delivery: Annotated[int, typer.Argument(metavar="DELIVERY", help="Its number, as `bokslut deliveries` lists it.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; without names or personal numbers.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let a withdrawn delivery count again.")] = False,
) -> None:
    """Let a delivery no longer count: the one before it does, at the next close. Nothing is deleted."""
    from flows.steps.deliveries import withdraw_delivery

    typer.echo(withdraw_delivery(home_of_run(), delivery, reason, undo=undo))


def quarantine(
    period: PeriodArgument,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE.csv", help="Write the lines for the source's owner.")
    ] = None,
) -> None:
    """List the lines that a close of the month does without, and why; what is personal is not shown."""
    from flows.reports import quarantine_list
    from flows.steps.quarantine import quarantined_lines

    lines = quarantined_lines(home_of_run(), period)
    if export is None:
        quarantine_list.print_lines(terminal(), lines)
        return
    quarantine_list.export(lines, export)
    say(f"Wrote {len(lines)} reasons to {export}.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (deliveries, withdraw, quarantine):
        app.command()(command)
