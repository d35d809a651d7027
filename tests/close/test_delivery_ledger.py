"""The deliveries as a ledger at the command line: what came, what was withdrawn, what lies in quarantine."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from flows import cli
from flows.errors import ExitCode
from tests.close.received_folder import Exports


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three files of meals, one of them with a bad line, and one of absence that is not for everybody's eyes."""
    exports = Exports(tmp_path)
    exports.meals("202107", "20210803T0600", 1)
    exports.meals("202108", "20210903T0600", 10)
    exports.write("kost_maltider_202108_20210907T0600", "period;enhet_kod;portioner\n2021-08;E1;tolv\n2021-08;E2;3\n")
    exports.write(
        "heroma_franvaro_202108_20210903T0600",
        "period;anst_id;orsak_kod;from;tom;omfattning;timmar_period\n2021-08;19800101-1234;SJUK;2021-08-01;;100;8\n",
    )
    exports.receive()
    exports.connection.close()
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    assert cli.main(["deliveries", *words, "--format", "csv"]) == ExitCode.DONE
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_the_ledger_says_what_came_and_what_it_replaced(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absence, first, second = listed(capsys, "2021-08")
    assert absence["extract"] == "heroma_franvaro"
    assert (first["is_in_force"], second["is_in_force"]) == ("false", "true")
    assert second["replaced"] == first["delivery_id"]
    assert second["folder"] == str(home / "exports")
    assert (second["landed_rows"], second["quarantined_rows"], second["encoding"]) == ("1", "1", "UTF-8")
    assert second["extracted_at"] == "2021-09-07T06:00"
    assert len(listed(capsys)) == 4
    assert cli.main(["deliveries", "--format", "json"]) == ExitCode.DONE
    assert len(json.loads(capsys.readouterr().out)) == 4


def test_withdrawing_is_told_and_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first, second = listed(capsys, "2021-08")
    assert cli.main(["withdraw", second["delivery_id"], "--reason", "fel fil"]) == ExitCode.DONE
    assert f"{first['file_name']} (delivery {first['delivery_id']}) counts" in capsys.readouterr().out
    _, first, second = listed(capsys, "2021-08")
    assert (first["is_in_force"], second["status"], second["withdrawn_because"]) == ("true", "withdrawn", "fel fil")
    assert cli.main(["deliveries", "2021-08"]) == ExitCode.DONE
    assert "återkallad" in capsys.readouterr().out
    assert cli.main(["withdraw", second["delivery_id"], "--undo", "--reason", "den var rätt"]) == ExitCode.DONE
    assert second["file_name"] in capsys.readouterr().out
    assert listed(capsys, "2021-08")[2]["is_in_force"] == "true"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["withdraw", "99", "--reason", "x"], "no delivery 99"),
        (["withdraw", "1", "--reason", " "], "no reason"),
        (["withdraw", "1", "--reason", "gäller 19800101-1234"], "personnummer"),
        (["deliveries", "2020-01"], "2020-01"),
        (["quarantine", "2018-01"], "2018-01"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    home: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == ExitCode.REFUSAL
    refused = capsys.readouterr().err
    assert said in refused
    assert "19800101" not in refused


def test_the_owner_gets_the_lines_without_what_is_personal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["quarantine", "2021-08"]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert "rad 2, portioner: inget tal: tolv" in shown
    assert cli.main(["quarantine", "2021-08", "--export", str(home / "rader.csv")]) == ExitCode.DONE
    written = (home / "rader.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written), delimiter=";"))
    assert [(row["fil"], row["rad"], row["kolumn"], row["värde"]) for row in rows] == [
        ("heroma_franvaro_202108_20210903T0600.csv", "2", "orsak_kod", "SJUK"),
        ("kost_maltider_202108_20210907T0600.csv", "2", "portioner", "tolv"),
    ]
    assert "19800101" not in shown + written
