"""The files that a server is set up with: they parse, and name commands, variables and folders that there are."""

from __future__ import annotations

import asyncio
import configparser
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import typer.main
import yaml

from flows.cli import app
from flows.settings import Settings
from flows.store.archive import archive, archived_path
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.publish import publish
from tests.close.closed_period import close_once, open_home

SERVICE = Path(__file__).resolve().parents[2] / "warehouse" / "service"
UNITS = sorted(path.name for kind in ("service", "timer") for path in SERVICE.glob(f"*.{kind}"))
FILES = sorted(path.name for path in SERVICE.iterdir())
BIN = "/opt/bokslut/.venv/bin/"
#: What the backup alone reads.
OF_THE_BACKUP = {"BOKSLUT_BACKUP", "BOKSLUT_BACKUP_COPIES", "BOKSLUT_BACKUP_WAIT_SECONDS"}
OF_THE_IMAGE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
#: PostgreSQL's own, in its container and its socket; what every Linux has.
FOREIGN_PATHS = ("/var/lib/postgresql/data", "/run/postgresql", "/etc/logrotate.d/bokslut", "/bin/sh", "/tmp")
BACKUP = SERVICE / "backup.sh"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), allow_no_value=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((SERVICE / name).read_text("utf-8"))
    return parser


def compose() -> Any:
    return yaml.safe_load((SERVICE / "compose.yaml").read_text("utf-8"))


def commands() -> Iterator[list[str]]:
    """Every command that a unit or a container runs, as words."""
    for name in UNITS:
        for option, value in unit(name).items("Service") if unit(name).has_section("Service") else ():
            if option.startswith("Exec"):
                yield value.split()
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]


def variables() -> Iterator[str]:
    for name in FILES:
        text = (SERVICE / name).read_text("utf-8")
        yield from re.findall(r"\b(?:BOKSLUT|PREFECT|POSTGRES)_[A-Z0-9_]+", text)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_says_who_it_runs_as_and_what_it_may_write(name: str) -> None:
    found = unit(name)
    assert found["Unit"]["Description"]
    if name.endswith(".timer"):
        assert (SERVICE / name.replace(".timer", ".service")).exists()
        assert found["Timer"]["Persistent"] == "true"
        return
    service = found["Service"]
    assert (service["User"], service["UMask"]) == ("bokslut", "0077")
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["PrivateTmp"]) == ("yes", "strict", "yes")
    assert service["ReadWritePaths"] == "/srv/bokslut"


def test_every_command_is_one_that_there_is() -> None:
    program: Any = typer.main.get_command(app)
    ours, prefects = set(), set()
    for path, *words in commands():
        if path == f"{BIN}bokslut":
            ours.add(words[0])
        elif path == f"{BIN}prefect":
            prefects.add(tuple(words))
        else:
            assert path == "/opt/bokslut/warehouse/service/backup.sh"
    assert ours == {"serve"}
    assert ours <= set(program.commands)
    assert {words[:2] for words in prefects} == {("server", "start"), ("server", "status")}
    from prefect.cli import server

    for words in prefects:
        taken = Path(server.__file__).read_text("utf-8")
        for option in (word for word in words if word.startswith("--")):
            assert f'"{option}"' in taken or re.search(rf"\b{option.removeprefix('--')}: Annotated", taken), option


def test_every_variable_is_read_by_somebody() -> None:
    from prefect.settings import Settings as PrefectSettings
    from prefect.settings.legacy import _get_valid_setting_names

    ours = {f"BOKSLUT_{name.upper()}" for name in Settings.model_fields}
    known = ours | OF_THE_BACKUP | OF_THE_IMAGE | _get_valid_setting_names(PrefectSettings)
    assert set(variables()) - known == set()
    backup = BACKUP.read_text("utf-8")
    assert all(name in backup for name in OF_THE_BACKUP)


def test_the_environment_of_the_units_names_the_home_and_survives_a_server_that_dies() -> None:
    lines = [line for line in (SERVICE / "bokslut.env").read_text("utf-8").splitlines() if line]
    said = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert said["PREFECT_HOME"] == str(Home(Path(said["BOKSLUT_HOME"])).prefect)
    assert not said["BOKSLUT_KEY_FILE"].startswith(said["BOKSLUT_HOME"])
    assert said["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith(".filesystem")


def test_a_lease_outlives_the_server_that_gave_it(tmp_path: Path) -> None:
    from prefect.server.concurrency.lease_storage import ConcurrencyLimitLeaseMetadata
    from prefect.server.concurrency.lease_storage.filesystem import ConcurrencyLeaseStorage

    async def give_and_look_again() -> None:
        held = ConcurrencyLimitLeaseMetadata(slots=1)
        given = await ConcurrencyLeaseStorage(tmp_path).create_lease([uuid4()], timedelta(seconds=-1), held)
        another = ConcurrencyLeaseStorage(tmp_path)
        assert await another.read_expired_lease_ids() == [given.id]
        found = await another.read_lease(given.id)
        assert found is not None
        assert found.metadata == held

    asyncio.run(give_and_look_again())


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_a_secret_or_leads_elsewhere(name: str) -> None:
    text = (SERVICE / name).read_text("utf-8")
    assert not re.search(r"(?i)(password|secret|token|api_key)[a-z_]*\s*[=:]\s*[^\s…]", text)
    assert not re.search(r"://[^\s/@]*:[^\s/@…]+@", text)
    for path in re.findall(r"(?<![\w.$}*:/@\"-])/[a-z][\w./-]*[\w]", text):
        known = path in FOREIGN_PATHS or re.match(r"/(srv|etc|opt)/bokslut(/|$)", path)
        assert known, f"{name} names {path}"


def test_containers_are_images_by_name_that_only_this_machine_reaches() -> None:
    services = compose()["services"]
    assert set(services) == {"postgres", "prefect", "serve"}
    for service in services.values():
        assert re.fullmatch(r"[a-z]+(:[0-9.]+)?", service["image"]), "a registry's host is the machine's own choice"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NOT VERIFIED: systemd-analyze is not on this machine.")
    for name in UNITS:
        shutil.copy(SERVICE / name, tmp_path / name)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [line for line in done.stderr.splitlines() if "bokslut" in line and "is not executable" not in line]
    assert wrong == []


@pytest.fixture
def home(tmp_path: Path) -> Home:
    if shutil.which("flock") is None:
        pytest.skip("NOT VERIFIED: flock is not on this machine.")
    home = Home(tmp_path / "home").create()
    with open_store(home.build_file) as connection:
        connection.execute("create table kept as select 1 as one")
    home.settings_file.write_text("keep_published = 3\n", "utf-8")
    for content in (b"first", b"second"):
        archive(home.archive, content)
    return home


def back_up(home: Home, to: Path, **more: str) -> subprocess.CompletedProcess[str]:
    given = {"BOKSLUT_HOME": str(home.path), "BOKSLUT_BACKUP": str(to), **more}
    return subprocess.run([str(BACKUP)], env={**os.environ, **given}, capture_output=True, text=True, check=False)


def test_a_copy_is_the_home_again(home: Home, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    assert back_up(home, to).returncode == 0
    [copy] = (to / "store").iterdir()
    with open_store(copy / "store.duckdb", read_only=True) as connection:
        assert connection.execute("select one from kept").fetchall() == [(1,)]
    assert (copy / "settings.toml").read_bytes() == home.settings_file.read_bytes()
    files = {path.relative_to(home.path): path.read_bytes() for path in home.archive.rglob("*") if path.is_file()}
    copied = {path.relative_to(to): path.read_bytes() for path in (to / "archive").rglob("*") if path.is_file()}
    assert copied == files
    assert all(path.stat().st_mode & 0o077 == 0 for path in [to, *to.rglob("*")])
    assert not list(tmp_path.rglob("*.arriving"))


def test_an_archived_file_whose_bytes_have_changed_is_told_and_never_takes_the_place_of_a_good_one(
    home: Home, tmp_path: Path
) -> None:
    to = tmp_path / "backup"
    third = archive(home.archive, b"third")
    damaged = archived_path(home.archive, third)
    damaged.chmod(0o600)
    damaged.write_bytes(b"thirD")
    done = back_up(home, to)
    assert done.returncode == 1
    assert third in done.stderr
    assert not archived_path(to / "archive", third).exists()
    damaged.write_bytes(b"third")
    assert back_up(home, to).returncode == 0
    assert archived_path(to / "archive", third).read_bytes() == b"third"


def test_while_somebody_writes_no_copy_is_made(home: Home, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    with home.writer("close 2021-08"):
        done = back_up(home, to, BOKSLUT_BACKUP_WAIT_SECONDS="0")
    assert (done.returncode, list((to / "store").glob("2*"))) == (5, [])
    assert back_up(home, to, BOKSLUT_BACKUP_WAIT_SECONDS="0").returncode == 0


def test_old_copies_of_the_store_go_and_archived_files_stay(home: Home, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    for day in ("20210101T050000", "20210102T050000"):
        (to / "store" / day).mkdir(parents=True)
    assert back_up(home, to, BOKSLUT_BACKUP_COPIES="2").returncode == 0
    assert {path.name for path in (to / "store").iterdir()} > {"20210102T050000"}
    assert len(list((to / "store").iterdir())) == 2


def printed(home: Home) -> list[tuple[str, int]]:
    with open_store(home.published.resolve(), read_only=True) as connection:
        return connection.execute("select printed, version from latest.report_cell").fetchall()


def test_an_older_store_restored_publishes_what_it_holds(home: Home, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    with open_home(home) as connection:
        close_once(connection, printed="12")
        publish(connection, home, keep=5)
    assert back_up(home, to).returncode == 0
    with open_home(home) as connection:
        close_once(connection, printed="lost")
        publish(connection, home, keep=5)
    assert printed(home) == [("lost", 2)]

    [copy] = (to / "store").iterdir()
    shutil.copy(copy / "store.duckdb", home.build_file)
    with open_home(home) as connection:
        publish(connection, home, keep=5)
        assert printed(home) == [("12", 1)]
        close_once(connection, printed="13", minute=9)
        publish(connection, home, keep=5)
        assert printed(home) == [("13", 2)]
