"""Coverage-guided fuzzing of one reader: `python -m tests.fuzz.run tabular 120` runs it for so many seconds.

What a run finds new is kept in the folder given last; the corpus of the checkout is small and run by the tests too.
Ends with one line, `target runs seconds slowest`, or with the fuzzer's own report and a non-zero code where a promise
was broken.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["flows.sources", "flows.declarations"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
#: A file of a few kilobytes that takes longer hangs the close in practice.
HANG_SECONDS = 5


def main(name: str, seconds: int, found: Path) -> None:
    target = TARGETS[name]
    counts = {"runs": 0, "slowest": 0.0}
    for kept in sorted((CORPUS / name).iterdir()):
        # Declarations are read and libraries loaded at the first file: no hang of the reader's.
        target(kept.read_bytes())
    started = time.monotonic()

    def one(data: bytes) -> None:
        before = time.monotonic()
        target(data)
        counts["runs"] += 1
        counts["slowest"] = max(counts["slowest"], time.monotonic() - before)
        if time.monotonic() - started >= seconds:
            print(f"{name} {counts['runs']} {time.monotonic() - started:.0f} {counts['slowest']:.2f}", flush=True)
            # The fuzzer has no end that leaves a line of ours.
            os._exit(0)

    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-timeout={HANG_SECONDS}",
        "-max_len=4096",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={found}/",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(found), str(CORPUS / name)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
