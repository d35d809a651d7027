"""The commands that compare forecasts: side by side for the year to come, and against the years that came."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, parse_period, terminal, write
from flows.domain.period import Period

LastClosedArgument = Annotated[
    Period | None,
    typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month; without it, the one closed last."),
]
MeasureOption = Annotated[
    str | None, typer.Option("--measure", metavar="ID", help="Only this measure, with each of its areas.")
]
AreaOption = Annotated[str | None, typer.Option("--area", metavar="CODE", help="Only this area.")]


def backtest(
    period: LastClosedArgument = None,
    measure: MeasureOption = None,
    area: AreaOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Try each method of forecast on the years that have come: errors net and gross, bias, and which had been best."""
    from flows.reports import backtest_list
    from flows.steps.backtest import read_backtest

    told = read_backtest(home_of_run(), period, measure, area)
    if form is Format.CSV:
        write(backtest_list.as_csv(told))
    elif form is Format.JSON:
        write(backtest_list.as_json(told))
    else:
        backtest_list.print_backtest(terminal(), told)


def forecasts(
    period: LastClosedArgument = None,
    measure: MeasureOption = None,
    area: AreaOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show each measure's methods of forecast side by side, which one is used, and the pace that each leaves."""
    from flows.reports import forecast_list
    from flows.steps.backtest import read_forecasts

    closed, version, found = read_forecasts(home_of_run(), period, measure, area)
    if form is Format.CSV:
        write(forecast_list.as_csv(found))
    elif form is Format.JSON:
        write(forecast_list.as_json(found, closed, version))
    else:
        forecast_list.print_forecasts(terminal(), found, closed, version)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(backtest)
    app.command()(forecasts)
