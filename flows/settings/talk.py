"""Libraries that are handed a secret say nothing: at their most talkative they log addresses and heads of requests."""

from __future__ import annotations

import logging

_NOTHING = logging.CRITICAL + 1


def silence(*libraries: str) -> None:
    """Let libraries log nothing, however talkative somebody has made the root or Prefect's extra loggers.

    What failed is told by us, in our words. A logger that has a level of its own does not ask its parent: each one that
    is there is silenced by itself, and those to come hear their library's.
    """
    there = [name for name in logging.Logger.manager.loggerDict if name.partition(".")[0] in libraries]
    for name in (*libraries, *there):
        logger = logging.getLogger(name)
        logger.setLevel(_NOTHING)
        logger.disabled = True
