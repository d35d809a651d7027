"""The fuzzers one after the other, their counts written to tests/proof.md: `python -m tests.fuzz.proof 600`."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.fuzz.targets import TARGETS

PROOF = Path(__file__).parents[1] / "proof.md"
HEAD = """# What the long proofs counted

Written by `make proof`; the numbers are those of the last run. A traceback, a file that takes more than five seconds
or a line lost in silence ends the run with its bytes kept, and is a failure below.

| reader | day | seconds | files tried | slowest file (s) | tracebacks, hangs, lines lost |
|---|---|---|---|---|---|
"""


def main(seconds: int, found: Path) -> int:
    rows: list[str] = []
    failures = 0
    for name in TARGETS:
        share = seconds // len(TARGETS)
        command = [sys.executable, "-m", "tests.fuzz.run", name, str(share), str(found / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        last = done.stdout.strip().splitlines()[-1:] or [""]
        counted = last[0].split()
        if done.returncode == 0 and len(counted) == 4:
            _, runs, took, slowest = counted
            rows.append(f"| {name} | {date.today()} | {took} | {int(runs):,} | {slowest} | 0 |".replace(",", " "))
        else:
            failures += 1
            rows.append(f"| {name} | {date.today()} | | | | 1 (exit {done.returncode}) |")
            print(done.stdout[-4000:], done.stderr[-4000:], sep="\n", file=sys.stderr)
        print(rows[-1], flush=True)
    python = f"Python {platform.python_version()} on {platform.machine()}"
    # What other proofs have counted stands in sections of its own, below.
    _, heading, others = PROOF.read_text("utf-8").partition("\n## ") if PROOF.exists() else ("", "", "")
    PROOF.write_text(f"{HEAD}{chr(10).join(rows)}\n\n{python}; {seconds} seconds in all.\n{heading}{others}", "utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bokslut-fuzz-"))
    sys.exit(main(int(sys.argv[1]), kept))
