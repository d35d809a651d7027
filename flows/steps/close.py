"""The close of a period: one ordered list of plain functions. Knows no Prefect."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from flows.domain.period import Period
from flows.domain.verdict import verdict
from flows.domain.word import Given, nobody
from flows.errors import Refusal
from flows.steps.ask import ask
from flows.steps.closing import Closing, Outcome, Progress, Reached, silent, stockholm_now
from flows.steps.ending import ORGANISATION, barred, ended, published_file, unchanged
from flows.store.home import Home

Step = Callable[[Closing], None]


def receive(closing: Closing) -> None:
    """Read, archive and land every file of the folder that was not received before."""
    from flows.declarations.contracts import contracts
    from flows.steps.receive import receive_folder

    # An intake tells a line an extract.
    told = _counted(closing.progress, closing.reached, len(contracts()))
    received = receive_folder(closing.connection, closing.home, closing.folder, closing.now, told)
    closing.findings.extend(received.notes)


def select(closing: Closing) -> None:
    """Decide which deliveries the period stands on; where they and the code are as last time, the close ends here."""
    from flows.store.closings import Attempt
    from flows.store.delivery_selection import select_deliveries
    from flows.store.versions import closing_fingerprint

    as_of = select_deliveries(closing.connection, closing.period, closing.as_of)
    closing.attempt = Attempt(closing.period, as_of, closing.stamp(), closing_fingerprint(closing.connection))
    closing.outcome = unchanged(closing)


def build(closing: Closing) -> None:
    """Make the tables whose SQL or deliveries have changed; the gate's library is imported meanwhile."""
    from flows.declarations import root
    from flows.quality.gate import preload
    from flows.store.duckdb_engine import build_tables
    from flows.store.earlier import copy_earlier

    preload()
    copy_earlier(closing.connection)
    made = _counted(silent, closing.reached, len(list(root.SQL.glob("*/*.sql"))))
    built = build_tables(closing.connection, lambda name, _: made(name))
    closing.waiting = built.waiting
    closing.progress(f"Built {len(built.made)} tables, {len(built.unchanged)} unchanged.")


def print_report(closing: Closing) -> None:
    """Print every cell of the report once, the footnotes that follow from them, and the texts that quote them."""
    from flows.reports.report import print_report as print_cells
    from flows.reports.wording import read_wording
    from flows.store.printed import write_printed

    cells = closing.connection.execute("select * from marts.report_cell").to_arrow_table()
    notes = closing.connection.execute("select * from marts.report_note").to_arrow_table()
    try:
        closing.report = print_cells(cells, closing.period, read_wording(), notes, _comments(closing))
    except Refusal as refusal:
        # An edition that cannot be printed must not hide what the gate finds: it is said where nothing else bars.
        closing.unprintable = refusal
    write_printed(closing.connection, closing.report.judged() if closing.report else {})
    if closing.report is not None:
        printed = closing.report
        closing.progress(f"Printed {printed.cells.num_rows} cells, {printed.footnotes.num_rows} footnotes.")


def tie(closing: Closing) -> None:
    """Make the tables that stand on the printed report: how its figures tie, and what reads wrong in it."""
    from flows.store.duckdb_engine import build_on_print

    built = build_on_print(closing.connection, closing.waiting)
    closing.progress(f"Made {len(built.made)} tables of the printed report, {len(built.unchanged)} unchanged.")


def judge(closing: Closing) -> None:
    """Collect the findings of the deliveries in force and of the gate; a barred close is recorded and ends here.

    Raises Refusal where nothing bars it and the edition could not be printed."""
    from flows.declarations.rules import suites
    from flows.quality.gate import judge as judge_tables
    from flows.steps.findings import findings_of_deliveries
    from flows.steps.published_words import findings_of_published

    judged = _counted(silent, closing.reached, len(suites()))
    found = judge_tables(closing.connection, judged, summary=closing.progress)
    printed = {**closing.report.judged(), "footnote": closing.report.footnotes} if closing.report else {}
    found += findings_of_published(closing.connection, printed)
    closing.findings += [*findings_of_deliveries(closing.connection), *found]
    closing.progress(f"{len(closing.findings)} findings.")
    if verdict(closing.findings).is_barred:
        closing.outcome = barred(closing)
    elif closing.unprintable is not None:
        raise closing.unprintable


def freeze(closing: Closing) -> None:
    """Freeze marts, cells and the matrix of deliveries as the period's next version, with its event and findings."""
    from flows.steps.status import delivery_months
    from flows.store.versions import freeze as freeze_version

    assert closing.report is not None, "the report is printed first"
    closing.version = freeze_version(
        closing.connection,
        closing.begun(),
        closing.findings,
        {
            "report_cell": closing.report.cells,
            "footnote": closing.report.footnotes,
            "comment": closing.report.texts,
            "quoted_figure": closing.report.quotes,
            "tie": closing.connection.execute("select * from reconciliations.tie").to_arrow_table(),
            "delivery_month": delivery_months(closing.connection),
            "organisation": closing.connection.execute(ORGANISATION).to_arrow_table(),
        },
        who=closing.word.who if closing.word else closing.who,
        why=closing.word.why if closing.word else None,
        happened_at=closing.stamp(),
        outcome="published_withheld" if verdict(closing.findings).is_withheld else "published",
    )


def publish(closing: Closing) -> None:
    """Write the published file and point the home's link at it."""
    published = published_file(closing)
    closing.outcome = ended(
        closing, "published_withheld" if verdict(closing.findings).is_withheld else "published", published
    )


def _counted(told: Progress, reached: Reached, most: int) -> Progress:
    """What hears of one thing at a time, passes it on, and says how many of `most` there were."""
    heard = 0

    def hear(line: str) -> None:
        nonlocal heard
        heard += 1
        told(line)
        reached(min(heard / most, 1.0))

    return hear


def _comments(closing: Closing) -> list[dict[str, Any]]:
    """The texts that were handed in for the closed month."""
    found = closing.connection.execute(
        f"select * from staging.comment where month = date '{closing.period.first_day.isoformat()}'"
    )
    return found.to_arrow_table().to_pylist()


#: The whole close, in order. Each flow and the command run this list.
STEPS: tuple[Step, ...] = (receive, select, build, print_report, tie, judge, ask, freeze, publish)


def close_at_once(
    home: Home,
    period: Period,
    folder: Path | None = None,
    as_of: date | None = None,
    progress: Progress = silent,
    now: Callable[[], datetime] = stockholm_now,
    given: Given = nobody,
    is_preview: bool = False,
) -> Outcome:
    """Run every step in this process; raises Refusal for an act that may not be done (exit 5: another writer).

    `given`: the words that people have said to it. A preview publishes and records nothing but what was received."""
    with begin(home, period, folder, as_of, progress, now) as closing:
        closing.given = given
        closing.is_preview = is_preview
        return run(closing)


def run(closing: Closing, steps: Sequence[Step] = STEPS) -> Outcome:
    """Run the steps until one ends the close; how long each took is left in the home's logs."""
    seconds: dict[str, float] = {}
    for step in steps:
        if closing.outcome is None:
            started = perf_counter()
            step(closing)
            seconds[step.__name__] = round(perf_counter() - started, 3)
    closing.home.stages_file.write_text(json.dumps({"period": str(closing.period), "seconds": seconds}) + "\n", "utf-8")
    assert closing.outcome is not None, "the last step ends the close"
    return closing.outcome


@contextmanager
def begin(
    home: Home,
    period: Period,
    folder: Path | None = None,
    as_of: date | None = None,
    progress: Progress = silent,
    now: Callable[[], datetime] = stockholm_now,
) -> Iterator[Closing]:
    """Be the home's one writer with its store open and of today's shape."""
    from flows.settings import home_settings
    from flows.store.duckdb_engine import open_store
    from flows.store.migrations import migrate
    from flows.store.publish import remove_leftovers
    from flows.store.reference import load_reference

    with home.writer(f"close {period}"):
        home_settings(home.settings_file)  # Refused now rather than after everything but the publication is done.
        remove_leftovers(home)
        connection = open_store(home.build_file)
        try:
            migrate(connection)
            load_reference(connection)
            yield Closing(home, connection, period, folder or home.inbox, as_of, getpass.getuser(), now, progress)
        finally:
            connection.close()
