"""Forecasts side by side, and how their methods would have done: read from what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.backtest_list import Backtest, HistoryYear, Trial, Untried
from flows.reports.forecast_list import MethodForecast
from flows.steps.published import PublishedPeriod, reading_published
from flows.store.home import Home

Row = Mapping[str, Any]

_METHODS_IN_ORDER = ("manual", "run_rate_months", "run_rate_days", "share_last_year", "remaining_budget")

_NO_AREA = "-"


def read_backtest(
    home: Home, period: Period | None = None, measure_id: str | None = None, area_code: str | None = None
) -> Backtest:
    """The trials of the organisation; of one measure its areas' too; or of one area.

    Raises Refusal where the period was never published, or has no such measure or area.
    """
    with reading_published(home, period) as published:
        rows = _chosen(published, published.rows("backtest_summary"), measure_id, area_code)
        labels = {name: row["label"] for name, row in published.measures().items()}
        order = _order(published)
        years = [row for row in published.rows("backtest_year") if measure_id in (None, row["measure_id"])]
        cuts = [
            row
            for row in published.rows("backtest", "error_value is null")
            if measure_id in (None, row["measure_id"]) and row["area_code"] == (area_code or "")
        ]
        areas = _area_names(published)
        return Backtest(
            published.period,
            published.version,
            [_trial(row, areas) for row in sorted(rows, key=order)],
            [_year(row, labels) for row in sorted(years, key=lambda row: (row["outcome_year"], row["measure_id"]))],
            _untried(cuts, labels, {row["method"]: row["method_label"] for row in published.rows("forecast_method")}),
        )


def read_forecasts(
    home: Home, period: Period | None = None, measure_id: str | None = None, area_code: str | None = None
) -> tuple[Period, int, list[MethodForecast]]:
    """The period, its version, and each method's forecast, chosen as the trials of `read_backtest` are.

    Raises Refusal as it does.
    """
    with reading_published(home, period) as published:
        rows = _chosen(published, published.rows("forecast_method"), measure_id, area_code)
        # What belongs to no area is shown where there is anything.
        rows = [row for row in rows if row["area_code"] != _NO_AREA or row["to_date_value"] or row["is_used"]]
        areas = _area_names(published)
        ordered = sorted(rows, key=_order(published))
        return published.period, published.version, [_forecast(row, areas) for row in ordered]


def _chosen(
    published: PublishedPeriod, rows: Sequence[Row], measure_id: str | None, area_code: str | None
) -> list[Row]:
    for asked, column, noun in ((measure_id, "measure_id", "measure"), (area_code, "area_code", "area")):
        known = sorted({row[column] for row in rows} - {""})
        if asked is not None and asked not in known:
            raise Refusal(
                f"What is published of {published.period} forecasts no {noun} {asked}.",
                f"Choose one of {', '.join(known)}." if known else "Close a period with a history first.",
            )
    found = [row for row in rows if measure_id in (None, row["measure_id"])]
    if area_code is not None:
        return [row for row in found if row["area_code"] == area_code]
    return [row for row in found if measure_id is not None or row["area_code"] == ""]


def _area_names(published: PublishedPeriod) -> Mapping[str, str]:
    return {_NO_AREA: "utan område", **published.names("area", "area_code", "area_name")}


def _order(published: PublishedPeriod) -> Any:
    """As the catalogue lists measures, the organisation before its areas, and methods as they are told."""
    measures = {name: place for place, name in enumerate(published.measures())}
    methods = {name: place for place, name in enumerate(_METHODS_IN_ORDER)}

    def key(row: Row) -> tuple[int, str, int, str, int]:
        place = methods.get(row["method"], len(methods))
        return (
            measures.get(row["measure_id"], 0),
            row["area_code"],
            place,
            row["method"],
            row.get("month_number") or 0,
        )

    return key


def _trial(row: Row, areas: Mapping[str, str]) -> Trial:
    return Trial(
        row["measure_id"],
        row["label"],
        row["area_code"],
        areas.get(row["area_code"], row["area_code"]),
        row["method"],
        row["method_label"],
        row["month_number"],
        row["figure_unit"],
        row["is_chosen_forecast"],
        row["is_best"],
        row["cuts"],
        row["shared_cuts"],
        row["net_error_value"],
        row["gross_error_value"],
        row["shared_net_error_value"],
        row["shared_gross_error_value"],
        row["tested_outcome_value"],
    )


def _year(row: Row, labels: Mapping[str, str]) -> HistoryYear:
    return HistoryYear(
        row["measure_id"],
        labels.get(row["measure_id"], row["measure_id"]),
        row["outcome_year"],
        row["is_whole_year"],
        row["months_not_at_hand"] or "",
        row["reason"] or "",
    )


def _untried(cuts: Sequence[Row], labels: Mapping[str, str], methods: Mapping[str, str]) -> list[Untried]:
    counted = Counter((row["measure_id"], row["method"], row["reason"] or "") for row in cuts)
    return [
        Untried(measure_id, labels.get(measure_id, measure_id), method, methods.get(method, method), times, reason)
        for (measure_id, method, reason), times in sorted(counted.items())
    ]


def _forecast(row: Row, areas: Mapping[str, str]) -> MethodForecast:
    return MethodForecast(
        row["measure_id"],
        row["label"],
        row["area_code"],
        areas.get(row["area_code"], row["area_code"]),
        row["method"],
        row["method_label"],
        row["is_used"],
        row["figure_unit"],
        row["forecast_value"],
        row["difference"],
        row["to_date_value"],
        row["month_number"],
        row["days_to_date"],
        row["remaining_value"],
        row["months_left"],
        row["days_left"],
        row["base_method"] or "",
        row["months"] or "",
        row["responsible"] or "",
        row["dated_on"],
        row["reason_words"] or "",
        row["reason"] or "",
    )
