"""Every fuzzer, two at a time, counted in tests/proof.md: `python -m tests.fuzz.proof 1000000 [FOUND [TARGET…]]`."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

PROOF = Path(__file__).parents[1] / "proof.md"
HEAD = """# What the long proofs counted

Written by `make proof`; the numbers are those of the last run. A traceback, an input that takes more than five seconds
or two gigabytes, a line or a key lost in silence, and a secret told end the run with its bytes kept, and are a failure
below.

| target | tries | day | seconds | inputs | slowest (s) | tracebacks, hangs, losses |
|---|---|---|---|---|---|---|
"""

#: What each target tries, and its share of all inputs in thousandths: what strangers send has most.
SHARES: Mapping[str, tuple[int, str]] = {
    "tabular": (200, "exports as text"),
    "ledger": (200, "ledgers (SIE)"),
    "workbook": (30, "the parts of a workbook"),
    "mapped": (150, "mappings, and files read through them"),
    "settings": (60, "settings.toml"),
    "container": (4, "a workbook's zip: flags, sizes, sums, overlaps"),
    "texts": (40, "comments, placeholders, print patterns"),
    "place": (20, "names and checksums at places"),
    "secret": (50, "kept secrets and the person key"),
    "environment": (40, "variables"),
    "names": (150, "files' names, months, addresses of cells"),
    "written": (52, "words in our csv, html, markdown and on a terminal"),
    "contact": (2, "`bokslut check`"),
    "memory": (2, "the house's own notes, damaged"),
}
#: The machine has other work too.
_AT_ONCE = 2
_LONGEST_SECONDS = 6 * 3600


def main(inputs: int, found: Path, names: Sequence[str]) -> int:
    """Runs the named targets, or all; the rows of others stay as they were counted last."""
    started = time.monotonic()
    rows = {} if set(names) == SHARES.keys() else _counted_before()
    telling = threading.Lock()

    def run(name: str) -> None:
        row = _row(name, max(1, inputs * SHARES[name][0] // 1000), found)
        with telling:
            # At once: what was counted is kept when the rest is stopped.
            rows[name] = row
            _write(rows)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(run, names))
    print(f"{_total(rows)} inputs counted; this run took {time.monotonic() - started:.0f} seconds.", flush=True)
    return int(any(not row.endswith("| 0 |") for row in rows.values()))


def _counted_before() -> dict[str, str]:
    lines = PROOF.read_text("utf-8").partition("\n## ")[0].splitlines() if PROOF.exists() else []
    cells = {line.split("|")[1].strip(): line for line in lines if line.count("|") == HEAD.splitlines()[-1].count("|")}
    return {name: line for name, line in cells.items() if name in SHARES}


def _total(rows: Mapping[str, str]) -> str:
    return _grouped(sum(int(row.split("|")[5].replace(" ", "") or 0) for row in rows.values()))


def _write(rows: Mapping[str, str]) -> None:
    python = f"Python {platform.python_version()} on {platform.machine()}"
    counted = [f"{rows[name]}\n" for name in SHARES if name in rows]
    # What other proofs have counted stands in sections of its own, below.
    _, heading, others = PROOF.read_text("utf-8").partition("\n## ") if PROOF.exists() else ("", "", "")
    total = f"\n{_total(rows)} inputs in all, two targets at a time beside other work; {python}.\n"
    PROOF.write_text("".join([HEAD, *counted, total]) + heading + others, "utf-8")


def _row(name: str, inputs: int, found: Path) -> str:
    command = [sys.executable, "-m", "tests.fuzz.run", name, str(inputs), str(found / name)]
    try:
        # How far it has come goes to the terminal at once.
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=_LONGEST_SECONDS)
        counted, code = (done.stdout.strip().splitlines()[-1:] or [""])[0].split(), done.returncode
    except subprocess.TimeoutExpired:
        counted, code = [], -1
    tries = SHARES[name][1]
    if code == 0 and len(counted) == 4:
        _, runs, took, slowest = counted
        row = f"| {name} | {tries} | {date.today()} | {took} | {_grouped(int(runs))} | {slowest} | 0 |"
    else:
        row = f"| {name} | {tries} | {date.today()} | | | | 1 (exit {code}, see {found.name}/{name}) |"
    print(row, flush=True)
    return row


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


if __name__ == "__main__":
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bokslut-fuzz-"))
    sys.exit(main(int(sys.argv[1]), kept, sys.argv[3:] or list(SHARES)))
