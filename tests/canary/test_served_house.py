"""A served house through a night, a morning and month ends: what it leaves holds no canary and no secret."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest

from flows.errors import ExitCode
from tests.canary.canaries import PRINTED, Listener, everything, hyphened
from tests.canary.served_house import LISTINGS, House, served_house
from tests.conftest import Organisation

#: Where persons and secrets belong: as delivered, behind the store's lock, and where the test keeps the secrets.
_RESTRICTED = (
    "home/archive/",
    "home/inbox/",
    "home/store.duckdb",
    "home/settings.toml",
    "exports/",
    "sources/",
    "bad/",
)
_KEPT_BY_THE_TEST = ("kept/", "sshd/", "tls/", "another_tls/")


@pytest.fixture(scope="module")
def house(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> House:
    """All that a month brings, once; the server has stopped when the tests begin to look."""
    with served_house(closed, tmp_path_factory.mktemp("house")) as house:
        house.live()
        house.ask_everything()
    return house


@pytest.fixture(scope="module")
def listener(house: House) -> Listener:
    """Planted persons and secrets, and each of the payroll's own persons, as a number and as a keyed hash."""
    staff = {f"staff {number}": (number, hyphened(number)) for number in _numbers_of(house.organisation)}
    with duckdb.connect(str(house.organisation.home / "store.duckdb"), read_only=True) as store:
        keys = store.execute("select distinct person_key from raw.heroma_anstallning").fetchall()
    hashes = {f"key {number}": (key,) for number, (key,) in enumerate(keys)}
    assert len(staff) > 1000
    return Listener({**everything(), **house.secrets.ways(), **staff, **hashes})


def _numbers_of(organisation: Organisation) -> set[str]:
    newest = sorted(organisation.exports.glob("heroma_anstallning_202108_*"))[0]
    return {line.split(";")[1] for line in newest.read_text("cp1252").splitlines()[1:] if line.startswith("2021-08")}


def test_it_lived(house: House) -> None:
    """Without this the silence would prove nothing."""
    assert house.ends == {
        "nightly": "FAILED",
        "month-end": "COMPLETED",
        "morning": "COMPLETED",
        "cancelled": "CANCELLED",
        "barred": "FAILED",
    }
    assert house.mailbox.received
    assert house.beats
    answered = {name.split(" ")[-1] for name, code in house.codes.items() if code == ExitCode.DONE}
    assert answered >= {*LISTINGS, "explain", "bridge", "gap", "close", "retain", "person", "quarantine", "withdraw"}
    assert ExitCode.OUR_FAULT not in house.codes.values()
    # The API tells two hundred lines at most; the journal, all of them.
    assert "duckdb.ConstraintException" in (house.folder / "serve.log").read_text("utf-8", "replace")


def test_no_person_and_no_secret_is_left_outside_the_restricted_places(house: House, listener: Listener) -> None:
    assert sorted(listener.in_files(house.folder, besides=(*_RESTRICTED, *_KEPT_BY_THE_TEST))) == []


def test_none_is_in_what_the_server_tells(house: House, listener: Listener) -> None:
    assert set(house.told) >= {"flow_runs", "logs", "artifacts"}
    assert sorted(found for name, text in house.told.items() for found in listener.in_text(name, text)) == []


def test_none_is_in_what_commands_say(house: House, listener: Listener) -> None:
    assert sorted(found for name, text in house.said.items() for found in listener.in_text(name, text)) == []
    assert not [name for name, text in house.said.items() if "Traceback" in text]


def test_none_is_in_what_people_receive_nor_in_the_arguments_of_a_process(house: House, listener: Listener) -> None:
    mails = [found for mail in house.mailbox.received for found in listener.in_text("mail", mail)]
    assert mails == []
    token = {"heartbeat token"}
    assert {canary for asked in house.beats for _, canary in listener.in_text("beat", asked)} == token
    assert house.arguments
    assert [found for one in house.arguments for found in listener.in_text("arguments", one)] == []


def test_each_place_was_read(house: House) -> None:
    """A name that prints by design is heard wherever the report is."""
    witness = Listener({"printed": (PRINTED,)})
    places = {place.split("!")[0] for place, _ in witness.in_files(house.folder, besides=_RESTRICTED)}
    assert places >= {f"{house.folder.name}/prefect/prefect.db"}
    assert any(place.startswith(f"{house.folder.name}/home/published/") for place in places)
    assert witness.in_text("artifacts", house.told["artifacts"])
    assert witness.in_text("said", "\n".join(house.said.values()))


def test_no_file_of_a_run_is_left_for_others_to_read(house: House) -> None:
    scratch = [path for path in (house.folder / "tmp").rglob("*") if path.is_file()]
    assert [path for path in scratch if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_how_much_was_listened_to(house: House, listener: Listener) -> None:
    """Last of all; with CANARY_COUNTS=FILE the numbers are written there, for tests/proof.md."""
    spelled, secrets = [way for written in everything().values() for way in written], house.secrets.values
    rows = {
        "persons and other values planted, each as it may be spelled": len(spelled),
        "secrets planted": len(secrets),
        "the payroll's own personnummer": sum(name.startswith("staff ") for name in listener.canaries),
        "keyed hashes of persons": sum(name.startswith("key ") for name in listener.canaries),
        "runs of Prefect; commands": f"{len(house.ends)}; {len(house.said)}",
        "mails; requests of the dead-man's switch": f"{len(house.mailbox.received)}; {len(house.beats)}",
        "places opened and listened to": listener.places,
        "megabytes": listener.bytes_heard // 1_000_000,
    }
    assert listener.places > 1000
    if "CANARY_COUNTS" in os.environ:
        table = ["| what | count |", "|---|---|", *(f"| {what} | {count} |" for what, count in rows.items())]
        Path(os.environ["CANARY_COUNTS"]).write_text("\n".join(table) + "\n", "utf-8")
