"""What people wrote of the report: the comments beside the targets, or a few that hold of any month."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flows.demo.targets import Targets
from flows.domain.heads import month_name

#: Comments without a figure, so that none can contradict, to the first table that has the measure.
_USUAL = {
    "result": "Resultatet avser januari till och med {month}.",
    "care_days": "Volymerna följs varje månad tillsammans med beställaren.",
    "sick_leave": "Sjukfrånvaron följs upp med cheferna varje månad.",
}


def comments(targets: Targets, dated: date) -> list[dict[str, str]]:
    """The rows of the extract, each numbered within its table and row."""
    written = [(row["tabell"], row["rad"], row["text"]) for row in _declared(targets)] or _usual(targets)
    numbers: Counter[tuple[str, str]] = Counter()
    rows: list[dict[str, str]] = []
    for table, row, text in written:
        numbers[table, row] += 1
        rows.append(
            {
                "period": str(targets.period),
                "tabell": table,
                "rad": row,
                "lopnr": str(numbers[table, row]),
                "text": text,
                "ansvarig": "controller.verksamhet",
                "datum": dated.isoformat(),
            }
        )
    return rows


def _declared(targets: Targets) -> list[dict[str, str]]:
    """What was written of this very month: a month without figures has the side files of the one before."""
    return targets.side_file("kommentar.csv") if targets.figures else []


def _usual(targets: Targets) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for measure, words in _USUAL.items():
        for table in targets.edition.tables.values():
            if any(row.measure_id == measure for row in table.rows.values()):
                found.append((table.table_id, "", words.format(month=month_name(targets.period.month))))
                break
    return found
