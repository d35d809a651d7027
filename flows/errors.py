"""What can stop an act, and the exit code that tells a script about it."""

from __future__ import annotations

from enum import IntEnum

from flows.printable import visible


class ExitCode(IntEnum):
    """What the command answers to the shell."""

    DONE = 0
    USAGE = 2
    REFUSAL = 3
    BARRED = 4
    ANOTHER_WRITER = 5
    PUBLISHED_WITHHELD = 6
    AWAITS_WORD = 7
    OUR_FAULT = 70


class Refusal(Exception):
    """An act that may not be done: one sentence of what is so, one of what to do. Neither holds a personal value, nor
    what a terminal obeys: they may quote a file's name or a key."""

    #: A run's log has told it: it passes through every task and flow on its way out.
    is_in_the_log = False

    def __init__(self, what: str, do: str, exit_code: ExitCode = ExitCode.REFUSAL) -> None:
        self.what, self.do = visible(what), visible(do)
        super().__init__(f"{self.what} {self.do}")
        self.exit_code = exit_code
