"""First contact at the command line: what a file resembles, what does not fit, and the mapping that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import cli
from flows.errors import ExitCode

CONFORM = "period;enhet_kod;portioner\n2021-08;E1;7\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "home"


def written(home: Path, name: str, content: str) -> str:
    path = home.parent / name
    path.write_bytes(content.encode())
    return str(path)


def test_a_file_of_its_contract_needs_no_mapping(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(home, "kost_maltider_202108_20210903T0600.csv", CONFORM)
    assert cli.main(["check", file, "--write"]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "liknar kost_maltider" in said
    assert "1 av 1 rader skulle läsas in." in said
    assert "mappning" not in said
    assert not home.exists()


def test_what_does_not_fit_is_told_by_line_and_column(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(home, "kost_maltider_202108_20210903T0600.csv", CONFORM + "2021-08;E2;tolv\n2021-08;E3;-3\n")
    assert cli.main(["check", file]) == ExitCode.BARRED
    said = capsys.readouterr().out
    assert "rad 3, portioner: inget tal: tolv" in said
    assert "2 av 3 rader är fel" in said


def test_a_proposal_is_read_once_it_is_decided(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shifts = "Pass-ID;Enhet;Datum;Start;Slut;Rast (min);Planerade timmar;Utförda timmar;Bemanning;Vakant\n"
    file = written(
        home, "Pass 2021-08 uttag 20210903.csv", shifts + "P1;E1;02.08.2021;07:00;16:00;30;8,5;8,5;Egen;Nej\n"
    )
    assert cli.main(["check", file, "--write"]) == ExitCode.BARRED
    said = capsys.readouterr().out
    assert 'att avgöra: Egen = "?"' in said
    mapping = home / "mappings" / "timecare_pass.toml"
    assert cli.main(["check", file]) == ExitCode.REFUSAL
    refused = capsys.readouterr().err
    assert f"{mapping}, line" in refused
    assert "Choose of ORD" in refused
    mapping.write_text(mapping.read_text("utf-8").replace('Egen = "?"', 'Egen = "ORD"'), "utf-8")
    assert cli.main(["check", file, "--write"]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "Läst med mappningen" in said
    assert "1 av 1 rader skulle läsas in." in said


def test_personal_values_are_never_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "Månad;Anställningsnr;Frånvaroorsak;Fr.o.m.;T.o.m.;Omfattning;Timmar\n"
    file = written(home, "franvaro.csv", header + "2021-08;19800101-1234;19800101-1234;2021-08-02;;100;8\n")
    cli.main(["check", file])
    said = capsys.readouterr()
    assert "heroma_franvaro" in said.out
    assert "19800101" not in said.out + said.err


@pytest.mark.parametrize(
    ("name", "content", "exit_code", "said"),
    [
        ("x.csv", "<html>logga in</html>", ExitCode.BARRED, "webbsida"),
        ("x.csv", "a;b;c\n1;2;3\n", ExitCode.REFUSAL, "resembles no contract"),
        ("x.se", "#FLAGGA 0\n#SIETYP 4\n", ExitCode.BARRED, "ekonomi_sie"),
        ("ekonomi_sie_202108_20210903T0600.se", "hej", ExitCode.BARRED, "ingen SIE-fil"),
    ],
)
def test_what_nothing_can_be_made_of_is_said(
    home: Path, name: str, content: str, exit_code: ExitCode, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", written(home, name, content)]) == exit_code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


@pytest.mark.parametrize("words", [["check", "nowhere.csv"], ["check", __file__, "--as", "nothing"]])
def test_what_is_not_there_is_refused(home: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == ExitCode.REFUSAL
    assert "Refused" in capsys.readouterr().err
