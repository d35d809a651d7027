"""The Prefect flows of the night: `nightly` fetches and closes, `morning` says how the month stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

# First: it turns telemetry off before prefect is imported.
from flows.close_period import Barred, close_period

# isort: split
from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.run_artifacts import leave_night
from flows.run_failure import told_without_values
from flows.settings import home_settings, settings
from flows.steps.close import Outcome, stockholm_now
from flows.steps.messages import deliver, morning, read_situation
from flows.steps.night import run_night
from flows.steps.nights import last_night, read_nights
from flows.steps.pull import Pulled
from flows.steps.pull import pull as pull_places
from flows.store.home import Home


@flow(name="nightly", persist_result=False, validate_parameters=False)
@told_without_values
def nightly(from_dir: str | None = None) -> list[str]:
    """Fetch, then close each in turn; one that is stopped does not stop the next. Returns the periods published.

    Raises Refusal at the end where any was stopped. A month that only waits for its files before its close day is not.
    """
    logger = get_run_logger()
    home = Home(settings().home)

    def close(period: Period) -> Outcome:
        try:
            return close_period(str(period), from_dir or "")
        except Barred as barred:
            return barred.outcome

    night = run_night(
        home, stockholm_now, close, Path(from_dir) if from_dir else None, logger.info, _pull_as_task(home)
    )
    published = [str(period) for period in night.published]
    logger.info(f"Published: {', '.join(published) or 'none'}.")
    for period in night.awaiting:
        logger.info(f"{period} waits for its files.")
    for period in night.awaiting_word:
        logger.info(f"{period} can be published and awaits a person's word.")
    leave_night(night)
    if night.unreached:
        logger.warning(f"{night.unreached} receivers of messages could not be reached.")
    if night.beat is False:
        logger.warning("The dead-man's switch did not answer.")
    if night.stopped:
        said = "; ".join(f"{period}: {why.rstrip('.')}" for period, why in night.stopped.items())
        see = ", ".join(f"`bokslut findings {period}`" for period in night.stopped)
        raise Refusal(f"{said}.", f"See {see}.", ExitCode.BARRED)
    return published


@nightly.on_crashed
def make_good(flow: Any, flow_run: FlowRun, state: Any) -> None:
    """Begin a night once more whose process was killed while `bokslut serve` lived; one killed twice is left."""
    night = last_night(stockholm_now()).date()
    if flow_run.deployment_id is not None and read_nights(Home(settings().home)).lack(night):
        with get_client(sync_client=True) as client:
            # What served it and what it ran in may both see that it crashed: by the key they get the same run.
            key = f"made good {flow_run.id}"
            client.create_flow_run_from_deployment(flow_run.deployment_id, name="made good", idempotency_key=key)


@flow(name="morning", persist_result=False, validate_parameters=False)
@told_without_values
def say_how_the_month_stands() -> int:
    """Send the morning's message of the newest ended month; returns how many receivers could not be reached."""
    home = Home(settings().home)
    declared = home_settings(home.settings_file).messages
    today = stockholm_now().date()
    message = morning(read_situation(home, Period.of(today).plus(-1), today, declared))
    get_run_logger().info(message.title)
    return deliver(message, declared) if declared.to else 0


def _pull_as_task(home: Home) -> Callable[[], tuple[Pulled, ...]]:
    @task(name="pull", cache_policy=NO_CACHE, persist_result=False)
    @told_without_values
    def pull() -> tuple[Pulled, ...]:
        """Fetch what is new at the places; each is tried again by itself."""
        places = home_settings(home.settings_file).places
        return pull_places(home, places, progress=get_run_logger().info, now=stockholm_now)

    return pull
