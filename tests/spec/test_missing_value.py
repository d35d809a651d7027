"""Each way to write that a value is missing: the reason, the day it is expected, what is printed, and when it alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from flows.declarations.missing_words import typed_missing
from flows.domain.period import Period
from flows.reports.report import print_report
from flows.reports.wording import read_wording
from tests.drawn_tables import DrawnWarehouse

EXTRACTED = date(2022, 4, 5)
MARCH = Period(2022, 3)


@dataclass(frozen=True)
class Kind:
    """`word` as typed in the place of March's value, `rule` when the catalogue expects it; `alarm` as the gate names it."""

    word: str
    rule: str
    reason: str
    expected: date | None
    printed: str
    alarm: str
    first_alarm: date | None


KINDS = [
    Kind("i.u", "", "ingen uppgift", None, "i.u", "", None),
    Kind("i.u", "+20", "ingen uppgift", date(2022, 4, 20), "i.u", "is_late", date(2022, 4, 21)),
    Kind("I.U", "", "ingen uppgift", None, "I.U", "", None),
    Kind("årsvis", "", "mäts årsvis", None, "årsvis", "", None),
    Kind("årsvis", "06-30", "mäts årsvis", date(2022, 6, 30), "årsvis", "is_late", date(2022, 7, 1)),
    Kind("resultat v 25", "", "resultat väntas", date(2022, 6, 24), "resultat v 25", "promise", date(2022, 6, 25)),
    # What the word promises comes before what the catalogue expects, and alarms once.
    Kind("resultat v 25", "+20", "resultat väntas", date(2022, 6, 24), "resultat v 25", "promise", date(2022, 6, 25)),
    Kind("juni", "", "resultat väntas", date(2022, 6, 30), "juni", "promise", date(2022, 7, 1)),
    Kind("-", "", "uppgift saknas", None, "-", "", None),
    Kind("-", "+20", "uppgift saknas", date(2022, 4, 20), "-", "is_late", date(2022, 4, 21)),
    # Nothing was written: the report must not look as if nothing were to be said, and somebody is asked at once.
    Kind("", "", "tomt fält", None, "ej tillgängligt", "is_without_reason", date(2022, 4, 6)),
    Kind("", "06-30", "tomt fält", date(2022, 6, 30), "ej tillgängligt", "is_without_reason", date(2022, 4, 6)),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.word or 'empty'} {kind.rule}".strip())


def typed(warehouse: DrawnWarehouse, kind: Kind, as_of: date) -> None:
    """March's row of one indicator as the reader lands it, in a report that asks for it."""
    warehouse.given(
        "staging.indicator_input",
        "| delivery_id | line | month | indicator_id | sex | observation_period | missing_words |\n"
        f"| 7 | 3 | 2022-03 | hme | T | 2022-03 | {kind.word} |",
    )
    landed = [("varde", typed_missing("", EXTRACTED))]
    if kind.word:
        landed.append(("saknas", typed_missing(kind.word, EXTRACTED)))
    drawn = [
        f"| 7 | 3 | {column} | {one.word or chr(39) * 2} | {one.reason} | {one.expected_day or ''} |"
        for column, one in landed
        if one is not None
    ]
    head = "| delivery_id | line | column_name | word | reason | expected_day |"
    warehouse.given("raw.missing_value", "\n".join([head, *drawn]))
    warehouse.given(
        "build.closing_deliveries",
        "| delivery_id | extract | period | file_name |\n| 7 | indikatorer_manuell | 2022-03 | indikatorer.csv |",
    )
    warehouse.given(
        "staging.edition_indicator",
        "| indicator_id | valid_from | indicator_name | owner_role | expected_rule |\n"
        f"| hme | 2015-01-01 | HME | hr | {kind.rule} |",
    )
    warehouse.given(
        "staging.edition_table", "| edition_id | table_id | table_name | order_number |\n| e | t1 | x | 1 |"
    )
    warehouse.given(
        "staging.edition_row",
        "| table_id | row_id | order_number | row_label | measure_id | sex | item_id | print_unit | print_pattern | row_sign |"
        " deviation_sign | shown_when |\n| t1 | hme | 1 | HME | indicator | T | hme | index | 0 | 1 | 1 | ALLTID |",
    )
    warehouse.given(
        "staging.edition_column",
        "| table_id | column_id | order_number | head_template | quantity | year_offset |\n"
        "| t1 | u | 1 | Utfall {mån} | actual | 0 |",
    )
    warehouse.closing("2022-03", as_of.isoformat())


def rows(warehouse: DrawnWarehouse, table: str) -> list[dict[str, Any]]:
    made = warehouse.build(table)
    return [dict(zip(made.types, row, strict=True)) for row in made.rows]


@each_kind
def test_a_missing_value_has_a_reason_and_an_expected_day(warehouse: DrawnWarehouse, kind: Kind) -> None:
    typed(warehouse, kind, EXTRACTED)
    (found,) = rows(warehouse, "marts.indicator")
    assert (found["value_status"], found["reason"], found["expected_day"]) == ("missing", kind.reason, kind.expected)


@each_kind
def test_a_missing_value_is_printed_as_written(warehouse: DrawnWarehouse, kind: Kind) -> None:
    typed(warehouse, kind, EXTRACTED)
    warehouse.build("core.figure_indicator")
    warehouse.given("marts.figure", "| subject_id |")
    warehouse.connection.execute("insert into marts.figure by name select * from core.figure_indicator")
    warehouse.build("marts.report_cell")
    cells = warehouse.connection.execute("select * from marts.report_cell").to_arrow_table()
    printed = print_report(cells, MARCH, read_wording())
    assert printed.cells.column("printed").to_pylist() == [kind.printed]
    assert printed.cells.column("value_status").to_pylist() == ["missing"]
    said = printed.footnotes.column("text").to_pylist()
    assert said == ([] if kind.word else ["HME: uppgift saknas. Tomt fält."])


def alarms(warehouse: DrawnWarehouse) -> set[str]:
    """The flags that the gate would find up, as of the day drawn."""
    found = {"promise" for row in rows(warehouse, "quality.promise") if row["is_promise_passed"]}
    (expected,) = rows(warehouse, "quality.indicator_expected")
    return found | {flag for flag in ("is_late", "is_without_reason") if expected[flag]}


@each_kind
def test_a_missing_value_alarms_from_the_day_after_it_was_expected(warehouse: DrawnWarehouse, kind: Kind) -> None:
    first = kind.first_alarm or date(2022, 12, 31)
    typed(warehouse, kind, first - timedelta(days=1))
    assert alarms(warehouse) == ({"is_without_reason"} if kind.alarm == "is_without_reason" else set())
    typed(warehouse, kind, first)
    assert alarms(warehouse) == ({kind.alarm} if kind.alarm else set())


def test_an_empty_field_that_is_due_alarms_twice_over(warehouse: DrawnWarehouse) -> None:
    typed(warehouse, KINDS[-1], date(2022, 7, 1))
    assert alarms(warehouse) == {"is_late", "is_without_reason"}


def test_a_row_that_nobody_wrote_prints_nothing(warehouse: DrawnWarehouse) -> None:
    typed(warehouse, KINDS[0], EXTRACTED)
    warehouse.given("staging.indicator_input", "| month |")
    warehouse.given("marts.figure", "| subject_id |")
    warehouse.build("marts.report_cell")
    cells = warehouse.connection.execute("select * from marts.report_cell").to_arrow_table()
    assert print_report(cells, MARCH, read_wording()).cells.column("printed").to_pylist() == [""]
