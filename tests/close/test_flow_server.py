"""The flow under a real Prefect server: every step a task run, and the report on the run's page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.steps.close import STEPS
from tests.close.prefect_server import PrefectServer, running
from tests.conftest import PERIOD, Organisation


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("prefect")) as server:
        yield server


def test_every_step_is_a_completed_task_and_the_report_an_artifact(
    server: PrefectServer, closed: Organisation, tmp_path: Path
) -> None:
    organisation = closed.copied_to(tmp_path)
    # The same register, taken out later: a new delivery, so that nothing is skipped.
    [gaps] = organisation.exports.rglob("luckor_202108_*.csv")
    later = gaps.with_name("luckor_202108_20210930T0700.csv")
    later.write_bytes(gaps.read_bytes().replace(b"2021-11-30", b"2021-12-01"))
    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports, **server.environment)
    assert done.returncode == 0, done.stdout + done.stderr

    [run] = server.ask("flow_runs/filter")
    assert (run["name"], run["state_type"]) == (f"close {PERIOD}", "COMPLETED")
    assert run["parameters"] == {"period": PERIOD, "from_dir": str(organisation.exports), "as_of": ""}
    tasks = server.ask("task_runs/filter", sort="END_TIME_DESC")
    assert [(task["name"], task["state_type"]) for task in reversed(tasks)] == [
        (step.__name__, "COMPLETED") for step in STEPS
    ]
    left = {one["key"]: one["data"] for one in server.ask("artifacts/filter")}
    assert set(left) == {f"{kind}-{PERIOD}" for kind in ("close", "findings", "status", "progress")}
    assert "| Hemtjänst, timmar |" in left[f"close-{PERIOD}"]
    assert str(organisation.home / "reports" / PERIOD / "quality.html") in left[f"close-{PERIOD}"]
    assert any("Hemtjänst saknas apr–aug 2021" in one["Avvikelse"] for one in json.loads(left[f"findings-{PERIOD}"]))
    assert "## 2021" in left[f"status-{PERIOD}"]
    assert left[f"progress-{PERIOD}"] == 100.0


def test_a_server_that_does_not_answer_is_said(closed: Organisation, tmp_path: Path) -> None:
    done = closed.bokslut("close", PERIOD, PREFECT_API_URL="http://127.0.0.1:9/api", PREFECT_HOME=str(tmp_path))
    assert done.returncode == 3
    assert "No Prefect server answers" in done.stderr
    assert "Traceback" not in done.stderr
