"""The quality page: one HTML file that says whether a close can be trusted, and what is to be done about it.

It needs no network and no script; what it shows with colour it says with letters too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.domain.finding import Effect
from flows.domain.heads import month_name
from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.reports.delivery_matrix import DeliveryMonth
from flows.reports.finding_list import COMMAND, EFFECT_WORDS, SameFinding, WorkList, asked, place
from flows.reports.heat_map import heat_map
from flows.reports.markup import Markup, joined, raw, tag
from flows.reports.page_style import STYLE
from flows.reports.rule_history import RuleHistory, history_section


@dataclass(frozen=True, slots=True)
class EstimateInForce:
    """An estimated measure: how many units, the months it stands on and those it stands in for."""

    label: str
    units: int
    method: str
    at_hand: str
    stands_in_for: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceInForce:
    """The deliveries of one extract that the close stands on."""

    extract: str
    label: str
    files: int
    landed_rows: int
    quarantined_rows: int
    encodings: str
    newest: datetime


@dataclass(frozen=True, slots=True)
class QualityPage:
    """All that the page shows of one close. `outcome` is published, published_withheld, barred or awaits_word."""

    period: Period
    version: int | None
    outcome: str
    organisation_name: str
    as_of: date
    closed_at: datetime
    withheld: Sequence[str]
    months: Sequence[DeliveryMonth]
    work: WorkList
    history: Sequence[RuleHistory]
    estimates: Sequence[EstimateInForce]
    sources: Sequence[SourceInForce]

    def count(self, effect: Effect) -> int:
        """The findings of one effect, known gaps too."""
        groups = [*(group for person in self.work.people for group in person.groups), *self.work.known_gaps]
        return sum(len(group.items) for group in groups if group.effect is effect)


#: What a close that is not published says before what it would have put in force.
_NOT_OUT = {"barred": "Bokslutet är hindrat", "awaits_word": "Bokslutet väntar på ett ord"}


def as_html(page: QualityPage) -> str:
    """The whole file."""
    title = f"Kvalitet {page.period}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        # Whatever a source wrote: nothing on this page may fetch or run anything.
        tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        tag("title", title),
        tag("style", raw(STYLE)),
    )
    main = tag(
        "main",
        _heading(page),
        tag("h2", "Att göra"),
        _work(page.work),
        tag("h2", "Leveranser"),
        heat_map(page.months),
        tag("h2", "Uppskattningar som gäller"),
        tag("p", f"{_NOT_OUT[page.outcome]}: de gäller först när det publiceras.")
        if page.outcome in _NOT_OUT
        else None,
        _estimates(page.estimates),
        tag("h2", "Reglernas historia"),
        history_section(page.history),
        tag("h2", "Filer som gäller"),
        _sources(page.sources),
    )
    foot = tag("footer", f"Skriven av bokslut {page.closed_at:%Y-%m-%d %H:%M}; bedömd per {page.as_of}.")
    return "<!doctype html>\n" + tag("html", head, tag("body", main, foot), lang="sv") + "\n"


def _heading(page: QualityPage) -> Markup:
    synthetic = "syntetisk" in page.organisation_name.lower()
    month = f"{month_name(page.period.month)} {page.period.year}"
    version = f"version {page.version}" if page.version else "ingen version publicerad"
    return joined(
        tag("p", "Syntetiska data: ingen verklig verksamhet eller person.", class_="synthetic") if synthetic else None,
        tag("h1", f"Kvalitet i bokslutet för {month}"),
        tag("p", f"{page.organisation_name}, {page.period}, {version}".removeprefix(", "), class_="quiet"),
        _verdict(page),
    )


def _verdict(page: QualityPage) -> Markup:
    locks = page.count(Effect.BARS_LOCK)
    asks = f"{_counted(locks)} hindrar låsning." if locks else "Inget hindrar låsning."
    if page.outcome == "barred":
        words, kind = f"Hindrad: {_counted(page.count(Effect.BARS_PUBLICATION))} hindrar publicering.", "barred"
        stands = f"Version {page.version}" if page.version else "Det som var publicerat"
        words += f" {stands} står kvar."
    elif page.outcome == "awaits_word":
        stands = f" Version {page.version} står kvar till dess." if page.version else ""
        words, kind = f"Väntar på ett ord: kan publiceras.{stands} {asks}", "unlockable"
    elif page.outcome == "published_withheld":
        words, kind = f"Publicerad utan {', '.join(page.withheld)}. {asks}", "unlockable"
    else:
        words, kind = f"Publicerad. {asks}", "unlockable" if locks else ""
    return tag("p", words, class_=f"verdict {kind}".strip())


def _counted(number: int) -> str:
    return "1 avvikelse" if number == 1 else f"{number} avvikelser"


def _work(work: WorkList) -> Markup:
    if not work.people and not work.known_gaps:
        return tag("p", "Inga avvikelser.")
    parts: list[Markup] = []
    for person in work.people:
        parts += [tag("h3", asked(person.ask)), _items(person.groups)]
    if work.known_gaps:
        parts += [tag("h3", "Kända luckor"), _items(work.known_gaps)]
    return joined(*parts)


def _items(groups: Sequence[SameFinding]) -> Markup:
    listed: list[Markup] = []
    for group in groups:
        for item in group.items:
            one = item.finding
            known = f"sedan {one.found_before:%Y-%m-%d}" if one.found_before else "ny"
            listed.append(
                tag(
                    "li",
                    tag("span", EFFECT_WORDS[group.effect], class_="effect"),
                    f"{one.message}{place(one)} ",
                    tag("small", f"{known} · {one.rule_id}"),
                    tag("p", "→ ", _with_commands(item.action), class_="todo") if item.action else None,
                    class_=group.severity.value,
                )
            )
    return tag("ul", *listed, class_="work")


def _with_commands(words: str) -> Markup:
    parts = COMMAND.split(words)
    return joined(*(tag("code", part) if number % 2 else part for number, part in enumerate(parts)))


def _estimates(estimates: Sequence[EstimateInForce]) -> Markup:
    if not estimates:
        return tag("p", "Inga: varje volym står på sina egna månader.")
    rows = [
        (one.label, str(one.units), one.method, _months(one.at_hand), _months(one.stands_in_for), one.reason)
        for one in estimates
    ]
    return _table("Mått", ("Enheter", "Metod", "Bygger på", "Står för", "Skäl"), rows, {0})


def _months(listed: str) -> str:
    return month_range(Period.parse(one) for one in listed.split(",")) if listed else "ingen"


def _sources(sources: Sequence[SourceInForce]) -> Markup:
    files = sum(one.files for one in sources)
    rows = [
        (
            one.label,
            str(one.files),
            _grouped(one.landed_rows),
            _grouped(one.quarantined_rows),
            one.encodings,
            f"{one.newest:%Y-%m-%d %H:%M}",
        )
        for one in sources
    ]
    heads = ("Filer", "Rader", "I karantän", "Teckenuppsättning", "Senast uttagen")
    words = "1 fil gäller" if files == 1 else f"{files} filer gäller"
    return joined(tag("p", f"{words} för detta bokslut."), _table("Uttag", heads, rows, {0, 1, 2}))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _table(first: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: set[int]) -> Markup:
    """A plain table; `numbers` are the columns after the first that hold numbers."""
    head = tag(
        "tr",
        tag("th", first, scope="col"),
        *(tag("th", one, scope="col", class_=_right(number, numbers)) for number, one in enumerate(heads)),
    )
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", field, class_=_right(number, numbers)) for number, field in enumerate(row[1:])),
        )
        for row in rows
    ]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body), class_="rows"), class_="wide")


def _right(number: int, numbers: set[int]) -> str | None:
    return "number" if number in numbers else None
