"""The targets: published figures, cell by cell, as figures of the measure catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flows.domain.period import Period


@dataclass(frozen=True, slots=True, order=True)
class FigureKey:
    """Which figure: the key of `marts.figure`. `area_code` is '' for the organisation, `sex` T, K or M."""

    subject_id: str
    area_code: str = ""
    sex: str = "T"
    quantity: str = "actual"
    year_offset: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number in the figure's own unit (SEK, persons, a ratio of 0…1, years), in the mart's sign.

    `half_step` is half a unit of the last printed digit: every value in low ≤ x < high prints as the target.
    `missing_months` are the months that the published figure was estimated without.
    """

    value: Decimal
    half_step: Decimal
    missing_months: tuple[Period, ...] = ()

    @property
    def low(self) -> Decimal:
        return self.value - self.half_step

    @property
    def high(self) -> Decimal:
        return self.value + self.half_step


@dataclass(frozen=True, slots=True)
class StaffTargets:
    """What payroll and HR must come to. A key that is absent leaves the draw free.

    Measures here: permanent_headcount (persons on the last day), sick_leave, external_turnover, full_time_share,
    long_sick_leave_share, hourly_staff_share (ratios of 0…1) and pension_age (years); year_offset 0 is January…period
    (or the last day) of the closed year, -1 the same of the year before.
    """

    period: Period
    figures: Mapping[FigureKey, Figure] = field(default_factory=dict)

    def of(self, measure_id: str, sex: str = "T", year_offset: int = 0) -> Figure | None:
        """The organisation's figure, or None where none was published."""
        return self.figures.get(FigureKey(measure_id, "", sex, "actual", year_offset))
