"""The command that fetches exports from their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli_options import home_of_run, say, terminal
from flows.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.steps.pull import Pulled


def pull(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="[PLACE]...", help="Places of settings.toml; without any, all.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched, and fetch nothing.")] = False,
) -> None:
    """Fetch what is new at the places of settings.toml into the inbox. Nothing is changed at a source."""
    from flows.settings import home_settings
    from flows.steps.pull import pull as pull_places

    home = home_of_run()
    pulled = pull_places(home, home_settings(home.settings_file).places, places or (), dry_run, progress=say)
    _print(pulled, dry_run)
    if any(one.failure for one in pulled):
        raise typer.Exit(ExitCode.PUBLISHED_WITHHELD)


def _print(pulled: Sequence[Pulled], dry_run: bool) -> None:
    from rich.table import Table

    from flows.sources.printed_text import shown_name

    table = Table(box=None, pad_edge=False)
    table.add_column("Place")
    for head in ("to fetch" if dry_run else "fetched", "known", "not yet whole", "tries"):
        table.add_column(head, justify="right")
    table.add_column("")
    for one in pulled:
        words = [] if one.failure is None else [f"{one.failure}. {one.do}"]
        if one.too_large:
            words.append(f"Above largest_megabytes: {', '.join(map(shown_name, one.too_large))}.")
        if one.unusable_names:
            words.append(f"{one.unusable_names} names cannot be used.")
        counts = (len(one.fetched), one.known, len(one.waiting), one.attempts)
        table.add_row(one.place, *map(str, counts), " ".join(words), style="red" if one.failure else None)
    terminal().print(table)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(pull)
