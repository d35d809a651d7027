"""The synthetic organisation: its exports, and a key of its own that belongs to no organisation."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Callable
from pathlib import Path

from flows.domain.period import Period
from flows.errors import Refusal

#: Says of a key what it is, in the key itself: whoever finds the file knows that it guards nobody.
SYNTHETIC_KEY_MARK = "synthetic-demo-key-of-bokslut-"


def write_demo(
    to: Path,
    targets: Path | None,
    seed: int,
    scale: int,
    progress: Callable[[str], None],
    until: Period | None = None,
) -> list[str]:
    """Write the exports and, where there is none, the demo's key; returns what to tell the user to do next.

    Raises Refusal where the folder cannot be made.
    """
    from flows.demo.write import write_demo as write_exports

    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"The folder {to} cannot be made: {error.strerror}.", "Give --to a folder of yours.") from None
    summary = write_exports(to, targets, seed, scale, progress, until)
    key_file = demo_key_file()
    made = make_demo_key(key_file)
    return [
        f"Synthetic exports for {' and '.join(map(str, summary.periods))} lie in {to}.",
        f"{'Made' if made else 'Kept'} the demo's key, which is no organisation's: {key_file}",
        f"export BOKSLUT_KEY_FILE={shlex.quote(str(key_file))}",
        *(f"bokslut close {period} --from {shlex.quote(str(to))}" for period in summary.periods),
    ]


def demo_key_file() -> Path:
    """Outside every checkout and home: in the user's state folder."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "bokslut" / "demo.key"


def make_demo_key(path: Path) -> bool:
    """Make the key, readable by its owner alone; an existing one is kept: another would make everyone a new person."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{SYNTHETIC_KEY_MARK}{secrets.token_hex(32)}\n")
    return True
