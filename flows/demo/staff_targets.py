"""Which true values make every printed staff figure come out: counts and shares solved before anybody is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from flows.demo.targets import Figure, StaffTargets
from flows.errors import Refusal

WholeNumbers = TypeVar("WholeNumbers", int, np.ndarray)

#: What is usual among women and men where nothing was published. A free figure is drawn close to it.
USUAL = {
    "sick_leave": (Fraction(85, 1000), Fraction(72, 1000)),
    "full_time_share": (Fraction(57, 100), Fraction(68, 100)),
    "pension_age": (Fraction(646, 10), Fraction(652, 10)),
}
#: So many of the external leavers retire.
PENSIONERS = 0.27
#: Men's usual share of the monthly paid, and the usual mean grade of those who work part time.
USUAL_MEN = 0.2
PART_TIME_MEAN = (0.76, 0.70)


@dataclass(frozen=True, slots=True)
class Printed:
    """The values low ≤ x < high that print alike; a wide range where no target was published."""

    low: Fraction
    high: Fraction
    is_known: bool

    @classmethod
    def of(cls, figure: Figure | None, low: Fraction, high: Fraction) -> Printed:
        """The figure's values, or the range that stands in for a figure nobody published."""
        if figure is None:
            return cls(low, high, False)
        return cls(Fraction(figure.low), Fraction(figure.high), True)

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    def least(self, denominator: WholeNumbers) -> WholeNumbers:
        """The smallest whole numerators whose ratio prints right (whole denominators)."""
        return -(-(denominator * self.low.numerator) // self.low.denominator)

    def most(self, denominator: WholeNumbers) -> WholeNumbers:
        """The largest such numerators."""
        return -(-(denominator * self.high.numerator) // self.high.denominator) - 1


@dataclass(frozen=True, slots=True)
class BySex:
    """One measure's printed values: of all, of women, of men."""

    measure_id: str
    total: Printed
    women: Printed
    men: Printed

    def room(self, men_share: np.ndarray) -> np.ndarray:
        """How much of the total's range men and women can reach together at each share of men; 0 or less is none."""
        low = np.maximum(
            float(self.total.low), (1 - men_share) * float(self.women.low) + men_share * float(self.men.low)
        )
        high = np.minimum(
            float(self.total.high), (1 - men_share) * float(self.women.high) + men_share * float(self.men.high)
        )
        return (high - low) / float(self.total.high - self.total.low)


def usual_total(measure_id: str) -> Fraction:
    """What is usual of all where nothing was published."""
    women, men = USUAL[measure_id]
    return women * 4 / 5 + men / 5


def by_sex(targets: StaffTargets, measure_id: str, year_offset: int, so_far: Fraction | None = None) -> BySex:
    """The measure's targets; a sex that was not published ranges about what is usual beside the others.

    `so_far` is what the total was before, which a year without any target goes on with.
    """
    usual = USUAL[measure_id]
    usual_of = {"T": usual_total(measure_id), "K": usual[0], "M": usual[1]}
    ceiling = Fraction(1) if max(usual) < 1 else max(usual) * 2
    figures = {sex: targets.of(measure_id, sex, year_offset) for sex in "TKM"}
    # A free figure follows its neighbours: the same measure's other sexes, else the other year's.
    own = [Fraction(figure.value) / usual_of[sex] for sex, figure in figures.items() if figure is not None]
    other_year = [
        Fraction(figure.value) / usual_of[sex]
        for sex in "TKM"
        if (figure := targets.of(measure_id, sex, -1 - year_offset)) is not None
    ]
    before = [] if so_far is None else [so_far / usual_of["T"]]
    level = (own or other_year or before or [Fraction(1)])[0]
    narrow = Fraction(3, 100) if not own or measure_id == "pension_age" else Fraction(1, 4)

    def around(value: Fraction) -> tuple[Fraction, Fraction]:
        return value * (1 - narrow), min(ceiling, value * (1 + narrow))

    return BySex(
        measure_id,
        Printed.of(figures["T"], Fraction(0), ceiling),
        Printed.of(figures["K"], *around(usual[0] * level)),
        Printed.of(figures["M"], *around(usual[1] * level)),
    )


@dataclass(frozen=True, slots=True)
class Composition:
    """Men's share of the monthly paid employments, and men's mean grade when they work part time."""

    men_share: float
    part_time_mean_men: float


def solve_composition(full_time: BySex, sick_leave: BySex, preferred: float) -> Composition:
    """The share of men at which both measures can print for T, K and M at once, as near as may be to the preferred.

    The first is a share of employments, the second of hours; the grade of part-time men joins the two. Raises Refusal.
    """
    men = np.arange(0.01, 0.99, 0.0005)
    grades = np.arange(0.45, 0.91, 0.05)
    by_count = full_time.room(men)
    full_women, full_men = float(full_time.women.middle), float(full_time.men.middle)
    hours_women = full_women + (1 - full_women) * PART_TIME_MEAN[0]
    hours_men = full_men + (1 - full_men) * grades
    share_of_hours = (men[:, None] * hours_men) / (men[:, None] * hours_men + (1 - men[:, None]) * hours_women)
    by_hours = sick_leave.room(share_of_hours)
    for measure, room in ((full_time, by_count), (sick_leave, by_hours)):
        if room.max() <= 0:
            raise _impossible(measure.measure_id, "no share of men gives the total from the figures of women and men")
    room = np.minimum((by_count / by_count.max())[:, None], by_hours / by_hours.max())
    if room.max() <= 0.02:
        raise _impossible("full_time_share and sick_leave", "they ask for different shares of men")
    # Three fifths of the widest room is room enough: beyond it nearness to the usual decides.
    score = np.minimum(room, 0.6) - 0.5 * np.abs(men - preferred)[:, None] - 0.2 * np.abs(grades - PART_TIME_MEAN[1])
    score[room <= 0.02] = -np.inf
    at_men, at_grade = np.unravel_index(int(score.argmax()), score.shape)
    return Composition(float(men[at_men]), float(grades[at_grade]))


def split_total(
    total: tuple[int, int], women: tuple[int, int], men: tuple[int, int], measure_id: str
) -> tuple[int, int]:
    """Whole numbers for women and men, each inside its range, whose sum lies inside the total's; raises Refusal."""
    low, high = max(total[0], women[0] + men[0]), min(total[1], women[1] + men[1])
    if low > high or women[0] > women[1] or men[0] > men[1]:
        raise _impossible(measure_id, "women and men together cannot give the total")
    wanted = (low + high) // 2
    width = women[1] - women[0] + men[1] - men[0]
    share = (wanted - women[0] - men[0]) * (women[1] - women[0]) // width if width else 0
    of_women = min(max(women[0] + share, wanted - men[1]), wanted - men[0])
    return of_women, wanted - of_women


def solve_full_time(
    measure: BySex, permanent: tuple[int, int], wanted_others: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many other monthly paid women and men there are beside the permanent, and how many of all work full time.

    Nearest to the wanted others among those for which whole numbers exist that print right. Raises Refusal.
    """
    others = [np.arange(0, 3 * wanted + 60) for wanted in wanted_others]
    women = (permanent[0] + others[0])[:, None]
    men = (permanent[1] + others[1])[None, :]
    ranges = [
        (printed.least(count), np.minimum(printed.most(count), count))
        for printed, count in ((measure.women, women), (measure.men, men), (measure.total, women + men))
    ]
    (women_low, women_high), (men_low, men_high), (all_low, all_high) = ranges
    fits = (women_low <= women_high) & (men_low <= men_high)
    fits &= np.maximum(all_low, women_low + men_low) <= np.minimum(all_high, women_high + men_high)
    fits &= (women > 0) & (men > 0)
    if not fits.any():
        raise _impossible(measure.measure_id, "so few employments give no such shares")
    away = np.abs(others[0] - wanted_others[0])[:, None] / (wanted_others[0] + 1) + np.abs(
        others[1] - wanted_others[1]
    )[None, :] / (wanted_others[1] + 1)
    at = np.unravel_index(int(np.where(fits, away, np.inf).argmin()), fits.shape)
    chosen = split_total(
        (int(all_low[at]), int(all_high[at])),
        (int(women_low[at[0], 0]), int(women_high[at[0], 0])),
        (int(men_low[0, at[1]]), int(men_high[0, at[1]])),
        measure.measure_id,
    )
    return (int(others[0][at[0]]), int(others[1][at[1]])), chosen


@dataclass(frozen=True, slots=True)
class Pensions:
    """How many women and men retire in a window, and the sums of their ages in tenths of a year.

    `within`: least and most that the women's, the men's and all ages may sum to; none where any sum will do.
    """

    leavers: tuple[int, int]
    tenths: tuple[int, int]
    within: tuple[tuple[int, int], ...] = ()

    def of_men(self) -> tuple[int, int]:
        """Least and most that the men's ages, who are few, may sum to: the women's can follow."""
        (women_low, women_high), (low, high), (all_low, all_high) = self.within
        return max(low, all_low - women_high), min(high, all_high - women_low)

    def of_women(self, men: int) -> tuple[int, int]:
        """Least and most that the women's ages may sum to when the men's come to so much."""
        (low, high), _, (all_low, all_high) = self.within
        return max(low, all_low - men), min(high, all_high - men)


NO_PENSIONS = Pensions((0, 0), (0, 0))


def solve_pensions(
    measure: BySex,
    leavers: int,
    men_share: float,
    earlier: Pensions = NO_PENSIONS,
    able: tuple[int, int] | None = None,
) -> Pensions:
    """Pensioners among so many external leavers, as near as may be to the usual quarter; raises Refusal.

    `earlier` are those of the window that have retired in months drawn before, `able` the women and men of an age to.
    """
    wanted, most = PENSIONERS * leavers, (leavers, min(leavers, 80))
    if able is not None:
        wanted = min(wanted, sum(able) / 2)
        most = (min(most[0], able[0]), min(most[1], able[1]))
    women = np.arange(0, most[0] + 1)[:, None]
    men = np.arange(0, most[1] + 1)[None, :]
    of_each = (
        (measure.women, women, earlier.leavers[0], earlier.tenths[0]),
        (measure.men, men, earlier.leavers[1], earlier.tenths[1]),
        (measure.total, women + men, sum(earlier.leavers), sum(earlier.tenths)),
    )
    ranges: list[tuple[np.ndarray, np.ndarray]] = []
    fits = women + men <= leavers
    for printed, count, retired, their_ages in of_each:
        # A figure that nobody published is free: only those who retire now are like the usual.
        gone, ages = (retired, their_ages) if printed.is_known else (0, 0)
        low = printed.least(10 * (count + gone)) - ages
        high = printed.most(10 * (count + gone)) - ages
        # Nobody's ages sum to nothing: the range asks for less where nobody has retired at all.
        high = np.where(count == 0, np.minimum(high, 0) if gone else 0, high)
        ranges.append((np.where(count == 0, np.maximum(low, 0), low), high))
        fits = fits & (ranges[-1][0] <= ranges[-1][1]) & ((count + gone > 0) | (not printed.is_known))
    (women_low, women_high), (men_low, men_high), (all_low, all_high) = ranges
    fits &= np.maximum(all_low, women_low + men_low) <= np.minimum(all_high, women_high + men_high)
    if not fits.any():
        raise _impossible(measure.measure_id, "no number of leavers has such mean ages")
    away = np.abs(women + men - wanted) / (wanted + 1) + np.abs(men - men_share * (women + men)) / (wanted + 1)
    at = np.unravel_index(int(np.where(fits, away, np.inf).argmin()), fits.shape)
    of_all = int(all_low[at]), int(all_high[at])
    of_women = int(women_low[at[0], 0]), int(women_high[at[0], 0])
    of_men = int(men_low[0, at[1]]), int(men_high[0, at[1]])
    tenths = split_total(of_all, of_women, of_men, measure.measure_id)
    return Pensions((int(at[0]), int(at[1])), tenths, (of_women, of_men, of_all))


def solve_sick_hours(measure: BySex, ordinary: tuple[int, int]) -> tuple[int, int]:
    """Women's and men's sick hours behind their ordinary hours, both in hundredths of an hour; raises Refusal."""
    women, men = ordinary
    ranges = [
        (printed.least(hours), printed.most(hours))
        for printed, hours in ((measure.total, women + men), (measure.women, women), (measure.men, men))
    ]
    return split_total(*ranges, measure.measure_id)


def _impossible(measure_id: str, because: str) -> Refusal:
    return Refusal(
        f"The targets for {measure_id} cannot all come out: {because}.", "Correct those figures in the targets' folder."
    )
