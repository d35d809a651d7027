"""The workbook in which people enter what no system knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.close import stockholm_now
from flows.steps.deliveries import reading_received
from flows.steps.register_rows import register_rows
from flows.store.home import Home

#: Contract type → the register and its column whose values can be chosen.
_REGISTERS = {"unit": ("organisation_enhet", "enhet_kod"), "area": ("edition_omrade", "affarsomrade")}


def make_template(
    home: Home, extract: str, folder: Path, period: Period | None = None, now: Callable[[], datetime] = stockholm_now
) -> Path:
    """Write a workbook named as a delivery of the next period; returns it. A register holds the rows it has.

    Raises Refusal for an extract that a system delivers, and for a file that cannot be written.
    """
    from flows.reports.template import write_template

    contract = contracts().get(extract)
    if contract is None or not contract.typed_by_people:
        typed = ", ".join(one.extract for one in contracts().values() if one.typed_by_people)
        raise Refusal(f"{extract} is nothing that people enter.", f"Choose one of {typed}.")
    at = now().replace(tzinfo=None)
    about = period or _next_period(home, at)
    rows = register_rows(home, contract).rows if contract.content == "register" else ()
    path = folder / f"{extract}_{about.compact()}_{at:%Y%m%dT%H%M}.xlsx"
    if path.exists():
        raise Refusal(f"{path} is there already.", "Fill in that one, or wait a minute.")
    try:
        write_template(path, contract, about, rows, _lists(home))
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.", "Name a folder with --to.") from None
    return path


def _next_period(home: Home, now: datetime) -> Period:
    """The month after the one closed last; where none was, the month that has just ended."""
    if home.build_file.exists():
        with reading_received(home) as connection:
            ((last,),) = connection.execute("select max(period) from control.closings").fetchall()
        if last is not None:
            return Period.of(last).plus(1)
    return Period.of(now).plus(-1)


def _lists(home: Home) -> Mapping[str, Sequence[str]]:
    lists: dict[str, Sequence[str]] = {"extract": [one.extract for one in contracts().values()]}
    for kind, (extract, column) in _REGISTERS.items():
        try:
            rows = register_rows(home, contracts()[extract]).rows
        except Refusal:
            # A register that cannot be read whole offers no list: the cell then takes any code.
            continue
        lists[kind] = sorted({row[column] for row in rows if row[column]})
    return lists
