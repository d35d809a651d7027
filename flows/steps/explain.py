"""What stands behind one printed cell, read from what is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flows.domain.cell_address import CellAddress, address_of, find_cell
from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.explanation import Composition, Explanation, Part
from flows.reports.wording import read_wording
from flows.steps.explain_parts import Parts, kinds_differ, parts_of, staff_areas
from flows.steps.published import PublishedPeriod, literal, reading_published
from flows.store.home import Home

Row = Mapping[str, Any]

_TAGS = {
    "restated": "omräknad till organisationen vid periodens slut",
    "restated_share": "omräknad till organisationen vid periodens slut, med fördelningstal",
    "not_restated": "ej omräknad organisation",
}
#: What is left between the parts and the figure below this is rounding at the sixth decimal.
_NEGLIGIBLE = Fraction(1, 1000)


def explain_cell(home: Home, address: str, period: Period | None = None) -> Explanation:
    """Raises Refusal for an address that is none, and for one that names no cell or several: with the candidates."""
    try:
        wanted = CellAddress.parse(address)
    except ValueError as error:
        raise Refusal(f"{error}.", "Write table:row:column, each an id or what is printed.") from None
    with reading_published(home, period) as published:
        cells = published.rows("report_cell")
        cell = _the_cell(wanted, cells, published.period)
        row = {one["column_id"]: one for one in cells if _place(one) == _place(cell)}
        return Explanation(
            address_of(cell),
            f"{cell['table_id']} {cell['table_heading']}",
            cell["row_label"],
            cell["head"],
            published.period,
            published.version,
            cell["printed"] or "",
            cell["unit"] or "",
            None if cell["number"] is None else Fraction(cell["number"]),
            tuple(_facts(published, cell, row)),
            tuple(_compositions(published, cell, row)),
        )


def _the_cell(wanted: CellAddress, cells: Sequence[Row], period: Period) -> Row:
    sought = find_cell(wanted, cells)
    if sought.cell is None:
        name = getattr(wanted, sought.part or "column")
        raise Refusal(
            f"{wanted} is not one cell of the report of {period}: the {sought.part} {name!r} names none or several.",
            f"Name one of these: {'; '.join(sought.candidates)}.",
        )
    return sought.cell


def _place(cell: Row) -> tuple[str, str]:
    return cell["table_id"], cell["row_id"]


def _facts(published: PublishedPeriod, cell: Row, row: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """What is to be known of the cell before its parts."""
    measures = published.measures()
    if cell["measure_id"] in measures:
        yield "Mått", str(measures[cell["measure_id"]]["label"])
    minuend, subtrahend = row.get(cell["minuend_column"] or ""), row.get(cell["subtrahend_column"] or "")
    if minuend and subtrahend:
        turned = ", med omvänt tecken" if cell["deviation_sign"] == -1 else ""
        yield (
            "Skillnad",
            f"{minuend['head']} {minuend['printed']} − {subtrahend['head']} {subtrahend['printed']}{turned}",
        )
    yield "Status", read_wording().labels.get(cell["value_status"] or "", cell["value_status"] or "okänd")
    if cell["method"]:
        months = month_range(Period.parse(one) for one in cell["months"].split(",")) if cell["months"] else ""
        yield "Metod", f"{cell['method']}{f', på {months}' if months else ''}"
    if cell["reason"]:
        yield "Orsak", cell["reason"]
    if cell["organisation_tag"] in _TAGS:
        yield "Organisation", _TAGS[cell["organisation_tag"]]
    if cell["numerator"] is not None and cell["denominator"] is not None:
        yield "Täljare", _plain(cell["numerator"])
        yield "Nämnare", _plain(cell["denominator"])
    yield from _of_people(published, cell)
    noted = set((cell["footnote"] or "").split(","))
    for note in published.rows("footnote", f"table_id = {literal(cell['table_id'])}"):
        if str(note["footnote_number"]) in noted:
            yield "Fotnot", note["text"]


def _of_people(published: PublishedPeriod, cell: Row) -> Iterator[tuple[str, str]]:
    """Who typed it, where it comes from and what period it is about."""
    if cell["quantity"] == "forecast_full_year":
        yield from _of_forecast(published, cell)
    # A typed row's figure has its item's id; a computed row's target and earlier observations have it too.
    is_typed = cell["measure_id"] == "indicator" or cell["quantity"] in ("target", "observation")
    if not is_typed or not cell["item_id"]:
        return
    of_item = f"indicator_id = {literal(cell['item_id'])} and sex = {literal(cell['sex'])}"
    year = published.period.year + int(cell["year_offset"] or 0)
    for typed in published.rows("indicator_source", of_item):
        if not typed["observation_period"].startswith(str(year)):
            continue
        about = typed["observed_period"] or typed["observation_period"]
        said = [f"avser {about}", *(f"källa {one}" for one in [typed["indicator_source"]] if one)]
        yield "Inmatat", ", ".join([*said, f"ansvarig {typed['responsible'] or 'okänd'}"])


def _of_forecast(published: PublishedPeriod, cell: Row) -> Iterator[tuple[str, str]]:
    of_figure = f"measure_id = {literal(cell['measure_id'])} and area_code = {literal(cell['area_code'] or '')}"
    for used in published.rows("forecast", of_figure):
        if used["method"]:
            yield "Prognosmetod", used["method"]
    if not published.has("forecast_method"):
        return
    for given in published.rows("forecast_method", of_figure):
        said = [str(given[name]) for name in ("responsible", "dated_on", "reason_words") if given[name]]
        if said:
            yield "Lämnad av", ", ".join(said)


def _plain(number: Any) -> str:
    return f"{number.normalize():f}".replace(".", ",").replace("-", "−")


def _compositions(published: PublishedPeriod, cell: Row, row: Mapping[str, Row]) -> Iterator[Composition]:
    minuend, subtrahend = row.get(cell["minuend_column"] or ""), row.get(cell["subtrahend_column"] or "")
    if minuend and subtrahend:
        yield from _of_deviation(published, cell, minuend, subtrahend)
        return
    yield from _of_figure(published, cell)


def _of_figure(published: PublishedPeriod, cell: Row) -> Iterator[Composition]:
    if cell["value_status"] in ("missing", "suppressed"):
        return
    found = parts_of(published, cell)
    if found is not None:
        parts = [Part(names, (amount,), found.remarks.get(names, "")) for names, amount in found.amounts.items()]
        whole = Fraction(cell["number"])
        if abs(whole - found.total) > _NEGLIGIBLE:
            parts.append(Part(_unexplained(found), (whole - found.total,)))
        yield Composition(found.title, found.name_heads, (cell["head"],), tuple(parts), (whole,))
        return
    areas = staff_areas(published, cell)
    if areas:
        heads = ("Täljare", "Nämnare") if any(of is not None for *_, of in areas) else ("Antal",)
        parts = [Part((area,), (above, below)[: len(heads)]) for area, above, below in areas]
        yield Composition("Per område", ("Område",), heads, tuple(parts), None)


def _of_deviation(published: PublishedPeriod, cell: Row, minuend: Row, subtrahend: Row) -> Iterator[Composition]:
    """One table where both figures are made of the same kind of parts, else one of each."""
    both = [
        None if one["value_status"] in ("missing", "suppressed") else parts_of(published, one)
        for one in (minuend, subtrahend)
    ]
    first, second = both
    if first is None or second is None or kinds_differ(both):
        for one in (minuend, subtrahend):
            yield from _of_figure(published, one)
        return
    sign = cell["deviation_sign"] or 1
    parts: list[Part] = []
    for names in {**first.amounts, **second.amounts}:
        above, below = first.amounts.get(names, Fraction()), second.amounts.get(names, Fraction())
        remark = first.remarks.get(names) or second.remarks.get(names) or ""
        parts.append(Part(names, (above, below, (above - below) * sign), remark))
    wholes = (Fraction(minuend["number"]), Fraction(subtrahend["number"]))
    left = (wholes[0] - first.total, wholes[1] - second.total)
    if any(abs(one) > _NEGLIGIBLE for one in left):
        parts.append(Part(_unexplained(first), (*left, (left[0] - left[1]) * sign)))
    heads = (minuend["head"], subtrahend["head"], cell["head"])
    total = (*wholes, (wholes[0] - wholes[1]) * sign)
    yield Composition(first.title, first.name_heads, heads, tuple(parts), total)


def _unexplained(found: Parts) -> tuple[str, ...]:
    return ("ej förklarat av delarna", *("" for _ in found.name_heads[1:]))
