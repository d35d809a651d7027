"""Footnotes by themselves: what a value stands on, said once a row and table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from flows.domain.heads import month_name
from flows.domain.period import Period
from flows.reports.cells import PrintedCell, noted_number
from flows.reports.print_units import read_print_units
from flows.reports.wording import Wording

#: How a comparative stands to the closed period's organisation → the footnote of its row, and that of its table.
_ORGANISATION_NOTES = {
    "restated": ("restated", "restated"),
    "restated_share": ("restated_share", "restated_share"),
    "not_restated": ("as_was", "as_was_table"),
}

#: What one measure of one area and sex is found by.
Subject = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Footnote:
    """One numbered footnote of one table; `row_id` is '' where it is about the table."""

    table_id: str
    footnote_number: int
    row_id: str
    text: str


def add_footnotes(cells: Sequence[PrintedCell], period: Period, wording: Wording) -> list[Footnote]:
    """Number the footnotes of each table in reading order and mark the cells that they belong to."""
    footnotes: list[Footnote] = []
    estimates = {_subject(cell): cell for cell in cells if _is_estimated_outcome(cell)}
    for table_id, group in groupby(cells, key=lambda cell: cell.table_id):
        table = list(group)
        off_by_rounding = _totals_off_by_rounding(table)
        speaks_for_all = _says_it_once(table)
        shared_reasons = _reasons_of_several_rows(table, wording)
        numbers: dict[tuple[str, str], int] = {}
        for cell in table:
            is_shared = _lacks_words_of_its_own(cell, wording) and cell.reason in shared_reasons
            texts = [] if is_shared else list(_texts(cell, estimates, period, wording))
            if (cell.row_id, cell.column_id) in off_by_rounding:
                texts.append(_filled("rounding", cell, cell, period, wording))
            about_rows = [(cell.row_id, text) for text in dict.fromkeys(texts)]
            if is_shared:
                about_rows.append(("", _filled("missing_table", cell, cell, period, wording)))
            for place in [*about_rows, *_about_organisation(cell, speaks_for_all, period, wording)]:
                row_id, text = place
                if place not in numbers:
                    numbers[place] = len(numbers) + 1
                    footnotes.append(Footnote(table_id, numbers[place], row_id, text))
                cell.footnote_numbers.append(numbers[place])
    return footnotes


def _subject(cell: PrintedCell) -> Subject:
    source = cell.source
    return (source["measure_id"] or "", source["item_id"] or "", source["area_code"] or "", source["sex"] or "")


def _is_estimated_outcome(cell: PrintedCell) -> bool:
    return cell.value_status == "estimated" and cell.source["quantity"] == "actual" and not cell.source["year_offset"]


def _texts(
    cell: PrintedCell, estimates: Mapping[Subject, PrintedCell], period: Period, wording: Wording
) -> Iterator[str]:
    if cell.value_status == "estimated":
        yield _filled(_estimate_kind(cell, period), cell, cell, period, wording)
    elif cell.value_status == "preliminary":
        yield _filled("preliminary", cell, cell, period, wording)
    elif cell.value_status == "suppressed" or _lacks_words_of_its_own(cell, wording):
        yield _filled(cell.value_status, cell, cell, period, wording)
    # Whoever forecasts an estimated measure saw the estimate, not the outcome.
    if cell.source["quantity"] == "forecast_full_year" and cell.number is not None and cell.value_status != "estimated":
        stands_on_estimate = ("estimated", cell.method) in wording.footnotes and cell.method and cell.months
        estimate = estimates.get(_subject(cell)) or (cell if stands_on_estimate else None)
        if estimate is not None:
            yield _filled(_estimate_kind(estimate, period), cell, estimate, period, wording)
    if cell.source.get("footnote_kind") and cell.number is not None:
        yield _filled(cell.source["footnote_kind"], cell, cell, period, wording)
    for note in cell.notes if cell.number is not None else ():
        yield _filled(note["footnote_kind"], cell, cell, period, wording, note)
    if cell.ledger_number is not None:
        yield _filled("adjusted", cell, cell, period, wording)


def _organisation_tag(cell: PrintedCell) -> str:
    """How the printed comparative treats the changed organisation; '' where there is nothing to say."""
    tag = cell.source.get("organisation_tag") or ""
    return tag if tag in _ORGANISATION_NOTES and cell.number is not None else ""


def _says_it_once(table: Sequence[PrintedCell]) -> bool:
    """Several rows whose comparatives are all of one kind share a note; where kinds are mixed each row has its own."""
    tagged = [(cell.row_id, tag) for cell in table if (tag := _organisation_tag(cell))]
    is_mixed = "not_restated" in {tag for _, tag in tagged} and len({tag for _, tag in tagged}) > 1
    return len({row_id for row_id, _ in tagged}) > 1 and not is_mixed


def _about_organisation(
    cell: PrintedCell, speaks_for_all: bool, period: Period, wording: Wording
) -> Iterator[tuple[str, str]]:
    """(row, text): the row is '' where the note is the table's. What was restated is always said once a table."""
    tag = _organisation_tag(cell)
    if tag:
        of_row, of_table = _ORGANISATION_NOTES[tag]
        is_tables = speaks_for_all or of_row == of_table
        kind = of_table if is_tables else of_row
        yield ("" if is_tables else cell.row_id, _filled(kind, cell, cell, period, wording))


def _lacks_words_of_its_own(cell: PrintedCell, wording: Wording) -> bool:
    """Missing, with a reason, and nobody has written a word for it that says so itself (`I.U`, `årsvis`)."""
    return cell.value_status == "missing" and bool(cell.reason) and cell.printed == wording.statuses["missing"]


def _reasons_of_several_rows(table: Sequence[PrintedCell], wording: Wording) -> set[str]:
    """Why cells of more than one row are missing, a refused file above all: said once for them together."""
    rows: dict[str, set[str]] = defaultdict(set)
    for cell in table:
        if _lacks_words_of_its_own(cell, wording):
            rows[cell.reason].add(cell.row_id)
    return {reason for reason, row_ids in rows.items() if len(row_ids) > 1}


def _estimate_kind(estimate: PrintedCell, period: Period) -> str:
    """An estimate that stands on every month lacks only some unit's: no factor describes it."""
    at_hand = set(_months(estimate.months))
    return "estimated" if at_hand and set(_all_months(estimate, period)) - at_hand else "estimated_in_part"


def _filled(
    kind: str,
    cell: PrintedCell,
    evidence: PrintedCell,
    period: Period,
    wording: Wording,
    note: Mapping[str, Any] | None = None,
) -> str:
    """The kind's template for the cell's row, with the months and reason of the evidence, and a note's own words."""
    words, since = ("", None) if note is None else (note["note_words"] or "", note["since_day"])
    at_hand, every = _months(evidence.months), _all_months(evidence, period)
    absent = [month for month in every if month not in set(at_hand)]
    said = evidence.reason.strip().rstrip(".")
    reason = said or wording.footnote("reason_unknown", "")
    missing_months = _named(absent, period)
    noted = noted_number(cell)
    return wording.footnote(kind, evidence.method).format(
        label=cell.source["row_label"],
        head=cell.head,
        closing_day=f"{period.days} {month_name(period.month)} {period.year}",
        method=evidence.method,
        months=_named(at_hand, period),
        all_months=_named(every, period),
        missing_months=missing_months,
        Missing_months=_capital(missing_months),
        month_factor=f"{len(every)}/{len(at_hand)}",
        day_factor=f"{sum(month.days for month in every)}/{sum(month.days for month in at_hand)}",
        noted="" if noted is None else cell.pattern().print(noted),
        **_adjusted(cell, wording),
        words=words.strip().rstrip("."),
        since="" if since is None else since.isoformat(),
        reason=reason,
        reason_sentence=f" {_capital(said)}." if said else "",
    )


def _adjusted(cell: PrintedCell, wording: Wording) -> dict[str, str]:
    """What of the cell is adjustment, why, and what the ledger alone says, as the cell itself is printed."""
    if cell.number is None or cell.ledger_number is None:
        return {"adjustment": "", "adjustment_reason": "", "booked": ""}
    why = (cell.source.get("adjustment_reason") or "").strip().rstrip(".")
    return {
        "adjustment": _difference(cell, cell.number - cell.ledger_number),
        "adjustment_reason": why or wording.footnote("reason_unknown", ""),
        "booked": _with_unit(cell, cell.ledger_number),
    }


def _difference(cell: PrintedCell, number: Fraction) -> str:
    """What lies between two numbers of the cell: of two per cent it is percentage points."""
    other = read_print_units().differences.get(cell.source["unit"])
    if other is None:
        return _with_unit(cell, number)
    return f"{cell.pattern().print(number).removesuffix(cell.pattern().suffix)} {other}"


def _with_unit(cell: PrintedCell, number: Fraction) -> str:
    printed = cell.pattern().print(number)
    return printed if cell.pattern().suffix.strip() else f"{printed} {cell.source['unit']}"


def _months(text: str) -> list[Period]:
    return sorted(Period.parse(part) for part in text.split(",") if part.strip())


def _all_months(cell: PrintedCell, period: Period) -> tuple[Period, ...]:
    return period.plus(12 * (cell.source["year_offset"] or 0)).to_date()


def _named(months: Sequence[Period], closed: Period) -> str:
    """'januari–mars', 'januari, mars–april', and the year behind where it is not the closed one."""
    runs: list[list[Period]] = []
    for month in months:
        if runs and runs[-1][-1].plus(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    named = ", ".join(
        month_name(run[0].month) if len(run) == 1 else f"{month_name(run[0].month)}–{month_name(run[-1].month)}"
        for run in runs
    )
    return named if not months or months[-1].year == closed.year else f"{named} {months[-1].year}"


def _capital(text: str) -> str:
    """A sentence's first letter; a file's name keeps its own."""
    return text if "_" in text.split(" ")[0] else text[:1].upper() + text[1:]


def _totals_off_by_rounding(table: Sequence[PrintedCell]) -> set[tuple[str, str]]:
    """(row, column) of the totals that differ from the sum of their printed areas by no more than rounding can make."""
    groups: dict[tuple[str, str, str, str], list[PrintedCell]] = defaultdict(list)
    for cell in table:
        measure_id, item_id, _, sex = _subject(cell)
        groups[measure_id, item_id, sex, cell.column_id].append(cell)
    rates = {_subject(cell)[:2] for cell in table if cell.source["numerator"] is not None}
    off: set[tuple[str, str]] = set()
    for (measure_id, item_id, _, _), cells in groups.items():
        parts = [cell for cell in cells if cell.source["area_code"]]
        if (measure_id, item_id) in rates or not parts or any(cell.number is None for cell in cells):
            continue
        for total in cells:
            if total.source["area_code"] or total.source["row_sign"] != parts[0].source["row_sign"]:
                continue
            difference = _printed_number(total) - sum(map(_printed_number, parts), Fraction())
            # A deviation is made of two printed numbers: it can be off by twice as much.
            tolerance = (len(parts) + 1) * total.pattern().half_unit() * (2 if total.is_deviation else 1)
            if 0 < abs(difference) <= tolerance:
                off.add((total.row_id, total.column_id))
    return off


def _printed_number(cell: PrintedCell) -> Fraction:
    return cell.pattern().rounded(cell.number or Fraction())
