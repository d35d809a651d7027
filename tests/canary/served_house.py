"""A served house with canaries in it: its places, receivers and server on loopback, and everything that it leaves."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tests.canary.canaries import LANDED, NAME, PHONES, TYPED, hyphened, person_number
from tests.canary.overheard import overheard
from tests.canary.planted_exports import (
    LATER,
    plant_a_register_without_its_gaps,
    plant_what_may_be_published,
    plant_what_stops_a_step,
)
from tests.canary.planted_secrets import Secrets
from tests.canary.settings_with_secrets import Mailbox, places, receivers
from tests.close.prefect_server import PrefectServer, running
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment

#: Every library beneath us that talks to somebody, told to say to Prefect all it can. (Not httpx: what it says of a
#: line of log that it sends would be sent too, and so on for ever. Its words go to the journal, by the root logger.)
TALKATIVE = (
    "aiobotocore",
    "aiohttp",
    "apprise",
    "asyncssh",
    "botocore",
    "fsspec",
    "great_expectations",
    "s3fs",
    "sshfs",
    "urllib3",
    "webdav4",
)
LISTINGS = ("findings", "status", "tables", "ties", "deliveries", "forecasts", "backtest", "calibrate")
_LOUD = {
    "PREFECT_LOGGING_LEVEL": "DEBUG",
    "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
    "PREFECT_LOGGING_EXTRA_LOGGERS": ",".join(TALKATIVE),
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}


@dataclass
class House:
    """The house under way, and what others received of it."""

    organisation: Organisation
    server: PrefectServer
    secrets: Secrets
    folder: Path
    environment: dict[str, str]
    mailbox: Mailbox
    beats: list[str]
    #: How each run ended, and what the server's API says of them all.
    ends: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    #: What commands wrote, and how they ended, by their number and name.
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    #: Arguments of every process of ours that was seen.
    arguments: set[str] = field(default_factory=set)

    def deployments(self) -> dict[str, Any]:
        return {one["name"]: one for one in self.server.ask("deployments/filter")}

    def begin(self, deployment: str, **parameters: Any) -> str:
        """Press the button: returns the run's id."""
        chosen = self.deployments()[deployment]
        return self.server.ask(f"deployments/{chosen['id']}/create_flow_run", parameters=parameters)["id"]

    def run(self, deployment: str, **parameters: Any) -> str:
        """Press the button and wait; returns the state in which the run ended."""
        return self.ended(self.begin(deployment, **parameters))

    def ended(self, run_id: str, *states: str) -> str:
        until = time.monotonic() + 600
        while time.monotonic() < until:
            [run] = self.server.ask("flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
            self.look_at_arguments()
            if run["state_type"] in (states or ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")):
                return str(run["state_type"])
            time.sleep(0.4)
        raise AssertionError(f"the run is still {run['state_type']}")

    def live(self) -> None:
        """A night that fails by our fault, a month end from the form, a morning; runs ended and barred; a preview."""
        plant_what_stops_a_step(self.organisation.home / "inbox")
        # The engine's complaint of what comes twice quotes it.
        self._change_store(
            "update raw.kommentar set text = concat_ws(' ', delivery_id, line)",
            "create unique index no_text_twice on raw.kommentar (text)",
        )
        self.ends["nightly"] = self.run("nightly")
        self._change_store("drop index raw.no_text_twice")
        self.ends["month-end"] = self.run("month-end", period=PERIOD)
        self.ends["morning"] = self.run("morning")
        self.ends["cancelled"] = self._cancelled()
        self.command("close", PERIOD, "--preview")
        bad = self.folder / "bad"
        bad.mkdir()
        plant_a_register_without_its_gaps(bad)
        self.ends["barred"] = self.run("month-end", period=PERIOD, from_dir=str(bad))
        for asked in ("flow_runs", "task_runs", "logs", "artifacts", "deployments", "flows", "events"):
            with contextlib.suppress(urllib.error.HTTPError):
                self.told[asked] = json.dumps(self.server.ask(f"{asked}/filter"), ensure_ascii=False)

    def _change_store(self, *statements: str) -> None:
        with duckdb.connect(str(self.organisation.home / "store.duckdb")) as store:
            for statement in statements:
                store.execute(statement)

    def _cancelled(self) -> str:
        """A run that waits for the slot, ended by somebody in Prefect's page."""
        slot = {"names": ["bokslut-writer"], "slots": 1}
        self.server.ask("v2/concurrency_limits/increment", **slot, mode="concurrency")
        run_id = self.begin("month-end", period=PERIOD)
        self.ended(run_id, "RUNNING", "FAILED")
        self.server.ask(f"flow_runs/{run_id}/set_state", state={"type": "CANCELLING"})
        end = self.ended(run_id)
        self.server.ask("v2/concurrency_limits/decrement", **slot, occupancy_seconds=1)
        return end

    def ask_everything(self) -> None:
        """Every command that reads, in every form; and those that write, with what may and what may not be said."""
        asked = [[one, PERIOD] for one in LISTINGS]
        asked += [
            ["explain", "t04:Summa:Avvikelse", PERIOD],
            ["bridge", "result", PERIOD],
            ["bridge", "places", "--from", "2020-12-31", "--to", "2021-08-31", PERIOD],
            ["gap", "list"],
        ]
        for words in asked:
            for form in ("text", "csv", "json"):
                self.command(*words, "--format", form)
        self.command("retain", "--dry-run")
        for typed in (hyphened(LANDED), f"{NAME} {LANDED[:-1]}"):
            self.command("person", "find", "--reason", "begäran", "--format", "json", typed=typed)
        self.command("person", "find", "--reason", hyphened(LANDED), typed=LANDED)
        self.command("person", "find", LANDED, "--reason", "begäran")
        made = self.folder / "made"
        made.mkdir()
        self.command("findings", PERIOD, "--format", "xlsx", "--to", made / "findings.xlsx")
        self.command("quarantine", PERIOD)
        self.command("quarantine", PERIOD, "--export", made / "quarantine.csv")
        for file in sorted(self.organisation.exports.rglob(f"*_202108_{LATER}.*")):
            self.command("check", file)
        number, told = hyphened(TYPED), f"{NAME} {PHONES[0]}"
        self.command("withdraw", "1", "--reason", f"{told} {number}")
        self.command("withdraw", "1", "--reason", "fel fil")
        self.command("withdraw", "1", "--reason", "rätt ändå", "--undo")
        gap = ("gap", "add", "heroma_franvaro", "--from", "2021-08")
        self.command(*gap, "--reason", f"{told} {number}", "--case", number, "--owner", told)
        self.command("template", "kommentar", "--to", made)
        self.command("close", PERIOD, "--from", self.folder / "bad")
        for words in (["pull"], ["pull", "--dry-run"], ["doctor"], ["message", PERIOD], ["message", "--dry-run"]):
            self.command(*words, at_once=words == ["pull"])

    def look_at_arguments(self) -> None:
        """Anybody on the machine may read how a process was started."""
        mine = str(self.folder).encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mine in (process / "environ").read_bytes():
                    self.arguments.add(
                        (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                    )

    def command(self, *words: str | Path, at_once: bool = True, typed: str = "") -> int:
        """A command in this process, both streams and every log kept; `at_once`: without the server."""
        hidden = dict.fromkeys(("PREFECT_API_URL",), "") if at_once else {}
        code, said = overheard(words, typed, {**self.environment, **hidden}, self.folder / "commands.log")
        # Not by its words: they are what somebody typed, not what was said.
        name = f"{len(self.said):03} bokslut {words[0]}"
        self.said[name], self.codes[name] = said, code
        return code


@contextmanager
def served_house(closed: Organisation, folder: Path) -> Iterator[House]:
    """A home that was closed once, its newest files planted at places of every kind, served by a real server."""
    kept = folder / "kept"
    kept.mkdir(mode=0o700)
    scratch = folder / "tmp"
    scratch.mkdir()
    planted = Secrets(kept)
    organisation = closed.copied_to(folder)
    before = set(organisation.exports.rglob("*"))
    plant_what_may_be_published(organisation.exports)
    new = [path for path in sorted(organisation.exports.rglob("*")) if path.is_file() and path not in before]
    mailbox, beats = Mailbox(), []
    with ExitStack() as stack:
        settings = [*places(folder, planted, new, stack), *receivers(planted, mailbox, beats, stack)]
        text = "\n".join(
            [
                f"# Ring {hyphened(person_number(2000))} om något",
                "keep_published = 3",
                *settings,
                "[retention]\ndays = 800\n",
            ]
        )
        (organisation.home / "settings.toml").write_text(text, "utf-8")
        password = str(planted.keep("Prefect's password"))
        planted.values["person key"] = (organisation.state / "bokslut" / "demo.key").read_bytes().strip()
        # The server itself is as our units and our own server have it: at DEBUG it logs what clients bring.
        ours = {
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "PREFECT_API_AUTH_STRING": f"bokslut:{password}",
            "TMPDIR": str(scratch),
        }
        server = stack.enter_context(
            running(folder / "prefect", **ours, PREFECT_SERVER_API_AUTH_STRING=f"bokslut:{password}")
        )
        environment = {**organisation.environment(), **server.environment, **_LOUD, **planted.variables}
        environment.pop("PREFECT_SERVER_API_AUTH_STRING")
        house = House(organisation, server, planted, folder, environment, mailbox, beats)
        with _serving(house):
            yield house


@contextmanager
def _serving(house: House) -> Iterator[None]:
    log = (house.folder / "serve.log").open("wb")
    serving = subprocess.Popen(
        [str(BOKSLUT), "serve"],
        env={**clean_environment(), **house.environment},
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=house.organisation.state,
    )
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and len(house.deployments()) < 3:
            assert serving.poll() is None, (house.folder / "serve.log").read_text()[-3000:]
            time.sleep(0.5)
        yield
    finally:
        serving.send_signal(signal.SIGINT)
        try:
            serving.wait(60)
        except subprocess.TimeoutExpired:
            serving.kill()
            serving.wait()
        log.close()
