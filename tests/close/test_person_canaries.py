"""Nothing personal is said, logged or left by the commands about persons, whatever goes wrong."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import cli
from flows.errors import ExitCode
from flows.store import person_rows, rewriting
from flows.store.archive import archived_path
from tests.canary.canaries import Listener, ways
from tests.close.home_with_persons import ANNA, BO, CILLA, NEW_KEY, OLD_KEY, StaffHome, employment_of

#: Where personal values belong.
_RESTRICTED = ("archive/", "inbox/", "store.duckdb")
_LISTENER = Listener(
    {
        **{f"person {number}": ways(digits) for number, digits in enumerate((ANNA, BO, CILLA), 1)},
        "employment": tuple(employment_of(one) for one in (ANNA, BO, CILLA)),
        "birth date": ("1903-02-17", "1904-03-18", "1905-04-19"),
        "key": (OLD_KEY, NEW_KEY),
    }
)


@pytest.fixture
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StaffHome:
    """An old month and a young one, a refused file, one that is named by a person, and a person in the inbox."""
    home = StaffHome(tmp_path)
    monkeypatch.setenv("BOKSLUT_HOME", str(home.home.path))
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(home.key_file))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    home.home.settings_file.write_text("[retention]\ndays = 800\n")
    home.staff("2020-01", [ANNA, BO])
    home.write("heroma_anstallning_202002_20200303T0600.csv", f"{ANNA};{BO}\n{CILLA};{employment_of(BO)}\n")
    home.staff("2021-01", [ANNA, CILLA])
    home.write(f"lön {ANNA}.csv", f"{ANNA}\n")
    home.receive()
    home.close("2021-12")
    home.key_file.with_name("new.key").write_bytes(NEW_KEY)
    home.key_file.with_name("new.key").chmod(0o600)
    return home


@pytest.fixture
def run(
    staff: StaffHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    def command(*words: str, typed: str = "") -> tuple[int, str]:
        """Exit code, and all that was said and left outside of what is restricted."""
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        code = cli.main(list(words))
        said = capsys.readouterr()
        assert _LISTENER.in_text("said", said.out + said.err) == set()
        assert _LISTENER.in_files(staff.home.path, besides=_RESTRICTED) == set()
        assert _LISTENER.in_tables(staff.home.build_file, ["control", "closed", "build"]) == set()
        return code, said.out + said.err

    return command


def test_none_of_the_three_commands_says_or_leaves_anything_personal(
    staff: StaffHome, run: Callable[..., tuple[int, str]]
) -> None:
    assert {canary for _, canary in _LISTENER.in_tables(staff.home.build_file, ["raw"])} >= {"employment", "birth date"}
    new_key = str(staff.key_file.with_name("new.key"))
    for form in ("text", "csv", "json"):
        code, said = run("person", "find", "--reason", "request", "--format", form, typed=ANNA)
        assert code == ExitCode.DONE
        assert "heroma_anstallning_202001" in said
        assert run("retain", "--dry-run", "--format", form)[0] == ExitCode.DONE
    assert run("person", "find", "--reason", "request", typed=f"{ANNA[:-1]}x")[0] == ExitCode.REFUSAL
    assert run("person", "find", ANNA, "--reason", "request")[0] == ExitCode.REFUSAL
    assert run("rekey", "--new-key-file", new_key)[0] == ExitCode.DONE
    assert run("person", "find", "--reason", "request", typed=ANNA)[0] == ExitCode.REFUSAL
    code, said = run("retain", "--yes")
    assert (code, "Destroyed 3 deliveries" in said) == (ExitCode.DONE, True)
    assert run("retain", "--yes")[0] == ExitCode.DONE


def test_none_is_said_of_a_file_that_is_lost(staff: StaffHome, run: Callable[..., tuple[int, str]]) -> None:
    for (sha256,) in staff.rows("select sha256 from control.deliveries where extract = 'heroma_anstallning'"):
        archived_path(staff.home.archive, str(sha256)).unlink()
    code, said = run("rekey", "--new-key-file", str(staff.key_file.with_name("new.key")))
    assert (code, "cannot be read" in said) == (ExitCode.REFUSAL, True)
    assert run("person", "find", "--reason", "request", typed=BO)[0] == ExitCode.PUBLISHED_WITHHELD


@pytest.mark.parametrize("broken", ["person_rows.change_keys", "rewriting._write_anew"])
def test_none_is_in_what_our_own_failure_leaves(
    staff: StaffHome, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        try:
            raise ValueError(f"cannot use {ANNA}")
        except ValueError as error:
            raise RuntimeError(f"{employment_of(BO)} {BO[:8]}-{BO[8:]}") from error

    module, name = broken.split(".")
    monkeypatch.setattr({"person_rows": person_rows, "rewriting": rewriting}[module], name, fail)
    code, said = run("rekey", "--new-key-file", str(staff.key_file.with_name("new.key")))
    assert code == ExitCode.OUR_FAULT
    assert "send" in said
    [log] = staff.home.logs.glob("*.log")
    assert "builtins.RuntimeError" in log.read_text()
