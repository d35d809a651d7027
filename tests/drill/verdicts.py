"""What must be true when the nights are over, each judged from the record alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from tests.drill.clock import STOCKHOLM
from tests.drill.record import Cell, Night, Record, Run
from tests.drill.story import Story

#: What a cell of a system's figures must say when it does not stand on every month.
_NEEDS_REASON = frozenset({"missing", "suppressed", "estimated", "preliminary"})
_NEEDS_NOTE = frozenset({"estimated", "preliminary"})
#: Cells of what people type: an empty field is what they said.
_TYPED = frozenset({"observation", "target", "assessment"})
#: Messages that ask somebody to act: see `no_storm`.
_MOST_ACTS = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked of the nights, what was counted, and each thing that speaks against it."""

    claim: str
    counted: str
    against: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.against


def verdicts(record: Record, story: Story) -> list[Verdict]:
    """All of them, in the order in which they are printed."""
    return [
        *(judge(record, story) for judge in (nothing_lost, no_unmarked_gap, every_night_once, one_catch_up)),
        *(judge(record, story) for judge in (killed_night_made_good, no_storm, silence_means_something)),
        as_closed_from_nothing(record),
    ]


def nothing_lost(record: Record, _: Story) -> Verdict:
    """Every file that a place put out is a delivery exactly once, landed, or a duplicate where it is one."""
    rows = Counter((one.name, one.sha256, one.status) for one in record.deliveries)
    by_name = Counter(one.name for one in record.deliveries)
    against = []
    for file in record.put_out:
        expected = "duplicate" if file.is_duplicate else "landed"
        if rows[file.name, file.sha256, expected] != 1 or by_name[file.name] != 1:
            found = sorted(one.status for one in record.deliveries if one.name == file.name)
            against.append(f"{file.name}: {', '.join(found) or 'never received'}, not {expected} once")
    duplicates = sum(file.is_duplicate for file in record.put_out)
    counted = f"{len(record.put_out)} files put out, {len(record.put_out) - duplicates} landed, {duplicates} duplicate"
    return Verdict("nothing is lost", counted, tuple(against))


def no_unmarked_gap(record: Record, _: Story) -> Verdict:
    """Every month without a delivery has its gap row, and every cell that stands on it says so."""
    against = []
    for gap in record.without:
        if not gap.reason:
            against.append(f"{gap.period} version {gap.version}: {gap.extract} {gap.month} is missing without a gap")
    marked = 0
    for cell in record.cells:
        unmarked = _unmarked(cell, record)
        marked += cell.value_status in _NEEDS_REASON and not unmarked
        if unmarked:
            against.append(f"{cell.period} version {cell.version} {cell.address}: {unmarked}")
    versions = len({(cell.period, cell.version) for cell in record.cells})
    months = len({(gap.extract, gap.month) for gap in record.without})
    counted = f"{versions} versions of {len(record.cells)} cells, {months} months without a file, {marked} cells marked"
    return Verdict("nothing is published with an unmarked gap", counted, tuple(against))


def _unmarked(cell: Cell, record: Record) -> str:
    if cell.value_status in _NEEDS_REASON and cell.extracts and cell.quantity not in _TYPED and not cell.reason:
        return f"{cell.value_status} without a reason"
    if cell.value_status in _NEEDS_NOTE and not cell.is_noted:
        return f"{cell.value_status} without a footnote"
    if cell.quantity == "actual" and cell.value_status == "actual":
        gaps = {
            gap.extract
            for gap in record.without
            if (gap.period, gap.version) == (cell.period, cell.version)
            and gap.month.year == cell.year
            and gap.extract in cell.extracts
        }
        if gaps:
            return f"shown as actual, and {', '.join(sorted(gaps))} lacks months"
    return ""


def every_night_once(record: Record, story: Story) -> Verdict:
    """Each night that was served began once at 01:00 in Stockholm, each morning at 06:00."""
    against, begun = [], 0
    for night in record.nights:
        if not night.is_served:
            continue
        for flow, hour in (("nightly", 1), ("morning", 6)):
            due = _at(night, hour)
            ran = [run for run in night.of(flow) if run.due == due and run.has_run]
            begun += len(ran)
            if len(ran) != 1:
                against.append(f"{night.day}: {flow} of {due:%H:%M}Z ran {len(ran)} times")
            elif ran[0].state not in ("Completed", "Failed") and night.day != story.killed:
                against.append(f"{night.day}: {flow} is {ran[0].state}")
    hours = " and ".join(sorted({f"{_at(night, 1):%H:%M}Z" for night in record.nights if night.is_served}))
    counted = f"{begun} runs; the nights began at {hours}"
    return Verdict("each served night runs once, right across the clock change", counted, tuple(against))


def one_catch_up(record: Record, story: Story) -> Verdict:
    """All nights that nobody served are made good by exactly one run, that ended well."""
    off = [night for night in record.nights if not night.is_served]
    ran: list[Run] = [run for night in off for run in night.of("nightly") if run.has_run]
    against = []
    if off and len(ran) != 1:
        against.append(f"{len(ran)} runs for {len(off)} nights: {', '.join(run.name for run in ran) or 'none'}")
    against += [f"{run.name} is {run.state}" for run in ran if run.state not in ("Completed", "Failed")]
    return Verdict("one catch-up run", f"{len(ran)} for {len(off)} nights that nobody served", tuple(against))


def killed_night_made_good(record: Record, story: Story) -> Verdict:
    """What the killed run was about to publish is out by the end of the next night."""
    nights = {night.day: night for night in record.nights}
    killed, after = nights.get(story.killed), nights.get(story.killed + timedelta(days=1))
    if killed is None or after is None:
        return Verdict("a killed night is made good", "not in these nights", ())
    crashed = [run for run in killed.of("nightly") if run.state == "Crashed"]
    out = (*killed.published, *after.published)
    against = [] if crashed else ["no run was killed"]
    if not out:
        against.append("nothing was published by the end of the next night")
    when = "the same night" if killed.published else "the next night"
    said = ", ".join(f"{one.period} version {one.version}" for one in out)
    return Verdict("a killed night is made good", f"{said} {when}", tuple(against))


def no_storm(record: Record, story: Story) -> Verdict:
    """A morning's message a day to each role; beside them one a novelty, and never the same text twice.

    The novelties of the story are four: the source that is down, and October's findings when its close day has passed,
    when the ledger has come and when the last file has. None of them names a known gap.
    """
    against = []
    acts: Counter[tuple[str, str]] = Counter()
    for night in record.nights:
        mornings = Counter(mail.role for mail in night.mails if mail.is_of_morning)
        against += [f"{night.day}: {number} mornings to {role}" for role, number in mornings.items() if number > 1]
        due = night.is_served and not mornings
        against += [f"{night.day}: no morning's message"] if due else []
        acts.update((mail.role, mail.body) for mail in night.mails if not mail.is_of_morning)
    against += [f"the same message {number} times to {role}" for (role, _), number in acts.items() if number > 1]
    against += [f"a known gap as an alarm: {body.splitlines()[0]}" for _, body in acts if "treserva_hemtjanst" in body]
    each = Counter(role for role, _ in acts)
    against += [f"{number} messages to act on to {role}" for role, number in each.items() if number > _MOST_ACTS]
    sent = sum(len(night.mails) for night in record.nights)
    counted = f"{sent} messages in {len(record.nights)} days, {max(each.values(), default=0)} to each role to act on"
    return Verdict("no storm of messages", counted, tuple(against))


def silence_means_something(record: Record, story: Story) -> Verdict:
    """The dead-man's switch hears of each night that ran to its end, and of none that did not."""
    against = []
    for night in record.nights:
        ended = sum(run.state in ("Completed", "Failed") for run in night.of("nightly"))
        if night.beats != ended:
            against.append(f"{night.day}: {night.beats} heartbeats, {ended} nights that ran to their end")
    beats = sum(night.beats for night in record.nights)
    return Verdict("the dead-man's switch hears of every night that ends", f"{beats} heartbeats", tuple(against))


def as_closed_from_nothing(record: Record) -> Verdict:
    """What is published is what a close from nothing of the same files publishes, cell by cell."""
    against = [
        f"{address}: {record.final.get(address, 'absent')} here, {record.anew.get(address, 'absent')} from nothing"
        for address in sorted({*record.final, *record.anew})
        if record.final.get(address) != record.anew.get(address)
    ]
    if not record.final:
        against.append("nothing is published")
    return Verdict("published as a close from nothing publishes it", f"{len(record.final)} cells", tuple(against))


def _at(night: Night, hour: int) -> datetime:
    return datetime.combine(night.day, time(hour), STOCKHOLM).astimezone(UTC)
