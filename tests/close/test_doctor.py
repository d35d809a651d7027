"""`bokslut doctor`: each thing that a night needs, broken once, is found and said how to mend."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.steps.doctor import Check, State, examine
from flows.store.home import Home
from tests.close.places import servers
from tests.conftest import Organisation

NOW = datetime(2021, 9, 6, 6, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    key = tmp_path / "person.key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(key))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return Home(tmp_path / "home").create()


def settings(home: Home, text: str) -> None:
    home.settings_file.write_text(text, "utf-8")
    home.settings_file.chmod(0o600)


def wrong(home: Home, now: datetime = NOW) -> list[Check]:
    return [check for check in examine(home, now) if check.state is State.WRONG]


def test_a_home_in_order_has_nothing_wrong(home: Home) -> None:
    assert wrong(home) == []


def test_every_wrong_thing_says_what_to_do(home: Home) -> None:
    settings(home, "keep_published = 0\n")
    home.archive.chmod(0o755)
    Path(os.environ["BOKSLUT_KEY_FILE"]).chmod(0o644)
    home.published.symlink_to(home.published_dir / "gone.duckdb")
    found = wrong(home)
    assert [check.subject for check in found] == ["settings", "rights", "person key", "published file"]
    assert "line 1, keep_published" in found[0].what
    assert found[1].do == f"chmod 700 {home.archive}"
    assert all(check.do for check in found)


def test_a_key_that_is_not_there_is_wrong(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(tmp_path / "none.key"))
    assert [check.subject for check in wrong(home)] == ["person key"]


def test_a_clock_set_back_is_seen(home: Home) -> None:
    home.stages_file.write_text("{}")
    later = datetime.fromtimestamp(home.stages_file.stat().st_mtime, UTC)
    assert wrong(home, later + timedelta(minutes=1)) == []
    assert [check.subject for check in wrong(home, later - timedelta(days=1))] == ["clock"]


def test_a_disk_without_room_is_seen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.steps import doctor

    usage = doctor.shutil.disk_usage(home.path)._replace(free=1_000_000)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert [check.subject for check in wrong(home)] == ["disk"]


def test_places_and_their_secrets_are_tried(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    settings(
        home,
        f"""
[places.up]
kind = "folder"
path = "{folder}"

[places.gone]
kind = "folder"
path = "{folder}/gone"

[places.down]
kind = "https"
url = "https://127.0.0.1:{servers.free_port()}/"
token = "env:NO_SUCH_TOKEN_OF_OURS"
""",
    )
    assert [(check.subject, check.what) for check in wrong(home)] == [
        ("secret down.token", "The variable NO_SUCH_TOKEN_OF_OURS is not set."),
        ("place gone", "has no such folder"),
        ("place down", "The variable NO_SUCH_TOKEN_OF_OURS is not set."),
    ]


def test_a_server_that_does_not_answer_is_wrong(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{servers.free_port()}/api")
    assert [check.subject for check in wrong(home)] == ["prefect server"]


def test_the_command_tells_and_has_an_exit_code(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    told = organisation.bokslut("doctor", "--offline")
    assert told.returncode == 3
    assert "wrong  person key" in told.stdout
    assert "Traceback" not in told.stderr
