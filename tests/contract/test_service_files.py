"""The files that a server is set up with: they parse, and name commands, variables and folders that there are."""

from __future__ import annotations

import asyncio
import configparser
import grp
import gzip
import os
import pwd
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
FOREIGN_PATHS = ("/var/lib/postgresql/data", "/run/postgresql", "/etc/logrotate.d/bokslut", "/tmp")
OF_EVERY_LINUX = ("/bin/sh", "/bin/mkdir", "/bin/ln")
#: Exposure that systemd counts (0 none, 10 all), a little above what the units have.
_LARGEST_EXPOSURE = 2.0
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
        elif path in OF_EVERY_LINUX:
            assert Path(path).exists()
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
    said = lines_of("bokslut.env")
    assert said["PREFECT_HOME"] == str(Home(Path(said["BOKSLUT_HOME"])).prefect)
    assert not said["BOKSLUT_KEY_FILE"].startswith(said["BOKSLUT_HOME"])
    assert said["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith(".filesystem")


def test_the_units_and_the_containers_tell_the_server_what_our_own_is_told(tmp_path: Path) -> None:
    from flows.steps.prefect_server import _settings

    own = _settings(tmp_path, 4200, "a password") | {"PREFECT_HOME": "", "PREFECT_UI_STATIC_DIRECTORY": ""}
    of_units = lines_of("bokslut.env")
    of_containers = compose()["services"]["prefect"]["environment"]
    # The password has a file of its own, which the server and whoever asks it are given.
    own.pop("PREFECT_SERVER_API_AUTH_STRING")
    for name in ("bokslut-prefect.service", "bokslut-serve.service"):
        assert re.search(
            "^EnvironmentFile=/etc/bokslut/prefect.env$", (SERVICE / name).read_text("utf-8"), re.MULTILINE
        )
    assert all("/etc/bokslut/prefect.env" in compose()["services"][name]["env_file"] for name in ("prefect", "serve"))
    for told in (of_units, of_containers):
        folders = {"PREFECT_HOME": "", "PREFECT_UI_STATIC_DIRECTORY": ""}
        assert {name: value for name, value in {**told, **folders}.items() if name in own} == own
        assert told["PREFECT_UI_STATIC_DIRECTORY"] == f"{told['PREFECT_HOME']}/ui"
    # The newer page's place is taken, by the unit and in the image: see `flows/steps/prefect_server.py`.
    taken = f"{of_containers['PREFECT_UI_STATIC_DIRECTORY']}/v2"
    assert f"ln -s switched-off {taken}" in (SERVICE / "Containerfile").read_text("utf-8")
    of_unit = unit("bokslut-prefect.service")["Service"]["ExecStartPre"]
    assert of_unit.split()[-2:] == ["switched-off", f"{of_units['PREFECT_UI_STATIC_DIRECTORY']}/v2"]


def lines_of(name: str) -> dict[str, str]:
    """What a file of the environment says."""
    lines = (SERVICE / name).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


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
        known = path in (*FOREIGN_PATHS, *OF_EVERY_LINUX) or re.match(r"/(srv|etc|opt)/bokslut(/|$)", path)
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


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_systemd_finds_little_that_a_unit_could_reach(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NOT VERIFIED: systemd-analyze is not on this machine.")
    shutil.copy(SERVICE / name, tmp_path / name)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= _LARGEST_EXPOSURE


def test_the_servers_log_is_rotated_while_it_is_written(tmp_path: Path) -> None:
    if shutil.which("logrotate") is None:
        pytest.skip("NOT VERIFIED: logrotate is not on this machine.")
    log = tmp_path / "srv" / "home" / "prefect" / "server.log"
    log.parent.mkdir(parents=True)
    log.parent.chmod(0o700)
    log.write_text("the first week\n", "utf-8")
    log.chmod(0o600)
    rules = (SERVICE / "logrotate").read_text("utf-8").replace("/srv/bokslut", str(tmp_path / "srv"))
    me = f"su {pwd.getpwuid(os.getuid()).pw_name} {grp.getgrgid(os.getgid()).gr_name}"
    (tmp_path / "rules").write_text(rules.replace("su bokslut bokslut", me), "utf-8")
    (tmp_path / "rules").chmod(0o644)
    rotate = ["logrotate", "--force", "--state", str(tmp_path / "state"), str(tmp_path / "rules")]
    with log.open("a", encoding="utf-8") as server:  # As `bokslut serve` holds it.
        for week in ("the second week\n", "the third week\n"):
            done = subprocess.run(rotate, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            server.write(week)
            server.flush()
    assert log.read_text("utf-8") == "the third week\n"
    assert gzip.decompress(log.with_name("server.log.1.gz").read_bytes()) == b"the second week\n"
    assert gzip.decompress(log.with_name("server.log.2.gz").read_bytes()) == b"the first week\n"
    assert {path.stat().st_mode & 0o077 for path in log.parent.iterdir()} == {0}


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
