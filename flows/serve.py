"""The deployments that a Prefect server runs: the night, the morning, and a month end by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID
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
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron
from prefect.states import Cancelled, Crashed

from flows.errors import Refusal
from flows.settings import settings
from flows.steps.nights import NIGHT_HOUR, Nights, last_night, read_nights
from flows.store.home import Home

#: The organisation's clock, on both sides of both clock changes: 01:00 exists every night, and once.
ZONE = "Europe/Stockholm"
_MORNING_HOUR = 6
NIGHTLY, MORNING, MONTH_END = "nightly", "morning", "month-end"

_NOTHING_KNOWN = Nights()
#: What Prefect's runner says when it gives up.
_GIVEN_UP = "exceeded error threshold"
#: How a process of this machine tells which run it is, and in which states a run should have one.
_RUN_OF_PROCESS = "PREFECT__FLOW_RUN_ID"
_UNDER_WAY = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)


def deployments() -> tuple[RunnerDeployment, ...]:
    """What is served. One run of each at a time: a night that is still on when the next begins goes on alone."""
    # A schedule without a slug is a new one each time it is registered, and its runs stand beside those of the old one.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return (
        nightly.to_deployment(
            NIGHTLY,
            schedule=Cron(f"0 {NIGHT_HOUR} * * *", timezone=ZONE, slug=NIGHTLY),
            concurrency_limit=alone,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Fetches the exports, closes the newest month and every open one that something new is about.",
        ),
        say_how_the_month_stands.to_deployment(
            MORNING,
            schedule=Cron(f"0 {_MORNING_HOUR} * * *", timezone=ZONE, slug=MORNING),
            concurrency_limit=alone,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Sends the morning's message: what is missing, is the close day in danger, what to type.",
        ),
        close_period.to_deployment(
            MONTH_END,
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Closes a month by hand: the same steps as `bokslut close`.",
        ),
    )


def serve(say: Callable[[str], None] = lambda _: None) -> None:
    """Register the deployments, clear up after a crash, let one run make good for missed nights, and run what is due.

    It goes on until stopped. The caller is the one who serves the home.
    """
    served = deployments()
    set_up_limit()
    for one in served:
        one.apply()
    with get_client(sync_client=True) as client:
        dead = bury_dead(client)
        if dead:
            say(f"{len(dead)} runs were killed with what served them; they are marked as crashed.")
        home = Home(settings().home)
        # A night whose server was killed may go on by itself: then it is on, and not missed.
        if not home.is_in_a_night() and catch_up(client, datetime.now(ZoneInfo(ZONE)), read_nights(home)):
            say("A night was missed or killed: one run makes it good.")
    say("Serving nightly (01:00), morning (06:00) and month-end. Stop with Ctrl-C.")
    with _told_where_the_server_is_silent():
        # A schedule that was paused when we stopped would be forgotten by a server that outlives us.
        serve_deployments(*served, pause_on_shutdown=False, print_starting_message=False)


@contextmanager
def _told_where_the_server_is_silent() -> Iterator[None]:
    """Prefect gives up after three questions that the server, or its database, did not answer: no fault of ours."""
    try:
        yield
        return
    except BaseExceptionGroup as several:
        if several.subgroup(lambda one: isinstance(one, RuntimeError) and _GIVEN_UP in str(one)) is None:
            raise
    raise Refusal(
        "Prefect's server, or its database, has not answered for half a minute.",
        "See that both run, and serve again; the units do so by themselves.",
    )


def bury_dead(client: SyncPrefectClient) -> list[UUID]:
    """Mark runs of ours as crashed that are under way to the server and have no process; returns their ids.

    Such a run would hold its deployment's only place, and the night that should make it good would be cancelled.
    """
    under_way = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(_UNDER_WAY)))
    ours = DeploymentFilter(name=DeploymentFilterName(any_=[NIGHTLY, MORNING, MONTH_END]))
    living = _runs_with_a_process()
    if living is None:
        return []
    dead = [
        run.id
        for run in client.read_flow_runs(deployment_filter=ours, flow_run_filter=FlowRunFilter(state=under_way))
        if run.id not in living
    ]
    if dead:
        begun_by_dead = FlowRunFilter(state=under_way, parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=dead))
        dead += [run.id for run in client.read_flow_runs(flow_run_filter=begun_by_dead)]
    for run_id in dead:
        # Not forced: the server's rules are what gives back the place that the run held.
        client.set_flow_run_state(run_id, Crashed(message="Its process was gone when `bokslut serve` began."))
    return dead


def _runs_with_a_process() -> set[UUID] | None:
    """The runs that processes of this machine say that they are; None where a machine does not tell."""
    processes = Path("/proc")
    if not (processes / "self" / "environ").exists():
        return None
    living: set[UUID] = set()
    for environment in processes.glob("[0-9]*/environ"):
        try:
            variables = environment.read_bytes().split(b"\0")
        except OSError:
            continue  # Somebody else's, or gone meanwhile.
        told = [one.partition(b"=")[2].decode() for one in variables if one.startswith(f"{_RUN_OF_PROCESS}=".encode())]
        living |= {UUID(run_id) for run_id in told if run_id}
    return living


def catch_up(client: SyncPrefectClient, now: datetime, nights: Nights = _NOTHING_KNOWN) -> str | None:
    """After an outage leave exactly one night to run: of those that wait the newest, or a new one where none waits.

    `nights` is what the home remembers; where it knows of none, the server's runs are asked. Returns the id of the run
    that catches up; None where no night was missed, or none was ever served.
    """
    waiting, newest = _nights_until(client, now)
    if waiting:
        for late in waiting[1:]:
            client.set_flow_run_state(late.id, Cancelled(message="A later night catches up for this one."), force=True)
        return str(waiting[0].id)
    due = last_night(now)
    told_by_server = nights.begun is None and newest is not None and _expected(newest) < due
    if not (nights.lack(due.date()) or told_by_server):
        return None
    deployment = client.read_deployment_by_name(f"{nightly.name}/{NIGHTLY}")
    return str(client.create_flow_run_from_deployment(deployment.id, name="catch up").id)


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
