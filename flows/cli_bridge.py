"""The commands that explain: bridges between two days or two figures, and what stands behind one printed cell."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, parse_day, parse_period, terminal, write
from flows.domain.period import Period

bridge = typer.Typer(help="What led from one figure to another: a step a row, and the steps foot exactly.")

LastClosedArgument = Annotated[
    Period | None,
    typer.Argument(parser=parse_period, metavar="[PERIOD]", help="The month; without it, the one closed last."),
]


class Against(StrEnum):
    """What the outcome is compared with."""

    BUDGET = "budget"
    LAST_YEAR = "last-year"


@bridge.command("places")
def places(
    first: Annotated[date, typer.Option("--from", parser=parse_day, metavar="DATE", help="The day it begins.")],
    last: Annotated[date, typer.Option("--to", parser=parse_day, metavar="DATE", help="The day it ends.")],
    period: LastClosedArgument = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only these places, as the register names them.")
    ] = None,
    via: Annotated[
        list[date] | None,
        typer.Option(
            "--via", parser=parse_day, metavar="DATE", help="A day in between to stop at; several may be given."
        ),
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show how places came from one day's number to another's, by dated event; reports between them are marked."""
    from flows.reports import bridge_of_places
    from flows.steps.bridge import read_place_bridges

    bridges = read_place_bridges(home_of_run(), first, last, kind=kind, days_between=via or (), period=period)
    if form is Format.CSV:
        write(bridge_of_places.as_csv(bridges))
    elif form is Format.JSON:
        write(bridge_of_places.as_json(bridges))
    else:
        bridge_of_places.print_place_bridges(terminal(), bridges)


@bridge.command("result")
def result(
    period: LastClosedArgument = None,
    against: Annotated[
        Against, typer.Option("--against", help="The period's budget, or the same period of last year, restated.")
    ] = Against.BUDGET,
    area: Annotated[str | None, typer.Option("--area", metavar="CODE", help="Only this area.")] = None,
    top: Annotated[
        int, typer.Option("--top", min=1, metavar="N", help="How many steps the text shows, the largest first.")
    ] = 15,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show what led from budget or last year to the outcome, by area and account group, one-offs apart."""
    from flows.reports import bridge_of_result
    from flows.steps.bridge import read_result_bridge

    made = read_result_bridge(home_of_run(), period, against.value.replace("-", "_"), area)
    if form is Format.CSV:
        write(bridge_of_result.as_csv(made))
    elif form is Format.JSON:
        write(bridge_of_result.as_json(made))
    else:
        bridge_of_result.print_result_bridge(terminal(), made, top)


def explain(
    address: Annotated[
        str, typer.Argument(metavar="TABLE:ROW:COLUMN", help="The cell: each part an id or what is printed.")
    ],
    period: LastClosedArgument = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many of the largest parts.")] = 10,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show what stands behind one printed cell: the largest parts, the rest and the total; method, source and notes."""
    from flows.reports import explanation
    from flows.steps.explain import explain_cell

    explained = explain_cell(home_of_run(), address, period)
    if form is Format.CSV:
        write(explanation.as_csv(explained, top))
    elif form is Format.JSON:
        write(explanation.as_json(explained, top))
    else:
        explanation.print_explanation(terminal(), explained, top)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(explain)
    app.add_typer(bridge, name="bridge", no_args_is_help=True)
