"""Planted canaries: none is found in what anybody but the restricted store's keeper can read."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from flows import cli, run_artifacts
from flows.domain.period import Period
from flows.errors import ExitCode
from flows.steps import close as close_steps
from flows.steps.findings import read_findings
from flows.steps.status import read_status
from flows.store.home import Home
from tests.close import canaries
from tests.close.canaries import (
    BAD,
    COORDINATED,
    EMPLOYMENTS,
    LANDED,
    MISPLACED,
    NAME,
    PHONES,
    REPEATED,
    hyphened,
)
from tests.close.planted_exports import (
    deliver_anew,
    plant_what_bars,
    plant_what_may_be_published,
    with_planted_employments,
)
from tests.conftest import PERIOD, Organisation

#: Where personal values belong: as delivered, and behind the store's lock.
_RESTRICTED = ("archive/", "inbox/", "store.duckdb")
_SAID = "said.txt"


def _everything_said(organisation: Organisation, expected: int, *folder: str | Path) -> str:
    """What close and every listing in every format write, on both streams."""
    done = organisation.bokslut("close", PERIOD, *folder)
    assert done.returncode == expected, done.stdout + done.stderr
    said = [done.stdout, done.stderr]
    for command in ("findings", "status", "tables"):
        for form in ("text", "csv", "json"):
            listed = organisation.bokslut(command, PERIOD, "--format", form)
            said += [listed.stdout, listed.stderr]
    return "\n".join(said)


def _sung(organisation: Organisation, said: str, tables: Sequence[str]) -> set[object]:
    """Where a canary is found outside of what is restricted, and in the schemas named of the restricted store."""
    home = organisation.home
    found: set[object] = {("said", canary) for canary in canaries.in_bytes(said.encode())}
    found |= canaries.in_files(home, besides=_RESTRICTED)
    for published in home.glob("published/*"):
        found |= canaries.in_tables(published, ["latest"])
    return found | canaries.in_tables(home / "store.duckdb", tables)


@pytest.fixture(scope="module")
def planted(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, str]:
    organisation = closed.copied_to(tmp_path_factory.mktemp("planted"))
    plant_what_may_be_published(organisation.exports)
    return organisation, _everything_said(organisation, 0, "--from", organisation.exports)


def test_the_canaries_were_taken_in(planted: tuple[Organisation, str]) -> None:
    organisation, said = planted
    names = {"name": (NAME,)}
    assert canaries.in_tables(organisation.home / "store.duckdb", ["raw"], names), "names land in the restricted store"
    assert "version 2" in said
    assert "karantän" in said


def test_none_is_in_the_published_file_the_listings_the_logs_or_the_findings(planted: tuple[Organisation, str]) -> None:
    organisation, said = planted
    schemas = ["control", "closed", "marts", "reconciliations", "build"]
    assert sorted(map(str, _sung(organisation, said, schemas))) == []


def test_no_personnummer_of_the_staff_is_in_any_byte_of_the_restricted_store(
    planted: tuple[Organisation, str],
) -> None:
    organisation, _ = planted
    staff = {digits: (digits, hyphened(digits)) for digits in (LANDED, COORDINATED, BAD, REPEATED)}
    assert canaries.in_bytes((organisation.home / "store.duckdb").read_bytes(), staff) == set()
    everywhere = ["raw", "staging", "core", "quality"]
    assert canaries.in_tables(organisation.home / "store.duckdb", everywhere, staff) == set()


def test_none_is_in_the_artifacts_of_the_flow(
    planted: tuple[Organisation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, _ = planted
    left: list[str] = []
    monkeypatch.setattr(run_artifacts, "create_markdown_artifact", lambda **words: left.append(repr(words)))
    monkeypatch.setattr(
        run_artifacts, "create_table_artifact", lambda table, **words: left.append(repr((table, words)))
    )
    monkeypatch.setattr(run_artifacts, "get_run_logger", lambda: logging.getLogger("run"))
    home, period = Home(organisation.home), Period.parse(PERIOD)
    found = tuple(read_findings(home, period))
    run_artifacts.leave_outcome(
        home, close_steps.Outcome(period, "published", 2, True, found, None), read_status(home, period).months
    )
    assert len(left) == 3
    assert any("karantän" in one for one in left)
    assert canaries.in_bytes("\n".join(left).encode()) == set()


def test_none_is_said_of_what_is_refused_or_bars_publication(closed: Organisation, tmp_path: Path) -> None:
    organisation = closed.copied_to(tmp_path)
    plant_what_bars(organisation.exports)
    said = _everything_said(organisation, ExitCode.BARRED, "--from", organisation.exports)
    with duckdb.connect(str(organisation.home / "store.duckdb"), read_only=True) as connection:
        rules = {rule for (rule,) in connection.execute("select rule_id from control.findings").fetchall()}
    assert rules >= {"unknown_unit", "ansvar_in_no_unit", "too_many_bad_rows", "columns_missing", "header_not_found"}
    # What is barred has a personnummer for a unit in its marts; nobody reads them, and the next build drops them.
    assert sorted(map(str, _sung(organisation, said, ["control", "closed", "build"]))) == []


@pytest.mark.parametrize("broken", ["receive", "build", "publish"])
def test_none_is_in_what_our_own_failure_leaves(
    demo: Organisation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: str,
) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name in ("heroma_anstallning", "luckor"):
        [newest] = sorted(demo.exports.glob(f"{name}_202108_*"))
        (exports / newest.name).write_bytes(newest.read_bytes())
    deliver_anew(exports, "heroma_anstallning", with_planted_employments)

    def fail(closing: close_steps.Closing) -> None:
        row = [LANDED, EMPLOYMENTS[0], NAME, hyphened(MISPLACED), PHONES[0]]
        try:
            closing.connection.execute("select cast(? as integer)", [" ".join(row)])
        except duckdb.Error as error:
            raise ValueError(f"cannot use {row}") from error

    def passed(closing: close_steps.Closing) -> None:
        """The steps between have nothing to work on here."""

    steps: Sequence[close_steps.Step] = [
        fail if step.__name__ == broken else step if step.__name__ in ("receive", "select") else passed
        for step in close_steps.STEPS
    ]
    monkeypatch.setattr(close_steps, "run", lambda closing: _run(closing, steps))
    for name, value in {**demo.environment(), "BOKSLUT_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert cli.main(["close", PERIOD, "--from", str(exports)]) == ExitCode.OUR_FAULT
    said = capsys.readouterr()
    [log] = (tmp_path / "home" / "logs").iterdir()
    assert "duckdb.ConversionException" in log.read_text()
    assert canaries.in_bytes((said.out + said.err).encode()) == set()
    assert canaries.in_files(tmp_path / "home", besides=_RESTRICTED) == set()


def _run(closing: close_steps.Closing, steps: Sequence[close_steps.Step]) -> close_steps.Outcome:
    for step in steps:
        step(closing)
    raise AssertionError("a step should have failed")
