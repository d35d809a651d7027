"""A step that failed by our fault, told without the error's own words: they may quote a cell."""

from __future__ import annotations

import traceback


class StepFailed(Exception):
    """Stands for an unexpected error where a server would print it. `is_passing`: trying again may help."""

    def __init__(self, step: str, error: BaseException) -> None:
        self.kind = type(error).__name__
        self.trace = trace_without_values(error)
        self.is_passing = isinstance(error, OSError)
        super().__init__(f"{step}: {self.kind}")


def trace_without_values(error: BaseException) -> str:
    """The kinds of the error and of what caused it, and the places in the code; no message and no value."""
    if isinstance(error, StepFailed):
        return error.trace
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines.extend(
            f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
        )
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"
