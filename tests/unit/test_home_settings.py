"""A home's settings: what is wrong is told by line and key; a secret is named, never written."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.errors import Refusal
from flows.settings import home_settings
from flows.settings.secrets import read_secret
from flows.settings.toml_lines import line_of

SFTP = """keep_published = 3

[places.heroma]
kind = "sftp"
host = "export.example"
user = "bokslut"
key_file = "/etc/bokslut/heroma"
host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHoi"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_places_are_read(tmp_path: Path) -> None:
    found = home_settings(written(tmp_path, SFTP))
    assert found.keep_published == 3
    assert (found.places["heroma"].kind, found.places["heroma"].finished) == ("sftp", "still")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SFTP.replace('user = "bokslut"', 'user = "bokslut"\nport = 99999'), "line 7, places.heroma.port:"),
        (SFTP.replace("host =", "hst ="), "line 5, places.heroma.hst: Extra inputs"),
        (SFTP.replace('host = "export.example"\n', ""), "line 3, places.heroma.host: Field required"),
        (SFTP.replace('kind = "sftp"', 'kind = "ftp"'), "line 3, places.heroma"),
        (SFTP.replace("[places.heroma]", "[places.Heroma]"), "a place is named by small letters"),
        (SFTP.replace("keep_published = 3", "keep_published = 0"), "line 1, keep_published:"),
        (SFTP + "\n[places.heroma]\n", "cannot be read"),
        ("keep_published = \n[places]\n", "line 1"),
        ("a = " + "[" * 5000, "nested too deep"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        home_settings(written(tmp_path, text))
    assert told in refused.value.what


def test_a_secret_in_the_settings_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = '[places.source]\nkind = "https"\nurl = "https://export.example/"\ntoken = "hunter2"\n'
    with pytest.raises(Refusal, match=r"line 4, places\.source\.token") as refused:
        home_settings(written(tmp_path, text))
    assert "hunter2" not in str(refused.value)


def test_a_user_and_password_in_an_address_are_refused_and_not_repeated(tmp_path: Path) -> None:
    text = '[places.source]\nkind = "https"\nurl = "https://me:hunter2@export.example/"\n'
    with pytest.raises(Refusal, match=r"line 3, places\.source\.url") as refused:
        home_settings(written(tmp_path, text))
    assert "hunter2" not in str(refused.value)


def test_a_secret_is_read_from_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "of the environment")
    assert read_secret("env:A_TOKEN") == "of the environment"
    kept = tmp_path / "token"
    kept.write_text("of the file\n")
    kept.chmod(0o640)
    assert read_secret(f"file:{kept}") == "of the file"
    kept.chmod(0o644)
    with pytest.raises(Refusal, match="Anybody may read"):
        read_secret(f"file:{kept}")
    with pytest.raises(Refusal, match="is not set"):
        read_secret("env:NO_SUCH_VARIABLE_OF_OURS")
    with pytest.raises(Refusal, match="cannot be read"):
        read_secret(f"file:{tmp_path}/none")


KEYS = st.lists(st.sampled_from(["places", "heroma", "kind", "x"]), max_size=4)
LINES = st.lists(
    st.sampled_from(["[places]", "[places.heroma]", "kind = 1", "x=", "[[x", "= 3", "", "# [x]", "'kind'=2"])
)


@given(LINES, KEYS)
@example(["[places.heroma]", "kind = 1"], ["places", "heroma", "kind"])
def test_the_line_of_a_key_is_one_of_the_file(lines: list[str], keys: list[str]) -> None:
    found = line_of("\n".join(lines), keys)
    assert found is None or 1 <= found <= len(lines)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(Refusal):
        home_settings(path)


def test_a_month_end_asks_nobody_unless_the_settings_say_so(tmp_path: Path) -> None:
    assert home_settings(tmp_path / "none.toml").month_end.ask_before_publishing is False
    asks = home_settings(written(tmp_path, "[month_end]\nask_before_publishing = true\nwait_hours = 12\n")).month_end
    assert (asks.ask_before_publishing, asks.wait_hours) == (True, 12)
    with pytest.raises(Refusal, match=r"line 2, month_end\.wait_hours"):
        home_settings(written(tmp_path, "[month_end]\nwait_hours = 0\n"))
