"""The register of known gaps, kept at the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from flows import cli
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.gap import add_gap, close_gap, list_gaps
from flows.store.home import Home
from tests.close.received_folder import Exports

HEADER = "extract;enhet_kod;fran;till;orsak;arende;ansvarig;vantas\n"
IN_FORCE = f"{HEADER}kost_maltider;E2;2021-06;2021-06;Köket flyttade;INC-1;kost;2021-10-15\n"


def at(minute: int) -> datetime:
    return datetime(2021, 10, 1, 9, minute)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Meals of July and August, and a register with a gap in June."""
    exports = Exports(tmp_path)
    exports.meals("202107", "20210803T0600", 1, 2)
    exports.meals("202108", "20210903T0600", 1)
    exports.write("luckor_202108_20210903T0600", IN_FORCE)
    exports.receive()
    exports.connection.close()
    return Home(tmp_path).create()


def test_a_gap_is_a_new_delivery_of_the_whole_register(home: Home) -> None:
    written = add_gap(
        home, "kost_maltider", Period(2021, 8), Period(2021, 8), reason="Systemfel", case="INC-2", owner="kost",
        now=lambda: at(0),
    )  # fmt: skip
    assert written.name == "luckor_202108_20211001T0900.csv"
    assert written.parent == home.inbox
    assert written.read_text("utf-8") == f"{IN_FORCE}kost_maltider;;2021-08;2021-08;Systemfel;INC-2;kost;\n"


def test_a_second_change_stands_on_the_first_before_any_close(home: Home) -> None:
    add_gap(home, "kost_maltider", Period(2021, 8), reason="Systemfel", owner="kost", now=lambda: at(0))
    changed = add_gap(home, "kost_maltider", Period(2021, 8), Period(2021, 8), now=lambda: at(0))
    assert changed.name == "luckor_202108_20211001T0901.csv"
    assert changed.read_text("utf-8") == f"{IN_FORCE}kost_maltider;;2021-08;2021-08;Systemfel;;kost;\n"
    closed = close_gap(home, "kost_maltider", Period(2021, 6), unit="E2", now=lambda: at(5))
    assert closed.read_text("utf-8") == f"{HEADER}kost_maltider;;2021-08;2021-08;Systemfel;;kost;\n"


def test_the_list_says_what_has_arrived(home: Home) -> None:
    add_gap(home, "kost_maltider", Period(2021, 7), Period(2021, 8), unit="E2", reason="Sena", now=lambda: at(0))
    add_gap(home, "kost_maltider", Period(2021, 7), Period(2021, 7), reason="Sena", now=lambda: at(1))
    june, both, july = list_gaps(home)
    assert (june.case, june.is_open, june.arrived) == ("INC-1", True, ())
    assert (both.is_open, both.arrived) == (True, (Period(2021, 7),))
    assert (july.is_open, july.arrived) == (False, (Period(2021, 7),))


@pytest.mark.parametrize(
    ("extract", "said"),
    [
        ("luckor", {"reason": "x"}),
        ("nothing", {"reason": "x"}),
        ("kost_maltider", {}),
        ("kost_maltider", {"reason": "19800101-1234 är sjuk"}),
        ("kost_maltider", {"reason": "x", "case": "070-123 45 67"}),
        ("kost_maltider", {"reason": "x", "last": Period(2021, 1)}),
    ],
)
def test_what_may_not_be_written_is_refused(home: Home, extract: str, said: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        add_gap(home, extract, Period(2021, 8), **said)  # type: ignore[arg-type]
    assert "19800101" not in str(refused.value)
    assert list(home.inbox.iterdir()) == []


def test_a_register_with_bad_lines_is_not_written_over(home: Home) -> None:
    (home.inbox / "luckor_202108_20210930T0900.csv").write_text(f"{IN_FORCE}kost_maltider;;juli;;x;;;\n", "utf-8")
    with pytest.raises(Refusal, match="would lose them"):
        close_gap(home, "kost_maltider", Period(2021, 6), unit="E2", now=lambda: at(0))


def test_at_the_command_line(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BOKSLUT_HOME", str(home.path))
    words = ["kost_maltider", "--unit", "E1", "--from", "2021-09", "--reason", "Sena", "--expected", "2021-12-01"]
    assert cli.main(["gap", "add", *words]) == ExitCode.DONE
    assert "luckor_202108_" in capsys.readouterr().out
    assert cli.main(["gap", "list", "--format", "json"]) == ExitCode.DONE
    assert [one["unit"] for one in json.loads(capsys.readouterr().out)] == ["E2", "E1"]
    assert cli.main(["gap", "list"]) == ExitCode.DONE
    assert "väntas 2021-12-01" in capsys.readouterr().out
    assert cli.main(["gap", "close", "kost_maltider", "--from", "2020-01"]) == ExitCode.REFUSAL
