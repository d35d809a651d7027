"""The command at a shell: one clear message and an exit code, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from flows import cli
from flows.errors import ExitCode, Refusal
from flows.steps import tables
from flows.steps.demo import SYNTHETIC_KEY_MARK, make_demo_key
from tests.conftest import PERIOD, Organisation


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(tmp_path / "no.key"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return tmp_path / "home"


@pytest.mark.parametrize("words", [["close", "august"], ["close"], ["tables", PERIOD, "--format", "xml"], ["undo"]])
def test_what_cannot_be_meant_is_a_usage_error(home: Path, words: list[str]) -> None:
    assert cli.main(words) == ExitCode.USAGE


@pytest.mark.parametrize("words", [["tables", PERIOD], ["findings", PERIOD], ["status"], ["status", PERIOD]])
def test_reading_before_the_first_close_is_refused_with_what_to_do(
    home: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == ExitCode.REFUSAL
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Refused: ")
    assert "bokslut close" in said.err


def test_a_folder_that_is_not_there_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["close", PERIOD, "--from", str(home / "nowhere")]) == ExitCode.REFUSAL
    assert "nowhere" in capsys.readouterr().err


def test_a_close_without_the_key_is_refused(demo: Organisation, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["close", PERIOD, "--from", str(demo.exports)]) == ExitCode.REFUSAL
    assert "BOKSLUT_KEY_FILE" in capsys.readouterr().err


def test_our_fault_leaves_a_log_of_places_and_no_values(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        try:
            raise KeyError("19121212-1212")
        except KeyError as error:
            raise ValueError("Tolvan Tolvansson") from error

    monkeypatch.setattr(tables, "read_report", broken)
    assert cli.main(["tables", PERIOD]) == ExitCode.OUR_FAULT
    said = capsys.readouterr()
    [log] = (home / "logs").iterdir()
    written = log.read_text()
    assert "ValueError" in written
    assert "KeyError" in written
    assert "in broken" in written
    assert str(log) in said.err
    assert len(said.err.strip().splitlines()) == 1
    for personal in ("1212", "Tolvan"):
        assert personal not in written + said.err + said.out


def test_a_refusal_carries_its_own_exit_code(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise Refusal("It is so.", "Do that.", ExitCode.ANOTHER_WRITER)

    monkeypatch.setattr(tables, "read_report", refuse)
    assert cli.main(["tables", PERIOD]) == ExitCode.ANOTHER_WRITER
    assert capsys.readouterr().err == "Refused: It is so. Do that.\n"


def test_the_demos_key_says_what_it_is_is_its_owners_alone_and_is_kept(tmp_path: Path) -> None:
    key = tmp_path / "state" / "demo.key"
    assert make_demo_key(key)
    made = key.read_text()
    assert made.startswith(SYNTHETIC_KEY_MARK)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not make_demo_key(key)
    assert key.read_text() == made


def test_ctrl_c_is_answered(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "read_report", interrupted)
    assert cli.main(["tables", PERIOD]) == 130
    assert "What was published stands" in capsys.readouterr().err


def test_a_demo_that_has_nowhere_to_be_written_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("a file")
    assert cli.main(["demo", "--to", str(home)]) == ExitCode.REFUSAL
    assert "--to" in capsys.readouterr().err


def test_the_demo_says_how_to_go_on_and_the_version_is_a_number(demo: Organisation) -> None:
    version = demo.bokslut("version")
    assert version.stdout.strip()[0].isdigit()
    assert (demo.state / "bokslut" / "demo.key").exists()


def test_a_terminal_that_is_not_utf_8_is_no_reason_to_fail(closed: Organisation) -> None:
    listed = closed.bokslut("findings", PERIOD, PYTHONIOENCODING="ascii")
    assert (listed.returncode, listed.stderr) == (0, "")


def test_every_listing_has_three_formats(closed: Organisation) -> None:
    for words in (["tables", PERIOD], ["findings", PERIOD], ["status", PERIOD]):
        for form in ("text", "csv", "json"):
            listed = closed.bokslut(*words, "--format", form)
            assert listed.returncode == 0, listed.stderr
            assert listed.stderr == ""
            assert "\x1b[" not in listed.stdout
            if form == "csv":
                assert len(list(csv.reader(io.StringIO(listed.stdout)))) > 1
            if form == "json":
                json.loads(listed.stdout)


def test_one_table_can_be_asked_for_and_an_unknown_one_is_refused(closed: Organisation) -> None:
    report = json.loads(closed.bokslut("tables", PERIOD, "--format", "json").stdout)
    first = report["tables"][0]["table_id"]
    one = json.loads(closed.bokslut("tables", PERIOD, "--table", first, "--format", "json").stdout)
    assert [table["table_id"] for table in one["tables"]] == [first]
    refused = closed.bokslut("tables", PERIOD, "--table", "t99")
    assert refused.returncode == ExitCode.REFUSAL
    assert first in refused.stderr


def test_synthetic_figures_say_so(closed: Organisation) -> None:
    printed = closed.bokslut("tables", PERIOD)
    assert "syntetiska" in printed.stdout.splitlines()[0]


def test_the_status_names_the_gap_its_case_and_its_day(closed: Organisation) -> None:
    rows = list(csv.DictReader(io.StringIO(closed.bokslut("status", PERIOD, "--format", "csv").stdout)))
    april = [row for row in rows if row["extract"] == "treserva_hemtjanst" and row["month"] == "2021-04"]
    assert {row["state"] for row in april} == {"estimated"}
    assert len(april) > 1
    assert all(row["reason"] and row["case_number"] and row["expected_by"] for row in april)
    assert {row["state"] for row in rows} == {"complete", "preliminary", "estimated"}
