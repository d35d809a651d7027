"""`make false-alarms`: close the clean demo at five seeds; nothing critical may come of data that are as they should.

Usage: python -m tests.mutate.false_alarms [SEED …]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

_SEEDS = (1, 2, 3, 4, 5)
_PERIOD = "2021-08"


def main(seeds: Sequence[int] = _SEEDS) -> int:
    """Close each seed's demo in a home of its own and count what is found; 1 where anything critical is."""
    critical = 0
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            found = _found(Path(folder), seed)
        counted = Counter(one["severity"] for one in found)
        critical += counted["critical"]
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(Counter(one["rule_id"] for one in found).items()))
        print(f"seed {seed}: {counted['critical']} critical, {counted['warning']} warnings ({rules})", flush=True)
    print(f"{len(seeds)} seeds: {critical} critical findings on clean data")
    return 1 if critical else 0


def _found(home: Path, seed: int) -> list[dict[str, str]]:
    _bokslut(home, "demo", "--to", str(home / "inbox"), "--seed", str(seed))
    _bokslut(home, "close", _PERIOD)
    listed = json.loads(_bokslut(home, "findings", _PERIOD, "--format", "json"))
    return listed["findings"] if isinstance(listed, dict) else listed


def _bokslut(home: Path, *words: str) -> str:
    environment = {
        **os.environ,
        "BOKSLUT_HOME": str(home),
        "BOKSLUT_KEY_FILE": str(home / "state" / "bokslut" / "demo.key"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words], env=environment, text=True, capture_output=True, check=False
    )
    if done.returncode not in (0, 4):
        raise SystemExit(f"bokslut {words[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or _SEEDS))
