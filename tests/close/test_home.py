"""One writer a home, and everyone else is told who it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.declarations import root
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.settings import home_settings, settings
from flows.steps.close import close_at_once
from flows.steps.findings import reading
from flows.store import duckdb_engine
from flows.store.duckdb_engine import open_store
from flows.store.home import Home

_HOLDER = """
import sys
from pathlib import Path
from flows.store.home import Home
with Home(Path(sys.argv[1])).writer("close 2021-08"):
    print("holding", flush=True)
    sys.stdin.read()
"""


def _holder(home: Home) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", _HOLDER, str(home.path)]
    holder = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    return holder


def test_a_second_writer_is_told_who_writes_what_and_since_when(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with _holder(home) as holder:
        with (
            pytest.raises(Refusal, match=rf"process {holder.pid}\) since 2.*close 2021-08") as refused,
            home.writer("lock"),
        ):
            pass
        assert refused.value.exit_code is ExitCode.ANOTHER_WRITER
        holder.communicate("", timeout=20)
    with home.writer("lock"):
        assert "lock" in home.writer_file.read_text()


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with _holder(home) as holder:
        holder.kill()
        holder.wait(timeout=20)
        with home.writer("close 2021-08"):
            pass


def test_a_home_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="BOKSLUT_HOME"):
        Home(tmp_path / "file" / "home").create()


def test_settings_name_what_is_wrong_in_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert home_settings(file).keep_published == 5
    file.write_text("keep_published = 2")
    assert home_settings(file).keep_published == 2
    file.write_text("keep_publishd = 2")
    with pytest.raises(Refusal, match="keep_publishd"):
        home_settings(file)
    file.write_text("keep_published = \n")
    with pytest.raises(Refusal, match="line 1"):
        home_settings(file)


def test_wrong_settings_stop_a_close_before_anything_is_done(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    home.settings_file.write_text("keep_published = 0")
    with pytest.raises(Refusal, match="keep_published"):
        close_at_once(home, Period(2021, 8), tmp_path)
    assert not home.build_file.exists()


def test_a_home_that_is_set_to_nothing_is_not_the_folder_one_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOKSLUT_HOME", "")
    assert settings().home == root.DEFAULT_HOME


def test_a_damaged_store_is_said_to_be_damaged(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    home.build_file.write_text("not a store")
    with pytest.raises(Refusal, match="cannot be opened as a DuckDB file"):
        close_at_once(home, Period(2021, 8), tmp_path)
    with pytest.raises(Refusal, match="cannot be opened as a DuckDB file"), reading(home):
        pass


_STORE_HOLDER = """
import sys
from flows.store.duckdb_engine import open_store
with open_store(sys.argv[1], read_only=sys.argv[2] == "reads"):
    print("holding", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("other", ["reads", "writes"])
def test_a_store_that_another_process_has_open_is_waited_for_and_then_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.setattr(duckdb_engine, "_OPENING_SECONDS", 0.3)
    file = tmp_path / "store.duckdb"
    open_store(file).close()
    arguments = [sys.executable, "-c", _STORE_HOLDER, str(file), other]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        with pytest.raises(Refusal, match="Another process has") as refused:
            open_store(file)
        assert refused.value.exit_code is ExitCode.ANOTHER_WRITER
        holder.communicate("", timeout=20)
    open_store(file).close()


def test_settings_load_nothing_heavy() -> None:
    asked = (
        "import sys, flows.settings, flows.store.home\n"
        "print([name for name in ('pandas', 'duckdb', 'great_expectations', 'prefect') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
