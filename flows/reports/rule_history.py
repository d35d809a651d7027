"""How often each rule has bitten: a small table with a bar for every close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.domain.finding import Effect
from flows.reports.finding_list import EFFECT_WORDS
from flows.reports.markup import Markup, joined, tag

#: Bars are this wide and high, with one unit between them.
_BAR_WIDTH = 6
_BAR_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """One rule over the closings of its period and of earlier ones; `counts` are findings, the oldest close first."""

    rule_id: str
    because: str
    effect: Effect
    counts: tuple[int, ...]
    last_found: datetime | None

    @property
    def closings_found(self) -> int:
        return sum(1 for count in self.counts if count)


def history_section(history: Sequence[RuleHistory]) -> Markup:
    """The rules that have bitten as a table, and those that never did by name."""
    bitten = [one for one in history if one.closings_found]
    quiet = [one for one in history if not one.closings_found]
    closings = len(history[0].counts) if history else 0
    of = "1 bokslut" if closings == 1 else f"{closings} bokslut"
    return joined(
        _table(bitten, of) if bitten else tag("p", f"Ingen regel har utlösts ({of})."),
        tag(
            "details",
            tag("summary", "1 regel har inte utlösts" if len(quiet) == 1 else f"{len(quiet)} regler har inte utlösts"),
            tag("p", *_listed(quiet)),
        )
        if quiet
        else None,
    )


def _table(bitten: Sequence[RuleHistory], of: str) -> Markup:
    heads = ("Regel", "Följd", "Nu", "Utlöst i", "Senast", "Bokslut för bokslut, äldst först")
    rows = [
        tag(
            "tr",
            tag("th", tag("code", one.rule_id), tag("br"), tag("small", one.because), scope="row"),
            tag("td", EFFECT_WORDS[one.effect]),
            tag("td", str(one.counts[-1]), class_="number"),
            tag("td", f"{one.closings_found} av {of}"),
            tag("td", f"{one.last_found:%Y-%m-%d}" if one.last_found else "", class_="number"),
            tag("td", sparkline(one.counts)),
        )
        for one in bitten
    ]
    caption = f"Avvikelser per regel i periodens och tidigare perioders bokslut ({of}, de senaste)."
    head = tag("tr", *(tag("th", one, scope="col") for one in heads))
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows), class_="rows")
    return tag("div", table, class_="wide")


def sparkline(counts: Sequence[int]) -> Markup:
    """A bar a close, the highest as high as the picture; a close without findings is a line at the foot."""
    most = max(counts, default=0)
    bars = []
    for number, count in enumerate(counts):
        height = max(3, round(_BAR_HEIGHT * count / most)) if count else 1
        bars.append(
            tag(
                "rect",
                x=number * (_BAR_WIDTH + 1),
                y=_BAR_HEIGHT - height,
                width=_BAR_WIDTH,
                height=height,
                class_=None if count else "none",
            )
        )
    width = max(len(counts) * (_BAR_WIDTH + 1) - 1, 1)
    said = "antal avvikelser per bokslut: " + ", ".join(map(str, counts))
    size = {"width": width, "height": _BAR_HEIGHT, "viewBox": f"0 0 {width} {_BAR_HEIGHT}"}
    return tag("svg", *bars, role="img", aria_label=said, class_="spark", **size)


def _listed(rules: Sequence[RuleHistory]) -> list[Markup]:
    return [joined(" " if number else "", tag("code", one.rule_id)) for number, one in enumerate(rules)]
