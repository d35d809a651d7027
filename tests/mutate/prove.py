"""`make mutate`: break one fact per rule in a clean close; that rule and no unrelated one must speak.

Usage: python -m tests.mutate.prove [RULE …]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows.declarations.rules import rules
from flows.settings import settings
from flows.store.home import Home
from tests.mutate.mutation import CleanClose, Mutation, mutations


def main(only: Sequence[str] = ()) -> int:
    """Prove all mutations, or those named, over a copy of the home's closed store; 1 where any is not as declared."""
    store = Home(settings().home).build_file
    if not store.exists():
        print(f"Nothing is closed in {store.parent}: run `make close` first.", file=sys.stderr)
        return 2
    chosen = {rule_id: one for rule_id, one in mutations().items() if not only or rule_id in only}
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(store, Path(folder) / store.name))
        close = CleanClose(copy)
        faults = [fault for one in chosen.values() if (fault := _fault(one, close))]
    caught = len(chosen) - len(faults)
    print("\n".join(faults) or "No unrelated rule spoke.")
    print(
        f"{len(rules())} rules of the gate, {len(chosen)} mutations, {caught} caught alone"
        f" ({time.monotonic() - started:.0f} s)"
    )
    return 1 if faults else 0


def _fault(mutation: Mutation, close: CleanClose) -> str:
    try:
        seen = close.see(mutation)
    except (AssertionError, duckdb.Error) as error:
        return f"{mutation.rule_id}: cannot be broken so: {str(error).splitlines()[0]}"
    if not seen.is_caught(mutation):
        return f"{mutation.rule_id}: not caught ({mutation.broken} Spoke: {', '.join(seen.findings) or 'none'})"
    if seen.unrelated(mutation):
        return f"{mutation.rule_id}: unrelated rules spoke: {', '.join(sorted(seen.unrelated(mutation)))}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
