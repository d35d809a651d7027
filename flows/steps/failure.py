"""A step that failed by our fault, told without the error's own words: they may quote a cell."""

from __future__ import annotations

import errno
import logging
import os
import traceback
from collections.abc import Iterator

from flows.errors import Refusal

#: What the place that is written to may refuse, whatever is written: full, over its quota, read-only, too large a file.
_REFUSED_BY_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


class StepFailed(Exception):
    """Stands for an unexpected error where a server would print it. `is_passing`: trying again may help."""

    def __init__(self, step: str, error: BaseException) -> None:
        self.kind = type(error).__name__
        self.trace = trace_without_values(error)
        self.is_passing = isinstance(error, OSError)
        self.refusal = refusal_of_the_disk(error)
        super().__init__(f"{step}: {self.kind}")


def refusals_as_sentences(record: logging.LogRecord) -> bool:
    """For a run's log: a refusal is no fault of the code, and is told once, in its sentences, without a trace of it."""
    refusal = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if not isinstance(refusal, Refusal):
        return True
    told_by_the_run = refusal.is_in_the_log
    refusal.is_in_the_log = True
    record.msg, record.args, record.exc_info, record.exc_text = str(refusal), (), None, None
    return not told_by_the_run


def trace_without_values(error: BaseException) -> str:
    """The kinds of the error and of what caused it, and the places in the code; no message and no value."""
    if isinstance(error, StepFailed):
        return error.trace
    lines: list[str] = []
    for one in _with_causes(error):
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}")
        lines.extend(
            f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(one.__traceback__)
        )
    return "\n".join(lines) + "\n"


def refusal_of_the_disk(error: BaseException) -> Refusal | None:
    """What to say where it was the disk that refused and not we that failed; the engine tells it in words alone."""
    if isinstance(error, StepFailed):
        return error.refusal
    for one in _with_causes(error):
        reason = ""
        if isinstance(one, OSError) and one.errno in _REFUSED_BY_THE_DISK:
            reason = one.strerror or type(one).__name__
        elif type(one).__module__.endswith("duckdb"):
            said = str(one)
            reason = next((word for word in map(os.strerror, _REFUSED_BY_THE_DISK) if word in said), "")
        if reason:
            return Refusal(
                f"The disk cannot be written: {reason}.",
                "Make room for the home, or give it a disk that may be written, and run the same again:"
                " what was published stands.",
            )
    return None


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
