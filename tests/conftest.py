"""What many tests stand on: the demo, and a home in which it has been closed. Each is made once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("ci", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("proof", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

PERIOD = "2021-08"
LATER_PERIOD = "2022-03"
BOKSLUT = Path(sys.executable).parent / "bokslut"


@dataclass(frozen=True)
class Organisation:
    """An organisation as its user has it: a home, the exports, a key, and the command."""

    home: Path
    exports: Path
    state: Path

    def bokslut(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command as a person at a shell would, with output piped."""
        return subprocess.run(
            [str(BOKSLUT), *map(str, words)],
            env={**clean_environment(), **self.environment(), **environment},
            text=True,
            capture_output=True,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        return {
            "BOKSLUT_HOME": str(self.home),
            "BOKSLUT_KEY_FILE": str(self.state / "bokslut" / "demo.key"),
            "XDG_STATE_HOME": str(self.state),
        }

    def copied_to(self, folder: Path) -> Organisation:
        """The same organisation in another place, free to be changed."""
        shutil.copytree(self.home, folder / "home", symlinks=True)
        shutil.copytree(self.exports, folder / "exports")
        return Organisation(folder / "home", folder / "exports", self.state)


def clean_environment() -> dict[str, str]:
    """This process's environment without what would lead a command to another home, key or server."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "PREFECT_"))}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The demo's exports, received nowhere yet."""
    folder = tmp_path_factory.mktemp("organisation")
    organisation = Organisation(folder / "home", folder / "exports", folder / "state")
    written = organisation.bokslut("demo", "--to", organisation.exports)
    assert written.returncode == 0, written.stderr
    return organisation


@pytest.fixture(scope="session")
def closed(demo: Organisation) -> Organisation:
    """The demo closed once for 2021-08. Tests that change anything work on `closed.copied_to(tmp_path)`."""
    done = demo.bokslut("close", PERIOD, "--from", demo.exports)
    assert done.returncode == 0, done.stdout + done.stderr
    (demo.home / "close-output.txt").write_text(done.stderr + done.stdout, "utf-8")
    return demo


@pytest.fixture(scope="session")
def closed_twice(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The demo closed for 2021-08 and then for 2022-03, in a home of its own. Copy it to change anything."""
    organisation = closed.copied_to(tmp_path_factory.mktemp("closed_twice"))
    done = organisation.bokslut("close", LATER_PERIOD, "--from", organisation.exports)
    assert done.returncode == 0, done.stdout + done.stderr
    return organisation
