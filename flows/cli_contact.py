"""The commands of a first contact: what a file resembles, what people fill in, and what is known to be missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, parse_day, parse_period, terminal, write
from flows.domain.period import Period
from flows.errors import ExitCode

gap = typer.Typer(help="Keep the register of known gaps: each change is a new delivery of it in the home's inbox.")

ExtractArgument = Annotated[str, typer.Argument(metavar="EXTRACT", help="Whose months are missing.")]
FirstOption = Annotated[
    Period, typer.Option("--from", parser=parse_period, metavar="YYYY-MM", help="The first month of the gap.")
]
UnitOption = Annotated[str, typer.Option("--unit", metavar="CODE", help="Only this unit; without it, all.")]


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file as the system exports it.")],
    extract: Annotated[
        str | None, typer.Option("--as", metavar="EXTRACT", help="Which extract it is; without it, the most alike.")
    ] = None,
    keep: Annotated[bool, typer.Option("--write", help="Put the proposed mapping in the home's mappings.")] = False,
) -> None:
    """Say what a file resembles, what fits, and the mapping it needs; exit 4 where a close would not read it."""
    from flows.reports.first_contact import print_contact
    from flows.steps.check import check_file

    seen = check_file(home_of_run(), file, extract, write=keep)
    print_contact(terminal(), seen)
    raise typer.Exit(ExitCode.DONE if seen.is_read else ExitCode.BARRED)


def template(
    extract: Annotated[str, typer.Argument(metavar="EXTRACT", help="What is entered: luckor, kommentar, …")],
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the workbook is written.")] = Path(),
    period: Annotated[
        Period | None,
        typer.Option("--period", parser=parse_period, metavar="YYYY-MM", help="Its month; without it, the next one."),
    ] = None,
) -> None:
    """Write a workbook for what people enter, named as a delivery: lists to choose from, each column explained."""
    from flows.steps.template import make_template

    typer.echo(f"Wrote {make_template(home_of_run(), extract, folder, period)}.")


@gap.command("add")
def add(
    extract: ExtractArgument,
    first: FirstOption,
    last: Annotated[
        Period | None,
        typer.Option("--to", parser=parse_period, metavar="YYYY-MM", help="The last one; without it, open."),
    ] = None,
    unit: UnitOption = "",
    reason: Annotated[str, typer.Option(help="Why they are missing; printed in the report.")] = "",
    case: Annotated[str, typer.Option(help="The case that was filed.")] = "",
    owner: Annotated[str, typer.Option(help="A role or a user id; without it, you.")] = "",
    expected: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="When the data are expected.")
    ] = None,
) -> None:
    """Add a gap, or say something anew of one that begins in the same month."""
    from flows.steps.gap import add_gap

    written = add_gap(
        home_of_run(), extract, first, last, unit=unit, reason=reason, case=case, owner=owner, expected=expected
    )
    typer.echo(f"Wrote {written}: the next close of the inbox reads it.")


@gap.command("close")
def close(extract: ExtractArgument, first: FirstOption, unit: UnitOption = "") -> None:
    """Take a gap out of the register."""
    from flows.steps.gap import close_gap

    typer.echo(f"Wrote {close_gap(home_of_run(), extract, first, unit=unit)}: the next close of the inbox reads it.")


@gap.command("list")
def list_(form: FormatOption = Format.TEXT) -> None:
    """Show each gap: open or closed, case, owner, when it is expected, and which months have arrived."""
    from flows.reports import gap_list
    from flows.steps.gap import list_gaps

    gaps = list_gaps(home_of_run())
    if form is Format.CSV:
        write(gap_list.as_csv(gaps))
    elif form is Format.JSON:
        write(gap_list.as_json(gaps))
    else:
        gap_list.print_gaps(terminal(), gaps)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(check)
    app.command()(template)
    app.add_typer(gap, name="gap", no_args_is_help=True)
