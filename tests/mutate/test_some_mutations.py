"""A few of the mutations in every run; `make mutate` proves all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Organisation
from tests.mutate.mutation import CleanClose, mutations

_SOME = ("absence_without_employment", "missing_month", "shift_over_24_hours", "unknown_unit", "volume_falls")


@pytest.fixture(scope="module")
def clean_close(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> CleanClose:
    copy = tmp_path_factory.mktemp("mutate") / "store.duckdb"
    shutil.copyfile(closed.home / "store.duckdb", copy)
    return CleanClose(Path(copy))


@pytest.mark.parametrize("rule_id", _SOME)
def test_the_rule_and_no_unrelated_one_speaks(clean_close: CleanClose, rule_id: str) -> None:
    mutation = mutations()[rule_id]
    seen = clean_close.see(mutation)
    assert seen.is_caught(mutation)
    assert seen.unrelated(mutation) == set()
