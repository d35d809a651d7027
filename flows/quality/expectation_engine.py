"""Great Expectations, on one small frame at a time.

The only module that imports it, and not before a suite must be judged: the import costs seconds. Measured with 1.24
and pandas 3: an ephemeral context with one dataframe asset judges a suite of seven in 35 ms, 100 000 rows in 0.2 s.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.declarations.rules import Suite
from flows.errors import ExitCode, Refusal
from flows.settings.talk import silence

if TYPE_CHECKING:
    import pyarrow as pa

#: Where a failing row stands in the frame.
_ROW = "row_number_in_frame"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule found: the failing rows by number, or only that the table as a whole fails."""

    passed: bool
    failing_rows: tuple[int, ...]
    observed: Any = None


def import_in_background() -> threading.Thread:
    """Start the import while DuckDB builds; whoever needs it first waits for it."""
    thread = threading.Thread(target=_great_expectations, name="great-expectations-import", daemon=True)
    thread.start()
    return thread


def _great_expectations() -> Any:
    # Read at import: no event leaves the house.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # A suite that loads badly is told by us, in one sentence; here it would be forty lines of traceback. And a folder
    # that it makes for itself is no news of a run.
    silence("great_expectations")
    import great_expectations

    return great_expectations


class ExpectationEngine:
    """One ephemeral context, for as many suites as a close has."""

    def __init__(self) -> None:
        gx = _great_expectations()
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
        self._frames = asset.add_batch_definition_whole_dataframe("whole")

    def judge(self, suite: Suite, rows: pa.Table) -> Mapping[str, Judgement]:
        """Rule id → its judgement over the rows.

        Raises Refusal for a suite that does not load whole or cannot be judged.
        """
        loaded = self.loaded(suite)
        batch = self._frames.get_batch(batch_parameters={"dataframe": _frame(rows, suite)})
        result: Any = batch.validate(
            loaded,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [_ROW],
                "return_unexpected_index_query": False,
            },
        )
        results: list[Any] = result.results
        judged = {one.expectation_config.meta["rule_id"]: _judgement(suite, one) for one in results}
        return {one.rule.rule_id: judged[one.rule.rule_id] for one in suite.rules}

    def loaded(self, suite: Suite) -> Any:
        """The suite as Great Expectations holds it; raises Refusal where that is not all of it."""
        from great_expectations.core.expectation_suite import ExpectationSuite

        loaded: Any = ExpectationSuite(**suite.as_declared())
        there = {one.meta["rule_id"] for one in loaded.expectations}
        lost = [one.rule.rule_id for one in suite.rules if one.rule.rule_id not in there]
        # Great Expectations drops an expectation whose type or severity it does not know, and loads on.
        if lost or len(loaded.expectations) != len(suite.rules):
            file = f"expectations/{suite.table.replace('.', '/')}.json"
            raise Refusal(
                f"{file}: Great Expectations dropped {', '.join(lost) or 'a rule'}.",
                "Correct its type, severity or kwargs.",
                ExitCode.OUR_FAULT,
            )
        return loaded


def _frame(rows: pa.Table, suite: Suite) -> Any:
    """The judged columns as pandas, with the rows numbered.

    A DECIMAL becomes a float here, for judging only: a float keeps sign, zero and order against a constant, which is
    all that a rule may ask (what two columns have to do with each other is computed in SQL). Messages and keys use the
    exact rows.
    """
    import pyarrow as pa

    judged = list(dict.fromkeys(column for one in suite.rules for column in one.columns))
    absent = [name for name in judged if name not in rows.column_names]
    if absent:
        raise Refusal(
            f"{suite.table} lacks {', '.join(absent)}, which its rules judge.",
            "Correct the expectation or the table.",
            ExitCode.OUR_FAULT,
        )
    arrays: dict[str, Any] = {_ROW: pa.array(range(rows.num_rows), pa.int64())}
    for name in judged:
        column = rows.column(name)
        arrays[name] = column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column
    return pa.table(arrays).to_pandas()


def _judgement(suite: Suite, result: Any) -> Judgement:
    rule_id = result.expectation_config.meta["rule_id"]
    raised = [one for one in _exceptions(result.exception_info) if one.get("raised_exception")]
    if raised:
        message = str(raised[0].get("exception_message", "")).splitlines()[:1]
        raise Refusal(
            f"{suite.table}: the rule {rule_id} could not be judged ({' '.join(message)}).",
            "Correct the expectation or the table.",
            ExitCode.OUR_FAULT,
        )
    failing = tuple(sorted(int(one[_ROW]) for one in result.result.get("unexpected_index_list") or ()))
    return Judgement(bool(result.success), failing, result.result.get("observed_value"))


def _exceptions(info: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """One exception record, or one a metric: the shape differs with what failed."""
    if not info:
        return []
    return [info] if "raised_exception" in info else [one for one in info.values() if isinstance(one, Mapping)]
