"""The served house: started and stopped, its runs waited for, and a run of it killed."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import Organisation
from tests.drill.clock import Clock
from tests.drill.record import Run
from tests.failure.served import process_of
from tests.server.served_house import ServedHouse, served_house

#: How long a night may take; the machine may be five times slower than ours.
_PATIENCE_SECONDS = 1800
#: Not oftener: the server has one process, and the night needs it.
_LOOKS_EVERY_SECONDS = 1.5
_ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_FLOWS = ("nightly", "morning")
_WAITS = " waits for its files."


@dataclass
class House:
    """`bokslut serve` with a Prefect server of its own, and the clock that both go by."""

    organisation: Organisation
    clock: Clock
    environment: Mapping[str, str]
    logs: Path
    served: ServedHouse | None = None
    _keeper: AbstractContextManager[ServedHouse] | None = field(default=None, init=False)
    _starts: int = field(default=0, init=False)
    _flows: Mapping[str, str] = field(default_factory=dict, init=False)

    def start(self) -> None:
        self._starts += 1
        self._keeper = served_house(self.organisation, self.logs / f"serve-{self._starts}.log", **self.environment)
        self.served = self._keeper.__enter__()

    def stop(self) -> None:
        if self._keeper is not None:
            keeper, self._keeper, self.served = self._keeper, None, None
            keeper.__exit__(None, None, None)

    def runs_since(self, known: set[str]) -> tuple[Run, ...]:
        """The runs whose hour has come and that were not known, by their hour."""
        found = [one for one in self._due() if one["id"] not in known]
        return tuple(self._told(one) for one in found)

    def wait_until_quiet(
        self, due: datetime | None, meanwhile: Callable[[], None] = lambda: None, looks: int = 2
    ) -> None:
        """Wait until the run that is due at that time has ended, and in so many looks nothing is under way or waits."""
        end = time.monotonic() + _PATIENCE_SECONDS
        quiet = 0
        while quiet < looks:
            assert self.served is not None
            assert self.served.process.poll() is None, self.served.said.read_text("utf-8")[-3000:]
            assert time.monotonic() < end, f"the run of {due} has not ended"
            meanwhile()
            runs = self._due()
            has_ended = due is None or any(_time(one) == due and one["state_type"] in _ENDED for one in runs)
            is_quiet = has_ended and all(one["state_type"] in _ENDED for one in runs)
            quiet = quiet + 1 if is_quiet else 0
            time.sleep(_LOOKS_EVERY_SECONDS)

    def kill_run_in(self, step: str) -> bool:
        """Kill the process of the night that is in that step now; False where none is."""
        steps = self._ask(
            "task_runs/filter", task_runs={"name": {"any_": [step]}, "state": {"type": {"any_": ["RUNNING"]}}}
        )
        nights = [one for one in self._due() if one["state_type"] == "RUNNING" and one["flow"] == "nightly"]
        if not steps or not nights:
            return False
        pid = process_of(nights[-1]["id"])
        if not pid:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def _due(self) -> list[Any]:
        """The runs whose hour has come, by their hour."""
        now = self.clock.now()
        before = {"expected_start_time": {"before_": now.isoformat()}}
        flows = self._flow_names()
        asked = self._ask(
            "flow_runs/filter",
            flows={"id": {"any_": list(flows)}},
            flow_runs=before,
            limit=200,
            sort="EXPECTED_START_TIME_DESC",
        )
        runs = [one | {"flow": flows[one["flow_id"]]} for one in asked]
        return sorted(runs, key=lambda one: (_time(one), one["created"]))

    def _flow_names(self) -> Mapping[str, str]:
        if not self._flows:
            found = self._ask("flows/filter", flows={"name": {"any_": list(_FLOWS)}})
            self._flows = {one["id"]: one["name"] for one in found}
        return self._flows

    def _told(self, one: Any) -> Run:
        logs = self._ask("logs/filter", logs={"flow_run_id": {"any_": [one["id"]]}}, limit=200)
        awaiting = tuple(log["message"].removesuffix(_WAITS) for log in logs if log["message"].endswith(_WAITS))
        state = one["state"] or {}
        return Run(
            one["id"], one["flow"], one["name"], one["state_name"], _time(one), state.get("message") or "", awaiting
        )

    def _ask(self, path: str, **question: Any) -> Any:
        for seconds in (1, 3, 9, 27):
            try:
                assert self.served is not None
                return self.served.ask(path, **question)
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except OSError:
                pass  # Busy; the server is one process.
            time.sleep(seconds)
        raise AssertionError(f"the server has no time for {path}")


def _time(run: Any) -> datetime:
    return datetime.fromisoformat(run["expected_start_time"]).astimezone(UTC)
