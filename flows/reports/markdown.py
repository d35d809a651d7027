"""The report and its findings as markdown, for a page that others show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from flows.domain.finding import Finding
from flows.printable import visible
from flows.reports.finding_list import EFFECT_WORDS
from flows.reports.tables import Row, by_table, comments_of, running_texts

#: What whoever shows the page would obey, an address that would be made a link by itself among it.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&@]|(?<!\w)_|_(?!\w)|^#|:(?=//)|(?<=www)\.", re.IGNORECASE)
#: The rule under the head of a column that is read from the left, and of one whose digits stand under each other.
_WORDS, _NUMBERS = "---", "---:"


def as_markdown(
    title: str,
    cells: Sequence[Row],
    footnotes: Sequence[Row],
    findings: Sequence[Finding],
    texts: Sequence[Row] = (),
    above: Sequence[str] = (),
) -> str:
    """What stands above them (markdown already), the tables with footnotes and comments, the running texts, then the
    findings in the order given."""
    parts = [f"# {escaped(title)}", *above]
    for table in by_table(cells):
        parts.append(f"## {escaped(table[0]['table_heading'])}\n\n{table_of(table)}")
        parts.extend(
            f"{note['footnote_number']}) {escaped(note['text'])}"
            for note in footnotes
            if note["table_id"] == table[0]["table_id"]
        )
        for text in comments_of(table[0]["table_id"], texts):
            label = f"{text['row_label']}: " if text["row_label"] else ""
            parts.append(escaped(f"{label}{text['printed']}"))
    for section in running_texts(texts):
        parts.append(f"## {escaped(section[0]['heading'])}")
        parts.extend(escaped(text["printed"]) for text in section)
    parts.append(f"## Avvikelser ({len(findings)})")
    if findings:
        rows = [[EFFECT_WORDS[one.effect], one.message, one.rule_id] for one in findings]
        parts.append(grid(["Följd", "Avvikelse", "Regel"], rows))
    return "\n\n".join(parts) + "\n"


def table_of(table: Sequence[Row]) -> str:
    """One table of the report: a line a row, a column a head."""
    heads = {cell["column_id"]: cell["head"] for cell in sorted(table, key=lambda cell: cell["column_order"])}
    rows = []
    for _, group in groupby(table, key=lambda cell: cell["row_id"]):
        row = list(group)
        values = {cell["column_id"]: _value(cell) for cell in row}
        rows.append([row[0]["row_label"], *(values.get(column_id, "") for column_id in heads)])
    return grid(["", *heads.values()], rows, _NUMBERS)


def _value(cell: Row) -> str:
    return f"{cell['printed']} {cell['footnote']})" if cell["footnote"] else cell["printed"]


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], rule: str = _WORDS) -> str:
    """A table whose columns after the first are all of words, or of numbers."""
    head, *body = [f"| {' | '.join(escaped(field) for field in line)} |" for line in (heads, *rows)]
    return "\n".join((head, f"| {' | '.join([_WORDS, *[rule] * (len(heads) - 1)])} |", *body))


def escaped(text: object) -> str:
    """Words as words: no link, image, element or heading that whoever shows the page would make of them."""
    return _MARKUP.sub(r"\\\g<0>", visible(str(text)).replace("\n", " "))
