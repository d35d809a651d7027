"""`bokslut serve` as a process that is killed at moments that hurt, and the runs that it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.close.prefect_server import PrefectServer
from tests.conftest import BOKSLUT, Organisation, clean_environment

#: How long anything is waited for; the machine may be five times slower than ours.
PATIENCE_SECONDS = 180
UNDER_WAY = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING")


def until(what: str, happens: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """What happens, once it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.25)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass
class Serving:
    """A process that serves a home by a server, and what it said."""

    process: subprocess.Popen[bytes]
    log: Path
    server: PrefectServer

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Serving nightly" in self.said()

    def nights(self) -> dict[str, Any]:
        """The runs of the night whose hour has come, by id."""
        runs = self.server.ask("flow_runs/filter", flows={"name": {"any_": ["nightly"]}})
        return {run["id"]: run for run in runs if not (run["auto_scheduled"] and run["state_type"] == "SCHEDULED")}

    def begin_night(self) -> str:
        [deployment] = self.server.ask("deployments/filter", deployments={"name": {"any_": ["nightly"]}})
        return str(self.server.ask(f"deployments/{deployment['id']}/create_flow_run")["id"])

    def state(self, run_id: str) -> str:
        [run] = self.server.ask("flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
        return str(run["state_type"])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def process_of(run_id: str) -> int:
    """The process that says that it is the run; 0 where none does."""
    marker = f"PREFECT__FLOW_RUN_ID={run_id}".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker in environment.read_bytes().split(b"\0"):
                return int(environment.parent.name)
        except OSError:
            continue
    return 0


@contextmanager
def serving(organisation: Organisation, server: PrefectServer, **environment: str) -> Iterator[Serving]:
    """Serve the home; what still lives in the end is stopped, the runs' processes too."""
    log = organisation.home.parent / f"serve-{time.monotonic_ns()}.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [str(BOKSLUT), "serve"],
            env={**clean_environment(), **organisation.environment(), **server.environment, **environment},
            stdout=told,
            stderr=told,
            cwd=organisation.home.parent,
        )
    served = Serving(process, log, server)
    try:
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                served.kill()
        for run_id in served.nights():
            if pid := process_of(run_id):
                os.kill(pid, signal.SIGKILL)
