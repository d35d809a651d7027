"""The close of a period: one ordered list of plain functions. Knows no Prefect."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.verdict import verdict
from flows.errors import ExitCode, Refusal
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.reports.report import PrintedReport
    from flows.store.closings import Attempt
    from flows.store.models import Model

Progress = Callable[[str], None]


_LOCAL = ZoneInfo("Europe/Stockholm")


def stockholm_now() -> datetime:
    """The wall clock where the organisation is, wherever the machine stands."""
    return datetime.now(_LOCAL)


def _silent(_: str) -> None:
    """No one listens."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a close came to. `outcome` is published, published_withheld or barred; `changed`: it did something new.

    `page` is the quality page's place."""

    period: Period
    outcome: str
    version: int | None
    changed: bool
    findings: tuple[Finding, ...]
    published: Path | None
    page: Path | None = None

    @property
    def is_published(self) -> bool:
        return self.outcome != "barred"

    @property
    def exit_code(self) -> ExitCode:
        codes = {"barred": ExitCode.BARRED, "published_withheld": ExitCode.PUBLISHED_WITHHELD}
        return codes.get(self.outcome, ExitCode.DONE)


@dataclass(slots=True)
class Closing:
    """A close under way: what it was asked, the store that it writes, and what the steps before have made.

    `outcome` is set by the step that ends the close; the steps after it have nothing to do.
    """

    home: Home
    connection: duckdb.DuckDBPyConnection
    period: Period
    folder: Path
    as_of: date | None
    who: str
    now: Callable[[], datetime]
    progress: Progress
    findings: list[Finding] = field(default_factory=list)
    attempt: Attempt | None = None
    #: What stands on the printed report and is made after it; and why there is no report, where it cannot be printed.
    waiting: tuple[Model, ...] = ()
    report: PrintedReport | None = None
    unprintable: Refusal | None = None
    version: int | None = None
    outcome: Outcome | None = None

    def stamp(self) -> datetime:
        """The moment as the store keeps it: local time, like the names of deliveries."""
        return self.now().astimezone(_LOCAL).replace(tzinfo=None)

    def begun(self) -> Attempt:
        assert self.attempt is not None, "the deliveries are selected first"
        return self.attempt


Step = Callable[[Closing], None]


def receive(closing: Closing) -> None:
    """Read, archive and land every file of the folder that was not received before."""
    from flows.steps.receive import receive_folder

    received = receive_folder(closing.connection, closing.home, closing.folder, closing.now, closing.progress)
    closing.findings.extend(received.notes)


def select(closing: Closing) -> None:
    """Decide which deliveries the period stands on; where they and the code are as last time, the close ends here."""
    from flows.store.closings import Attempt
    from flows.store.delivery_selection import select_deliveries
    from flows.store.versions import closing_fingerprint

    as_of = select_deliveries(closing.connection, closing.period, closing.as_of)
    closing.attempt = Attempt(closing.period, as_of, closing.stamp(), closing_fingerprint(closing.connection))
    closing.outcome = _unchanged(closing)


def build(closing: Closing) -> None:
    """Make the tables whose SQL or deliveries have changed; the gate's library is imported meanwhile."""
    from flows.quality.gate import preload
    from flows.store.duckdb_engine import build_tables
    from flows.store.earlier import copy_earlier

    preload()
    copy_earlier(closing.connection)
    built = build_tables(closing.connection)
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
    from flows.quality.gate import judge as judge_tables
    from flows.steps.findings import findings_of_deliveries
    from flows.steps.published_words import findings_of_published
    from flows.store.closings import record_barred

    found = judge_tables(closing.connection, summary=closing.progress)
    printed = {**closing.report.judged(), "footnote": closing.report.footnotes} if closing.report else {}
    found += findings_of_published(closing.connection, printed)
    closing.findings += [*findings_of_deliveries(closing.connection), *found]
    closing.progress(f"{len(closing.findings)} findings.")
    if verdict(closing.findings).is_barred:
        record_barred(closing.connection, closing.begun(), closing.findings, closing.stamp())
        closing.outcome = _ended(closing, "barred")
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
            "organisation": closing.connection.execute(_ORGANISATION).to_arrow_table(),
        },
        who=closing.who,
        happened_at=closing.stamp(),
        outcome="published_withheld" if verdict(closing.findings).is_withheld else "published",
    )


def publish(closing: Closing) -> None:
    """Write the published file and point the home's link at it."""
    published = _publish(closing)
    closing.outcome = _ended(
        closing, "published_withheld" if verdict(closing.findings).is_withheld else "published", published
    )


def _comments(closing: Closing) -> list[dict[str, Any]]:
    """The texts that were handed in for the closed month."""
    found = closing.connection.execute(
        f"select * from staging.comment where month = date '{closing.period.first_day.isoformat()}'"
    )
    return found.to_arrow_table().to_pylist()


#: The newest ledger's own name for whose it is; the demo's says that its data are synthetic.
_ORGANISATION = """
    select header.value as organisation_name
    from raw.sie_header as header
    inner join build.closing_deliveries as applied on header.delivery_id = applied.delivery_id
    where header.label = '#FNAMN'
    qualify row_number() over (order by applied.period desc, header.line) = 1
"""


#: The whole close, in order. Each flow and the command run this list.
STEPS: tuple[Step, ...] = (receive, select, build, print_report, tie, judge, freeze, publish)


def close_at_once(
    home: Home,
    period: Period,
    folder: Path | None = None,
    as_of: date | None = None,
    progress: Progress = _silent,
    now: Callable[[], datetime] = stockholm_now,
) -> Outcome:
    """Run every step in this process; raises Refusal for an act that may not be done (exit 5: another writer)."""
    with begin(home, period, folder, as_of, progress, now) as closing:
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
    progress: Progress = _silent,
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


def _ended(closing: Closing, outcome: str, published: Path | None = None) -> Outcome:
    """The outcome of an attempt that is recorded, its findings as they are kept, and its quality page written."""
    from flows.steps.findings import last_closing, read_closing_findings

    last: Any = last_closing(closing.connection, closing.period)
    found = tuple(read_closing_findings(closing.connection, last.closing_id))
    return Outcome(closing.period, outcome, closing.version, True, found, published, _page(closing))


def _page(closing: Closing) -> Path:
    from flows.steps.quality_page import write_quality_page

    names = closing.connection.execute(_ORGANISATION).fetchall()
    name = names[0][0] if names else None
    return write_quality_page(closing.home, closing.connection, closing.period, name or "")


def _unchanged(closing: Closing) -> Outcome | None:
    """The outcome of the period's last close, where it stood on exactly what this one would; else None."""
    from flows.steps.findings import findings_of_deliveries, last_closing, read_closing_findings
    from flows.steps.quality_page import quality_page
    from flows.steps.status import built_period
    from flows.store.publish import is_published

    last: Any = last_closing(closing.connection, closing.period)
    if last is None or last.fingerprint != closing.begun().fingerprint:
        return None
    found = read_closing_findings(closing.connection, last.closing_id)
    known = {one.message for one in found}
    # What came since and moved no figure is still said: a file misnamed, or taken out before the one that counts.
    noted = [*closing.findings, *findings_of_deliveries(closing.connection)]
    found += [one for one in noted if one.message not in known]
    published = None
    if last.outcome != "barred":
        # After a crash between the freeze and its publication, the version is there and the file is not.
        whole = is_published(closing.connection, closing.home)
        published = closing.home.published.resolve() if whole else _publish(closing)
    page: Path | None = quality_page(closing.home, closing.period)
    if not quality_page(closing.home, closing.period).exists():
        # Lost, or never written after a crash: made again where the build is still this period's.
        page = _page(closing) if built_period(closing.connection) == closing.period else None
    return Outcome(closing.period, last.outcome, last.version, False, tuple(found), published, page)


def _publish(closing: Closing) -> Path:
    from flows.settings import home_settings
    from flows.store.publish import publish as publish_file

    return publish_file(closing.connection, closing.home, home_settings(closing.home.settings_file).keep_published)
