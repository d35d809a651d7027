"""The fuzzers' kept files, each run through its reader's promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, ledger, workbook

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_kept_file_breaks_no_promise(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_reader_has_kept_files() -> None:
    assert {path.parent.name for path in FILES} == TARGETS.keys()


def _changed(content: bytes, at: int, bytes_: bytes) -> bytes:
    place = at % len(content)
    return content[:place] + bytes_ + content[place + len(bytes_) :]


@settings(deadline=None, max_examples=120)
@given(st.sampled_from([path for path in FILES if path.parent.name == "ledger"]), st.integers(0), st.binary(max_size=3))
def test_a_ledger_with_bytes_overwritten_loses_no_line(path: Path, at: int, bytes_: bytes) -> None:
    ledger(_changed(path.read_bytes(), at, bytes_))


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([path for path in FILES if path.parent.name == "workbook"]), st.integers(0), st.binary(max_size=3)
)
def test_a_workbook_with_bytes_overwritten_loses_no_line(path: Path, at: int, bytes_: bytes) -> None:
    workbook(_changed(path.read_bytes(), at, bytes_))
