"""The source × month heat map: which source is in for which month, in colours and in letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flows.domain.heads import short_month_name
from flows.domain.period import Period
from flows.reports.delivery_matrix import STATES, DeliveryMonth, sentences, source_order
from flows.reports.markup import Markup, joined, tag

#: What stands in a cell of the heat map, in the order of the legend.
LETTERS = {
    "complete": "K",
    "preliminary": "P",
    "estimated": "U",
    "partly_missing": "D",
    "missing": "S",
    "withheld": "X",
}

#: The kinds of sources, in the order of `source_order`.
_KINDS = ("Varje månad", "Huvudbok", "Register", "Övrigt")


def heat_map(owed: Sequence[DeliveryMonth]) -> Markup:
    """Sources by months, both years side by side, the newest first; below it why a month is not complete."""
    files = {(one.extract, one.month): one for one in owed if not one.unit_code}
    if not files:
        return tag("p", "Inga leveranser väntas.")
    months = sorted({month for _, month in files}, key=lambda month: (-month.year, month.month))
    by_year = [(year, list(group)) for year, group in groupby(months, key=lambda month: month.year)]
    first = {group[0] for _, group in by_year}
    heads = joined(
        tag(
            "tr",
            tag("td"),
            *(tag("th", str(year), colspan=len(group), scope="colgroup", class_="year") for year, group in by_year),
        ),
        tag(
            "tr",
            tag("th", "Källa", scope="col", class_="source"),
            *(_month_head(month, month in first) for month in months),
        ),
    )
    sources = sorted({(one.extract, one.label) for one in files.values()}, key=lambda named: source_order(*named))
    bodies = []
    for kind, group in groupby(sources, key=lambda named: source_order(*named)[0]):
        rows = [
            tag(
                "tr",
                tag("th", label, scope="row", title=extract),
                *(_state(files.get((extract, month)), month in first) for month in months),
            )
            for extract, label in group
        ]
        head = tag("tr", tag("th", _KINDS[kind], colspan=len(months) + 1, scope="rowgroup", class_="kind"))
        bodies.append(tag("tbody", head, *rows))
    caption = tag("caption", "Källa för källa och månad för månad: vad som är inne, och vad som står i stället.")
    table = tag("table", caption, tag("thead", heads), *bodies, class_="matrix")
    legend = [
        tag("li", tag("span", LETTERS[state], class_=state), ": ".join(dict.fromkeys(STATES[state])))
        for state in LETTERS
    ]
    reasons = [tag("li", sentence) for sentence in sentences(owed)]
    return joined(
        tag("div", table, class_="wide"),
        tag("ul", *legend, class_="legend"),
        tag("ul", *reasons, class_="reasons") if reasons else None,
    )


def _month_head(month: Period, is_first: bool) -> Markup:
    return tag("th", short_month_name(month.month), scope="col", class_="first" if is_first else None)


def _state(one: DeliveryMonth | None, is_first: bool) -> Markup:
    edge = " first" if is_first else ""
    if one is None:
        return tag("td", class_=edge.strip() or None)
    letter = tag("span", LETTERS[one.state], aria_hidden="true")
    return tag(
        "td", letter, tag("span", STATES[one.state][0], class_="sr"), class_=one.state + edge, title=one.sentence()
    )
