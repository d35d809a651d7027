"""The register of one-off posts: which accounts of which units are one-off in some months, by whose decision."""

from __future__ import annotations

from datetime import date

import numpy as np

from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.demo.timeline import Timeline
from flows.errors import Refusal

_FILE = "engangsposter.csv"


def one_off_register(timeline: Timeline, units: Units, targets: Targets) -> list[dict[str, str]]:
    """The posts of this closing and of those before it, a row for each ansvar of the named kind of unit."""
    rows: list[dict[str, str]] = []
    for closing in timeline.closings:
        if not closing.figures or closing.period > targets.period:
            continue
        for post in closing.side_file(_FILE):
            area = units.area_on(date.fromisoformat(post["giltig_from"]))
            named = np.flatnonzero((area == post["affarsomrade"]) & (units.activity_type == post["verksamhetstyp"]))
            if not len(named):
                raise Refusal(f"{_FILE}: {post['post_id']} names no unit that is there.", "Correct the row.")
            rows += [
                {
                    "post_id": post["post_id"],
                    "benamning": post["benamning"],
                    "ansvar": str(units.ansvar[unit]),
                    "konto_fran": post["konto_fran"],
                    "konto_till": post["konto_till"],
                    "projekt": "",
                    "giltig_from": post["giltig_from"],
                    "giltig_tom": post["giltig_tom"],
                    "ansvarig": "controller.ekonomi",
                    "beslut": post["beslut"],
                }
                for unit in named
            ]
    return rows
