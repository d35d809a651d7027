"""What is served: the night, the morning and the month end's form, by a real Prefect server."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.close.prefect_server import PrefectServer, running
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with running(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@contextmanager
def served(organisation: Organisation, server: PrefectServer) -> Iterator[subprocess.Popen[str]]:
    """`bokslut serve` against the server; yields once its deployments are ready, and stops it in the end."""
    serving = subprocess.Popen(
        [str(BOKSLUT), "serve"],
        env={**clean_environment(), **organisation.environment(), **server.environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=organisation.state,  # From anywhere: the flows are found by their modules.
    )
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until and len(deployments(server)) < 3:
            assert serving.poll() is None, serving.communicate()[0]
            time.sleep(0.5)
        yield serving
    finally:
        serving.send_signal(signal.SIGINT)
        try:
            serving.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            serving.kill()
            serving.communicate()


def deployments(server: PrefectServer) -> dict[str, Any]:
    return {one["name"]: one for one in server.ask("deployments/filter")}


def ended(server: PrefectServer, run_id: str) -> Any:
    """The run once it is in a final state."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        [run] = server.ask("flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
        if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return run
        time.sleep(0.5)
    raise AssertionError(f"the run is still {run['state_type']}")


@pytest.fixture(scope="module")
def night_shift(
    server: PrefectServer, closed: Organisation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrefectServer]:
    organisation = closed.copied_to(tmp_path_factory.mktemp("served"))
    with served(organisation, server):
        yield server


def test_the_schedules_are_the_organisations_clock(night_shift: PrefectServer) -> None:
    schedules = {name: one["schedules"] for name, one in deployments(night_shift).items()}
    told = {
        name: [(one["schedule"]["cron"], one["schedule"]["timezone"]) for one in all_]
        for name, all_ in schedules.items()
    }
    assert told == {
        "nightly": [("0 1 * * *", "Europe/Stockholm")],
        "morning": [("0 6 * * *", "Europe/Stockholm")],
        "month-end": [],
    }


def test_the_server_has_each_night_and_each_morning_to_come_on_its_calendar_once(night_shift: PrefectServer) -> None:
    ids = {one["id"]: name for name, one in deployments(night_shift).items()}
    # Its scheduler looks every minute, and at what was registered lately every five seconds.
    until = time.monotonic() + 120
    waiting: list[tuple[str, datetime]] = []
    while time.monotonic() < until and {name for name, _ in waiting} != {"nightly", "morning"}:
        time.sleep(1)
        scheduled = night_shift.ask("flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
        waiting = [
            (ids[one["deployment_id"]], datetime.fromisoformat(one["expected_start_time"]).astimezone(STOCKHOLM))
            for one in scheduled
            if one["auto_scheduled"]
        ]
    assert {(name, begins.hour) for name, begins in waiting} == {("nightly", 1), ("morning", 6)}
    assert len(set(waiting)) == len(waiting)


def test_there_is_one_writing_slot(night_shift: PrefectServer) -> None:
    limits = night_shift.ask("v2/concurrency_limits/filter")
    assert [(one["name"], one["limit"], one["active"]) for one in limits if one["name"] == "bokslut-writer"] == [
        ("bokslut-writer", 1, True)
    ]


@pytest.mark.parametrize(
    "parameters", [{}, {"period": "augusti"}, {"period": "2021-13"}, {"period": PERIOD, "as_of": "x"}]
)
def test_a_form_with_nonsense_makes_no_run(night_shift: PrefectServer, parameters: dict[str, str]) -> None:
    month_end = deployments(night_shift)["month-end"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        night_shift.ask(f"deployments/{month_end['id']}/create_flow_run", parameters=parameters)
    assert 400 <= refused.value.code < 500
    fields = month_end["parameter_openapi_schema"]["properties"]
    assert fields["period"]["description"] == "The month to close, as 2021-08."


def test_a_month_end_from_the_form_runs_the_same_steps(night_shift: PrefectServer) -> None:
    month_end = deployments(night_shift)["month-end"]
    run = night_shift.ask(f"deployments/{month_end['id']}/create_flow_run", parameters={"period": PERIOD})
    assert ended(night_shift, run["id"])["state_type"] == "COMPLETED"


def test_after_days_of_outage_one_night_catches_up(server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.serve import catch_up, last_night

    nightly = deployments(server)["nightly"]
    now = datetime.now(STOCKHOLM)
    with temporary_settings({PREFECT_API_URL: server.url}), get_client(sync_client=True) as client:
        late = []
        for days in (3, 2, 1):
            begins = last_night(now) - timedelta(days=days - 1)
            state = {"type": "SCHEDULED", "state_details": {"scheduled_time": begins.isoformat()}}
            late.append(server.ask(f"deployments/{nightly['id']}/create_flow_run", state=state)["id"])
        assert catch_up(client, now) == late[-1]
        states = {one["id"]: one["state_type"] for one in server.ask("flow_runs/filter")}
        assert [states[one] for one in late[:-1]] == ["CANCELLED", "CANCELLED"]
        # Whoever serves may have begun it meanwhile; no other is made.
        assert catch_up(client, now) in (late[-1], None)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2021-03-28T00:30", "2021-03-27T01:00"),
        ("2021-03-28T03:30", "2021-03-28T01:00"),
        ("2021-10-31T02:30", "2021-10-31T01:00"),
        ("2021-10-31T00:59", "2021-10-30T01:00"),
    ],
)
def test_the_night_is_the_same_on_both_sides_of_a_clock_change(now: str, night: str) -> None:
    from flows.serve import last_night

    begun = last_night(datetime.fromisoformat(now).replace(tzinfo=STOCKHOLM))
    assert begun == datetime.fromisoformat(night).replace(tzinfo=STOCKHOLM)
    assert begun.astimezone(UTC) <= datetime.fromisoformat(now).replace(tzinfo=STOCKHOLM).astimezone(UTC)
