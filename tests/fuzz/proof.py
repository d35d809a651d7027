"""Every fuzzer, two at a time, their counts written to tests/proof.md: `python -m tests.fuzz.proof 1000000`."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
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
    "workbook": (100, "the parts of a workbook"),
    "mapped": (120, "mappings, and files read through them"),
    "settings": (100, "settings.toml"),
    "container": (30, "a workbook's zip: flags, sizes, sums, overlaps"),
    "texts": (40, "comments, placeholders, print patterns"),
    "place": (35, "names and checksums at places"),
    "secret": (35, "kept secrets and the person key"),
    "environment": (35, "variables"),
    "names": (45, "files' names, months, addresses of cells"),
    "written": (40, "words in our csv, html, markdown and on a terminal"),
    "contact": (10, "`bokslut check`"),
    "memory": (10, "the house's own notes, damaged"),
}
#: The machine has other work too.
_AT_ONCE = 2
_LONGEST_SECONDS = 6 * 3600


def main(inputs: int, found: Path) -> int:
    started = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        shares = {name: max(1, inputs * share // 1000) for name, (share, _) in SHARES.items()}
        rows = list(pool.map(lambda name: _row(name, shares[name], found), SHARES))
    failed = [row for row in rows if not row.endswith("| 0 |")]
    counted = sum(shares.values()) if not failed else 0
    python = f"Python {platform.python_version()} on {platform.machine()}"
    total = f"{_grouped(counted)} inputs in {time.monotonic() - started:.0f} seconds, two at a time; {python}."
    # What other proofs have counted stands in sections of its own, below.
    _, heading, others = PROOF.read_text("utf-8").partition("\n## ") if PROOF.exists() else ("", "", "")
    PROOF.write_text("".join(_table(rows, total)) + heading + others, "utf-8")
    print(total, flush=True)
    return 1 if failed else 0


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


def _table(rows: list[str], total: str) -> Iterator[str]:
    yield HEAD
    yield from (f"{row}\n" for row in rows)
    yield f"\n{total}\n"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


if __name__ == "__main__":
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bokslut-fuzz-"))
    sys.exit(main(int(sys.argv[1]), kept))
