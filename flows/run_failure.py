"""How a flow or a task fails before its server: in our words, or in kinds and places of the code."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import httpx
from prefect import get_run_logger

from flows.errors import Refusal
from flows.settings.talk import silence
from flows.steps.failure import StepFailed, refusals_as_sentences

for _log in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_log).addFilter(refusals_as_sentences)

# Beneath Prefect's client it logs the password of the server, word for word.
silence("websockets")

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def told_without_values(act: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """The act of a flow or a task, failing in our words, or in kinds and places of the code: the server keeps an
    exception's own words and what it was raised from, and both may quote a cell."""

    @wraps(act)
    def told(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        failure: Refusal | StepFailed
        try:
            return act(*given, **named)
        except httpx.TransportError:
            raise  # The server's own client, which is told no value: whoever began the run says what it means.
        except (Refusal, StepFailed) as known:
            failure = known
        except Exception as error:
            failure = StepFailed(act.__name__, error)
            get_run_logger().error(failure.trace)
        # Outside the except block: what an exception is raised in the handling of is printed too.
        failure.__context__ = None
        raise failure from None

    return told
