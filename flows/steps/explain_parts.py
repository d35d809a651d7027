"""What a figure is added up from, read from what is published: parts by name, in the cell's printed unit and sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flows.reports.account_groups import account_group_labels
from flows.reports.wording import read_wording
from flows.steps.published import PublishedPeriod, literal

Row = Mapping[str, Any]
Names = tuple[str, ...]

#: What the ledger's rows make of each measure: which of its parts, and their sign.
_LEDGER_PARTS = {"result": ("revenue", "cost"), "cost": ("cost",), "revenue": ("revenue",)}
#: quantity → (column of the published result, January…period alone).
_LEDGER_QUANTITIES = {
    "actual": ("actual_sek", True),
    "annual_accounts": ("actual_sek", False),
    "budget_to_date": ("budget_sek", True),
    "budget_full_year": ("budget_sek", False),
}
#: What a part of the outcome says of itself.
_BESIDE = {"adjustment_sek": "med justering", "one_off_sek": "med engångspost"}
#: quantity → what of an investment project it adds, with signs.
_INVESTMENT_QUANTITIES: Mapping[str, Mapping[str, int]] = {
    "actual": {"expenditure_actual_sek": 1, "income_actual_sek": -1},
    "expenditure_actual": {"expenditure_actual_sek": 1},
    "income_actual": {"income_actual_sek": 1},
    "expenditure_forecast": {"expenditure_forecast_sek": 1},
    "income_forecast": {"income_forecast_sek": 1},
    "net_forecast": {"expenditure_forecast_sek": 1, "income_forecast_sek": -1},
    "forecast_full_year": {"expenditure_forecast_sek": 1, "income_forecast_sek": -1},
    "frame": {"frame_sek": 1},
    "budget_full_year": {"frame_sek": 1},
}
#: measure → which of expenditure, income and frame it counts.
_INVESTMENT_MEASURES = {
    "investment": ("expenditure", "income", "frame"),
    "investment_expenditure": ("expenditure", "frame"),
    "investment_income": ("income",),
}


@dataclass(slots=True)
class Parts:
    """Addends of one figure by their names; `remarks` says what is to be known of one."""

    title: str
    name_heads: Names
    amounts: dict[Names, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    remarks: dict[Names, str] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        return sum(self.amounts.values(), Fraction())


def parts_of(published: PublishedPeriod, cell: Row) -> Parts | None:
    """What a cell's figure is added up from; None where nothing is added (a ratio, what people typed)."""
    measure, quantity = cell["measure_id"], cell["quantity"]
    found: Parts | None = None
    if measure in _LEDGER_PARTS and quantity in _LEDGER_QUANTITIES:
        found = _ledger(published, cell)
    elif measure in _LEDGER_PARTS and quantity == "forecast_full_year":
        found = _economic_forecast(published, cell)
    elif measure in _INVESTMENT_MEASURES and quantity in _INVESTMENT_QUANTITIES:
        found = _investments(published, cell)
    elif quantity == "actual" and published.rows("volume_part", f"measure_id = {literal(measure)}"):
        found = _volumes(published, cell)
    if found is not None:
        scale = _scale(cell)
        found.amounts = {names: amount * scale for names, amount in found.amounts.items() if amount}
    return found


def _scale(cell: Row) -> Fraction:
    """From the figure's own unit and sign to the printed ones."""
    return Fraction(cell["multiplier"] or 1) / Fraction(cell["divisor"] or 1) * (cell["row_sign"] or 1)


def _ledger(published: PublishedPeriod, cell: Row) -> Parts:
    """By ansvar and account group, in the organisation that the cell is printed in."""
    column, is_to_date = _LEDGER_QUANTITIES[cell["quantity"]]
    restated = cell["organisation_view"] != "as_was"
    area, unit = ("restated_area_code", "restated_unit_code") if restated else ("area_code", "unit_code")
    wanted = [
        f"year_offset = {int(cell['year_offset'])}",
        f"ledger_part in ({', '.join(map(literal, _LEDGER_PARTS[cell['measure_id']]))})",
        *(["is_to_date"] if is_to_date else []),
        *([f"coalesce({area}, '-') = {literal(cell['area_code'])}"] if cell["area_code"] else []),
        *(["not (year_offset < 0 and restatement_tag = 'left')"] if restated else []),
    ]
    name = _namer(published)
    found = Parts("Ansvar × kontogrupp", ("Ansvar", "Enhet", "Område", "Kontogrupp"))
    sign = 1 if cell["measure_id"] == "cost" else -1
    for row in published.rows("result", " and ".join(wanted)):
        group = account_group_labels().get(row["account_group"], row["account_group"])
        names = (row["ansvar"] or "utan ansvar", name("unit", row[unit]), name("area", row[area]), group)
        found.amounts[names] += sign * Fraction(row[column])
        beside = [words for name_of, words in _BESIDE.items() if column == "actual_sek" and row.get(name_of)]
        if beside:
            said = {*found.remarks.get(names, "").split(", "), *beside} - {""}
            found.remarks[names] = ", ".join(sorted(said))
    return found


def _economic_forecast(published: PublishedPeriod, cell: Row) -> Parts:
    """By area and kind: what each area's forecast says of revenue and cost."""
    measures = published.measures()
    name = _namer(published)
    found = Parts("Prognos per område", ("Område", "Slag"))
    wanted = [one for one in ("revenue", "cost") if cell["measure_id"] in ("result", one)]
    listed = ", ".join(map(literal, wanted))
    for row in published.rows("forecast", f"measure_id in ({listed}) and area_code <> ''"):
        if cell["area_code"] not in ("", row["area_code"]) or row["forecast_value"] is None:
            continue
        sign = -1 if cell["measure_id"] == "result" and row["measure_id"] == "cost" else 1
        names = (name("area", row["area_code"]), str(measures[row["measure_id"]]["label"]))
        found.amounts[names] += sign * Fraction(row["forecast_value"])
    return found


def _investments(published: PublishedPeriod, cell: Row) -> Parts:
    name = _namer(published)
    found = Parts("Investeringsprojekt", ("Projekt", "Område"))
    counted = _INVESTMENT_MEASURES[cell["measure_id"]]
    for row in published.rows("investment"):
        if cell["area_code"] not in ("", row["area_code"] or "-"):
            continue
        for column, sign in _INVESTMENT_QUANTITIES[cell["quantity"]].items():
            if column.startswith(counted) and row[column] is not None:
                found.amounts[row["projekt"], name("area", row["area_code"])] += sign * Fraction(row[column])
    return found


def _volumes(published: PublishedPeriod, cell: Row) -> Parts:
    """By unit and kind; an estimated or preliminary part says so."""
    view = cell["organisation_view"] or "as_was"
    name = _namer(published)
    labels = read_wording().labels
    found = Parts("Enhet × slag", ("Enhet", "Slag"))
    wanted = (
        f"measure_id = {literal(cell['measure_id'])} and year_offset = {int(cell['year_offset'])}"
        f" and organisation_view = {literal(view)} and area_code = {literal(cell['area_code'] or '')}"
    )
    for row in published.rows("volume_part", wanted):
        names = (name("unit", row["unit_code"]), row["volume_kind"])
        found.amounts[names] += Fraction(row["volume"] or 0)
        if row["part_status"] != "actual":
            found.remarks[names] = labels.get(row["part_status"], row["part_status"])
    return found


def staff_areas(published: PublishedPeriod, cell: Row) -> list[tuple[str, Fraction | None, Fraction | None]]:
    """(area, numerator, denominator) of a staff measure; nothing below an area, None where the source withholds it."""
    name = _namer(published)
    rows = published.rows(
        "staffing_to_date",
        f"measure_id = {literal(cell['measure_id'])} and level = 'area' and age_group = 'T'"
        f" and sex = {literal(cell['sex'])} and year_offset = {int(cell['year_offset'])}",
    )
    shown = [row for row in rows if cell["area_code"] in ("", row["area_code"])]
    return [(name("area", row["area_code"]), _shown(row, "numerator"), _shown(row, "denominator")) for row in shown]


def _shown(row: Row, column: str) -> Fraction | None:
    is_withheld = row["value_status"] in ("missing", "suppressed") or row[column] is None
    return None if is_withheld else Fraction(row[column])


def _namer(published: PublishedPeriod) -> Callable[[str, str | None], str]:
    """(unit or area, its code) → what it is called; the code where nobody has named it."""
    names = {kind: published.names(kind, f"{kind}_code", f"{kind}_name") for kind in ("unit", "area")}
    without = {"unit": "utan enhet", "area": "utan område"}

    def named(kind: str, code: str | None) -> str:
        return without[kind] if code in (None, "", "-") else names[kind].get(str(code), str(code))

    return named


def kinds_differ(parts: Iterable[Parts | None]) -> bool:
    """Whether two figures are added up from parts that have no names in common."""
    return len({one.name_heads if one else () for one in parts}) > 1
