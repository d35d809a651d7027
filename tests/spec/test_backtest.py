"""Walking forward over a history small enough to check by hand: net and gross errors, bias, and what had been best."""

from __future__ import annotations

import pytest

MONTH_HEAD = "| measure_id | area_code | month | figure_unit | value_status | measure_value | month_budget_value |"

#: Two areas whose years differ in shape: AO falls off as RS grows, so that the organisation is even.
AO = ["20"] * 6 + ["10"] * 6
RS = ["10"] * 6 + ["20"] * 6
EVEN = ["30"] * 12


def year(area: str, values: list[str], number: int = 2020, measure: str = "meals", budget: str = "") -> list[str]:
    return [
        f"| {measure} | {area} | {number}-{month:02d} | portions | {'actual' if value else 'missing'} | {value} | {budget} |"
        for month, value in enumerate(values, 1)
    ]


@pytest.fixture
def history(given, closing):
    """The months known at a close of January 2022."""

    def draw(*rows: str, manual: str = "") -> None:
        given("core.measure_month", "\n".join([MONTH_HEAD, *rows]))
        given(
            "build.earlier_forecast", f"| measure_id | area_code | cut_month | figure_unit | forecast_value |\n{manual}"
        )
        for table in ("core.figure_result", "core.figure_volume", "core.volume_budget_month", "core.chosen_forecast"):
            given(table, "| measure_id |" if table != "core.chosen_forecast" else "| measure_id | area_code | method |")
        closing("2022-01")

    return draw


def found(made, **wanted: object) -> list[dict[str, object]]:
    rows = [dict(zip(made.types, row, strict=True)) for row in made.rows]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def one(made, **wanted: object) -> dict[str, object]:
    (row,) = found(made, **wanted)
    return row


def test_a_net_error_of_nothing_hides_a_gross_one(history, build) -> None:
    history(*year("''", EVEN), *year("AO", AO), *year("RS", RS))
    made = build("marts.backtest")
    june = {area: one(made, area_code=area, method="run_rate_months", month_number=6) for area in ("", "AO", "RS")}
    assert {area: (row["forecast_value"], row["outcome_value"], row["error_value"]) for area, row in june.items()} == {
        "": (360, 360, 0),
        "AO": (240, 180, 60),
        "RS": (120, 180, -60),
    }
    summary = build("marts.backtest_summary")
    of_june = one(summary, area_code="", method="run_rate_months", month_number=6)
    assert (of_june["cuts"], of_june["net_error_value"], of_june["gross_error_value"]) == (1, 0, 120)
    # At every cut AO's error is RS's with the other sign, and the organisation is right at all eleven.
    whole = one(summary, area_code="", method="run_rate_months", month_number=0)
    assert (whole["cuts"], whole["net_error_value"]) == (11, 0)
    assert (
        whole["gross_error_value"]
        == one(summary, area_code="AO", method="run_rate_months", month_number=0)["gross_error_value"]
        + one(summary, area_code="RS", method="run_rate_months", month_number=0)["gross_error_value"]
    )


def test_a_year_that_lacks_a_month_is_not_tried_and_says_which(history, build, expect) -> None:
    lacking = [*EVEN[:3], "", *EVEN[4:]]
    history(*year("''", EVEN), *year("AO", EVEN), *year("''", lacking, 2021), *year("AO", lacking, 2021))
    expect(
        build("marts.backtest_year"),
        """
        | measure_id | outcome_year | months_known | is_whole_year | months_not_at_hand |
        | meals      | 2020         | 12           | true          |                    |
        | meals      | 2021         | 11           | false         | 2021-04            |
        """,
    )
    assert {row["outcome_year"] for row in found(build("marts.backtest"))} == {2020}


def test_what_could_not_be_tried_says_why(history, build) -> None:
    history(*year("''", EVEN), *year("AO", EVEN))
    made = build("marts.backtest")
    assert {row["reason"] for row in found(made, method="share_last_year")} == {"året före är inte känt"}
    assert {row["reason"] for row in found(made, method="remaining_budget")} == {"budget saknas för resten av året"}
    assert not found(build("marts.backtest_summary"), method="share_last_year")


def test_methods_are_compared_on_the_cuts_that_they_share(history, build) -> None:
    """2020 has no year before it; there the pace was right. In 2021 the year ends as 2020 did, and the share is right."""
    uneven = ["10"] * 11 + ["130"]
    twice = ["20"] * 11 + ["260"]
    history(*year("''", uneven), *year("AO", uneven), *year("''", twice, 2021), *year("AO", twice, 2021))
    summary = build("marts.backtest_summary")
    pace = one(summary, area_code="", method="run_rate_months", month_number=0)
    share = one(summary, area_code="", method="share_last_year", month_number=0)
    # January to November at 10 a month forecasts 120 of 240: −120 at each of 11 cuts; of 2021 −240.
    assert (pace["cuts"], pace["shared_cuts"], pace["net_error_value"], pace["shared_net_error_value"]) == (
        22,
        11,
        -11 * 360,
        -11 * 240,
    )
    assert (share["cuts"], share["shared_cuts"], share["gross_error_value"], share["is_best"]) == (11, 11, 0, True)
    assert pace["is_best"] is False


def test_of_equal_gross_errors_the_smaller_bias_is_best(history, build) -> None:
    # The pace of months: AO +12, RS −12; the budget of the rest: AO +12, RS +12.
    ao, rs = ["13"] * 6 + ["11"] * 6, ["11"] * 6 + ["13"] * 6
    both = ["24"] * 12
    history(
        *year("''", both, budget="28"),
        *year("AO", ao, budget="13"),
        *year("RS", rs, budget="15"),
    )
    june = found(build("marts.backtest_summary"), area_code="", month_number=6)
    told = {row["method"]: (row["net_error_value"], row["gross_error_value"], row["is_best"]) for row in june}
    assert told["run_rate_months"] == (0, 24, True)
    assert told["remaining_budget"] == (24, 24, False)


def test_a_persons_forecasts_are_tried_as_they_were_frozen(history, build) -> None:
    history(
        *year("''", ["10"] * 11 + ["20"]),
        *year("AO", ["10"] * 11 + ["20"]),
        manual="| meals | '' | 2020-08 | portions | 125 |\n| meals | AO | 2020-08 | portions | 125 |",
    )
    august = one(build("marts.backtest"), area_code="", method="manual")
    assert (august["cut_month"].isoformat(), august["error_value"]) == ("2020-08-01", -5)
    summary = build("marts.backtest_summary")
    assert one(summary, area_code="", method="manual", month_number=8)["is_best"] is True
    # One month of eleven is no comparison with methods that were tried at all of them.
    assert one(summary, area_code="", method="manual", month_number=0)["is_best"] is False


def test_a_person_who_forecasts_no_area_has_a_net_error_and_no_gross_one(history, build) -> None:
    history(*year("''", EVEN), *year("AO", AO), *year("RS", RS), manual="| meals | '' | 2020-06 | portions | 361 |")
    june = one(build("marts.backtest_summary"), area_code="", method="manual", month_number=6)
    assert (june["net_error_value"], june["gross_error_value"], june["is_best"]) == (1, None, False)


def test_a_cut_where_an_area_could_not_be_tried_counts_for_that_method_in_no_sum(history, build) -> None:
    """RS is new in 2021: last year's share says nothing of it, and what belongs to no area came to nothing."""
    history(
        *year("''", ["20"] * 12),
        *year("AO", ["20"] * 12),
        *year("''", EVEN, 2021),
        *year("AO", ["20"] * 12, 2021),
        *year("RS", ["10"] * 12, 2021),
        *year("-", ["0"] * 12, 2021),
    )
    summary = build("marts.backtest_summary")
    assert not found(summary, area_code="", method="share_last_year")
    assert one(summary, area_code="AO", method="share_last_year", month_number=0)["cuts"] == 11
    assert one(summary, area_code="", method="run_rate_months", month_number=0)["gross_error_value"] == 0


def test_the_catalogues_choice_is_told_beside_what_had_been_best(history, given, build) -> None:
    history(*year("''", EVEN), *year("AO", AO), *year("RS", RS))
    given(
        "core.chosen_forecast",
        "| measure_id | area_code | method |\n| meals | '' | run_rate_months |\n| meals | RS | run_rate_days |",
    )
    summary = build("marts.backtest_summary")
    chosen = {(row["area_code"], row["method"]) for row in found(summary, month_number=0, is_chosen_forecast=True)}
    assert chosen == {("", "run_rate_months"), ("AO", "run_rate_months"), ("RS", "run_rate_days")}
