"""The nights as they are read: in colour on a terminal, plain when piped."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.drill.record import Mail, Night, Run
from tests.drill.verdicts import Verdict

_COLOURS = {"head": "1", "bad": "31", "good": "32", "told": "33", "quiet": "2"}
_BAD = frozenset({"Failed", "Crashed"})


def _painted(text: str, colour: str) -> str:
    return f"\033[{_COLOURS[colour]}m{text}\033[0m" if sys.stdout.isatty() else text


def night_lines(night: Night) -> list[str]:
    """What happened in a night and was sent that day."""
    lines = [_painted(f"{night.day:%a %Y-%m-%d}", "head")]
    lines += [f"    {_painted(f'! {one}', 'told')}" for one in night.told]
    lines += [f"    {_run(run)}" for run in night.runs]
    if night.fetched:
        lines.append(f"    fetched    {_some(night.fetched)}")
    if night.published:
        said = ", ".join(f"{one.period} version {one.version}" for one in night.published)
        lines.append(f"    {_painted(f'published  {said}', 'good')}")
    waiting = sorted({period for run in night.runs for period in run.awaiting})
    if waiting:
        lines.append(f"    waits      {', '.join(waiting)}, before its close day")
    for subject in dict.fromkeys(mail.subject for mail in night.mails):
        roles = ", ".join(mail.role for mail in night.mails if mail.subject == subject)
        lines.append(f"    mail       {subject} → {roles}")
    lines.append(_painted(f"    heartbeats {night.beats}", "quiet"))
    return lines


def verdict_lines(found: Sequence[Verdict]) -> list[str]:
    """The verdicts, and under each that fails what speaks against it."""
    lines = []
    for one in found:
        mark = _painted("holds", "good") if one.holds else _painted("FAILS", "bad")
        lines.append(f"{mark}  {one.claim}: {one.counted}")
        lines += [f"         {each}" for each in one.against[:20]]
        if len(one.against) > 20:
            lines.append(f"         … and {len(one.against) - 20} more")
    return lines


def mail_text(mail: Mail) -> list[str]:
    """A message as its reader sees it."""
    return [f"    | {line}" for line in (mail.subject, "", *mail.body.splitlines())]


def _run(run: Run) -> str:
    state = _painted(run.state, "bad") if run.state in _BAD else run.state
    name = f" ({run.name})" if run.name in ("catch up", "made good") else ""
    said = f": {' '.join(run.said.split())}" if run.state in _BAD and run.said else ""
    return f"{run.flow:<10} {run.due:%H:%M}Z  {state}{name}{said[:200]}"


def _some(names: Sequence[str]) -> str:
    first = sorted(names)[:3]
    return ", ".join(first) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
