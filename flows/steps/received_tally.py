"""What is told of an intake while it runs."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


class Tally:
    """What was received, told once an extract; a file that was not taken in is told at once."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._extract = ""
        self._files = 0
        self._lines = 0

    def add(self, extract: str, file_name: str, became: int | str) -> None:
        """One file: the lines that landed, or what became of it instead."""
        if extract != self._extract:
            self.tell()
            self._extract = extract
        if isinstance(became, str):
            self._progress(f"Received {file_name}: {became}.")
        else:
            self._files += 1
            self._lines += became

    def tell(self) -> None:
        """Say what the extract at hand came to, and begin anew."""
        if self._files:
            files = "1 file" if self._files == 1 else f"{self._files} files"
            self._progress(f"Received {self._extract}: {files}, {self._lines} lines.")
        self._files = self._lines = 0
