"""What the commands have in common: how a month, a day and a form are given, the home, and how output is written."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.domain.period import Period
from flows.printable import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    from flows.store.home import Home


class Format(StrEnum):
    """How a listing is written."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def parse_period(text: str) -> Period:
    """A month as it is typed."""
    try:
        return Period.parse(text)
    except ValueError:
        raise typer.BadParameter("write the month as YYYY-MM") from None


def parse_day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write the day as YYYY-MM-DD") from None


PeriodArgument = Annotated[Period, typer.Argument(parser=parse_period, metavar="PERIOD", help="The month, as YYYY-MM.")]
FormatOption = Annotated[Format, typer.Option("--format", help="text for people, csv or json for programs.")]


def home_of_run() -> Home:
    """The home that the environment names."""
    from flows.settings import settings
    from flows.store.home import Home

    return Home(settings().home)


def terminal() -> Console:
    """Colour and the window's width on a terminal; plain and 80 columns when piped. Nobody's words command it."""
    from rich.console import Console
    from rich.segment import Segment

    class Terminal(Console):
        """A console whose own colours are the only escape sequences on it: what files hold is shown, not obeyed."""

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for one in super().render(renderable, options):
                yield one if one.control or one.text.isprintable() else Segment(visible(one.text), one.style)

    # In a cell's address `:a:` is a row, not a picture.
    return Terminal(highlight=False, emoji=False)


def say(line: str) -> None:
    """A line about the run, beside its output."""
    typer.echo(visible(line), err=True)


def write(text: str) -> None:
    """As it stands: the files compare byte for byte on every system. A terminal is given nothing to obey."""
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()
