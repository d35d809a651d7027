"""Planted canaries: none is found in what anybody but the restricted store's keeper can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from flows import cli
from flows.errors import ExitCode
from flows.steps import close as close_steps
from tests.canary.canaries import (
    BAD,
    COORDINATED,
    EMPLOYMENTS,
    LANDED,
    MISPLACED,
    NAME,
    PHONES,
    PRINTED,
    REPEATED,
    Listener,
    everything,
    hyphened,
)
from tests.canary.planted_exports import (
    deliver_anew,
    plant_what_bars,
    plant_what_may_be_published,
    with_planted_employments,
)
from tests.conftest import PERIOD, Organisation

#: Where personal values belong: as delivered, and behind the store's lock.
_RESTRICTED = ("archive/", "inbox/", "store.duckdb")


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


def _sung(organisation: Organisation, said: str, tables: Sequence[str]) -> list[tuple[str, str]]:
    """Where a canary is found outside of what is restricted, and in the schemas named of the restricted store."""
    listener = Listener(everything())
    found = listener.in_text("said", said) | listener.in_files(organisation.home, besides=_RESTRICTED)
    return sorted(found | listener.in_tables(organisation.home / "store.duckdb", tables))


@pytest.fixture(scope="module")
def planted(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, str]:
    organisation = closed.copied_to(tmp_path_factory.mktemp("planted"))
    plant_what_may_be_published(organisation.exports)
    return organisation, _everything_said(organisation, 0, "--from", organisation.exports)


def test_the_canaries_were_taken_in(planted: tuple[Organisation, str]) -> None:
    organisation, said = planted
    names = Listener({"name": (NAME,)})
    assert names.in_tables(organisation.home / "store.duckdb", ["raw"]), "names land in the restricted store"
    assert "version 2" in said
    assert "karantän" in said


def test_none_is_in_the_published_file_the_listings_the_logs_or_the_findings(planted: tuple[Organisation, str]) -> None:
    organisation, said = planted
    schemas = ["control", "closed", "marts", "reconciliations", "build"]
    assert _sung(organisation, said, schemas) == []


def test_a_name_in_words_for_print_prints_and_shows_that_each_place_was_read(planted: tuple[Organisation, str]) -> None:
    organisation, said = planted
    witness = Listener({"printed": (PRINTED,)})
    assert witness.in_text("said", said)
    published = organisation.home / "published.duckdb"
    assert {place for place, _ in witness.in_tables(published, ["latest"])} >= {'"latest"."comment".printed'}


def test_no_personnummer_of_the_staff_is_in_any_byte_of_the_restricted_store(
    planted: tuple[Organisation, str],
) -> None:
    organisation, _ = planted
    staff = Listener({digits: (digits, hyphened(digits)) for digits in (LANDED, COORDINATED, BAD, REPEATED)})
    store = organisation.home / "store.duckdb"
    assert staff.hears(store.read_bytes()) == set()
    assert staff.in_tables(store, ["raw", "staging", "core", "quality"]) == set()


def test_none_is_said_of_what_is_refused_or_bars_publication(closed: Organisation, tmp_path: Path) -> None:
    organisation = closed.copied_to(tmp_path)
    plant_what_bars(organisation.exports)
    said = _everything_said(organisation, ExitCode.BARRED, "--from", organisation.exports)
    with duckdb.connect(str(organisation.home / "store.duckdb"), read_only=True) as connection:
        rules = {rule for (rule,) in connection.execute("select rule_id from control.findings").fetchall()}
    assert rules >= {
        "unknown_unit",
        "ansvar_in_no_unit",
        "too_many_bad_rows",
        "columns_missing",
        "header_not_found",
        "personal_in_published",
    }
    # What is barred has a personnummer for a unit in its marts and on its page; nobody reads them.
    assert _sung(organisation, said, ["control", "closed"]) == []


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
    listener = Listener(everything())
    assert listener.in_text("said", said.out + said.err) == set()
    assert listener.in_files(tmp_path / "home", besides=_RESTRICTED) == set()


def _run(closing: close_steps.Closing, steps: Sequence[close_steps.Step]) -> close_steps.Outcome:
    for step in steps:
        step(closing)
    raise AssertionError("a step should have failed")
