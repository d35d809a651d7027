"""A close under way, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.word import Given, Word, nobody
from flows.errors import ExitCode, Refusal
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.reports.changes import Changes
    from flows.reports.report import PrintedReport
    from flows.store.closings import Attempt
    from flows.store.models import Model

Progress = Callable[[str], None]
#: How much of the step at hand is done, from 0 to 1.
Reached = Callable[[float], None]

_LOCAL = ZoneInfo("Europe/Stockholm")

_EXIT_CODES = {
    "barred": ExitCode.BARRED,
    "published_withheld": ExitCode.PUBLISHED_WITHHELD,
    "awaits_word": ExitCode.AWAITS_WORD,
}


def stockholm_now() -> datetime:
    """The wall clock where the organisation is, wherever the machine stands."""
    return datetime.now(_LOCAL)


def silent(_: object) -> None:
    """No one listens."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a close came to. `outcome` is published, published_withheld, barred, awaits_word or previewed.

    `changed`: it did something new. `page` is the quality page's place. `changes`: what would be published, where
    that was asked for; None where nothing has changed. A word is given for `fingerprint`."""

    period: Period
    outcome: str
    version: int | None
    changed: bool
    findings: tuple[Finding, ...]
    published: Path | None
    page: Path | None = None
    changes: Changes | None = None
    fingerprint: str = ""

    @property
    def is_published(self) -> bool:
        return self.outcome in ("published", "published_withheld")

    @property
    def awaits_word(self) -> bool:
        return self.outcome == "awaits_word"

    @property
    def exit_code(self) -> ExitCode:
        return _EXIT_CODES.get(self.outcome, ExitCode.DONE)


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
    #: The words that people have given; the one that this close needed.
    given: Given = nobody
    word: Word | None = None
    #: Show what would change, and leave everything that was published or recorded as it is.
    is_preview: bool = False
    reached: Reached = silent
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
