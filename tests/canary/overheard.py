"""A command of bokslut in this process, and all that it says: both streams, and every log at its most talkative."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows import cli

#: The other side of the line, within the same process: it logs what it is told.
_SERVERS = ("mail", "werkzeug", "wsgidav", "cheroot", "moto")


def overheard(words: Sequence[str | Path], typed: str, environment: Mapping[str, str], log: Path) -> tuple[int, str]:
    """Exit code and both streams; what anybody logs is appended to `log`. An empty variable is taken away."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2)]
    with (
        _in_environment(environment),
        _logging_to(log),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        _typing(typed),
    ):
        code = cli.main([str(word) for word in words])
    for stream in streams:
        stream.flush()
    said = "\n".join(stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return int(code), said


@contextmanager
def _in_environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    for name in [name for name, value in os.environ.items() if value == ""]:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _typing(words: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.StringIO(f"{words}\n")
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def _logging_to(file: Path) -> Iterator[None]:
    """Everything that anybody logs, at its most talkative, but for the servers that this process runs for the test."""
    root = logging.getLogger()
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.addFilter(lambda record: record.name.partition(".")[0] not in _SERVERS)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
