"""What the disk refuses is told apart from what we did wrong, and neither quotes a value."""

from __future__ import annotations

import errno
import os

import duckdb
import pytest

from flows.steps.failure import StepFailed, refusal_of_the_disk


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EFBIG])
def test_a_disk_that_is_full_or_read_only_is_no_fault_of_ours(number: int) -> None:
    for error in (
        OSError(number, os.strerror(number), "/home/19121212-1212"),
        duckdb.IOException(f'Could not write file "/home/19121212-1212": {os.strerror(number)}'),
        StepFailed("build", OSError(number, os.strerror(number))),
    ):
        refusal = refusal_of_the_disk(error)
        assert refusal is not None
        assert os.strerror(number) in refusal.what
        assert "1212" not in str(refusal)


def test_a_failure_behind_another_is_found_and_any_other_is_ours() -> None:
    behind = ValueError("19121212-1212")
    behind.__cause__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert refusal_of_the_disk(behind) is not None
    assert refusal_of_the_disk(FileNotFoundError(errno.ENOENT, "x")) is None
    assert refusal_of_the_disk(duckdb.ConversionException("No such cell")) is None
