"""The commands that close a month and print its report."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli_options import (
    Format,
    FormatOption,
    PeriodArgument,
    home_of_run,
    parse_day,
    say,
    terminal,
    write,
)
from flows.domain.word import Given, Word, nobody

if TYPE_CHECKING:
    from rich.console import Console

    from flows.domain.period import Period
    from flows.steps.closing import Outcome
    from flows.store.home import Home


def close(
    period: PeriodArgument,
    folder: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="Where the exports lie; without it, the home's inbox.")
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=parse_day,
            metavar="DATE",
            help="Judge as of this day; without it, the newest extraction time's.",
        ),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Say yes beforehand, where the settings ask before a month is published.")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would change, and publish nothing whatever the settings say.")
    ] = False,
) -> None:
    """Take the exports in, build, judge, print and publish a month. The second time it says that nothing changed."""
    from flows.steps.ask import ask_until_said
    from flows.steps.close import close_at_once

    if publish and preview:
        raise typer.BadParameter("it publishes nothing", param_hint="--preview")
    home = home_of_run()
    given: Given = (lambda _: _word("beforehand, with --publish")) if publish else nobody
    has_server = bool(os.environ.get("PREFECT_API_URL"))
    if has_server and not preview:
        from flows.close_period import AskedAtTerminal, close_under_prefect

        say("Running the steps as a flow of the Prefect server at PREFECT_API_URL.")
        outcome = close_under_prefect(period, folder, as_of, AskedAtTerminal(given, _asked))
    else:
        why = "A preview is no run of a server" if has_server else "No Prefect server (PREFECT_API_URL is not set)"
        say(f"{why}: running the steps at once.")
        outcome = ask_until_said(
            lambda said: close_at_once(home, period, folder, as_of, say, given=said, is_preview=preview),
            _asked,
            given,
        )
    _print_outcome(home, outcome, f" --as-of {as_of}" if as_of else "")
    raise typer.Exit(outcome.exit_code)


def _word(how: str) -> Word:
    return Word(getpass.getuser(), f"word given {how}")


def _asked(outcome: Outcome) -> Word | None:
    """Show what would change and, on a terminal, ask; no answer is a no."""
    from flows.reports.change_list import print_changes

    assert outcome.changes is not None, "what awaits a word has been compared"
    print_changes(terminal(), outcome.changes)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    try:
        said = typer.confirm(f"Publish {outcome.period} as version {outcome.changes.version}?", default=False)
    except typer.Abort:
        typer.echo()
        return None
    return _word("at the terminal") if said else None


def _print_outcome(home: Home, outcome: Outcome, as_of: str) -> None:
    from flows.quality.findings import work_list
    from flows.reports.finding_list import print_findings

    console = terminal()
    if not outcome.changed and not outcome.awaits_word:
        last = f"version {outcome.version}" if outcome.version else "the last close"
        console.print(f"Nothing changed since {last} of {outcome.period}.", highlight=False)
    if outcome.is_published and outcome.version is not None:
        _print_tables(console, home, outcome.period, None)
    if outcome.outcome == "previewed":
        _print_preview(console, outcome)
        return
    if not outcome.awaits_word:
        print_findings(console, work_list(outcome.findings, outcome.period))
        console.print()
    if outcome.page is not None:
        console.print(f"Quality page: {outcome.page}", highlight=False, soft_wrap=True)
    if outcome.is_published:
        told = f"{outcome.period} version {outcome.version}: {outcome.published}"
    elif outcome.awaits_word:
        told = (
            f"{outcome.period} is not published: it awaits a person's word. What was published stands.\n"
            f"What is found: bokslut findings {outcome.period}\n"
            f"Publish it: bokslut close {outcome.period}{as_of} --publish"
        )
    else:
        told = f"{outcome.period} is not published: the findings above bar it. What was published stands."
    console.print(told, highlight=False, soft_wrap=outcome.is_published)


def _print_preview(console: Console, outcome: Outcome) -> None:
    from flows.reports.change_list import print_changes

    if outcome.changes is not None:
        print_changes(console, outcome.changes)
        console.print(
            f"A preview: nothing of {outcome.period} is published by it. Publish: bokslut close {outcome.period}",
            highlight=False,
        )


def tables(
    period: PeriodArgument,
    table: Annotated[str | None, typer.Option("--table", metavar="ID", help="Only this table of the report.")] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Print the tables of a closed month as they were published."""
    from flows.reports.tables import as_csv, as_json
    from flows.steps.tables import read_report

    if form is Format.TEXT:
        _print_tables(terminal(), home_of_run(), period, table)
        return
    report = read_report(home_of_run(), period, table)
    if form is Format.CSV:
        write(as_csv(report.cells))
    else:
        write(as_json(report.cells, report.footnotes, report.about(), report.texts))


def _print_tables(console: Console, home: Home, period: Period, table: str | None) -> None:
    from flows.reports.tables import print_tables
    from flows.steps.tables import read_report

    report = read_report(home, period, table)
    console.print(report.title(), style="bold", highlight=False)
    console.print()
    print_tables(console, report.cells, report.footnotes, report.texts)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(close)
    app.command()(tables)
