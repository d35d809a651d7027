"""A person is a keyed hash of twelve digits, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from flows.errors import Refusal
from flows.sources.person_key import PersonKeys, read_key

KEY = b"k" * 32


def test_a_person_is_the_hmac_of_the_digits_in_the_order_asked() -> None:
    keys = PersonKeys(KEY)
    expected = hmac.new(KEY, b"198001011234", hashlib.sha256).hexdigest()
    assert keys(["198001011234"]) == [expected]
    other = keys(["199001011234", "198001011234"])
    assert other[1] == expected
    assert other[0] != expected
    assert PersonKeys(b"x" * 32)(["198001011234"]) != [expected]


def test_the_key_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY + b"\n")
    assert read_key(tmp_path / "key") == KEY


def test_no_key_and_a_short_key_are_refused_without_telling_it(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"hemlig")
    for path in (None, tmp_path / "none", tmp_path, tmp_path / "short"):
        with pytest.raises(Refusal) as refused:
            read_key(path)
        assert "hemlig" not in str(refused.value)
