"""The Prefect flow `nightly`: the newest ended month, and each open period that a new delivery touches."""

from __future__ import annotations

from flows.close_period import Barred, close_period  # First: it turns telemetry off before prefect is imported.

# isort: split
from prefect import flow, get_run_logger

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.settings import settings
from flows.steps.close import stockholm_now
from flows.steps.failure import StepFailed
from flows.steps.touched import touched_periods
from flows.store.home import Home


@flow(name="nightly", persist_result=False, validate_parameters=False)
def nightly(from_dir: str | None = None) -> list[str]:
    """Close each in turn; one that is barred, refused or fails does not stop the next. Returns the periods published.

    Raises Refusal at the end where any was.
    """
    logger = get_run_logger()
    newest = Period.of(stockholm_now().date()).plus(-1)
    published: list[str] = []
    stopped: list[str] = []

    def close(period: Period) -> None:
        try:
            published.append(str(close_period(str(period), from_dir).period))
        except Barred:
            stopped.append(f"{period} is barred by its findings")
        except Refusal as refusal:
            stopped.append(f"{period}: {refusal.what}")
        except StepFailed as failure:
            stopped.append(f"{period} failed by our fault, {failure}")

    close(newest)
    # What was received for the newest month may be about an older one that is still open.
    for period in touched_periods(Home(settings().home)):
        if period != newest:
            close(period)
    logger.info(f"Published: {', '.join(published) or 'none'}.")
    if stopped:
        raise Refusal(f"{'; '.join(stopped)}.", "See `bokslut findings PERIOD`.", ExitCode.BARRED)
    return published
