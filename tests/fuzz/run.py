"""Coverage-guided fuzzing of one target: `python -m tests.fuzz.run tabular 1000 /tmp/found` tries so many inputs.

What a run finds new is kept in the folder given last; the corpus of the checkout is small and run by the tests too.
Tells how far it has come, and ends with one line, `target inputs seconds slowest`; or with the fuzzer's own report and
a non-zero code where a promise was broken.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["flows", "tomllib", "zipfile", "csv"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.words import words_of

CORPUS = Path(__file__).parent / "corpus"
#: A file of a few kilobytes that takes longer hangs the close in practice.
HANG_SECONDS = 5
_TOLD_EVERY_SECONDS = 60


def main(name: str, inputs: int, found: Path) -> None:
    target = TARGETS[name]
    for kept in sorted((CORPUS / name).iterdir()):
        # Declarations are read and libraries loaded at the first file: no hang of the reader's.
        target(kept.read_bytes())
    started = told = time.monotonic()
    tried, slowest = 0, 0.0

    def one(data: bytes) -> None:
        nonlocal tried, slowest, told
        before = time.monotonic()
        target(data)
        now = time.monotonic()
        tried += 1
        slowest = max(slowest, now - before)
        if now - told >= _TOLD_EVERY_SECONDS:
            told = now
            print(f"{name}: {tried} of {inputs}, {tried / (now - started):.0f} a second", file=sys.stderr, flush=True)
        if tried >= inputs:
            print(f"{name} {tried} {now - started:.0f} {slowest:.2f}", flush=True)
            # The fuzzer has no end that leaves a line of ours.
            os._exit(0)

    found.mkdir(parents=True, exist_ok=True)
    dictionary = found.with_suffix(".words")
    words = [word for word in words_of(name) if word]
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words), "ascii")
    options = [
        f"-timeout={HANG_SECONDS}",
        "-max_len=4096",
        "-rss_limit_mb=2048",
        *([f"-dict={dictionary}"] if words else []),
        f"-artifact_prefix={found}/",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(found), str(CORPUS / name)], one)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    """As the fuzzer reads its dictionaries: bytes that are no plain sign in hexadecimal."""
    return "".join(
        chr(byte) if 0x20 < byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word.encode()
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
