"""What a command does not need is not imported."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PERIOD, Organisation, clean_environment

HEAVY = {"prefect", "pandas", "duckdb", "great_expectations", "pyarrow", "numpy", "sqlglot"}
GATE_AND_SERVER = {"prefect", "pandas", "great_expectations"}
#: What reads SQL and carries tables: a close that changes nothing does neither. redis comes with lock libraries.
BUILD = {"sqlglot", "pyarrow", "numpy", "redis"}

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)


def imported(organisation: Organisation | None, *words: str) -> tuple[int, set[str]]:
    """(exit code, top-level packages) of a command run in a process of its own."""
    environment = clean_environment() | (organisation.environment() if organisation else {})
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flows.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    return run.returncode, {name.split(".")[0] for name in _IMPORTED.findall(run.stderr)}


@pytest.mark.parametrize("words", [["--help"], ["close", "--help"], ["version"]])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    code, packages = imported(None, *words)
    assert code == 0
    assert packages & HEAVY == set()


def test_a_close_without_a_server_never_imports_prefect_and_one_without_changes_no_gate(
    closed: Organisation, tmp_path: Path
) -> None:
    organisation = closed.copied_to(tmp_path)
    code, packages = imported(organisation, "close", PERIOD, "--from", str(organisation.exports))
    assert code == 0
    assert "duckdb" in packages
    assert packages & (GATE_AND_SERVER | BUILD) == set()

    [gaps] = organisation.exports.rglob("luckor_202108_*.csv")
    later = gaps.with_name("luckor_202108_20210930T0700.csv")
    later.write_bytes(gaps.read_bytes().replace(b"2021-11-30", b"2021-12-01"))
    code, packages = imported(organisation, "close", PERIOD, "--from", str(organisation.exports))
    assert code == 0
    assert "great_expectations" in packages
    assert "prefect" not in packages
