"""A delivery that comes after the first close and moves one printed cell: more meals than before, uncontrolled."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import PERIOD

_MONTH = PERIOD.replace("-", "")


def deliver_meals(exports: Path, taken_out: str, more: int = 1000) -> Path:
    """The closed month's meals taken out again at this time, so many more in each unit."""
    first = min(exports.rglob(f"kost_maltider_{_MONTH}_*.csv"))
    head, *rows = first.read_bytes().decode("latin-1").splitlines()
    units = [row.split(";") for row in rows if row.count(";") == 2 and row.split(";")[1].startswith("E")]
    written = [f"{month};{unit};{int(''.join(filter(str.isdigit, meals))) + more}" for month, unit, meals in units]
    later = first.with_name(f"kost_maltider_{_MONTH}_{taken_out}.csv")
    later.write_text("\n".join([head, *written]) + "\n", "utf-8")
    return later


def ask_before_publishing(home: Path, more: str = "") -> None:
    """The home's settings: a month is published on a person's word."""
    (home / "settings.toml").write_text(f"[month_end]\nask_before_publishing = true\n{more}", "utf-8")
