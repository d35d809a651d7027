"""Files beside the targets that are no targets: the organisation's make-up, dated events, and what people of the period
typed beside the figures."""

from __future__ import annotations

import csv
from pathlib import Path

from flows.errors import Refusal

#: Each file and its header.
SIDE_FILES = {
    "enheter.csv": ["affarsomrade", "verksamhetstyp", "omrade", "antal", "personal", "omsattning"],
    "platser_handelser.csv": ["platstyp", "datum", "forandring", "handelse"],
    "luckor.csv": ["extract", "fran", "orsak", "arende"],
    "observationer.csv": ["indikator_id", "matperiod", "avser"],
    "kommentar.csv": ["tabell", "rad", "text"],
    "justering.csv": ["affarsomrade", "verksamhetstyp", "nummer", "konto", "belopp", "orsak"],
    "engangsposter.csv": [
        "post_id",
        "benamning",
        "affarsomrade",
        "verksamhetstyp",
        "konto_fran",
        "konto_till",
        "giltig_from",
        "giltig_tom",
        "beslut",
    ],
    "verksamhet_budget.csv": ["matt_id", "budget"],
}


def read_side_file(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a side file, none where it is absent. Refuses another header."""
    path = folder / name
    if not path.is_file():
        return []
    reader = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    if reader.fieldnames != SIDE_FILES[name]:
        raise Refusal(f"{path} has another header.", f"It must be {';'.join(SIDE_FILES[name])}.")
    return list(reader)
