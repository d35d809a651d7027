"""`bokslut pull` as it is typed: what came from where, and an exit code that a scheduler understands."""

from __future__ import annotations

from pathlib import Path

from tests.close.places import servers
from tests.close.places.test_pull import FIRST
from tests.conftest import Organisation


def organisation(tmp_path: Path, settings: str) -> Organisation:
    made = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    for folder in (made.home, made.exports):
        folder.mkdir()
    (made.exports / FIRST).write_bytes(b"x")
    (made.home / "settings.toml").write_text(settings, "utf-8")
    return made


def test_what_came_is_told_and_a_place_that_is_down_has_its_exit_code(tmp_path: Path) -> None:
    settings = f"""
[places.kost]
kind = "folder"
path = "{tmp_path}/exports"
still_seconds = 0

[places.heroma]
kind = "https"
url = "https://127.0.0.1:{servers.free_port()}/"
attempts = 1
"""
    pulled = organisation(tmp_path, settings).bokslut("pull")
    assert pulled.returncode == 6, pulled.stderr
    lines = [" ".join(line.split()) for line in pulled.stdout.splitlines()]
    assert lines[0] == "Place fetched known not yet whole tries"
    assert lines[1] == "kost 1 0 0 1"
    assert lines[2].startswith("heroma 0 0 0 1 does not answer.")
    assert f"kost: fetched {FIRST}." in pulled.stderr
    assert (tmp_path / "home" / "inbox" / "kost" / FIRST).read_bytes() == b"x"


def test_a_home_without_places_is_told_how_to_declare_one(tmp_path: Path) -> None:
    pulled = organisation(tmp_path, "").bokslut("pull")
    assert pulled.returncode == 3
    assert "Declare it under [places.NAME] in settings.toml." in pulled.stderr
    assert "Traceback" not in pulled.stderr
