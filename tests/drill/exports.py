"""The exports of the story: the demo's organisation lived on to September, and to October."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from flows.declarations.root import PROJECT
from flows.demo.write import write_demo
from flows.domain.period import Period
from tests.drill.story import BEFORE, LAST_BEFORE, NEXT, Coming

_TARGETS = PROJECT / "flows" / "demo" / "targets"
_NO_BREAK_SPACE = "\u00a0"


def write_exports(folder: Path, progress: Callable[[str], None]) -> Mapping[Period, Path]:
    """Draw the organisation twice; of the months before, the second knows better what September was."""
    targets = folder / "targets"
    shutil.copytree(_TARGETS / str(BEFORE), targets / str(BEFORE))
    for beside in _TARGETS.glob("*.csv"):
        shutil.copy(beside, targets)
    written = {}
    for until in (LAST_BEFORE, NEXT):
        written[until] = folder / f"until-{until}"
        write_demo(written[until], targets, 1, 1, lambda _: None, until)
        progress(f"Drew the organisation until {until}.")
    return written


def names_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def bytes_of(coming: Coming, exports: Mapping[Period, Path]) -> bytes:
    """What the file holds when it is put out."""
    [path] = exports[coming.until].rglob(coming.source)
    data = path.read_bytes()
    return corrected_meals(data) if coming.is_changed else data


def corrected_meals(data: bytes) -> bytes:
    """A meal file with a hundred portions more in its first row, and in its sums."""
    more = Decimal(100)
    lines = data.decode("cp1252").split("\n")
    body = [line.split(";") for line in lines]
    body[1][2] = _grouped(_number(body[1][2]) + more)
    for row in body[2:]:
        if row[0] == "Totalt":
            row[2] = _plain(_number(row[2]) + more)
        elif row[0] == "#ANTAL":
            row[3] = _plain(_number(row[3]) + more)
    return "\n".join(";".join(row) for row in body).encode("cp1252")


def _number(text: str) -> Decimal:
    return Decimal(text.replace(_NO_BREAK_SPACE, "").replace(",", "."))


def _plain(number: Decimal) -> str:
    return str(number).replace(".", ",")


def _grouped(number: Decimal) -> str:
    return f"{number:,}".replace(",", _NO_BREAK_SPACE)
