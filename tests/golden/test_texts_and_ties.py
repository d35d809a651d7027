"""What the reader sees of texts and ties: under their tables, after them, and the list of what differs."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

from rich.console import Console

from flows.domain.period import Period
from flows.reports.markdown import as_markdown
from flows.reports.tables import as_json, print_tables
from flows.reports.tie_list import as_csv, print_ties
from flows.reports.tie_list import as_json as ties_as_json
from flows.steps.tables import read_report
from flows.steps.ties import read_ties
from flows.store.home import Home
from tests.conftest import PERIOD, Organisation
from tests.golden.test_tables import CELLS, FOOTNOTES


def text(words: str | None, row: str = "", **fields: Any) -> dict[str, Any]:
    plain = {
        "table_id": "x1",
        "table_order": 1,
        "row_id": row,
        "row_order": 1 if row else 0,
        "row_label": row,
        "sequence_number": 1,
        "heading": "Volymer",
        "is_running_text": False,
        "is_placed": True,
        "printed": words,
        "responsible": "controller",
        "dated_on": None,
    }
    return {**plain, **fields}


RUNNING = {"table_id": "text:Sammanfattning", "heading": "Sammanfattning", "is_running_text": True}
TEXTS = [
    text("Andra stycket.", **RUNNING, sequence_number=2),
    text("Det [första] stycket.", **RUNNING),
    text("Fler dygn än i fjol.", "Vårddyg"),
    text("Hela tabellen är preliminär."),
    text(None, "Hemtjänst, timmar"),
    text("Trycks inte.", "Borttagen", is_placed=False),
]

TIES = [
    {
        "tie_class": tie_class,
        "tie_order": order,
        "tie_words": words,
        "left_cell": left,
        "right_cells": right,
        "unit": "tkr",
        "expected": Decimal("12261.000000"),
        "actual": Decimal(actual),
        "difference": Decimal(actual) - 12261,
        "tolerance": Decimal("1.5000000000"),
        "verdict": verdict,
        "restatement": why,
    }
    for tie_class, order, words, left, right, actual, verdict, why in (
        ("sum", 1, "delarna är totalen", "x1:s:u", "x1:a:u, x1:b:u", "12262", "rounding", None),
        ("sum", 1, "delarna är totalen", "x1:s:b", "x1:a:b, x1:b:b", "12261", "holds", None),
        ("report", 9, "lika i två rapporter", "x1:s:f", "2020-12 x1:s:u", "12300.5", "restated", "omräknad"),
        ("text", 8, "texten säger cellen", "x1:s:1#1", "x1:s:u", "-13", "breaks", None),
    )
]


def drawn(print_it: Any) -> str:
    out = io.StringIO()
    print_it(Console(file=out, width=80))
    return out.getvalue()


def test_comments_stand_under_their_table_and_running_text_after_the_tables() -> None:
    shown = drawn(lambda console: print_tables(console, CELLS, FOOTNOTES, TEXTS))
    assert shown[shown.index("1) Hem") :] == (
        "1) Hemtjänst: januari–mars.\n"
        "Hela tabellen är preliminär.\n"
        "Vårddyg: Fler dygn än i fjol.\n"
        "\n"
        "Sammanfattning\n"
        "Det [första] stycket.\n"
        "Andra stycket.\n"
        "\n"
    )


def test_json_and_markdown_carry_the_texts() -> None:
    told = json.loads(as_json(CELLS, FOOTNOTES, {}, TEXTS))
    assert [one["text"] for one in told["tables"][0]["comments"]] == [
        "Hela tabellen är preliminär.",
        "Fler dygn än i fjol.",
    ]
    assert told["tables"][0]["comments"][1]["row"] == "Vårddyg"
    assert [(one["heading"], len(one["texts"])) for one in told["texts"]] == [("Sammanfattning", 2)]
    page = as_markdown("2021-08", CELLS, FOOTNOTES, [], TEXTS)
    assert "Vårddyg: Fler dygn än i fjol.\n\n## Sammanfattning\n\nDet \\[första\\] stycket.\n\nAndra stycket." in page


def test_ties_are_counted_by_class_and_differences_listed_the_worst_first() -> None:
    assert drawn(lambda console: print_ties(console, TIES, rounded=True)) == (
        "             antal     stämmer  avrundning    omräknad       bryts\n"
        "sum              2           1           1           0           0   delarna är totalen\n"
        "text             1           0           0           0           1   texten säger cellen\n"
        "report           1           0           0           1           0   lika i två rapporter\n"
        "alla             4           1           1           1           1\n"
        "\n"
        "bryts  x1:s:1#1\n"
        "    -13 mot 12 261 tkr, skillnad -12 274 (avrundning medger 1,5)\n"
        "    x1:s:u\n"
        "\n"
        "omräknad  x1:s:f\n"
        "    12 300,5 mot 12 261 tkr, skillnad 39,5 (avrundning medger 1,5): omräknad\n"
        "    2020-12 x1:s:u\n"
        "\n"
        "avrundning  x1:s:u\n"
        "    12 262 mot 12 261 tkr, skillnad 1 (avrundning medger 1,5)\n"
        "    x1:a:u, x1:b:u\n"
    )
    assert "avrundning  x1:s:u" not in drawn(lambda console: print_ties(console, TIES))
    narrow = io.StringIO()
    print_ties(Console(file=narrow, width=72, force_terminal=True, color_system=None), TIES)
    assert (
        "sum              2           1           1           0           0\n  delarna är totalen\n"
        in narrow.getvalue()
    )
    assert "stämmer  x1:s:b" in drawn(lambda console: print_ties(console, TIES, every=True))
    assert len(as_csv(TIES).splitlines()) == 5
    assert json.loads(ties_as_json(TIES, {"version": 1}))["classes"][0] == {
        "tie_class": "sum",
        "says": "delarna är totalen",
        "number": 2,
        "holds": 1,
        "rounding": 1,
        "restated": 0,
        "breaks": 0,
    }


def test_the_demos_report_ties(closed: Organisation) -> None:
    """Every identity between the printed cells alone, and those with the texts beside them."""
    ties = read_ties(Home(closed.home), Period.parse(PERIOD)).ties
    assert [tie for tie in ties if tie["verdict"] == "breaks"] == []
    assert len([tie for tie in ties if tie["tie_class"] not in ("text", "report")]) >= 94
    assert len({(tie["tie_class"], tie["left_cell"], tie["right_cells"]) for tie in ties}) == len(ties)
    classes = {"sum", "deviation", "net", "ratio", "run_rate", "table", "sex", "text"}
    assert {tie["tie_class"] for tie in ties} == classes


def test_no_typed_figure_of_the_demos_texts_is_doubted(closed: Organisation) -> None:
    assert read_report(Home(closed.home), Period.parse(PERIOD)).texts
    texts = read_ties(Home(closed.home), Period.parse(PERIOD), "text").ties
    assert {tie["verdict"] for tie in texts} <= {"holds", "rounding"}
