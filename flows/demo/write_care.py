"""Write care statistics, the registers and what people type, for every closing of the timeline."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.demo import inputs
from flows.demo.adjustments import adjustment_rows, read_adjustments
from flows.demo.comments import comments
from flows.demo.exports import TYPED, Folder, dialect_of, monthly_files, taken_out
from flows.demo.lives_on import held_on
from flows.demo.one_offs import one_off_register
from flows.demo.organisation import Units
from flows.demo.places import draw_places, place_register
from flows.demo.timeline import Timeline
from flows.demo.volume_budget import volume_budget
from flows.demo.volumes import draw_volumes
from flows.domain.period import Period


def write_care(
    connection: duckdb.DuckDBPyConnection,
    folder: Folder,
    random: np.random.Generator,
    units: Units,
    timeline: Timeline,
) -> int:
    """The volumes of every month, and of every closing what is known on its day; returns how many rows."""
    of_volumes, of_places = random.spawn(2)
    volumes = draw_volumes(of_volumes, units, timeline)
    rows = sum(folder.write_months(connection, extract, table) for extract, table in volumes.tables.items())
    places = draw_places(of_places, units, timeline)
    from_day = timeline.register_day
    for place, targets in enumerate(timeline.closings):
        period = targets.period
        typed_as = targets if targets.figures else held_on(timeline.closings[place - 1], targets)
        _write_duplicate(connection, folder, "kost_maltider", volumes.tables["kost_maltider"], period.plus(-1))
        _write_replaced(connection, folder, "treserva_assistans", volumes.tables["treserva_assistans"], period.plus(-2))
        day = taken_out(period, *TYPED).date()
        typed = {
            "platser_register": place_register(places, units, period.last_day),
            "organisation_enhet": inputs.unit_register(units, from_day, period.last_day),
            "ekonomi_konto": inputs.account_register(from_day),
            "forvantade_leveranser": inputs.expected_deliveries(units, from_day, period.last_day),
            "luckor": inputs.gap_register(volumes.missing, timeline, targets),
            "indikatorer_manuell": inputs.indicator_input(typed_as),
            "mal_bedomning": inputs.goal_assessments(typed_as),
            "kommentar": comments(targets, day),
            "verksamhet_prognos": inputs.measure_forecasts(typed_as, day),
        }
        may_be_absent = {
            "engangsposter": one_off_register(timeline, units, targets),
            "justering": adjustment_rows(read_adjustments(targets, units), units, day),
            "verksamhet_budget": volume_budget(units, targets),
        }
        typed |= {extract: of_extract for extract, of_extract in may_be_absent.items() if of_extract}
        rows += sum(folder.write_typed(extract, period, of_extract) for extract, of_extract in typed.items())
    return rows


def _of_month(table: pa.Table, period: Period) -> pa.Table:
    return table.filter(pc.equal(table.column("period"), pa.scalar(period.first_day)))


def _write_duplicate(
    connection: duckdb.DuckDBPyConnection, folder: Folder, extract: str, table: pa.Table, period: Period
) -> None:
    """The same bytes once more, taken out a day later."""
    for month, content in monthly_files(connection, extract, _of_month(table, period), dialect_of(extract)):
        folder.write(extract, month, taken_out(month, 4, 4), content)


def _write_replaced(
    connection: duckdb.DuckDBPyConnection, folder: Folder, extract: str, table: pa.Table, period: Period
) -> None:
    """An earlier extraction with too many hours, and with decimal dots; the newer one is the month's."""
    of_month = _of_month(table, period)
    hours = of_month.column("timmar")
    wrong = pc.multiply(hours, pa.scalar(2)).cast(hours.type)
    place = of_month.column_names.index("timmar")
    earlier = of_month.set_column(place, "timmar", wrong)
    for month, content in monthly_files(connection, extract, earlier, replace(dialect_of(extract), decimal_mark=".")):
        folder.write(extract, month, taken_out(month, 2, 4), content)
