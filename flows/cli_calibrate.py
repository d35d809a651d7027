"""The command that sets the gate's limits against history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, parse_period, say, terminal, write
from flows.domain.period import Period


def calibrate(
    period: Annotated[
        Period | None,
        typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month closed last; without it, the same."),
    ] = None,
    form: FormatOption = Format.TEXT,
    to: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Also write the proposed rows of thresholds.csv to a new file."),
    ] = None,
) -> None:
    """Show what the gate's limits would be if learned from history, and how many findings each would have given."""
    from flows.declarations.calibration import calibration
    from flows.reports import threshold_list
    from flows.steps.calibrate import calibrate as calibrate_thresholds
    from flows.steps.calibrate import write_proposal

    proposed = calibrate_thresholds(home_of_run(), period)
    if form is Format.CSV:
        write(threshold_list.as_csv(proposed.thresholds))
    elif form is Format.JSON:
        write(threshold_list.as_json(proposed.thresholds, proposed.period))
    else:
        threshold_list.print_thresholds(terminal(), proposed.thresholds, proposed.period)
    if to is not None:
        moved = write_proposal(proposed, calibration().percentile, to)
        say(f"Wrote {moved} proposed rows to {to}; whoever decides puts them in warehouse/reference/thresholds.csv.")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(calibrate)
