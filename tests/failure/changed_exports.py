"""What a month's second deliveries change, so that every step of a close has something to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from tests.conftest import PERIOD, Organisation

#: Extracts that are delivered once more, and the time in the names of the new files.
_AGAIN, _LATER = ("kost_maltider", "treserva_boende"), "20210930T0700"


def deliver_again(organisation: Organisation) -> list[Path]:
    """New extractions of the closed month: one figure moves, and one file is the same in other line ends."""
    made = []
    for extract in _AGAIN:
        [old] = organisation.exports.glob(f"{extract}_{PERIOD.replace('-', '')}_*.csv")
        # Read as eight bits each, the bytes come back as they were; other line ends are other bytes.
        head, first, *rest = old.read_bytes().decode("latin-1").replace("\r\n", "\n").split("\n")
        if extract == "kost_maltider":
            first = first.rpartition(";")[0] + ";54321"
            rest = [line for line in rest if not line.startswith(("#ANTAL", "Totalt"))]
        made.append(old.with_name(f"{extract}_{PERIOD.replace('-', '')}_{_LATER}.csv"))
        made[-1].write_bytes("\r\n".join([head, first, *rest]).encode("latin-1"))
    return made


def published(organisation: Organisation) -> Any:
    """Every cell and note of the month as anybody reads it, by the command that people use."""
    told = organisation.bokslut("tables", PERIOD, "--format", "json")
    assert told.returncode == 0, told.stderr
    report = json.loads(told.stdout)
    return {name: rows for name, rows in report.items() if name not in ("version", "closed_at")}


def is_whole(organisation: Organisation) -> bool:
    """Whether the published file opens for a stranger and tells one version of every period."""
    with duckdb.connect(str((organisation.home / "published.duckdb").resolve()), read_only=True) as file:
        rows = file.execute(
            "select count(*), count(distinct period) from latest.period"
            " inner join (select distinct period, version from latest.report_cell) using (period, version)"
        ).fetchall()
    return rows[0][0] == rows[0][1] >= 1


def leftovers(organisation: Organisation) -> list[str]:
    """What only a crash leaves in a home."""
    home = organisation.home
    found = [*home.glob("published.*.next"), *home.glob("published/*.tmp*"), *home.glob("archive/??/.arriving-*")]
    found += [path for path in home.glob("*.tmp") if not path.is_dir()]
    return sorted(str(path.relative_to(home)) for path in found)
