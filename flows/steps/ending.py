"""How an attempt to close ends: what is recorded of it, what is published, and which page tells of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.domain.finding import Finding
from flows.steps.closing import Closing, Outcome

if TYPE_CHECKING:
    from flows.reports.changes import Changes

#: The newest ledger's own name for whose it is; the demo's says that its data are synthetic.
ORGANISATION = """
    select header.value as organisation_name
    from raw.sie_header as header
    inner join build.closing_deliveries as applied on header.delivery_id = applied.delivery_id
    where header.label = '#FNAMN'
    qualify row_number() over (order by applied.period desc, header.line) = 1
"""


def ended(closing: Closing, outcome: str, published: Path | None = None) -> Outcome:
    """The outcome of an attempt that is recorded, its findings as they are kept, and its quality page written."""
    from flows.steps.findings import last_closing, read_closing_findings

    last: Any = last_closing(closing.connection, closing.period)
    found = tuple(read_closing_findings(closing.connection, last.closing_id))
    return Outcome(closing.period, outcome, closing.version, True, found, published, _page(closing))


def barred(closing: Closing) -> Outcome:
    """Recorded and told; a preview is told alone."""
    from flows.store.closings import record_barred

    if closing.is_preview:
        return Outcome(closing.period, "barred", None, True, tuple(closing.findings), None)
    record_barred(closing.connection, closing.begun(), closing.findings, closing.stamp())
    return ended(closing, "barred")


def previewed(closing: Closing, changes: Changes) -> Outcome:
    """What would be published, and nothing recorded of its having been looked at."""
    return Outcome(closing.period, "previewed", None, True, tuple(closing.findings), None, changes=changes)


def awaiting(closing: Closing, changes: Changes) -> Outcome:
    """An attempt that a person's word is all that is wanting to: recorded, once for what it stands on."""
    from flows.steps.findings import last_closing
    from flows.store.closings import record_awaiting

    attempt = closing.begun()
    last: Any = last_closing(closing.connection, closing.period)
    is_known = last is not None and (last.outcome, last.fingerprint) == ("awaits_word", attempt.fingerprint)
    if not is_known:
        record_awaiting(closing.connection, attempt, closing.findings, closing.stamp())
        last = last_closing(closing.connection, closing.period)
    found = _with_new(closing, last.closing_id)
    page = _page(closing)
    return Outcome(closing.period, "awaits_word", None, not is_known, found, None, page, changes, attempt.fingerprint)


def unchanged(closing: Closing) -> Outcome | None:
    """The outcome of the period's last close, where it stood on exactly what this one would and ended; else None."""
    from flows.steps.findings import findings_of_deliveries, last_closing
    from flows.steps.quality_page import quality_page
    from flows.steps.status import built_period
    from flows.store.publish import is_published

    last: Any = last_closing(closing.connection, closing.period)
    if last is None or last.fingerprint != closing.begun().fingerprint or last.outcome == "awaits_word":
        return None
    # What came since and moved no figure is still said: a file misnamed, or taken out before the one that counts.
    found = _with_new(closing, last.closing_id, findings_of_deliveries(closing.connection))
    if closing.is_preview:
        outcome = "barred" if last.outcome == "barred" else "previewed"
        return Outcome(closing.period, outcome, last.version, False, found, None)
    published = None
    if last.outcome != "barred":
        # After a crash between the freeze and its publication, the version is there and the file is not.
        whole = is_published(closing.connection, closing.home)
        published = closing.home.published.resolve() if whole else published_file(closing)
    page: Path | None = quality_page(closing.home, closing.period)
    if not quality_page(closing.home, closing.period).exists():
        # Lost, or never written after a crash: made again where the build is still this period's.
        page = _page(closing) if built_period(closing.connection) == closing.period else None
    return Outcome(closing.period, last.outcome, last.version, False, found, published, page)


def published_file(closing: Closing) -> Path:
    """Publish the newest version of every period; returns the file."""
    from flows.settings import home_settings
    from flows.store.publish import publish

    return publish(closing.connection, closing.home, home_settings(closing.home.settings_file).keep_published)


def _with_new(closing: Closing, closing_id: int, noted: list[Finding] | None = None) -> tuple[Finding, ...]:
    """The findings kept of an attempt, and those of this one that say something else."""
    from flows.steps.findings import read_closing_findings

    kept = read_closing_findings(closing.connection, closing_id)
    known = {one.message for one in kept}
    return (*kept, *(one for one in (*closing.findings, *(noted or ())) if one.message not in known))


def _page(closing: Closing) -> Path:
    from flows.steps.quality_page import write_quality_page

    names = closing.connection.execute(ORGANISATION).fetchall()
    name = names[0][0] if names else None
    return write_quality_page(closing.home, closing.connection, closing.period, name or "")
