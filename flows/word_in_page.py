"""A person's word from Prefect's page: a run that waits for it holds nothing, and outlives whoever served it."""

from __future__ import annotations

from typing import Any

from prefect import suspend_flow_run
from prefect.client.schemas.objects import FlowRun
from prefect.input import RunInput, keyset_from_paused_state, read_flow_run_input
from prefect.states import Suspended
from pydantic import Field

from flows.domain.word import Word
from flows.reports import change_list
from flows.steps.closing import Outcome

#: So many cells stand in the form itself; all of them in the artifact.
_MOST_CELLS = 20
#: One word, a role or a user id, as `ansvarig` in the contracts: no blanks, no more digits in a row than an id has.
_WHO = r"^[A-Za-zÅÄÖåäö]+[0-9]{0,5}([._-]?[A-Za-zÅÄÖåäö]+[0-9]{0,5}){0,3}$"


class MonthEndWord(RunInput):
    """What the form asks for."""

    publish: bool = Field(
        default=False, description="Publish exactly what is shown. Left off, the run ends and nothing is published."
    )
    who: str = Field(
        pattern=_WHO,
        max_length=40,
        description="Who gives the word, in one word: a role or a user id, never a name. It is kept with the version.",
    )


class WordInPage:
    """Asks on the page of one run of the served deployment, and hears what was answered there.

    The run is suspended, not paused: its process ends, and the close begins again when somebody has answered. What
    Prefect keeps of the question is filed under the closing's fingerprint: an answer counts for nothing else.
    """

    def __init__(self, run: FlowRun, wait_hours: float) -> None:
        self._run = run
        self._seconds = max(1, round(wait_hours * 3600))
        self.declined_by: str | None = None

    def given(self, fingerprint: str) -> Word | None:
        """The yes that was said on the page to exactly this."""
        answer = self._answer(fingerprint)
        if answer is None or answer.get("publish") is not True:
            return None
        return Word(str(answer["who"]), f"word given in Prefect, run {self._run.id}")

    def asked(self, outcome: Outcome) -> Word | None:
        """Suspend the run until somebody answers; None where the answer was no. Raises Prefect's Pause."""
        if (answer := self._answer(outcome.fingerprint)) is None:
            assert outcome.changes is not None, "what awaits a word has been compared"
            version = outcome.changes.version
            form = MonthEndWord.with_initial_data(
                description=f"Publish {outcome.period} as version {version}?\n\n"
                f"{change_list.as_markdown(outcome.changes, _MOST_CELLS)}\n"
                f"All of it: the artifact `changes-{outcome.period}` of this run."
            )
            suspend_flow_run(wait_for_input=form, timeout=self._seconds, key=outcome.fingerprint)
            answer = self._answer(outcome.fingerprint)
        self.declined_by = str(answer["who"]) if answer else None
        return None

    def _answer(self, fingerprint: str) -> dict[str, Any] | None:
        """What was typed into the form, as the server has checked it; None where nobody has answered."""
        keys = keyset_from_paused_state(Suspended(pause_key=fingerprint))
        return read_flow_run_input(keys["response"], flow_run_id=self._run.id)
