"""The bridges, read from what is published: of places between two days, of the result from what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.bridge_of_places import PlaceBridge, PlaceLevel, PlaceStep
from flows.reports.bridge_of_result import OneOff, ResultBridge, ResultStep
from flows.steps.published import PublishedPeriod, literal, reading_published
from flows.store.home import Home

Row = Mapping[str, Any]


def read_place_bridges(
    home: Home,
    first: date,
    last: date,
    *,
    kind: str | None = None,
    days_between: Sequence[date] = (),
    period: Period | None = None,
) -> list[PlaceBridge]:
    """A bridge a kind of places, with a level at each published period's end and each day asked for in between.

    Raises Refusal for days in the wrong order or outside the register, an unknown kind, and places that are missing.
    """
    if last <= first:
        raise Refusal(f"The bridge would end on {last}, not after {first}.", "Give --to a later day.")
    with reading_published(home, period) as published:
        events = sorted(published.rows("place_event"), key=lambda event: (event["event_date"], str(event["unit_code"])))
        _refuse_days(published, events, first, last)
        labels = _kind_labels(published)
        areas = published.names("area", "area_code", "area_name")
        reports = {one.last_day: f"rapporten {one}" for one in published.periods()}
    kinds = sorted({event["place_kind"] for event in events})
    if kind is not None and kind not in kinds:
        raise Refusal(f"There are no places of the kind {kind}.", f"Choose one of {', '.join(kinds)}.")
    days = sorted({first, last, *days_between, *(day for day in reports if first < day < last)})
    return [
        _place_bridge(one, labels.get(one, one), [day for day in days if first <= day <= last], reports, areas, events)
        for one in ([kind] if kind is not None else kinds)
    ]


def _refuse_days(published: PublishedPeriod, events: Sequence[Row], first: date, last: date) -> None:
    if not events:
        raise Refusal(f"No register of places is published for {published.period}.", "Close it with one.")
    begins = events[0]["event_date"]
    if first < begins:
        raise Refusal(f"The register of places begins on {begins}.", f"Give --from {begins} or a later day.")
    if last > published.period.last_day:
        raise Refusal(
            f"What is published of {published.period} knows no later day than {published.period.last_day}.",
            "Close a later period first, or give --to an earlier day.",
        )


def _kind_labels(published: PublishedPeriod) -> dict[str, str]:
    measures = published.measures()
    stocks = {row["volume_kind"]: row["measure_id"] for row in published.rows("volume", "measure_kind = 'stock'")}
    return {kind: str(measures[measure]["label"]) for kind, measure in stocks.items() if measure in measures}


def _place_bridge(
    kind: str,
    label: str,
    days: Sequence[date],
    reports: Mapping[date, str],
    areas: Mapping[str, str],
    events: Sequence[Row],
) -> PlaceBridge:
    of_kind = [event for event in events if event["place_kind"] == kind]
    levels = [PlaceLevel(day, _places_on(of_kind, day), reports.get(day, "")) for day in days]
    steps: list[PlaceStep] = []
    running = levels[0].places
    for event in of_kind:
        if not days[0] < event["event_date"] <= days[-1]:
            continue
        if event["places_change"] is None:
            raise _unknown(event)
        running += event["places_change"]
        area = event["area_code"] or ""
        words, name = event["event_words"] or "", event["unit_name"] or ""
        steps.append(
            PlaceStep(
                event["event_date"],
                event["unit_code"],
                name,
                areas.get(area, area),
                event["places_change"],
                running,
                words,
            )
        )
    assert running == levels[-1].places, "the steps lead from the first level to the last"
    return PlaceBridge(kind, label, levels, steps)


def _places_on(events: Sequence[Row], day: date) -> int:
    """All units' places on a day: each one's last event up to it."""
    latest: dict[str, Row] = {}
    for event in events:
        if event["event_date"] <= day:
            latest[event["unit_code"]] = event
    for event in latest.values():
        if event["places"] is None:
            raise _unknown(event)
    return sum(event["places"] for event in latest.values())


def _unknown(event: Row) -> Refusal:
    return Refusal(
        f"The places of unit {event['unit_code']} are missing from the register around {event['event_date']}.",
        "Have its owner fill them in, close the period again, or choose days on the same side of it.",
    )


def read_result_bridge(home: Home, period: Period | None, comparison: str, area: str | None = None) -> ResultBridge:
    """From budget (`budget`) or the same period of last year (`last_year`) to the outcome, of all areas or of one.

    `area` is a code or a name. Raises Refusal for a period that is not published and an area that it does not have.
    """
    with reading_published(home, period) as published:
        rows = published.rows("result_bridge", f"comparison = {literal(comparison)}")
        if not rows:
            raise Refusal(
                f"There is nothing to bridge in what is published of {published.period}.",
                "Close it again where it was closed before bridges were made, or with a budget and a ledger.",
            )
        names = published.names("area", "area_code", "area_name")
        code = None if area is None else _area_code(area, names, rows)
        one_offs = published.rows("one_off", "year_offset = 0")
    steps = [
        ResultStep(
            row["area_code"],
            names.get(row["area_code"]) or row["area_code"],
            row["account_group"],
            row["is_one_off"],
            row["start_sek"],
            row["end_sek"],
        )
        for row in rows
        if code is None or row["area_code"] == code
    ]
    steps.sort(key=lambda step: (-abs(step.step), step.area, step.account_group, step.is_one_off))
    of_area = [row for row in one_offs if code is None or row["area_code"] == code]
    name = "" if code is None else names.get(code, code)
    return ResultBridge(published.period, published.version, comparison, code, name, steps, _one_offs(of_area))


def _area_code(area: str, names: Mapping[str, str], rows: Sequence[Row]) -> str:
    codes = {*names, *(row["area_code"] for row in rows)}
    if area in codes:
        return area
    found = [code for code, name in names.items() if name.casefold() == area.casefold()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(code for code in codes))
    raise Refusal(f"There is no area {area}.", f"Choose one of {known}.")


def _one_offs(rows: Sequence[Row]) -> list[OneOff]:
    amounts: dict[str, OneOff] = {}
    for row in rows:
        before = amounts.get(row["one_off_id"])
        amount = row["one_off_result_sek"] + (before.amount if before else 0)
        amounts[row["one_off_id"]] = OneOff(
            row["one_off_id"], row["one_off_name"] or row["one_off_id"], row["decision_words"] or "", amount
        )
    return sorted(amounts.values(), key=lambda one: (-abs(one.amount), one.one_off_id))
