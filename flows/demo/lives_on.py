"""What people type of a month of which nothing was published: forecasts, targets and judgements hold on."""

from __future__ import annotations

from dataclasses import replace

from flows.demo.targets import FigureKey, Targets

_HOLDS_ON = ("target", "forecast_full_year", "observation", "assessment")
_NOT_MEASURED = "i.u"


def held_on(before: Targets, month: Targets) -> Targets:
    """The month as people type it; no indicator has been measured since."""
    measured = {
        FigureKey(row.item_id, "", row.sex): _NOT_MEASURED
        for table in month.edition.tables.values()
        for row in table.rows.values()
        if row.measure_id == "indicator"
    }
    return replace(
        month,
        figures={key: figure for key, figure in before.figures.items() if key.quantity in _HOLDS_ON},
        words={key: words for key, words in before.words.items() if key.quantity in _HOLDS_ON} | measured,
    )
