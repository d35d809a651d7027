"""The Prefect flow `close_period`: the very same steps, each a task with its state and retries."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol, cast

# Nothing is told to Prefect's makers; both are read when prefect is imported.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

import httpx
from prefect import Task, flow, get_run_logger
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.concurrency.sync import concurrency
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed
from pydantic import Field

from flows.domain.period import Period
from flows.domain.word import Given, Word, nobody
from flows.errors import ExitCode, Refusal
from flows.reports.delivery_matrix import DeliveryMonth
from flows.run_artifacts import RunProgress, leave_outcome
from flows.run_failure import told_without_values
from flows.settings import home_settings, settings
from flows.steps.ask import ask_until_said
from flows.steps.close import STEPS, Closing, Outcome, Step, begin
from flows.steps.failure import StepFailed
from flows.steps.prefect_server import Answer, knock
from flows.steps.status import months_of
from flows.store.home import Home
from flows.word_in_page import WordInPage


class Barred(Refusal):
    """A close that its findings bar: the flow run fails, and what was published stands."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(
            f"{outcome.period} is not published: its findings bar it.",
            f"See them with `bokslut findings {outcome.period}`.",
            ExitCode.BARRED,
        )
        self.outcome = outcome

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str, ExitCode]]:
        """Without the outcome: the exception of a run that failed is kept on disk by the server's client."""
        return Refusal, (self.what, self.do, self.exit_code)


#: The name of the one slot for which all closes of a server wait, beside the operating system's lock.
WRITER_LIMIT = "bokslut-writer"
#: A run that was killed holds its slot until its lease ends; whoever waits for it waits a little longer.
_LEASE_SECONDS, _WAIT_SECONDS = 60, 100

#: What the form takes; the server refuses anything else before there is a run.
MonthText = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
#: Empty, not None, is what was not given: of a text that may be none the form makes a choice of types.
DayText = Annotated[str, Field(pattern=r"^(20[0-9]{2}-[0-9]{2}-[0-9]{2})?$")]


class Asking(Protocol):
    """Who is asked for a person's word, where the settings ask for one."""

    def given(self, fingerprint: str) -> Word | None:
        """The yes that was said before to exactly this."""

    def asked(self, outcome: Outcome) -> Word | None:
        """Show what would change and ask; None for a no."""


@dataclass(frozen=True, slots=True)
class AskedAtTerminal:
    """The command asks whoever typed it, in its own way."""

    given: Given = nobody
    asked: Callable[[Outcome], Word | None] = lambda _: None


#: Whom the run that this process has begun asks; unset in a run of a deployment, and in a night's.
_asking: ContextVar[Asking | None] = ContextVar("asking", default=None)


# No result is persisted: it would hold findings and tables a second time, outside the home.
@flow(name="close_period", flow_run_name="close {period}", persist_result=False, validate_parameters=False)
@told_without_values
def close_period(period: MonthText, from_dir: str = "", as_of: DayText = "") -> Outcome:
    """Take the exports in, build, judge, print and publish a month: the same steps as the command `bokslut close`.

    Where the settings ask for a person's word the run shows what would change and waits for it on its page.

    Args:
        period: The month to close, as 2021-08.
        from_dir: Where the exports lie on the server; without it, the home's inbox.
        as_of: Judge as of this day, as 2021-09-10; without it, the newest extraction's.

    Raises Barred where the findings bar publication, and Refusal. The form shows what is said of the arguments.
    """
    home = Home(settings().home)
    month, day = _asked(period, as_of)
    folder = Path(from_dir) if from_dir else None
    asking = _asking.get() or _asking_of_run(home)
    outcome = ask_until_said(lambda given: _attempt(home, month, folder, day, given), asking.asked, asking.given)
    if outcome.awaits_word:
        return cast(Outcome, _unpublished(outcome, asking))
    if not outcome.is_published:
        raise Barred(outcome)
    return outcome


def close_under_prefect(period: Period, folder: Path | None, as_of: date | None, asking: Asking) -> Outcome:
    """Run the flow from the command; a barred close is an outcome here, not an error. Raises Refusal for no server."""
    _refuse_unless_let_in(os.environ["PREFECT_API_URL"])
    set_up_limit()
    before = _asking.set(asking)
    try:
        return close_period(str(period), str(folder.resolve()) if folder else "", as_of.isoformat() if as_of else "")
    except Barred as barred:
        return barred.outcome
    except httpx.TransportError:
        raise Refusal(
            f"The Prefect server stopped answering while {period} was being closed.",
            "Run the same again when it answers, or unset PREFECT_API_URL: what was done stands, the rest is done.",
        ) from None
    finally:
        _asking.reset(before)


def _attempt(home: Home, period: Period, folder: Path | None, day: date | None, given: Given) -> Outcome:
    """One close, with what the run's page shows of it; the slot, the lock and the store are let go when it ends."""
    progress = RunProgress(period)
    with _alone(), begin(home, period, folder, day, get_run_logger().info) as closing:
        closing.given, closing.reached = given, progress.reached
        for step in STEPS:
            if closing.outcome is None:
                progress.step(step.__name__)
                _as_task(step, closing)()
        months = _months(closing)
    outcome = closing.outcome
    assert outcome is not None, "the last step ends the close"
    progress.ended()
    leave_outcome(home, outcome, months)
    return outcome


def _months(closing: Closing) -> Sequence[DeliveryMonth]:
    try:
        return months_of(closing.connection, closing.period)
    except Refusal:
        return ()


def _asking_of_run(home: Home) -> Asking:
    """A run of the deployment waits for its answer on its page. A night, and whoever else began it, asks nobody."""
    run = FlowRunContext.get()
    assert run is not None, "asked within the flow"
    assert run.flow_run is not None, "a run under way has its row"
    if run.flow_run.deployment_id is None or run.flow_run.parent_task_run_id is not None:
        return AskedAtTerminal()
    return WordInPage(run.flow_run, home_settings(home.settings_file).month_end.wait_hours)


def _unpublished(outcome: Outcome, asking: Asking) -> State[Outcome]:
    """How the run of a close without a word ends: neither failed nor, where somebody said no, green."""
    stands = "What was published stands."
    if isinstance(asking, WordInPage):
        said = Refusal(f"{asking.declined_by} declined to publish {outcome.period}.", stands)
        # An outcome would be printed whole, as what a state that is no success may not hold.
        return Cancelled(name="Declined", message=str(said), data=said)
    said = f"{outcome.period} can be published and awaits a person's word: bokslut close {outcome.period}. {stands}"
    return Completed(name="AwaitsWord", message=said, data=outcome)


def _asked(period: str, as_of: str) -> tuple[Period, date | None]:
    """The month and the day; raises Refusal. A form lets whoever sends it tick away that it is looked at first."""
    try:
        return Period.parse(period), date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise Refusal("There is no such month or day.", "Give period as 2021-08, as_of as 2021-09-10 or not.") from None


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the server's one writing slot; raises Refusal (exit 5) where another run goes on holding it.

    A server that dies ends no close: the operating system's lock goes on keeping others out of this home.
    """
    slot = concurrency(
        WRITER_LIMIT,
        occupy=1,
        timeout_seconds=_WAIT_SECONDS,
        lease_duration=_LEASE_SECONDS,
        strict=True,
        raise_on_lease_renewal_failure=False,
    )
    try:
        slot.__enter__()
    except TimeoutError:
        raise Refusal(
            "Another run of this Prefect server is closing a month.",
            "Wait until it is done and run again; what is published can be read meanwhile.",
            ExitCode.ANOTHER_WRITER,
        ) from None
    try:
        yield
    finally:
        with suppress(httpx.TransportError):  # It takes the slot back itself, when the lease has ended.
            slot.__exit__(*sys.exc_info())


def set_up_limit() -> None:
    """Make the writing slot, or leave it as it is."""
    with get_client(sync_client=True) as client:
        client.upsert_global_concurrency_limit_by_name(WRITER_LIMIT, 1)


def _refuse_unless_let_in(api: str) -> None:
    answer = knock(api)
    if answer is Answer.SILENT:
        raise Refusal(
            "No Prefect server answers at PREFECT_API_URL.",
            "Start it, or unset PREFECT_API_URL to run the steps at once.",
        )
    if answer is Answer.WITHOUT_DATABASE:
        raise Refusal(
            "The Prefect server at PREFECT_API_URL answers, but its database does not.",
            "Start its database, or unset PREFECT_API_URL to run the steps at once.",
        )
    if answer is Answer.SHUT_OUT:
        raise Refusal(
            "The Prefect server at PREFECT_API_URL does not let us in.",
            "Set PREFECT_API_AUTH_STRING to its password, or unset PREFECT_API_URL to run the steps at once.",
        )


def _as_task(step: Step, closing: Closing) -> Task[[], None]:
    """One step as a task. The close under way is no parameter: Prefect would hash it, copy it and show it."""

    def run_step() -> None:
        step(closing)

    run_step.__name__ = step.__name__
    return Task(
        fn=told_without_values(run_step),
        name=step.__name__,
        description=(step.__doc__ or "").splitlines()[0],
        task_run_name=step.__name__,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=[1, 10],
        retry_condition_fn=_may_pass,
    )


def _may_pass(_task: object, _run: object, state: State[object]) -> bool:
    """Only what the disk or the network did is tried again: a refusal or a wrong file stays what it is."""
    failure: object = state.result(raise_on_failure=False)
    return isinstance(failure, StepFailed) and failure.is_passing
