"""Write payroll, HR and shifts of the synthetic organisation: the months of one closing after another."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np

from flows.declarations.contracts import contracts
from flows.demo.exports import Folder
from flows.demo.organisation import Units
from flows.demo.shifts import draw_shifts, hours_worked
from flows.demo.staff import draw_staff_over
from flows.demo.timeline import Timeline

_SHIFTS = "timecare_pass"


def write_staff(
    connection: duckdb.DuckDBPyConnection,
    folder: Folder,
    streams: tuple[np.random.Generator, np.random.Generator],
    units: Units,
    timeline: Timeline,
    scale: int,
    progress: Callable[[str], None],
) -> int:
    """The four Heroma extracts and the shifts behind the hours worked; the number of rows. Staff and shifts each have
    a stream of their own."""
    first = contracts()[_SHIFTS].first_period
    written = shifts_written = 0
    for staff in draw_staff_over(streams[0], units, [closing.staff() for closing in timeline.closings]):
        written += sum(folder.write_months(connection, extract, table) for extract, table in staff.items())
        worked = hours_worked(staff["heroma_arbetstid"], units)
        asked = {(unit, month): hours for (unit, month), hours in worked.items() if month >= first}
        if asked:
            shifts = draw_shifts(streams[1], units, asked, scale)
            shifts_written += folder.write_months(connection, _SHIFTS, shifts)
    progress(f"Wrote payroll and HR: {written} rows.")
    if shifts_written:
        progress(f"Wrote {shifts_written} shifts.")
    return written + shifts_written
