"""The command that shows what a close found: as text, as csv and json for programs, as a workbook to tick off."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import PeriodArgument, home_of_run, say, terminal, write


class Form(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


def findings(
    period: PeriodArgument,
    form: Annotated[
        Form, typer.Option("--format", help="text for people, csv or json for programs, xlsx (with --to) to tick off.")
    ] = Form.TEXT,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write them here instead of to the terminal.")
    ] = None,
) -> None:
    """Show what the last close of a month found, by who must act, with what to type; known gaps apart."""
    if form is Form.XLSX and to is None:
        raise typer.BadParameter("give the workbook's file with --to FILE.xlsx", param_hint="--format")
    if form is Form.TEXT and to is not None:
        raise typer.BadParameter("choose csv, json or xlsx with --format", param_hint="--to")
    from flows.quality.findings import work_list
    from flows.reports import finding_list
    from flows.steps.findings import read_findings
    from flows.steps.quality_page import quality_page

    home = home_of_run()
    work = work_list(read_findings(home, period), period)
    if form is Form.XLSX and to is not None:
        from flows.reports.finding_book import write_book

        write_book(work.items(), period, to)
    elif form is not Form.TEXT:
        text = finding_list.as_csv(work.items()) if form is Form.CSV else finding_list.as_json(work.items())
        finding_list.write_text(text, to) if to is not None else write(text)
    else:
        console = terminal()
        finding_list.print_findings(console, work)
        if quality_page(home, period).exists():
            console.print(f"\nQuality page: {quality_page(home, period)}", soft_wrap=True)
    if to is not None:
        say(f"Wrote {len(work.items())} findings to {to}.")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(findings)
