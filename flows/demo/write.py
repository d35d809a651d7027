"""Write the synthetic organisation: every extract of the contracts and the edition, from published targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from flows.demo.economy import plan_economy
from flows.demo.exports import TYPED, Folder, taken_out
from flows.demo.targets import Targets
from flows.demo.timeline import read_timeline
from flows.demo.write_care import write_care
from flows.demo.write_finance import write_finance
from flows.demo.write_staff import write_staff
from flows.domain.period import Period
from flows.errors import Refusal

_README = """Synthetic data
==============

Everything in this folder was drawn by `bokslut demo`. No organisation, unit, person, supplier or amount in it exists:
names, personal identity numbers and employment numbers are invented. Only sums were brought to published totals.

Syntetiska data: allt i den här mappen är påhittat.
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written; `periods` are the months that can be closed."""

    periods: tuple[Period, ...]
    files: int
    rows: int
    bytes: int


def write_demo(
    to: Path,
    targets: Path | None,
    seed: int,
    scale: int,
    progress: Callable[[str], None],
    until: Period | None = None,
) -> Summary:
    """Write the exports of an organisation whose report comes to the targets. The same seed gives the same bytes.

    `scale` multiplies shifts and vouchers, each smaller, behind unchanged totals. Raises Refusal for targets that no
    organisation can have, or that the edition does not know.
    """
    if scale < 1:
        raise Refusal(f"The scale {scale} is below 1.", "Give a whole number from 1.")
    timeline = read_timeline(targets, until)
    # Each subject draws from its own stream: a change in one leaves the others' bytes as they are.
    streams = [np.random.default_rng([seed, number]) for number in range(6)]
    units = timeline.draw_units(streams[0])
    # Before any file: targets that contradict each other leave nothing behind.
    economy = plan_economy(timeline, units)
    folder = Folder(to)
    to.mkdir(parents=True, exist_ok=True)
    (to / "README.md").write_text(_README, "utf-8")
    running_text = sum(closing.running_text for closing in timeline.closings)
    if running_text:
        progress(f"Left aside {running_text} figures of running text: they are no cells of a table.")
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        rows = write_care(connection, folder, streams[1], units, timeline)
        progress("Wrote care statistics, registers and what people type.")
        rows += write_staff(connection, folder, (streams[2], streams[3]), units, timeline, scale, progress)
    rows += write_finance(folder, streams[4], units, timeline, economy, scale, progress)
    for closing in timeline.closings:
        if closing.has_edition:
            _write_edition(folder, closing)
    periods = tuple(closing.period for closing in timeline.closings)
    progress(f"Wrote {folder.files} files of {' and '.join(map(str, periods))}, {rows} rows.")
    return Summary(periods, folder.files, rows, folder.bytes)


def _write_edition(folder: Folder, targets: Targets) -> None:
    for name, text in targets.edition.registers.items():
        folder.write(name, targets.period, taken_out(targets.period, *TYPED), text.encode("utf-8"))
