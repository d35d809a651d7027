"""The ledger of deliveries, as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console

#: What a delivery has become, in a word.
_STATUS = {"landed": "ersatt", "duplicate": "dubblett", "refused": "läses inte", "withdrawn": "återkallad"}


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """One delivery: as it came, and what it counts for now. `replaced` is the number of the one that counted before."""

    delivery_id: int
    extract: str
    label: str
    period: Period
    file_name: str
    extracted_at: datetime
    arrived_at: datetime
    folder: str
    encoding: str
    lines: int
    landed_rows: int
    quarantined_rows: int
    status: str
    is_in_force: bool
    replaced: int | None
    is_mapped: bool
    refusal: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_because: str
    destroyed_at: datetime | None = None

    def words(self) -> str:
        """Whether it counts, and why not."""
        if self.destroyed_at is not None:
            return f"gallrad {self.destroyed_at:%Y-%m-%d}"
        return "gäller" if self.is_in_force else _STATUS[self.status]


def print_deliveries(console: Console, listed: Sequence[ListedDelivery]) -> None:
    """By extract; two lines a delivery, and a third where something is to be said of it."""
    from rich.text import Text

    for label, group in groupby(listed, key=lambda one: f"{one.label} ({one.extract})"):
        console.print(Text(label, style="bold"))
        for one in group:
            said = [f"{one.period}", one.words(), "1 rad" if one.landed_rows == 1 else f"{one.landed_rows} rader"]
            said += [f"{one.quarantined_rows} i karantän"] if one.quarantined_rows else []
            said += [one.encoding] if one.encoding else []
            said += ["med mappning"] if one.is_mapped else []
            said += [f"ersatte {one.replaced}"] if one.replaced is not None else []
            console.print(Text(f"{one.delivery_id:>5}  {', '.join(said)}"))
            origin = f" från {one.folder}" if one.folder else ""
            came = f"{one.file_name}, kom {one.arrived_at:%Y-%m-%d %H:%M}{origin}"
            console.print(Text(f"       {came}", style="dim"), soft_wrap=True)
            if one.refusal:
                console.print(Text(f"       {one.refusal}", style="yellow"), soft_wrap=True)
            if one.withdrawn_at is not None:
                when = f"{one.withdrawn_at:%Y-%m-%d %H:%M} av {one.withdrawn_by}"
                console.print(
                    Text(f"       återkallad {when}: {one.withdrawn_because}", style="yellow"), soft_wrap=True
                )


def as_csv(listed: Sequence[ListedDelivery]) -> str:
    """Every field of every delivery."""
    lines = io.StringIO()
    written = CsvLines(lines, [field.name for field in fields(ListedDelivery)])
    for one in listed:
        written.write(_plain(value) for value in _values(one))
    return lines.getvalue()


def as_json(listed: Sequence[ListedDelivery]) -> str:
    """Every delivery as an object."""
    names = [field.name for field in fields(ListedDelivery)]
    objects = [dict(zip(names, map(_json, _values(one)), strict=True)) for one in listed]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def _values(one: ListedDelivery) -> list[Any]:
    return [getattr(one, field.name) for field in fields(ListedDelivery)]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(_json(value))


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value) if isinstance(value, Period) else value
