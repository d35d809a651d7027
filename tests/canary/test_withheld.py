"""Where a person may stand that no contract foresees: names of files and folders, of the ledger, codes and labels."""

from __future__ import annotations

import logging
import pickle
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from flows.cli_pull import _print
from flows.declarations.mappings import parse_mapping
from flows.domain.finding import Effect
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.settings.talk import silence
from flows.sources.places.listing import is_usable
from flows.sources.printed_text import holds_personnummer, names_a_person
from flows.sources.sie import read_any_ledger
from flows.steps.close import Outcome
from flows.steps.failure import StepFailed
from flows.steps.published_words import findings_of_published
from flows.steps.pull import Pulled
from flows.steps.receive import receive
from tests.canary.canaries import IN_A_NAME_OF_A_FILE, LANDED, MISPLACED, NAME, Listener, everything, hyphened
from tests.close.received_folder import STOCKHOLM, Exports
from tests.conftest import Organisation

LEDGER = '#FLAGGA 0\n#SIETYP 4\n#FNAMN "{name}"\n#RAR 0 20210101 20211231\n#OMFATTN 20210831\n#RES 0 5010 1.00\n'
PATTERN = (
    "extract = 'kost_maltider'\n[file]\npattern = 'Utdrag .* (?P<period>[0-9]{6}) (?P<extracted>[0-9]{12})\\.csv'\n"
)
FORM = "extracted = '%Y%m%d%H%M'\n"
COLUMNS = "[columns]\nManad = 'period'\nKod = 'enhet_kod'\nPortioner = 'portioner'\n"


@pytest.mark.parametrize("name", [f"Firma {hyphened(LANDED)}", f"{NAME} tel 070-174 06 58"])
def test_a_ledger_that_is_named_by_a_person_has_no_name(name: str) -> None:
    reading = read_any_ledger(LEDGER.format(name=name).encode("cp437"), "ekonomi_sie_202108_20210903T0900.se")
    (found,) = [one for one in reading.findings if one.rule_id == "personal_in_text"]
    assert (found.line, found.column) == (3, "#FNAMN")
    assert Listener(everything()).in_text("rows", str(reading.tables["sie_header"].to_pylist())) == set()
    named = read_any_ledger(LEDGER.format(name="Vård AB").encode(), "ekonomi_sie_202108_20210903T0900.se")
    assert {"label": "#FNAMN", "value": "Vård AB", "line": 3} in named.tables["sie_header"].to_pylist()


@pytest.mark.parametrize(
    ("name", "is_a_persons"),
    [
        (f"Utdrag {hyphened(IN_A_NAME_OF_A_FILE)} 202108.csv", True),
        (f"{IN_A_NAME_OF_A_FILE[2:]}.csv", True),
        ("850612-9876 frånvaro.xlsx", True),
        ("Export 2021-08-31 0412.xlsx", False),
        ("franvaro_210831-1200.csv", False),
        ("kost_maltider_202108_20210903T0600.csv", False),
    ],
)
def test_a_name_with_a_personnummer_is_a_persons_and_one_with_a_day_and_a_time_is_not(
    name: str, is_a_persons: bool
) -> None:
    assert names_a_person(name) is is_a_persons


def test_no_file_named_by_a_person_is_a_delivery_though_a_mapping_takes_it(tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    mapping = parse_mapping(PATTERN + FORM + COLUMNS, tmp_path / "kost_maltider.toml")
    rows = "Manad;Kod;Portioner\n2021-08;E1;1\n"
    exports.write(f"Utdrag {hyphened(IN_A_NAME_OF_A_FILE)} 202108 202109030600.csv", rows)
    exports.write("Utdrag kök 202108 202109030700.csv", rows)
    said: list[str] = []
    now = datetime(2021, 10, 1, 9, 0, tzinfo=STOCKHOLM)
    received = receive(
        exports.connection,
        exports.archive,
        exports.inbox,
        lambda: b"k" * 32,
        lambda: now,
        said.append,
        {"kost_maltider": mapping},
    )
    assert received.landed == ("Utdrag kök 202108 202109030700.csv",)
    assert [one.rule_id for one in received.notes] == ["name_not_a_delivery"]
    assert Listener(everything()).in_text("said", f"{received} {said}") == set()


def test_a_folder_named_by_a_person_is_not_told(demo: Organisation, tmp_path: Path) -> None:
    folder = tmp_path / f"mapp {hyphened(IN_A_NAME_OF_A_FILE)}"
    folder.mkdir()
    (folder / "kost_maltider_202108_20210903T0600.csv").write_text("period;enhet_kod;portioner\n2021-08;E1;1\n")
    organisation = Organisation(tmp_path / "home", folder, demo.state)
    organisation.bokslut("close", "2021-08", "--from", folder)
    told = [organisation.bokslut("deliveries", "--format", form).stdout for form in ("text", "csv", "json")]
    assert "kost_maltider_202108" in told[0]
    assert Listener(everything()).in_text("told", "\n".join(told)) == set()


@pytest.mark.parametrize("name", [f"{IN_A_NAME_OF_A_FILE}.csv", f"Utdrag {hyphened(IN_A_NAME_OF_A_FILE)}.xlsx"])
def test_no_file_named_by_a_person_is_fetched_nor_remembered(name: str) -> None:
    assert not is_usable(name)
    assert is_usable("Export 2021-08-31 0412.xlsx")


def test_a_file_too_large_is_told_without_a_persons_name(capsys: pytest.CaptureFixture[str]) -> None:
    _print([Pulled("plats", too_large=[f"{IN_A_NAME_OF_A_FILE}.csv", "kost.csv"])], dry_run=False)
    said = capsys.readouterr().out
    assert "kost.csv" in said
    assert Listener(everything()).in_text("said", said) == set()


def test_a_personnummer_in_a_code_bars_publication_and_is_not_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.unit as select 'E1' as unit_code, 'Ö' as unit_name from range(1000)")
        connection.execute("create table marts.area as select '2101014321' as area_code, 'Äldre' as area_name")
        assert findings_of_published(connection, {}) == []
        connection.execute("insert into marts.unit values (?, 'Ö')", [hyphened(MISPLACED)])
        cells = pa.table({"printed": ["1", f"Boende {MISPLACED}", None], "number": [1, 2, 3]})
        found = findings_of_published(connection, {"printed_cell": cells})
    assert [(one.keys["table"], one.column) for one in found] == [
        ("marts.unit", "unit_code"),
        ("printed_cell", "printed"),
    ]
    assert {one.effect for one in found} == {Effect.BARS_PUBLICATION}
    assert Listener(everything()).in_text("found", str(found)) == set()


def test_a_number_with_a_wrong_check_digit_is_a_code() -> None:
    assert holds_personnummer(f"se {hyphened(LANDED)[2:]}!")
    assert not holds_personnummer(f"{LANDED[:-1]}{(int(LANDED[-1]) + 1) % 10}")


def test_a_silenced_library_says_nothing_at_any_level_of_anybody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    child = logging.getLogger("a_client_of_ours.auth")
    child.setLevel(logging.DEBUG)
    silence("a_client_of_ours")
    for name in ("a_client_of_ours", "a_client_of_ours.auth", "a_client_of_ours.later"):
        logging.getLogger(name).critical("hunter2")
    assert caplog.records == []


def test_the_exception_of_a_barred_run_is_kept_without_its_findings(tmp_path: Path) -> None:
    from flows.close_period import Barred

    found = findings_of_published_in_a_text()
    barred = Barred(Outcome(Period(2021, 8), "barred", None, True, found, tmp_path))
    kept = pickle.loads(pickle.dumps(barred))
    assert (type(kept), kept.exit_code) == (Refusal, ExitCode.BARRED)
    assert b"personal_in_published" not in pickle.dumps(barred)


def findings_of_published_in_a_text():
    with duckdb.connect() as connection:
        return tuple(findings_of_published(connection, {"t": pa.table({"c": [MISPLACED]})}))


def test_whatever_fails_in_a_run_is_told_in_kinds_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import run_failure

    logged: list[str] = []
    logger = logging.getLogger("of_a_run")
    monkeypatch.setattr(logger, "error", logged.append)
    monkeypatch.setattr(run_failure, "get_run_logger", lambda: logger)

    def quoting() -> None:
        try:
            int(hyphened(LANDED))
        except ValueError as error:
            raise KeyError(NAME) from error

    def refusing() -> None:
        try:
            quoting()
        except KeyError as error:
            raise Refusal("No.", "Mend it.") from error

    with pytest.raises(StepFailed) as failed:
        run_failure.told_without_values(quoting)()
    with pytest.raises(Refusal) as refused:
        run_failure.told_without_values(refusing)()
    for one in (failed.value, refused.value):
        assert one.__context__ is None
        assert one.__cause__ is None
    assert "KeyError" in logged[0]
    assert Listener(everything()).in_text("said", f"{logged} {failed.value} {failed.value.trace}") == set()
