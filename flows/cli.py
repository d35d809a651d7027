"""The command `bokslut`. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from flows import (
    cli_backtest,
    cli_bridge,
    cli_calibrate,
    cli_close,
    cli_contact,
    cli_deliveries,
    cli_doctor,
    cli_findings,
    cli_messages,
    cli_person,
    cli_pull,
    cli_serve,
    cli_ties,
)
from flows.cli_options import (
    Format,
    FormatOption,
    home_of_run,
    parse_period,
    say,
    terminal,
    write,
)
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal

app = typer.Typer(
    help="Close a period: exports in, a traceable report out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli_close.register(app)


@app.command()
def status(
    period: Annotated[
        Period | None,
        typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month; without it, the one closed last."),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show which source is in for which month: complete, preliminary, estimated, missing and why, expected by."""
    from flows.reports import delivery_matrix
    from flows.steps.status import read_status

    matrix = read_status(home_of_run(), period)
    if form is Format.CSV:
        write(delivery_matrix.as_csv(matrix.months))
    elif form is Format.JSON:
        write(delivery_matrix.as_json(matrix.months, matrix.period))
    else:
        delivery_matrix.print_matrix(terminal(), matrix.months, matrix.period)


@app.command()
def demo(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the exports are written.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    scale: Annotated[int, typer.Option(min=1, help="Multiplies shifts and vouchers behind unchanged totals.")] = 1,
    targets: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Published tables to come to: a folder named by its month, or one of such folders."
        ),
    ] = None,
    until: Annotated[
        Period | None,
        typer.Option(
            parser=parse_period, metavar="MONTH", help="Live on to this month, or stop; else the last target's."
        ),
    ] = None,
) -> None:
    """Write a synthetic organisation's exports, and a key for it outside the checkout."""
    from flows.steps.demo import write_demo

    for line in write_demo(to, targets, seed, scale, say, until):
        typer.echo(line)


@app.command()
def version() -> None:
    """Print the version of bokslut."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed_version

    try:
        typer.echo(installed_version("bokslut"))
    except PackageNotFoundError:
        raise Refusal("bokslut is not installed in this environment.", "Run `make` in the checkout.") from None


cli_findings.register(app)
cli_deliveries.register(app)
cli_contact.register(app)
cli_calibrate.register(app)
cli_bridge.register(app)
cli_backtest.register(app)
cli_pull.register(app)
cli_messages.register(app)
cli_doctor.register(app)
cli_serve.register(app)
cli_ties.register(app)
cli_person.register(app)


#: What a shell calls a command that was ended by Ctrl-C.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; whatever goes wrong is one message on stderr and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that is not UTF-8 shows ? for a minus sign or a dash; it does not end the command.
            stream.reconfigure(errors="replace")
    try:
        app(arguments, prog_name="bokslut")
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            say("Interrupted. What was published stands; the same command again finishes what was begun.")
        return end.code if isinstance(end.code, int) else ExitCode.DONE
    except Refusal as refusal:
        say(f"Refused: {refusal.what} {refusal.do}")
        return refusal.exit_code
    except Exception as error:
        from flows.steps.failure import refusal_of_the_disk

        refused = refusal_of_the_disk(error)
        if refused is not None:
            say(f"Refused: {refused.what} {refused.do}")
            return refused.exit_code
        say(_our_fault(error, datetime.now))
        return ExitCode.OUR_FAULT
    return ExitCode.DONE


def _our_fault(error: BaseException, now: Callable[[], datetime]) -> str:
    """Log where it happened, without the error's own words: they may quote a cell. Returns what to say."""
    from flows.steps.failure import StepFailed, trace_without_values

    kind = error.kind if isinstance(error, StepFailed) else type(error).__name__
    try:
        folder = home_of_run().logs
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = folder / f"{now():%Y%m%dT%H%M%S}_{os.getpid()}.log"
        log.write_text(trace_without_values(error), "utf-8")
    except Exception:
        return f"This is our fault ({kind}), and no log could be written. Nothing was published by this command."
    return f"This is our fault ({kind}). What was published stands; send {log} to whoever keeps bokslut."


if __name__ == "__main__":
    sys.exit(main())
