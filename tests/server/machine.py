"""A machine set up as RUNBOOK.md says, in a folder: its commands run as written, and the units' own commands start."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.close.places.servers import free_port
from tests.server.postgresql import Cluster

PROJECT = Path(__file__).resolve().parents[2]
SERVICE = PROJECT / "warehouse" / "service"
#: What a recipe calls that is the whole machine's business; `sudo` becomes the database's user as Debian's does.
_SHIMS = {"apt-get": "exit 0", "systemctl": "exit 0", "chown": "exit 0"}


def recipes(heading: str) -> list[str]:
    """The shell commands beneath a heading of RUNBOOK.md, a text a block."""
    text = (PROJECT / "RUNBOOK.md").read_text("utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


@dataclass
class Machine:
    """`/etc/bokslut` and `/srv/bokslut` in a folder, the ports of this run, and the units that were started."""

    folder: Path
    cluster: Cluster
    port: int = field(default_factory=free_port)
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "etc").mkdir(parents=True)
        (self.folder / "srv").mkdir(mode=0o710)
        (self.folder / "etc" / "bokslut.env").write_bytes((SERVICE / "bokslut.env").read_bytes())
        self._shims.mkdir()
        # What PostgreSQL's user does is done from a folder that it may enter.
        as_postgres = " ".join(self.cluster.as_postgres())
        for name, does in {
            **_SHIMS,
            "sudo": f'[ "$1" = --user=postgres ] && shift && cd / && exec {as_postgres} "$@"',
        }.items():
            (self._shims / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
            (self._shims / name).chmod(0o755)

    @property
    def _shims(self) -> Path:
        return self.folder / "shims"

    @property
    def home(self) -> Path:
        return self.folder / "srv" / "home"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def said(self, unit: str) -> Path:
        """What the unit has said: the journal's part."""
        return self.folder / f"{unit}.journal"

    def here(self, text: str) -> str:
        """A text of the units or the runbook with this machine's folders and ports."""
        for theirs, ours in (
            ("/opt/bokslut/.venv/bin", str(Path(sys.executable).parent)),
            ("/etc/bokslut", str(self.folder / "etc")),
            ("/srv/bokslut", str(self.folder / "srv")),
            ("host=/run/postgresql", f"host={self.cluster.sockets}&port={self.cluster.port}"),
            ("127.0.0.1:5432", f"127.0.0.1:{self.cluster.port}"),
            ("127.0.0.1:4200", f"127.0.0.1:{self.port}"),
            ("localhost:4200", f"localhost:{self.port}"),
            ("--port 4200", f"--port {self.port}"),
        ):
            text = text.replace(theirs, ours)
        return text

    def follow(self, recipe: str) -> str:
        """Run the commands as written; what they say."""
        environment = self.cluster.environment()
        done = subprocess.run(
            ["sh", "-eu", "-c", self.here(recipe)],
            env={**environment, "PATH": f"{self._shims}:{environment['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def environment(self, unit: str) -> dict[str, str]:
        """What systemd gives the unit: its files' variables, and little else."""
        found = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "srv"), "LANG": "C.UTF-8", "COLUMNS": "200"}
        for optional, name in re.findall(r"^EnvironmentFile=(-?)(\S+)$", _unit(unit), re.MULTILINE):
            file = Path(self.here(name))
            if optional and not file.exists():
                continue
            lines = file.read_text("utf-8").splitlines()
            found |= dict(self.here(line).split("=", 1) for line in lines if line and not line.startswith("#"))
        return found

    def run(self, *words: str | Path, unit: str = "bokslut-serve") -> subprocess.CompletedProcess[str]:
        """A command by hand, with the unit's environment."""
        return subprocess.run(
            [str(Path(sys.executable).parent / words[0]), *map(str, words[1:])],
            env=self.environment(unit),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )

    @contextmanager
    def runs(self, unit: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start a unit as systemd does; stop in the end what then runs of it."""
        try:
            yield self.start(unit)
        finally:
            process = self.started[unit]
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, unit: str) -> subprocess.Popen[bytes]:
        """Start a unit, what it waits for first; again too, as systemd does with one that has ended."""
        environment = self.environment(unit)
        with self.said(unit).open("ab") as journal:
            for before in re.findall(r"^ExecStartPre=(.+)$", _unit(unit), re.MULTILINE):
                subprocess.run(self.here(before).split(), env=environment, stdout=journal, stderr=journal, check=True)
            [command] = re.findall(r"^ExecStart=(.+)$", _unit(unit), re.MULTILINE)
            self.started[unit] = subprocess.Popen(
                self.here(command).split(), env=environment, stdout=journal, stderr=journal, cwd=self.folder / "srv"
            )
        return self.started[unit]

    def wait_for_server(self, seconds: float = 240) -> None:
        """Wait until Prefect's server answers and has its database."""
        until = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"{self.api}/ready", timeout=10).close()
                return
            except OSError:
                journal = self.said("bokslut-prefect").read_text("utf-8")
                assert self.started["bokslut-prefect"].poll() is None, journal[-3000:]
                assert time.monotonic() < until, journal[-3000:]
                time.sleep(0.5)


def _unit(name: str) -> str:
    return (SERVICE / f"{name}.service").read_text("utf-8")
