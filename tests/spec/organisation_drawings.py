"""Registers of units drawn short, for the spec tests of an organisation that changes."""

from __future__ import annotations

from tests.drawn_tables import Drawing

AREAS = "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |\n| RS | Stöd | 2 |"

UNIT_HEAD = (
    "| unit_code | unit_name | ansvar | area | activity_type | valid_from | valid_to | successor_code | share_percent |"
)


def register(drawing: str) -> str:
    """The register of `unit | ansvar | area | from | to | successor | share`."""
    rows = [[cell or "" for cell in row] for row in Drawing.read(drawing).rows]
    drawn = [
        f"| {unit} | {unit} | {ansvar} | {area} | HEMTJANST | {' | '.join(rest)} |"
        for unit, ansvar, area, *rest in rows
    ]
    return "\n".join([UNIT_HEAD, *drawn])
