"""What the disk refuses is told apart from what we did wrong, and neither quotes a value."""

from __future__ import annotations

import errno
import logging
import os

import duckdb
import pytest

from flows.errors import Refusal
from flows.steps.failure import StepFailed, refusal_of_the_disk, refusals_as_sentences


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


def test_a_refusal_is_in_a_runs_log_once_as_its_sentences_and_anything_else_with_its_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("a run's log")
    log.addFilter(refusals_as_sentences)
    for error in (Refusal("The month is barred.", "See its findings."), ValueError("unexpected")):
        for where in ("task", "flow", "engine"):
            try:
                raise error
            except Exception:
                log.error("%s failed", where, exc_info=True)
    told = [(one.getMessage(), one.exc_info is not None) for one in caplog.records]
    assert told == [
        ("The month is barred. See its findings.", False),
        ("task failed", True),
        ("flow failed", True),
        ("engine failed", True),
    ]
