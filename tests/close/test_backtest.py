"""`bokslut backtest` and `bokslut forecasts` on a closed demo: what they read is what was published."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import duckdb

from flows.domain.period import Period
from flows.store.closing_calendar import write_calendar
from flows.store.duckdb_engine import open_store
from flows.store.earlier import copy_earlier
from tests.conftest import LATER_PERIOD, PERIOD, Organisation


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_backtest_says_errors_and_what_it_stood_on(closed: Organisation) -> None:
    told = closed.bokslut("backtest").stdout
    assert f"bokslutet {PERIOD} version 1" in told
    assert "2020 hela året: alla mått" in told
    assert "fjolårets andel, 11 gånger, eftersom året före är inte känt: alla mått" in told
    assert "bäst" in told


def test_net_is_the_sum_of_signed_errors_and_gross_hides_nothing(closed: Organisation) -> None:
    trials = {
        (row["measure_id"], row["method"]): row
        for row in rows(closed.bokslut("backtest", PERIOD, "--format", "csv").stdout)
        if row["month_number"] == "0"
    }
    for trial in trials.values():
        assert abs(Decimal(trial["net_error_value"])) <= Decimal(trial["gross_error_value"])
    by_area = [
        row
        for row in rows(closed.bokslut("backtest", "--measure", "cost", "--format", "csv").stdout)
        if row["month_number"] == "0" and row["area_code"] and row["method"] == "run_rate_months"
    ]
    assert len(by_area) > 1
    whole = trials["cost", "run_rate_months"]
    assert sum(Decimal(row["gross_error_value"]) for row in by_area) == Decimal(whole["gross_error_value"])
    assert abs(sum(Decimal(row["net_error_value"]) for row in by_area) - Decimal(whole["net_error_value"])) < 1


def test_one_of_the_trials_by_hand(closed: Organisation) -> None:
    connection = duckdb.connect(str(closed.home / "published.duckdb"), read_only=True)
    months = [
        value
        for (value,) in connection.execute(
            "select measure_value from latest.measure_month where measure_id = 'care_days' and area_code = ''"
            " and year(month) = 2020 order by month"
        ).fetchall()
    ]
    forecast, error = connection.execute(
        "select forecast_value, error_value from latest.backtest where measure_id = 'care_days' and area_code = ''"
        " and method = 'run_rate_months' and cut_month = date '2020-04-01'"
    ).fetchall()[0]
    connection.close()
    assert len(months) == 12
    assert forecast == sum(months[:4]) * 3
    assert error == forecast - sum(months)


def test_the_json_is_whole(closed: Organisation) -> None:
    told = json.loads(closed.bokslut("backtest", "--measure", "meals", "--format", "json").stdout)
    assert told["period"] == PERIOD
    assert told["history"] == [
        {"measure_id": "meals", "year": 2020, "is_whole_year": True, "months_lacking": [], "reason": ""}
    ]
    assert {one["method"] for one in told["untried"]} == {"share_last_year", "remaining_budget"}
    assert isinstance(told["trials"][0]["net_error_value"], str)


def test_forecasts_stand_side_by_side_with_who_and_why(closed: Organisation) -> None:
    told = closed.bokslut("forecasts").stdout
    assert "bedömning: controller.ekonomi, 2021-09-07:" in told
    assert "Utfallet hittills är uppskattat på jan–mars 2021." in told
    found = rows(closed.bokslut("forecasts", "--format", "csv").stdout)
    used = {row["measure_id"]: row for row in found if row["is_used"] == "True"}
    assert used["assistance_hours_sfb"]["method"] == "run_rate_months"
    assert used["cost"]["method"] == "manual"
    meals = used["meals"]
    assert Decimal(meals["remaining_value"]) == Decimal(meals["forecast_value"]) - Decimal(meals["to_date_value"])
    assert (meals["month_number"], meals["months_left"], meals["days_to_date"], meals["days_left"]) == (
        "8",
        "4",
        "243",
        "122",
    )


def test_what_is_not_there_is_refused_by_name(closed: Organisation) -> None:
    for words in (("backtest", "--measure", "nothing"), ("forecasts", "--area", "XX"), ("backtest", "2019-01")):
        refused = closed.bokslut(*words)
        assert refused.returncode == 3, words
        assert "Refused:" in refused.stderr
    assert "care_days" in closed.bokslut("backtest", "--measure", "nothing").stderr


def test_a_later_close_reads_the_months_and_the_persons_forecasts_of_this_one(
    closed: Organisation, tmp_path_factory
) -> None:
    copied = closed.copied_to(tmp_path_factory.mktemp("later"))
    connection = open_store(copied.home / "store.duckdb")
    write_calendar(connection, Period(2022, 3), Period(2022, 4).last_day)
    copy_earlier(connection)
    months = connection.execute(
        "select count(*), min(known_in), max(month) from build.earlier_measure_month where measure_id = 'care_days'"
        " and area_code = ''"
    ).fetchall()
    forecasts = connection.execute(
        "select measure_id, forecast_value from build.earlier_forecast where measure_id in ('meals', 'result')"
        " and area_code = '' order by all"
    ).fetchall()
    write_calendar(connection, Period(2021, 8), Period(2021, 9).last_day)
    copy_earlier(connection)
    own = connection.execute("select count(*) from build.earlier_measure_month").fetchall()
    connection.close()
    assert months == [(20, Period(2021, 8).first_day, Period(2021, 8).first_day)]
    assert [measure_id for measure_id, _ in forecasts] == ["meals", "result"]
    assert forecasts[0][1] % 1000 == 0
    assert own == [(0,)]


def test_the_next_report_tries_what_people_forecast_in_this_one(closed_twice: Organisation) -> None:
    told = json.loads(closed_twice.bokslut("backtest", LATER_PERIOD, "--format", "json").stdout)
    lacking = [one for one in told["history"] if not one["is_whole_year"]]
    assert [(one["measure_id"], one["year"], one["months_lacking"]) for one in lacking] == [
        ("home_care_hours", 2021, [f"2021-{month:02d}" for month in range(4, 9)])
    ]
    (by_person,) = [
        one
        for one in told["trials"]
        if (one["measure_id"], one["method"], one["month_number"]) == ("result", "manual", 0)
    ]
    assert by_person["cuts"] == 1
    # Areas that cancel each other: what the organisation's own error hides.
    assert abs(Decimal(by_person["net_error_value"])) < Decimal(by_person["gross_error_value"])
    assert not by_person["is_best"]
