"""The fuzzers' kept files and some changes of them, each held to what its target promises."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz.mutations import changed
from tests.fuzz.proof import SHARES
from tests.fuzz.targets import TARGETS
from tests.fuzz.words import words_of

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_kept_file_breaks_no_promise(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_reader_has_kept_files() -> None:
    assert {path.parent.name for path in FILES} == TARGETS.keys()


#: A few seconds each on the tests' machine; `make proof` tries a million.
_TRIED = {
    "tabular": 2_000,
    "ledger": 2_000,
    "workbook": 800,
    "mapped": 2_000,
    "settings": 1_500,
    "container": 150,
    "texts": 1_200,
    "place": 300,
    "secret": 1_000,
    "environment": 1_000,
    "names": 2_000,
    "written": 2_000,
    "contact": 100,
    "memory": 100,
}
_HANG_SECONDS = 30


@pytest.mark.parametrize("name", TARGETS)
def test_changed_files_break_no_promise(name: str) -> None:
    """The same changes on every machine: no traceback, no hang, no line or key lost, no secret told."""
    kept = [path.read_bytes() for path in FILES if path.parent.name == name]
    for data in changed(kept, words_of(name), _TRIED[name]):
        started = time.monotonic()
        TARGETS[name](data)
        assert time.monotonic() - started < _HANG_SECONDS, data


def test_the_proof_tries_every_target_and_a_million_inputs() -> None:
    assert SHARES.keys() == TARGETS.keys() == _TRIED.keys()
    assert sum(share for share, _ in SHARES.values()) == 1_000
