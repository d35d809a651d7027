"""The command that says how a period stands to whoever is to know."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli_options import home_of_run, parse_period, say, write
from flows.domain.period import Period
from flows.errors import ExitCode


def message(
    period: Annotated[
        Period | None,
        typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month; without it, the newest ended."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, and send nothing.")] = False,
) -> None:
    """Send the morning's message to the receivers of settings.toml: what is missing, is the close day in danger."""
    from flows.settings import home_settings
    from flows.steps.close import stockholm_now
    from flows.steps.messages import deliver, morning, read_situation

    home = home_of_run()
    settings = home_settings(home.settings_file).messages
    today = stockholm_now().date()
    told = morning(read_situation(home, period or Period.of(today).plus(-1), today, settings))
    write(f"{told.title}\n\n{told.body}\n")
    if dry_run:
        return
    if not settings.to:
        say("No receiver is declared (to, under [messages] in settings.toml): nothing was sent.")
        return
    missed = deliver(told, settings)
    say(f"Sent to {len(settings.to) - missed} of {len(settings.to)} receivers.")
    if missed:
        raise typer.Exit(ExitCode.REFUSAL)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(message)
