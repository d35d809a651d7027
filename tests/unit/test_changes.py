"""What a new version would change: cells by their ids, findings by their place, footnotes by what they say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.reports.change_list import as_markdown, headline, print_changes
from flows.reports.changes import Delivered, Difference, Standing, compare

AUGUST = Period(2021, 8)
LATE = Finding("late", Severity.WARNING, Effect.BARS_LOCK, "5 rader kom sent.", keys={"unit_code": "U1"})
MEALS = Delivered("Måltider", AUGUST, datetime(2021, 9, 3, 4, 0))


def cell(row: str, printed: str, number: str = "1", status: str = "actual", **more: Any) -> dict[str, Any]:
    return {
        "table_id": "x01",
        "table_name": "volymer",
        "table_heading": "Volymer",
        "table_order": 1,
        "row_id": row,
        "row_order": 1,
        "row_label": row.capitalize(),
        "column_id": "nu",
        "column_order": 1,
        "head": "Utfall",
        "unit": "st",
        "printed": printed,
        "number": Decimal(number),
        "value_status": status,
        **more,
    }


def note(text: str, number: int = 1) -> dict[str, Any]:
    return {"table_id": "x01", "footnote_number": number, "row_id": "hours", "text": text}


BEFORE = Standing([cell("hours", "12"), cell("meals", "7")], [note("Uppskattat.")], (), [LATE], [MEALS])


def printed(changes: Any, width: int = 80) -> str:
    out = io.StringIO()
    print_changes(Console(file=out, width=width, highlight=False, emoji=False), changes)
    return out.getvalue()


def test_nothing_changes() -> None:
    found = compare(AUGUST, 3, BEFORE, replace(BEFORE))
    assert found.is_nothing
    assert headline(found) == "2021-08 version 4 mot version 3: ingen av 2 celler ändras."
    assert "regler, metoder eller kod" in printed(found)


def test_a_cell_that_prints_otherwise_is_told_by_its_address_before_and_after() -> None:
    found = compare(AUGUST, 1, BEFORE, replace(BEFORE, cells=[cell("hours", "13"), cell("meals", "7")]))
    [one] = found.cells
    assert (one.address, one.row, one.head, one.before, one.after) == ("x01:hours:nu", "Hours", "Utfall", "12", "13")
    assert headline(found) == "2021-08 version 2 mot version 1: av 2 celler 1 ändras."
    told = printed(found)
    assert "x01:hours:nu" in told
    assert "12" in told
    assert "13" in told
    assert "meals" not in told
    assert "| x01:hours:nu | Volymer | Hours, Utfall | 12 | 13 | st |" in as_markdown(found)
    assert as_markdown(replace(found, organisation="Fiktiva (syntetiska data)")).startswith(
        "Fiktiva (syntetiska data)\n"
    )


def test_an_exact_number_that_moves_unseen_is_counted_and_no_change() -> None:
    found = compare(AUGUST, 1, BEFORE, replace(BEFORE, cells=[cell("hours", "12", "1.2"), cell("meals", "7")]))
    assert found.cells == ()
    assert found.unseen == 1
    assert "1 cell till får ett annat exakt värde" in printed(found)


def test_a_cell_that_becomes_an_estimate_changes_though_it_prints_the_same() -> None:
    found = compare(
        AUGUST, 1, BEFORE, replace(BEFORE, cells=[cell("hours", "12", status="estimated"), cell("meals", "7")])
    )
    assert "1 blir uppskattad" in headline(found)
    assert "12 (uppskattad)" in printed(found)
    back = compare(AUGUST, 1, Standing([cell("hours", "12", status="estimated")]), BEFORE)
    assert "1 är inte mer uppskattad" in headline(back)


def test_rows_and_cells_that_come_and_go_are_told() -> None:
    found = compare(AUGUST, 1, BEFORE, replace(BEFORE, cells=[cell("hours", "12"), cell("beds", "3")]))
    assert {(one.address, one.before, one.after) for one in found.cells} == {
        ("x01:meals:nu", "7", None),
        ("x01:beds:nu", None, "3"),
    }
    assert headline(found).endswith("av 2 celler 1 ny, 1 försvinner.")


def test_footnotes_meet_by_what_they_say_and_not_by_their_number() -> None:
    after = replace(BEFORE, footnotes=[note("Preliminärt.", 1), note("Uppskattat.", 2)])
    found = compare(AUGUST, 1, BEFORE, after)
    assert found.footnotes == Difference(("Volymer: Preliminärt.",), ())
    assert "Nya fotnoter\n  Volymer: Preliminärt." in printed(found)


def test_a_finding_is_the_same_at_the_same_place_whatever_it_counts() -> None:
    more = replace(LATE, message="6 rader kom sent.")
    other = replace(LATE, keys={"unit_code": "U2"}, message="U2 kom sent.")
    assert compare(AUGUST, 1, BEFORE, replace(BEFORE, findings=[more])).findings == Difference()
    found = compare(AUGUST, 1, BEFORE, replace(BEFORE, findings=[other]))
    assert found.findings == Difference(("U2 kom sent. (hindrar låsning)",), ("5 rader kom sent. (hindrar låsning)",))


def test_a_delivery_that_replaced_another_is_told_with_the_one_that_no_longer_counts() -> None:
    later = replace(MEALS, extracted_at=datetime(2021, 9, 30, 7, 0))
    found = compare(AUGUST, 1, BEFORE, replace(BEFORE, deliveries=[later]))
    told = printed(found)
    assert "Nya leveranser\n  Måltider 2021-08, uttagen 2021-09-30 07:00" in told
    assert "Leveranser som inte längre gäller\n  Måltider 2021-08, uttagen 2021-09-03 04:00" in told


def test_a_first_version_says_so_and_what_was_found() -> None:
    found = compare(AUGUST, None, Standing(), BEFORE)
    assert found.version == 1
    assert found.cells == ()
    told = printed(found)
    assert told.startswith("2021-08 version 1, den första: 2 celler, 1 fotnot och 0 texter.")
    assert "5 rader kom sent." in told
    assert "Måltider" not in told


def test_it_fits_eighty_columns_and_hides_no_part_of_a_number_or_an_address() -> None:
    long = {"row_label": "Sjukfrånvaro i procent av ordinarie arbetstid, därav kvinnor 50 år och äldre"}
    was = Standing([cell("a" * 40, "1 234 567", **long)])
    found = compare(AUGUST, 1, was, Standing([cell("a" * 40, "−1 234 568,9", **long)]))
    lines = printed(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert any("1 234 567" in line and "−1 234 568,9" in line for line in lines)
    assert f"x01:{'a' * 40}:nu" in printed(found)


def test_a_page_is_spared_more_cells_than_it_shows() -> None:
    many = [cell(f"r{number}", "1") for number in range(30)]
    found = compare(AUGUST, 1, Standing(many), Standing([{**one, "printed": "2"} for one in many]))
    told = as_markdown(found, 20)
    assert told.count("| x01:") == 20
    assert "… och 10 celler till." in told
    assert as_markdown(found).count("| x01:") == 30
