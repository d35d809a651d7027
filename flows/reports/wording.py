"""The words that reports print by themselves: rows of `warehouse/reference/`, never code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flows.declarations import root


@dataclass(frozen=True, slots=True)
class Wording:
    """`statuses`: value status → the words printed in a value's place; `precedence`: which status wins (lowest first);
    `footnotes`: (kind, method or '') → template."""

    statuses: Mapping[str, str]
    precedence: Mapping[str, int]
    labels: Mapping[str, str]
    footnotes: Mapping[tuple[str, str], str]

    def strongest(self, *statuses: str) -> str:
        """The status that is printed where several apply to one cell; '' where none does."""
        known = [status for status in statuses if status]
        return min(known, key=lambda status: self.precedence.get(status, len(self.precedence)), default="")

    def footnote(self, kind: str, method: str) -> str:
        """The method's own template, or the kind's."""
        return self.footnotes.get((kind, method)) or self.footnotes[kind, ""]


@cache
def read_wording(folder: Path = root.REFERENCE) -> Wording:
    """Read value_statuses.csv and footnote_texts.csv."""
    statuses = read_rows(folder / "value_statuses.csv")
    return Wording(
        statuses={row["value_status"]: row["printed_words"] for row in statuses},
        precedence={row["value_status"]: int(row["precedence"]) for row in statuses},
        labels={row["value_status"]: row["status_label"] for row in statuses},
        footnotes={
            (row["footnote_kind"], row["method"]): row["footnote_text"]
            for row in read_rows(folder / "footnote_texts.csv")
        },
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one file of warehouse/reference, as texts."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
