"""Run `bokslut` with one step of the close marked: says when it begins, and waits at its end to be killed.

Called as a script: `python paused_close.py STEP close 2021-08 --from DIR`. Nothing of the product knows of it.
"""

from __future__ import annotations

import signal
import sys
from functools import wraps

import flows.steps.close
from flows.cli import main
from flows.steps.close import Closing, Step


def marked(step: Step) -> Step:
    @wraps(step)
    def run(closing: Closing) -> None:
        print("begins", flush=True)
        step(closing)
        print("ended", flush=True)
        while True:
            signal.pause()

    return run


if __name__ == "__main__":
    _, name, *words = sys.argv
    steps = tuple(marked(step) if step.__name__ == name else step for step in flows.steps.close.STEPS)
    assert steps != flows.steps.close.STEPS, f"there is no step {name}"
    flows.steps.close.STEPS = steps
    flows.steps.close.run.__defaults__ = (steps,)
    sys.exit(main(words))
