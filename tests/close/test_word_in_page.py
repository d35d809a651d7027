"""A month end from the form that waits for a person's word, on a real Prefect server; served, stopped, served again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.store.home import Home
from tests.close.late_meals import ask_before_publishing, deliver_meals
from tests.close.prefect_server import PrefectServer, running
from tests.close.test_serve import deployments, served
from tests.conftest import PERIOD, Organisation

#: Two closes of a served run, on a machine that does other things.
_WITHIN_SECONDS = 600
_FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with running(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@pytest.fixture(scope="module")
def organisation(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    copied = closed.copied_to(tmp_path_factory.mktemp("asked"))
    ask_before_publishing(copied.home)
    return copied


@dataclass(frozen=True)
class MonthEnd:
    """A run of the form."""

    server: PrefectServer
    id: str

    def now(self) -> Any:
        [run] = self.server.ask("flow_runs/filter", flow_runs={"id": {"any_": [self.id]}})
        return run

    def waits(self, besides: str = "") -> str:
        """The key of the question that it waits with, once it does; `besides`: one that was answered before."""
        until = time.monotonic() + _WITHIN_SECONDS
        while time.monotonic() < until:
            state = self.now()["state"]
            assert state["type"] not in _FINAL, state
            key = state["state_details"]["pause_key"] if state["type"] == "PAUSED" else ""
            if key and key != besides:
                return key
            time.sleep(0.5)
        raise AssertionError(f"the run is still {state['name']}")

    def ends(self) -> Any:
        """The run once it is in a final state."""
        until = time.monotonic() + _WITHIN_SECONDS
        while (run := self.now())["state_type"] not in _FINAL:
            assert time.monotonic() < until, f"the run is still {run['state_type']}"
            time.sleep(0.5)
        return run

    def answer(self, **typed: Any) -> Any:
        return self.server.ask(f"flow_runs/{self.id}/resume", run_input=typed)["status"]

    def artifacts(self) -> dict[str, Any]:
        found = self.server.ask("artifacts/filter", flow_runs={"id": {"any_": [self.id]}}, sort="CREATED_DESC")
        return {one["key"]: one for one in reversed(found)}


def month_end(server: PrefectServer, exports: Path) -> MonthEnd:
    deployment = deployments(server)["month-end"]
    parameters = {"period": PERIOD, "from_dir": str(exports)}
    return MonthEnd(server, server.ask(f"deployments/{deployment['id']}/create_flow_run", parameters=parameters)["id"])


def events(organisation: Organisation) -> list[tuple[int, str, str | None]]:
    with duckdb.connect(str(Home(organisation.home).build_file), read_only=True) as store:
        return store.execute("select version, who, why from control.period_events order by event_id").fetchall()


def test_a_run_waits_holding_nothing_and_the_answer_publishes_though_it_was_served_anew_meanwhile(
    server: PrefectServer, organisation: Organisation
) -> None:
    deliver_meals(organisation.exports, "20210930T0700")
    with served(organisation, server):
        run = month_end(server, organisation.exports)
        run.waits()
        assert run.now()["state"]["name"] == "Suspended"
        with Home(organisation.home).writer("somebody else"):
            pass  # Neither the lock is held …
        limits = server.ask("v2/concurrency_limits/filter")
        assert [one["active_slots"] for one in limits if one["name"] == "bokslut-writer"] == [0]  # … nor the slot.
        shown = run.artifacts()
        assert set(shown) == {f"{kind}-{PERIOD}" for kind in ("progress", "findings", "status", "changes", "close")}
        assert "t02:maltider:utfall" in shown[f"changes-{PERIOD}"]["data"]
        assert shown[f"progress-{PERIOD}"]["data"] == 100.0
        assert run.answer(publish=True, who="Anna Andersson") == "REJECT"
        assert run.answer(publish=True, who="19121212-1212") == "REJECT"
        assert run.answer() == "REJECT"
        assert len(events(organisation)) == 1
    # Nobody serves now; the question stands on the page.
    assert run.answer(publish=True, who="controller") == "ACCEPT"
    with served(organisation, server):
        assert run.ends()["state_type"] == "COMPLETED"
    assert events(organisation)[1:] == [(2, "controller", f"word given in Prefect, run {run.id}")]
    assert "4 078" in run.artifacts()[f"close-{PERIOD}"]["data"]


def test_what_came_while_it_waited_is_shown_and_asked_again_and_a_no_publishes_nothing(
    server: PrefectServer, organisation: Organisation
) -> None:
    before = events(organisation)
    deliver_meals(organisation.exports, "20211001T0700", more=2000)
    with served(organisation, server):
        run = month_end(server, organisation.exports)
        asked = run.waits()
        deliver_meals(organisation.exports, "20211002T0700", more=3000)
        assert run.answer(publish=True, who="controller") == "ACCEPT"
        run.waits(besides=asked)
        assert "4 088" in run.artifacts()[f"changes-{PERIOD}"]["data"]
        assert run.answer(publish=False, who="controller") == "ACCEPT"
        told = run.ends()
    assert (told["state_type"], told["state"]["name"]) == ("CANCELLED", "Declined")
    assert told["state"]["message"].startswith(f"controller declined to publish {PERIOD}.")
    assert events(organisation) == before


def test_a_run_that_nobody_answers_ends_by_itself(server: PrefectServer, organisation: Organisation) -> None:
    before = events(organisation)
    ask_before_publishing(organisation.home, "wait_hours = 0.001\n")
    deliver_meals(organisation.exports, "20211003T0700", more=4000)
    with served(organisation, server):
        run = month_end(server, organisation.exports)
        told = run.ends()
    assert told["state_type"] == "FAILED"
    assert "never resumed" in told["state"]["message"]
    assert events(organisation) == before
