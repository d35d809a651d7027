"""How many sick hours each stretch of months shall have, so that every window that targets speak of comes out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flows.demo.absence_sickness import SEASON, SickHours
from flows.demo.apportion import apportion
from flows.demo.staff_months import Spoken, StaffMonths
from flows.demo.staff_targets import BySex, solve_sick_hours
from flows.errors import Refusal

#: Ordinary and sick hours (women, men) of those months of a window that were drawn before.
Earlier = Callable[[Spoken], tuple[np.ndarray, np.ndarray]]


def plan_sick_hours(
    months: StaffMonths,
    ordinary: np.ndarray,
    measure_of: Callable[[Spoken], BySex],
    earlier: Earlier | None = None,
    share_before: np.ndarray | None = None,
) -> SickHours:
    """Of `ordinary` hours (month × sex, in hundredths); a window's total is solved, its stretches follow the season.

    Outside the windows people are ill as before and after: `share_before` is the share (women, men) of the months
    before these, without the season. Raises Refusal for windows that contradict each other.
    """
    seasonal = ordinary * SEASON[months.calendar_month - 1][:, None]
    stretches = months.stretches
    wanted = np.zeros((len(stretches), 2), dtype=np.int64)
    is_exact = np.zeros(len(stretches), dtype=bool)
    reached: dict[int, tuple[int, np.ndarray]] = {}
    for spoken in months.spoken:
        if spoken in months.comparatives and not any(spoken.of("sick_leave", sex) for sex in "TKM"):
            continue
        year = spoken.last.year
        had = np.zeros((2, 2), dtype=np.int64) if earlier is None else np.array(earlier(spoken))
        women, men = (ordinary[spoken.window].sum(axis=0) + had[0]).tolist()
        total = np.array(solve_sick_hours(measure_of(spoken), (women, men))) - had[1]
        begins, so_far = reached.get(year, (spoken.window.start, np.zeros(2, dtype=np.int64)))
        part = total - so_far
        if (part <= 0).any():
            raise Refusal(
                f"The targets for sick_leave leave no hours for the last months until {spoken.last}.",
                "Correct sick_leave in the targets' folder.",
            )
        inside = [at for at, each in enumerate(stretches) if begins <= each.start and each.stop <= spoken.window.stop]
        weight = np.array([seasonal[stretches[at]].sum(axis=0) for at in inside])
        for sex in (0, 1):
            whole = apportion(weight[:, sex], np.zeros(len(inside), dtype=np.int64), part[sex : sex + 1])
            wanted[inside, sex] = whole
        is_exact[inside] = True
        reached[year] = (spoken.window.stop, total)
    weight = np.maximum(np.array([seasonal[stretch].sum(axis=0) for stretch in stretches]), 1)
    level = wanted / weight
    for at in np.flatnonzero(~is_exact):
        near = [level[other] for other in np.flatnonzero(is_exact) if other > at][:1]
        near += [level[other] for other in np.flatnonzero(is_exact) if other < at][-1:] or (
            [share_before] if share_before is not None else []
        )
        wanted[at] = np.rint(weight[at] * np.mean(near, axis=0))
    hours = np.array([ordinary[stretch].sum(axis=0) for stretch in stretches])
    return SickHours(wanted, wanted / np.maximum(hours, 1), is_exact)
