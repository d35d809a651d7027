"""Texts of the report: placeholders are filled from the cells, and typed figures are held to them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.domain.period import Period
from flows.reports.cells import PrintedCell, print_cells
from flows.reports.patterns import PrintPattern
from flows.reports.print_units import read_print_units
from flows.reports.quoted_placeholders import fill
from flows.reports.texts import PrintedText, print_texts
from flows.reports.wording import read_wording
from flows.reports.written_numbers import read_text_words, written_numbers
from tests.unit.test_print_cells import PLAIN, THOUSANDS

AUGUST = Period(2021, 8)
HEADS = {"k1": "Redovisat jan-aug {år}", "k2": "Budget jan-aug {år}", "k3": "Avvikelse"}


def row(row_id: str, label: str, actual: int, budget: int, table: str = "x1", **more: Any) -> list[dict[str, Any]]:
    money = {**PLAIN, **THOUSANDS, "table_id": table, "row_id": row_id, "row_label": label, "row_order": 1, **more}
    figures = [("k1", "actual", actual), ("k2", "budget_to_date", budget), ("k3", "deviation", None)]
    return [
        {
            **money,
            "column_id": column,
            "column_order": order,
            "head_template": HEADS[column],
            "quantity": quantity,
            "figure_value": None if figure is None else Decimal(figure),
            "minuend_column": "k1" if quantity == "deviation" else None,
            "subtrahend_column": "k2" if quantity == "deviation" else None,
        }
        for order, (column, quantity, figure) in enumerate(figures, 1)
    ]


def cells(*rows: list[dict[str, Any]]) -> list[PrintedCell]:
    return print_cells([cell for one in rows for cell in one], AUGUST, read_wording())


REPORT = cells(
    row("vard", "Vård och omsorg", 312_461_400, 300_200_600),
    row("kost", "Kost", 41_870_000, 42_330_000),
    row("andel", "Personal: andel", 0, 0, unit="%", print_pattern="0,0 %", divisor=Decimal(1)),
)


def comment(text: str | None, row_id: str | None = "vard", table: str = "x1") -> dict[str, Any]:
    place = {"delivery_id": 1, "line": 2, "table_id": table, "row_id": row_id, "sequence_number": 1}
    return {**place, "comment_words": text, "responsible": "controller", "dated_on": None}


def read(text: str, row_id: str | None = "vard", table: str = "x1", report: list[PrintedCell] = REPORT) -> PrintedText:
    [printed] = print_texts([comment(text, row_id, table)], report, AUGUST)
    return printed


def contradictions(printed: PrintedText) -> list[tuple[str, str]]:
    return [
        (quote.written, quote.cell.column_id)
        for quote in printed.quotes
        if quote.cell is not None
        and quote.quoted_number is not None
        and quote.cell_number is not None
        and quote.tolerance is not None
        and abs(quote.quoted_number - quote.cell_number) > quote.tolerance
    ]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("{x1:vard:k3}", "12 260"),
        ("{x1:Vård och omsorg:Avvikelse} tkr", "12 260 tkr"),
        ("{x1:vard:k3 | mnkr, 1}", "12,3 mnkr"),
        ("{x1:vard:k3|mnkr}", "12,3 mnkr"),
        ("{x1:vard:k3 | mnkr, 2} mnkr över", "12,26 mnkr över"),
        ("{x1:vard:k3 | tkr}", "12 260 tkr"),
        ("{x1:vard:k3 | kr}", "12 260 000 kr"),
        ("{x1:vard:k1 | 1}", "312 461,4"),
        ("{x1:kost:k3 | mnkr, 1}", "-0,5 mnkr"),
        ("{x1:Personal: andel:k1}", "0,0 %"),
        ("{{så}} {x1:vard:k3}", "{så} 12 260"),
        ("utan siffror", "utan siffror"),
    ],
)
def test_a_placeholder_is_filled_from_its_cell(written: str, printed: str) -> None:
    assert fill(written, REPORT, read_print_units()).printed == printed


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{x1:vard}", "adressen är inte tabell:rad:kolumn"),
        ("{x9:vard:k3}", "tabellen finns inte eller är flera; välj x1"),
        ("{x1:Vard:k9}", "kolumnen finns inte eller är flera; välj Redovisat jan-aug 2021, Budget jan-aug 2021"),
        ("{x1:vard:k3 | dygn}", "tkr kan inte räknas om till dygn"),
        ("{x1:vard:k3 | mnkr, många}", "efter | står enhet, decimaler"),
        ("{x1:vard:k3", "klammern avslutas inte; en klammer som ska tryckas skrivs {{"),
    ],
)
def test_a_placeholder_that_leads_nowhere_prints_nothing_and_says_why(written: str, reason: str) -> None:
    printed = read(f"Avvikelsen är {written}")
    assert printed.printed is None
    assert (printed.quotes[0].reason or "").startswith(reason)


def test_a_cell_without_a_number_is_quoted_by_its_words_and_noted() -> None:
    report = cells(row("vard", "Vård", 1, 1, words="årsvis"))
    printed = read("Utfallet: {x1:vard:k1}.", report=report)
    assert (printed.printed, printed.quotes[0].reason) == ("Utfallet: årsvis.", "cellen har inget tal")


def test_a_withheld_text_is_not_printed() -> None:
    [printed] = print_texts([comment(None)], REPORT, AUGUST)
    assert (printed.printed, printed.reason) == (None, "texten hålls inne")


def test_running_text_stands_last_under_its_headings_in_the_order_written() -> None:
    written = [
        {**comment("b", None, "text:Övrigt"), "line": 2},
        {**comment("c", None, "text:Inledning"), "line": 3},
        {**comment("a", "kost"), "line": 4},
        {**comment("d", "ingen"), "line": 5},
    ]
    texts = print_texts(written, REPORT, AUGUST)
    assert [(one.printed, one.heading, one.row_label, one.is_placed) for one in texts] == [
        ("d", "Volymer", "", False),
        ("a", "Volymer", "Kost", True),
        ("b", "Övrigt", "", True),
        ("c", "Inledning", "", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Avvikelsen uppgår till 12,3 mnkr.",
        "Avvikelsen uppgår till 12 260 tkr.",
        "Avvikelsen är ca 12 mnkr och beror på sjuklöner om 1,9 mnkr.",
        "Avvikelsen beror främst på inhyrd personal, 4 812 tkr, och på vakanser, 7 100 tkr.",
        "Budgeten är 300 201 tkr, avvikelsen 12 260 tkr.",
        "Utfallet blev 312 mnkr mot en budget på 300 mnkr.",
        "Den 31 augusti 2021 hade 12 270 besök gjorts; 2021-08-31 var en tisdag.",
        "I prognosen per april väntades 12 900 tkr.",
        "Avvikelsen var 11 900 tkr förra året.",
        "Vecka 35 hölls 12 möten, se § 12 och sid 34. Kostnaden per dygn är 2 150 kr.",
        "Avvikelsen väntas bli över 12 mnkr.",
        "Bemanningen kostade 300 200–312 500 tkr.",
        "Kost redovisar 41 870 tkr.",
        "Dnr 2021/312 461. 1:a kvartalet.",
    ],
)
def test_a_text_that_is_right_or_speaks_of_something_else_is_left_alone(text: str) -> None:
    assert contradictions(read(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Avvikelsen uppgår till 13,2 mnkr.", [("13,2", "k3")]),
        ("Avvikelsen är 12 620 tkr.", [("12 620", "k3")]),
        ("En budgetavvikelse på 9 mnkr.", [("9", "k3")]),
        ("Vi landar på 312 641 tkr.", [("312 641", "k1")]),
        ("Verksamheten kostade 321 461 tkr.", [("321 461", "k1")]),
        ("Budget: 310 201 tkr", [("310 201", "k2")]),
        ("Kost redovisar 41 780 tkr i budgetavvikelse.", [("41 780", "k1")]),
        ("Avvikelsen är -12 260 tkr.", [("-12 260", "k3")]),
    ],
)
def test_a_figure_that_contradicts_the_cell_it_plainly_speaks_of_is_found(text: str, found: list[Any]) -> None:
    assert contradictions(read(text)) == found


def test_running_text_speaks_of_the_rows_that_it_names() -> None:
    running = {"row_id": None, "table": "text:Ekonomi"}
    assert contradictions(read("Kost har avvikelsen -460 tkr.", **running)) == []
    assert contradictions(read("Kost har en avvikelse på -640 tkr.", **running)) == [("-640", "k3")]
    assert contradictions(read("Avvikelsen är 99 mnkr.", **running)) == []


amounts = st.integers(min_value=-900_000_000, max_value=900_000_000)
LABELS = ("Vård och omsorg", "Kost")


@given(st.lists(st.tuples(amounts, amounts), min_size=2, max_size=2), st.data())
def test_a_text_made_of_true_values_never_alarms_and_a_wrong_digit_does(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    report = cells(
        *(row(f"r{at}", label, *rows[at], row_order=at) for at, label in enumerate(LABELS)),  # type: ignore[misc]
    )
    cell = data.draw(st.sampled_from(report))
    assert cell.printed_number is not None
    unit, factor, decimals = data.draw(
        st.sampled_from([("tkr", Fraction(1), 0), ("mnkr", Fraction(1, 1000), 1), ("mnkr", Fraction(1, 1000), 2)])
    )
    written = PrintPattern(True, decimals, 0, "").print(cell.printed_number * factor)
    template = data.draw(
        st.sampled_from(["{head}: {number} {unit}.", "{head} är {number} {unit}", "Vi har {number} {unit} i {head}."])
    )
    row_id = data.draw(st.sampled_from([cell.row_id, None]))
    label = "" if row_id else f"{cell.source['row_label']}, "
    head = cell.head.split(" ")[0]
    text = label + template.format(head=head, number=written, unit=unit)
    assert contradictions(read(text, row_id, report=report)) == []

    digits = [at for at, one in enumerate(written) if one.isdigit()]
    at = data.draw(st.sampled_from(digits))
    wrong = written[:at] + str((int(written[at]) + data.draw(st.integers(1, 9))) % 10) + written[at + 1 :]
    is_led_to = "Vi har" not in template
    assume(is_led_to)
    false = text.replace(written, wrong)
    [number] = written_numbers(f"{wrong} {unit}", read_text_words())
    same_head = [
        one.printed_number * factor for one in report if one.printed_number is not None and one.head == cell.head
    ]
    # A figure that another area has too in a column of that name may be that area's.
    allowed = number.step / 2 + factor / 2
    assume(all(min(abs(one - number.value), abs(abs(one) - abs(number.value))) > allowed for one in same_head))
    assert contradictions(read(false, row_id, report=report)) != []
