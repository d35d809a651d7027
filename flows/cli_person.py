"""The commands about persons: find one, destroy what is old, give everybody another key."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli_options import Format, FormatOption, home_of_run, say, terminal, write
from flows.errors import ExitCode, Refusal

if TYPE_CHECKING:
    from flows.steps.retain import Plan

_person = typer.Typer(help="Find in which files a person stands.", no_args_is_help=True)


def rekey(
    new_key_file: Annotated[
        Path,
        typer.Option(
            "--new-key-file", metavar="FILE", help="The new key, outside home and checkout, its owner's alone."
        ),
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; without names or personal numbers.")
    ] = "rotation of the key",
) -> None:
    """Give every person in the store another key. BOKSLUT_KEY_FILE names the old one; no figure changes."""
    from flows.steps.rekey import rekey as change_keys

    done = change_keys(home_of_run(), new_key_file, reason, say)
    typer.echo(f"{done.persons} persons of {done.files} files have a new key; the old one opens nothing here any more.")
    typer.echo(
        f"Now: 1. let BOKSLUT_KEY_FILE name {new_key_file} wherever bokslut runs. 2. Put a copy of it in the safe."
        " 3. Destroy the old key once no backup holds a store from before this: there its hashes still stand."
    )


def retain(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be destroyed and why the rest would not; destroy nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Destroy without asking.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Destroy persons' rows and files above the age in settings.toml that no open month stands on; figures stay."""
    from flows.steps.retain import plan_retention
    from flows.steps.retain import retain as destroy

    home = home_of_run()
    plan = plan_retention(home)
    if not dry_run and not yes and not sys.stdin.isatty():
        raise Refusal(
            "What is destroyed is gone for good, and there is nobody to ask.",
            "Look first: `bokslut retain --dry-run`; then say --yes.",
        )
    _print_plan(plan, form)
    if dry_run or not (plan.to_destroy or plan.unfinished):
        say("Nothing was destroyed." if dry_run else "There is nothing to destroy.")
        return
    if not yes and not typer.confirm("Destroy that for good?", err=True):
        say("Nothing was destroyed.")
        return
    done = destroy(home, plan, say)
    say(
        f"Destroyed {done.deliveries} deliveries: {done.rows} rows, {done.files} archived files"
        f" and {done.in_inbox} copies in the inbox. What was closed and published stands."
    )
    for folder, copies in Counter(path.parent for path in done.elsewhere).items():
        say(f"Outside the home, in {folder}, lie copies of {copies} of the files: yours to destroy.")
    say("Backups still hold them: the next one takes the files away, older copies of the store go with their time.")


def _print_plan(plan: Plan, form: Format) -> None:
    from flows.reports import retention_list

    if form is Format.CSV:
        write(retention_list.as_csv(plan.held))
    elif form is Format.JSON:
        write(retention_list.as_json(plan.held))
    else:
        retention_list.print_held(terminal(), plan.held)
    doomed = [one for one in plan.held if one.verdict == "destroy"]
    if doomed:
        size = retention_list.size_in_words(sum(one.bytes for one in doomed))
        first, last = min(one.period for one in doomed), max(one.period for one in doomed)
        files, rows = sum(one.files for one in doomed), sum(one.rows for one in doomed)
        say(f"To be destroyed: {files} files ({size}) and {rows} rows of them, about {first} to {last}.")
    if plan.unfinished:
        say(f"To be destroyed: {plan.unfinished} files that an interrupted run left.")
    say("Kept whatever their age: the ledger, which bookkeeping law keeps, and what has no personal column.")


@_person.command()
def find(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; without names or personal numbers.")],
    given: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="")] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Ask for a personnummer, without showing it, and say which files hold the person. That you asked is written down.

    Without a terminal the number is read from standard input.
    """
    from flows.reports import person_files
    from flows.steps.person_find import find_person

    if given:
        raise Refusal(
            "A person's number is not given as an argument: it stays in the shell's history, and others see it run.",
            "Take it out of the history, and run the same without it: it is asked for.",
        )
    found = find_person(home_of_run(), _asked(), reason, say)
    if form is Format.CSV:
        write(person_files.as_csv(found.files))
    elif form is Format.JSON:
        write(person_files.as_json(found.files))
    elif found.files:
        person_files.print_files(terminal(), found.files)
    say(f"{len(found.files) or 'None'} of {found.searched} files searched. Written down with your name and reason.")
    if found.is_mistyped:
        say("The last digit of the number is not the one that the others give: look at it again.")
    if found.destroyed:
        say(f"Of {found.destroyed} deliveries retention has left nothing to search.")
    for name, why in found.incomplete:
        say(f"{name}: {why}")
    if found.incomplete:
        raise typer.Exit(ExitCode.PUBLISHED_WITHHELD)


def _asked() -> str:
    """The number: from whoever sits there, unseen, or the first line of what is piped in."""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("Personnummer: ")
    return sys.stdin.readline()


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (rekey, retain):
        app.command()(command)
    app.add_typer(_person, name="person")
