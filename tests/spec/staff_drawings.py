"""What every staff test stands on: files at hand, and drawn rows for many persons at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flows.domain.period import Period

Given = Callable[[str, str], None]

EXTRACTS = ("heroma_anstallning", "heroma_arbetstid", "heroma_franvaro", "heroma_avgang")

ONE_UNIT = """
| unit_code | area_code | valid_from |
| U1        | A1        | 2015-01-01 |
"""


def files_at_hand(given: Given, period: str, *, absent: Iterable[tuple[str, str]] = ()) -> None:
    """Every staff extract of January…period of both years, but the (extract, month) that are absent."""
    closed = Period.parse(period)
    lacking = set(absent)
    rows = ["| delivery_id | extract | period |"]
    for year in (closed.year - 1, closed.year):
        for number in range(1, closed.month + 1):
            month = f"{year}-{number:02}"
            rows += [
                f"| {len(rows)} | {extract} | {month} |" for extract in EXTRACTS if (extract, month) not in lacking
            ]
    given("build.closing_deliveries", "\n".join(rows))


def employed(
    numbers: Iterable[int],
    *,
    month: str,
    unit: str = "U1",
    sex: str = "K",
    born: str = "1980-05-05",
    protected: bool = False,
) -> str:
    """Rows of permanent full-time employees P1, P2 … for `EMPLOYMENT_HEAD`."""
    return "\n".join(
        f"| {month} | P{number} | E{number} | {unit} | TV | MAN | 100 | {sex} | {born} | 2015-01-01 | |"
        f" {str(protected).lower()} |"
        for number in numbers
    )


EMPLOYMENT_HEAD = (
    "| month | person_key | employment_id | unit_code | employment_form | pay_form | grade_percent | sex | birth_date"
    " | employed_from | employed_to | is_protected |\n"
)


def worked(numbers: Iterable[int], *, month: str, unit: str = "U1", hours: str = "160") -> str:
    """Rows of working time of E1, E2 … for `WORKING_TIME_HEAD`, none of it hourly paid."""
    return "\n".join(f"| {month} | E{number} | {unit} | {hours} | {hours} | 0 |" for number in numbers)


WORKING_TIME_HEAD = "| month | employment_id | unit_code | ordinary_hours | worked_hours | hourly_paid_hours |\n"
