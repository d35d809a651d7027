"""What history says the gate's limits could be: read from the build, proposed as dated rows, never put in force."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations.calibration import Calibration, Observed, Unlearned, calibration
from flows.domain.learned_limit import CalibratedThreshold, JudgedValue, findings_beyond, learned_limit
from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.findings import reading
from flows.steps.status import built_period
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

_PROPOSED = ("threshold_id", "threshold_value", "threshold_unit", "valid_from", "valid_to", "source", "because")


@dataclass(frozen=True, slots=True)
class CalibratedPeriod:
    """Every threshold in force at a period's end, set against the profiles of its close."""

    period: Period
    thresholds: Sequence[CalibratedThreshold]


def calibrate(home: Home, period: Period | None = None) -> CalibratedPeriod:
    """Set each threshold against the history that the last close stands on.

    Raises Refusal where nothing has been closed, or where the build is another period's: profiles are not frozen.
    """
    with reading(home) as connection:
        built = built_period(connection)
        if built is None:
            raise Refusal(f"Nothing has been closed in {home.path}.", "Run `bokslut close PERIOD --from DIR` first.")
        if period not in (None, built):
            raise Refusal(
                f"The build holds the history of {built}, not of {period}.",
                f"Run `bokslut close {period}` first, or `bokslut calibrate {built}`.",
            )
        return CalibratedPeriod(built, calibrated(connection, calibration()))


def calibrated(connection: duckdb.DuckDBPyConnection, declared: Calibration) -> list[CalibratedThreshold]:
    """Every threshold in force, in the order in which they are declared."""
    in_force = {
        name: (unit, value)
        for name, unit, value in connection.execute(
            "select threshold_id, threshold_unit, threshold_value from core.threshold"
        ).fetchall()
    }
    return [
        _calibrated(connection, declared, name, place, *in_force[name])
        for name, place in declared.thresholds.items()
        if name in in_force
    ]


def _calibrated(
    connection: duckdb.DuckDBPyConnection,
    declared: Calibration,
    name: str,
    place: Observed | Unlearned,
    unit: str,
    in_force: Decimal,
) -> CalibratedThreshold:
    if isinstance(place, Unlearned):
        return CalibratedThreshold(name, unit, in_force, because=place.because)
    values = judged_values(connection, place)
    findings = findings_beyond(values, in_force)
    learned = learned_limit(values, in_force, declared.percentile) if len(values) >= declared.least_values else None
    if learned is None:
        because = f"för få värden: {len(values)} av minst {declared.least_values}"
        return CalibratedThreshold(name, unit, in_force, len(values), findings, because=because)
    return CalibratedThreshold(name, unit, in_force, len(values), findings, learned, findings_beyond(values, learned))


def judged_values(connection: duckdb.DuckDBPyConnection, place: Observed) -> list[JudgedValue]:
    """The rows that a threshold judges, exactly, without those of an unknown part or with nothing to fall from."""
    rows = connection.execute(
        f"select value, per, is_finding_beyond from (select cast({place.value} as decimal(38, 6)) as value,"
        f" cast({place.per} as decimal(38, 6)) as per, coalesce({place.also}, false) as is_finding_beyond"
        f" from {place.table}) where value is not null and per >= 0 and (per > 0 or value > 0)"
    ).fetchall()
    return [
        JudgedValue(Fraction(value) * place.times / Fraction(per) if per else None, is_finding_beyond)
        for value, per, is_finding_beyond in rows
    ]


def write_proposal(proposed: CalibratedPeriod, percentile: int, file: Path) -> int:
    """Write the thresholds that history would move as rows of reference/thresholds.csv, in force from the next month.

    Returns how many. Raises Refusal where the file is there: a limit is put in force by a person.
    """
    moved = [one for one in proposed.thresholds if one.is_changed]
    try:
        with file.open("x", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(_PROPOSED)
            for one in moved:
                before = f"{one.in_force.normalize():f}"
                because = (
                    f"{percentile}:e percentilen av {one.values} värden, lägst det högsta som {before} släpper igenom;"
                    f" ger {one.findings_learned} avvikelser där {before} ger {one.findings}"
                )
                first_day = proposed.period.plus(1).first_day.isoformat()
                source = f"bokslut calibrate {proposed.period}"
                writer.writerow((one.threshold_id, f"{one.learned:f}", one.unit, first_day, "", source, because))
    except FileExistsError:
        raise Refusal(f"{file} is already there.", "Choose a file that is not.") from None
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.", "Choose another file.") from None
    return len(moved)
