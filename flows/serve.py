"""The deployments that a Prefect server runs: the night, the morning, and a month end by a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.close_period import close_period, set_up_limit  # First: it turns telemetry off before prefect is imported.
from flows.nightly import nightly, say_how_the_month_stands

# isort: split
from prefect import serve as serve_deployments
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron
from prefect.states import Cancelled

#: The organisation's clock, on both sides of both clock changes: 01:00 exists every night, and once.
ZONE = "Europe/Stockholm"
_NIGHT_HOUR, _MORNING_HOUR = 1, 6
NIGHTLY = "nightly"


def deployments() -> tuple[RunnerDeployment, ...]:
    """What is served. One run of each at a time: a night that is still on when the next begins goes on alone."""
    # A schedule without a slug is a new one each time it is registered, and its runs stand beside those of the old one.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return (
        nightly.to_deployment(
            NIGHTLY,
            schedule=Cron(f"0 {_NIGHT_HOUR} * * *", timezone=ZONE, slug=NIGHTLY),
            concurrency_limit=alone,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Fetches the exports, closes the newest month and every open one that something new is about.",
        ),
        say_how_the_month_stands.to_deployment(
            "morning",
            schedule=Cron(f"0 {_MORNING_HOUR} * * *", timezone=ZONE, slug="morning"),
            concurrency_limit=alone,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Sends the morning's message: what is missing, is the close day in danger, what to type.",
        ),
        close_period.to_deployment(
            "month-end",
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Closes a month by hand: the same steps as `bokslut close`.",
        ),
    )


def serve() -> None:
    """Register the deployments, let one run make good for missed nights, and run what is due until stopped."""
    served = deployments()
    set_up_limit()
    for one in served:
        one.apply()
    with get_client(sync_client=True) as client:
        catch_up(client, datetime.now(ZoneInfo(ZONE)))
    # A schedule that was paused when we stopped would be forgotten by a server that outlives us.
    serve_deployments(*served, pause_on_shutdown=False, print_starting_message=False)


def catch_up(client: SyncPrefectClient, now: datetime) -> str | None:
    """After an outage leave exactly one night to run: of those that wait the newest, or a new one where none waits.

    Returns the id of the run that catches up; None where no night was missed, or none was ever served.
    """
    waiting, newest = _nights_until(client, now)
    if waiting:
        for late in waiting[1:]:
            client.set_flow_run_state(late.id, Cancelled(message="A later night catches up for this one."), force=True)
        return str(waiting[0].id)
    if newest is None or _expected(newest) >= last_night(now):
        return None
    deployment = client.read_deployment_by_name(f"{nightly.name}/{NIGHTLY}")
    return str(client.create_flow_run_from_deployment(deployment.id, name="catch up").id)


def last_night(now: datetime) -> datetime:
    """When the newest night should have begun."""
    begins = now.replace(hour=_NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return begins if begins <= now else begins - timedelta(days=1)


def _nights_until(client: SyncPrefectClient, now: datetime) -> tuple[list[FlowRun], FlowRun | None]:
    """Nights that wait though their hour has passed, newest first; and the newest one that ran or runs."""
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[NIGHTLY])),
        flow_run_filter=FlowRunFilter(expected_start_time=FlowRunFilterExpectedStartTime(before_=now)),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=200,
    )
    waiting = [run for run in runs if run.state_type is StateType.SCHEDULED]
    begun = [run for run in runs if run.state_type not in (StateType.SCHEDULED, StateType.CANCELLED)]
    return waiting, begun[0] if begun else None


def _expected(run: FlowRun) -> datetime:
    assert run.expected_start_time is not None, "the filter asked for those that have one"
    return run.expected_start_time
