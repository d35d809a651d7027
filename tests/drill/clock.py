"""The wall clock of every process that the drill starts: a small library, preloaded, reads how far it is from ours.

Only the wall clock is moved. Sleeps, timeouts and what is measured go on as they are, and files keep their real times.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SOURCE = Path(__file__).with_name("wall_clock.c")
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that stands where it was set and goes on from there."""

    file: Path
    library: Path

    def set(self, at: datetime) -> None:
        """Turn it; `at` is the time in Stockholm. Eight bytes in place: the processes have the file mapped."""
        moved_by = round((at.replace(tzinfo=STOCKHOLM).timestamp() - time.time()) * _MICROSECONDS)
        with self.file.open("r+b") as file:
            file.write(struct.pack("=q", moved_by))

    def now(self) -> datetime:
        """What the processes take for now, in Stockholm."""
        (moved_by,) = struct.unpack("=q", self.file.read_bytes())
        return datetime.fromtimestamp(time.time() + moved_by / _MICROSECONDS, STOCKHOLM)

    def environment(self) -> Mapping[str, str]:
        """What a process must be started with; so are those that it starts."""
        return {"LD_PRELOAD": str(self.library), "DRILL_CLOCK": str(self.file)}


def made_in(folder: Path) -> Clock | None:
    """A clock that is right; None where no C compiler is installed."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    clock = Clock(folder / "clock", folder / "wall_clock.so")
    subprocess.run([compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", clock.library, _SOURCE, "-ldl"], check=True)
    clock.file.write_bytes(struct.pack("=q", 0))
    return clock
