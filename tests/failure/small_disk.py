"""A real file system that is as small as a test wants it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Callable[..., None]]:
    """Mount a disk of so many kilobytes at the folder; yields what gives it another size, or makes it read-only."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system: a full disk is not proven here")
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here: a full disk is not proven")

    def change(kilobytes: int, *, read_only: bool = False) -> None:
        options = f"remount,size={kilobytes}k,{'ro' if read_only else 'rw'}"
        subprocess.run(["mount", "-o", options, str(folder)], check=True)

    try:
        yield change
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte free; returns the file that takes the room."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return filling
