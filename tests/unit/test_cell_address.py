"""A cell's address is read as people write it."""

from __future__ import annotations

import pytest

from flows.domain.cell_address import CellAddress, address_of, find_cell

CELLS = [
    {
        "table_id": table,
        "table_name": f"{table}_resultat",
        "table_heading": f"Resultat {table}",
        "row_id": row,
        "row_label": label,
        "column_id": column,
        "head": head,
    }
    for table in ("a1", "a2")
    for row, label in (("summa", "Summa"), ("mal1", "Mål: Trygg vård"), ("x1", "Samma"), ("x2", "Samma"))
    for column, head in (("utfall", "Utfall aug 2021"), ("avvikelse", "Avvikelse"))
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a1:summa:avvikelse", "a1:summa:avvikelse"),
        ("a1:Summa:Avvikelse", "a1:summa:avvikelse"),
        (" A2_Resultat : SUMMA : utfall\u00a0aug  2021 ", "a2:summa:utfall"),
        ("Resultat a2:Summa:Utfall", "a2:summa:utfall"),
        ("a1:Mål: Trygg vård:Avvikelse", "a1:mal1:avvikelse"),
        ("a1:x2:Avvikelse", "a1:x2:avvikelse"),
    ],
)
def test_a_cell_is_named_by_ids_or_by_what_is_printed(text: str, found: str) -> None:
    cell = find_cell(CellAddress.parse(text), CELLS).cell
    assert cell is not None
    assert address_of(cell) == found


@pytest.mark.parametrize(
    ("text", "part", "candidates"),
    [
        ("b9:Summa:Avvikelse", "table", ("a1", "a2")),
        ("a1:Total:Avvikelse", "row", ("Summa", "Mål: Trygg vård", "Samma")),
        ("a1:Summa:Diff", "column", ("Utfall aug 2021", "Avvikelse")),
        ("a1:Samma:Avvikelse", "row", ("x1", "x2")),
    ],
)
def test_where_none_or_several_answer_it_says_which_there_are(text: str, part: str, candidates: tuple[str]) -> None:
    sought = find_cell(CellAddress.parse(text), CELLS)
    assert (sought.cell, sought.part, sought.candidates) == (None, part, candidates)


@pytest.mark.parametrize("text", ["", "a1", "a1:Summa", "a1::Avvikelse", ":Summa:Avvikelse", "a1:Summa:"])
def test_an_address_has_three_parts(text: str) -> None:
    with pytest.raises(ValueError, match="table:row:column"):
        CellAddress.parse(text)
