"""Cells and footnotes: from rows of marts.report_cell to what stands on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.report import PrintedReport, print_report
from flows.reports.wording import read_wording

AUGUST = Period(2021, 8)
THREE = "2021-01,2021-02,2021-03"
EIGHT = ",".join(f"2021-{month:02d}" for month in range(1, 9))

PLAIN: dict[str, Any] = {
    "edition_id": "e1",
    "table_id": "x1",
    "table_name": "x1_volymer",
    "table_order": 1,
    "table_heading": "Volymer",
    "row_id": "r1",
    "row_order": 1,
    "row_label": "Hemtjänst, timmar",
    "column_id": "k1",
    "column_order": 1,
    "head_template": "{Månad} {år}",
    "measure_id": "home_care_hours",
    "item_id": None,
    "area_code": "",
    "sex": "T",
    "quantity": "actual",
    "year_offset": 0,
    "figure_value": None,
    "numerator": None,
    "denominator": None,
    "multiplier": Decimal(1),
    "divisor": Decimal(1),
    "row_sign": 1,
    "deviation_sign": 1,
    "minuend_column": None,
    "subtrahend_column": None,
    "print_pattern": "# ##0",
    "words": None,
    "unit": "timmar",
    "value_status": "actual",
    "method": None,
    "months": None,
    "reason": None,
    "shown_when": "ALLTID",
    "organisation_tag": "",
    "footnote_kind": None,
    "noted_numerator": None,
    "noted_denominator": None,
}
#: A cell's amounts in SEK, printed in thousands.
THOUSANDS = {"measure_id": "result", "divisor": Decimal(1000), "unit": "tkr"}
COLUMNS = [
    ("actual", 1, {}),
    ("budget_to_date", 2, {}),
    ("deviation", 3, {"minuend_column": "k1", "subtrahend_column": "k2"}),
]


def printed(*changes: dict[str, Any]) -> PrintedReport:
    rows = [{**PLAIN, **change} for change in changes]
    decimals = {
        "figure_value",
        "numerator",
        "denominator",
        "multiplier",
        "divisor",
        "noted_numerator",
        "noted_denominator",
    }
    arrays = {
        name: pa.array([row[name] for row in rows], pa.decimal128(38, 6) if name in decimals else None)
        for name in PLAIN
    }
    return print_report(pa.table(arrays), AUGUST, read_wording())


def values(report: PrintedReport) -> list[str]:
    return report.cells.column("printed").to_pylist()


def texts(report: PrintedReport) -> list[str]:
    return report.footnotes.column("text").to_pylist()


def money_row(row_id: str, order: int, actual: str, budget: str, **fields: Any) -> list[dict[str, Any]]:
    figures = {"actual": actual, "budget_to_date": budget, "deviation": None}
    return [
        {
            **THOUSANDS,
            "row_id": row_id,
            "row_order": order,
            "row_label": row_id,
            "column_id": f"k{number}",
            "column_order": number,
            "quantity": quantity,
            "figure_value": Decimal(figures[quantity]) if figures[quantity] is not None else None,
            "value_status": "budget" if quantity == "budget_to_date" else "actual" if quantity == "actual" else None,
            **more,
            **fields,
        }
        for quantity, number, more in COLUMNS
    ]


def test_a_figure_is_carried_into_the_printed_unit_with_the_rows_sign() -> None:
    report = printed({**THOUSANDS, "figure_value": Decimal("22100499.99"), "row_sign": -1})
    assert values(report) == ["-22 100"]
    assert report.cells.column("number").to_pylist() == [Decimal("-22100.4999900000")]
    assert report.cells.column("head").to_pylist() == ["Augusti 2021"]


def test_a_ratio_is_divided_once_and_keeps_both_its_parts() -> None:
    ratio = {
        "numerator": Decimal(93),
        "denominator": Decimal(1000),
        "multiplier": Decimal(100),
        "print_pattern": "0,0 %",
    }
    report = printed({**ratio, "unit": "%"})
    assert values(report) == ["9,3 %"]
    assert report.cells.column("denominator").to_pylist() == [Decimal(1000)]


def test_a_ratio_over_nothing_is_missing() -> None:
    report = printed({"numerator": Decimal(1), "denominator": Decimal(0), "reason": "inga timmar"})
    assert values(report) == ["ej tillgängligt"]
    assert texts(report) == ["Hemtjänst, timmar: uppgift saknas. Inga timmar."]


def test_a_deviation_is_the_difference_of_the_two_printed_cells() -> None:
    report = printed(*money_row("Område", 1, "1499", "499"))
    assert values(report) == ["1", "0", "1"]
    report = printed(*money_row("Område", 1, "1500", "1499", deviation_sign=-1))
    assert values(report) == ["2", "1", "-1"]


def test_a_deviation_from_words_is_missing() -> None:
    row = money_row("Område", 1, "1500", "0")
    row[1]["words"] = "I.U"
    assert values(printed(*row)) == ["2", "I.U", "ej tillgängligt"]


def test_a_deviation_of_two_empty_cells_is_empty() -> None:
    row = money_row("Område", 1, "0", "0")
    for cell in row[:2]:
        cell.update(figure_value=None, value_status=None)
    assert values(printed(*row)) == ["", "", ""]


def test_words_are_printed_as_written() -> None:
    assert values(printed({"words": "Minska 10 %", "value_status": "target", "print_pattern": None})) == ["Minska 10 %"]


def test_a_word_for_missing_needs_no_footnote() -> None:
    report = printed({"words": "I.U", "value_status": "missing", "reason": "tomt fält"})
    assert (values(report), texts(report)) == (["I.U"], [])


def test_an_observation_that_nobody_delivered_is_empty() -> None:
    assert values(printed({"quantity": "observation", "value_status": None})) == [""]


def test_a_row_for_what_belongs_nowhere_shows_only_with_an_amount() -> None:
    hidden = money_row("Utan område", 1, "0", "0", shown_when="VID_BELOPP")
    assert values(printed(*hidden)) == []
    assert values(printed(*money_row("Utan område", 1, "0", "100", shown_when="VID_BELOPP"))) == ["0", "0", "0"]


def test_an_estimate_says_what_it_stands_on_in_every_cell_that_uses_it() -> None:
    estimate = {
        "figure_value": Decimal("229544.000000"),
        "value_status": "estimated",
        "method": "months",
        "months": THREE,
        "reason": "systemfel hos annan förvaltning (ärende A-17)",
    }
    forecast = {"figure_value": Decimal(327256), "quantity": "forecast_full_year", "value_status": "forecast"}
    year_before = {"figure_value": Decimal(227910), "year_offset": -1, "column_id": "k3", "column_order": 3}
    report = printed(forecast, {**estimate, "column_id": "k2", "column_order": 2}, year_before)
    assert values(report) == ["327 256", "229 544", "227 910"]
    assert report.cells.column("footnote").to_pylist() == ["1", "1", None]
    assert texts(report) == [
        "Hemtjänst, timmar: utfall januari–mars omräknat till januari–augusti (× 8/3). "
        "April–augusti saknas: systemfel hos annan förvaltning (ärende A-17)."
    ]


def test_a_forecast_on_an_estimate_says_so_where_the_estimate_itself_is_not_printed() -> None:
    forecast = {"quantity": "forecast_full_year", "figure_value": Decimal(1), "value_status": "forecast"}
    assert "(× 8/3)" in texts(printed({**forecast, "method": "months", "months": THREE}))[0]
    assert texts(printed({**forecast, "method": "run_rate_months", "months": EIGHT})) == []


def test_a_comparative_over_another_organisation_says_so() -> None:
    report = printed({"figure_value": Decimal(1), "year_offset": -1, "organisation_tag": "not_restated"})
    assert texts(report)[0].startswith("Hemtjänst, timmar: ej omräknad organisation.")


def comparatives(*tags: str) -> list[dict[str, object]]:
    """A row each, with last year's figure and its tag."""
    return [
        {
            "row_id": f"r{number}",
            "row_order": number,
            "row_label": f"Rad {number}",
            "area_code": f"A{number}",
            "figure_value": Decimal(1),
            "year_offset": -1,
            "organisation_tag": tag,
        }
        for number, tag in enumerate(tags, start=1)
    ]


def test_a_table_in_another_organisation_says_so_once_and_marks_each_comparative() -> None:
    report = printed(*comparatives("not_restated", "not_restated", "same"))
    assert texts(report) == ["Jämförelsetal: ej omräknad organisation. De avser organisationen som den var."]
    assert report.footnotes.column("row_id").to_pylist() == [""]
    assert report.cells.column("footnote").to_pylist() == ["1", "1", None]


def test_where_some_are_restated_and_some_are_not_each_row_that_is_not_is_named() -> None:
    report = printed(*comparatives("restated", "not_restated", "restated", "not_restated"))
    assert texts(report) == [
        "Jämförelsetal: omräknade till organisationen den 31 augusti 2021.",
        "Rad 2: ej omräknad organisation. Jämförelsetalet avser organisationen som den var.",
        "Rad 4: ej omräknad organisation. Jämförelsetalet avser organisationen som den var.",
    ]
    assert report.cells.column("footnote").to_pylist() == ["1", "2", "1", "3"]


def test_restated_by_shares_says_so_and_an_unchanged_organisation_nothing() -> None:
    report = printed(*comparatives("restated_share", "restated", "same", "restated_share"))
    assert texts(report) == [
        "Jämförelsetal: omräknad organisation, med fördelningsandel för delade enheter (31 augusti 2021).",
        "Jämförelsetal: omräknade till organisationen den 31 augusti 2021.",
    ]
    assert report.cells.column("footnote").to_pylist() == ["1", "2", None, "1"]
    assert texts(printed(*comparatives("same", ""))) == []


def test_a_share_without_hired_staff_says_in_a_footnote_what_it_is_with_them() -> None:
    share = {
        "row_label": "Personalkostnadsandel",
        "measure_id": "personnel_cost_share",
        "unit": "%",
        "print_pattern": "0,0",
        "multiplier": Decimal(100),
        "numerator": Decimal(600),
        "denominator": Decimal(900),
        "footnote_kind": "with_hired",
        "noted_numerator": Decimal(700),
        "noted_denominator": Decimal(900),
    }
    report = printed(share)
    assert values(report) == ["66,7"]
    assert texts(report) == ["Personalkostnadsandel, Augusti 2021: 77,8 med inhyrd personal inräknad."]
    assert texts(printed({**share, "value_status": "missing", "numerator": None, "footnote_kind": None})) == []


def test_an_estimate_by_days_says_its_days() -> None:
    report = printed({"figure_value": Decimal(232413), "value_status": "estimated", "method": "days", "months": THREE})
    assert "(× 243/90)" in texts(report)[0]
    assert texts(report)[0].endswith("April–augusti saknas: orsaken är inte angiven.")


def test_an_estimate_of_some_units_only_gives_no_factor() -> None:
    report = printed(
        {"figure_value": Decimal(1), "value_status": "estimated", "method": "months", "months": EIGHT, "reason": "fel"}
    )
    assert "×" not in texts(report)[0]
    assert "delvis uppskattat" in texts(report)[0]


def test_months_of_another_year_carry_the_year() -> None:
    old = {"year_offset": -1, "figure_value": Decimal(1), "value_status": "estimated", "method": "months"}
    report = printed({**old, "months": "2020-01,2020-03,2020-04", "reason": "fel"})
    assert "utfall januari, mars–april 2020 omräknat till januari–augusti 2020 (× 8/3)" in texts(report)[0]


@pytest.mark.parametrize(
    ("status", "shown", "said"),
    [
        ("preliminary", "5", "preliminära uppgifter ingår. Ej avstämt."),
        ("missing", "ej tillgängligt", "uppgift saknas. Ej avstämt."),
        ("suppressed", "..", "för få personer. Ej avstämt."),
    ],
)
def test_a_status_prints_its_words_and_footnote(status: str, shown: str, said: str) -> None:
    figure = None if status == "missing" else Decimal(5)
    report = printed({"figure_value": figure, "value_status": status, "reason": "ej avstämt"})
    assert values(report) == [shown]
    assert texts(report)[0].endswith(said)


def test_a_file_that_is_named_first_keeps_its_own_letters() -> None:
    report = printed({"figure_value": None, "value_status": "missing", "reason": "heroma_franvaro.csv läses inte"})
    assert texts(report)[0].endswith("uppgift saknas. heroma_franvaro.csv läses inte.")


def test_a_suppressed_number_leaves_no_trace_in_the_row() -> None:
    report = printed({"numerator": Decimal(1), "denominator": Decimal(3), "value_status": "suppressed"})
    row = report.cells.to_pylist()[0]
    assert (row["number"], row["numerator"], row["denominator"]) == (None, None, None)


def test_a_total_off_by_rounding_says_so_and_one_that_is_wrong_does_not() -> None:
    parts = [money_row(f"Område {n}", n, "1400", "1000", area_code=str(n)) for n in (1, 2, 3)]
    total = money_row("Summa", 9, "4200", "3000")
    report = printed(*(cell for row in (*parts, total) for cell in row))
    assert values(report) == ["1", "1", "0"] * 3 + ["4", "3", "1"]
    assert report.cells.column("footnote").to_pylist() == [None] * 9 + ["1", None, "1"]
    assert texts(report) == ["Summa: avrundning. Delarna summerar inte exakt till totalen."]
    wrong = money_row("Summa", 9, "9200", "3000")
    assert texts(printed(*(cell for row in (*parts, wrong) for cell in row))) == []


def test_rates_by_area_are_no_parts_of_a_sum() -> None:
    rate = {"numerator": Decimal(1), "denominator": Decimal(10), "multiplier": Decimal(100), "print_pattern": "0"}
    rows = [{**rate, "row_id": f"r{n}", "row_order": n, "area_code": str(n or "")} for n in (1, 0)]
    assert texts(printed(*rows)) == []


def test_footnotes_are_numbered_by_table_in_reading_order() -> None:
    prel = {"figure_value": Decimal(1), "value_status": "preliminary"}
    report = printed(
        {**prel, "row_id": "r2", "row_order": 2, "row_label": "Andra"},
        {**prel, "row_label": "Första"},
        {**prel, "table_id": "x2", "table_order": 2, "row_label": "Tredje"},
    )
    numbered = [(row["table_id"], row["footnote_number"], row["text"][:6]) for row in report.footnotes.to_pylist()]
    assert numbered == [("x1", 1, "Första"), ("x1", 2, "Andra:"), ("x2", 1, "Tredje")]


@pytest.mark.parametrize("change", [{"print_pattern": "0.0"}, {"print_pattern": None}, {"head_template": "{week}"}])
def test_an_edition_that_cannot_be_printed_is_refused_with_its_place(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="x1/"):
        printed({"figure_value": Decimal(1), **change})


def test_a_deviation_from_a_column_that_is_none_is_refused() -> None:
    row = money_row("Område", 1, "1", "1")
    row[2]["subtrahend_column"] = "k9"
    with pytest.raises(Refusal, match="k9"):
        printed(*row)


def test_a_reason_that_several_rows_share_is_said_once_for_them() -> None:
    """A refused file takes many rows away; the row that lacks for a reason of its own has its own note."""
    refused = {"figure_value": None, "value_status": "missing", "reason": "heroma_franvaro.csv läses inte"}
    report = printed(
        {**refused, "row_id": "r1", "row_order": 1},
        {**refused, "row_id": "r2", "row_order": 2},
        {**refused, "row_id": "r3", "row_order": 3, "reason": "ingen prognos är lämnad", "row_label": "Måltider"},
    )
    assert texts(report) == [
        "Uppgift saknas. heroma_franvaro.csv läses inte.",
        "Måltider: uppgift saknas. Ingen prognos är lämnad.",
    ]
    assert report.cells.column("footnote").to_pylist() == ["1", "1", "2"]
    assert report.footnotes.column("row_id").to_pylist() == ["", "r3"]
