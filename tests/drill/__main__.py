"""Run the drill: `python -m tests.drill [--nights 31] [--keep DIR] [--mail]`. Ends with 1 where a verdict fails."""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from flows.domain.period import Period
from flows.steps.demo import make_demo_key
from tests.conftest import Organisation
from tests.drill import home as drill_home
from tests.drill.clock import STOCKHOLM, Clock, made_in
from tests.drill.exports import bytes_of, names_of, write_exports
from tests.drill.house import House
from tests.drill.outside import Outside, outside
from tests.drill.printed import mail_text, night_lines, verdict_lines
from tests.drill.record import Mail, Night, PutOut, Record
from tests.drill.story import LAST_BEFORE, NIGHTS, Story, the_story
from tests.drill.verdicts import verdicts

#: So long before its hour the clock is set: time enough that nothing is late, and that nobody waits.
_BEFORE = timedelta(seconds=3)


def main() -> int:
    asked = _arguments()
    started = time.monotonic()
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bokslut-drill-")))
        folder.mkdir(parents=True, exist_ok=True)
        clock = made_in(folder)
        if clock is None:
            print("The drill moves the clock with a small library in C: install a compiler (gcc).", file=sys.stderr)
            return 2
        record, story = _run(folder, clock, asked, stack)
    found = verdicts(record, story)
    print("\n".join(["", *verdict_lines(found)]))
    print(f"{len(record.nights)} nights in {(time.monotonic() - started) / 60:.1f} minutes.")
    return 0 if all(one.holds for one in found) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS, metavar="N", help="The first N nights alone.")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="Leave the home, the logs and the record there.")
    parser.add_argument("--mail", action="store_true", help="Print each new message whole.")
    return parser.parse_args()


def _run(folder: Path, clock: Clock, asked: argparse.Namespace, stack: ExitStack) -> tuple[Record, Story]:
    exports = write_exports(folder / "exports", _say)
    story = the_story({until: names_of(where) for until, where in exports.items()}).until(asked.nights)
    around = stack.enter_context(outside(folder))
    organisation = Organisation(folder / "home", folder / "exports", folder / "state")
    make_demo_key(organisation.state / "bokslut" / "demo.key")
    clock.set(datetime(2021, 10, 11, 12, 0))
    moved = {**clock.environment(), **around.environment}
    shutil.copytree(exports[LAST_BEFORE], organisation.home / "inbox")
    (organisation.home / "settings.toml").write_text(around.settings, "utf-8")
    _close(organisation, LAST_BEFORE, moved)
    prefect = {"PREFECT_RUNNER_POLL_FREQUENCY": "2", "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "10"}
    house = House(organisation, clock, {**moved, **prefect}, folder)
    house.start()
    stack.callback(house.stop)
    record = Record()
    known = _Known(organisation.home)
    read: set[str] = set()
    for day in story.nights:
        night = _night(day, story, exports, around, house, record, known)
        record.nights.append(night)
        print("\n".join(night_lines(night)), flush=True)
        for mail in night.mails if asked.mail else ():
            if mail.body not in read:
                print("\n".join(mail_text(mail)), flush=True)
            read.add(mail.body)
        (folder / "record.pickle").write_bytes(pickle.dumps((record, story)))
    house.stop()
    _read_home(record, organisation, story, moved, folder)
    (folder / "record.pickle").write_bytes(pickle.dumps((record, story)))
    return record, story


class _Known:
    """How far the nights before came: runs, files, versions, messages and heartbeats that are not of this one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.runs: set[str] = set()
        self.fetched = drill_home.fetched(home)
        self.published = drill_home.published(home)
        self.mails = 0
        self.beats = 0

    def complete(self, night: Night, house: House, around: Outside) -> None:
        """Put into the night what came since."""
        if night.is_served or house.served is not None:
            night.runs = house.runs_since(self.runs)
        self.runs |= {run.run_id for run in night.runs}
        fetched, published = drill_home.fetched(self.home), drill_home.published(self.home)
        night.fetched = tuple(sorted(fetched - self.fetched))
        night.published = published[len(self.published) :]
        self.fetched, self.published = fetched, published
        received = around.mailbox.received
        night.mails = tuple(_mail(one) for one in received[self.mails :])
        self.mails = len(received)
        night.beats = len(around.beats) - self.beats
        self.beats = len(around.beats)


def _night(
    day: date,
    story: Story,
    exports: Mapping[Period, Path],
    around: Outside,
    house: House,
    record: Record,
    known: _Known,
) -> Night:
    """A day from midnight to breakfast, as the story tells it."""
    night = Night(day, tuple(story.told.get(day, ())), is_served=day not in story.off)
    if night.is_served and house.served is None:
        house.start()
    if day in story.off and house.served is not None:
        house.stop()
    for coming in story.comes_on(day):
        data = bytes_of(coming, exports)
        (around.folders[coming.place] / coming.name).write_bytes(data)
        record.put_out.append(PutOut(day, coming.name, hashlib.sha256(data).hexdigest(), coming.is_duplicate))
    is_down = around.staff.process.poll() is not None
    if day in story.down and not is_down:
        around.staff.stop()
    elif day not in story.down and is_down:
        around.staff.start()
    if night.is_served:
        # Whoever notices that a run was killed takes a while to begin another.
        looks = 12 if day == story.killed else 2
        _await_hour(house, day, 1, _killer(house, story, day), looks)
        _await_hour(house, day, 6)
    elif story.on_again.date() == day:
        house.clock.set(story.on_again)
        house.start()
        house.wait_until_quiet(None)
    known.complete(night, house, around)
    return night


def _await_hour(
    house: House, day: date, hour: int, meanwhile: Callable[[], None] = lambda: None, looks: int = 2
) -> None:
    due = datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM)
    house.clock.set((due - _BEFORE).replace(tzinfo=None))
    house.wait_until_quiet(due.astimezone(UTC), meanwhile, looks)


def _killer(house: House, story: Story, day: date) -> Callable[[], None]:
    """Kills the night's process once, in the story's step of the story's night."""
    left = [day == story.killed]

    def kill() -> None:
        if left[0] and house.kill_run_in(story.killed_in):
            left[0] = False

    return kill


def _close(organisation: Organisation, period: Period, moved: Mapping[str, str]) -> None:
    closed = organisation.bokslut("close", str(period), **moved)
    if closed.returncode != 0:
        raise SystemExit(f"The close of {period} does not end well:\n{closed.stdout}{closed.stderr}")
    _say(f"Closed {period}.")


def _read_home(
    record: Record, organisation: Organisation, story: Story, moved: Mapping[str, str], folder: Path
) -> None:
    """What the verdicts ask of the home; and of one that is closed from nothing on the same files."""
    home = organisation.home
    known = drill_home.published(home)
    record.deliveries = drill_home.deliveries(home)
    record.without = drill_home.months_without(home, known)
    record.cells = drill_home.cells(home, known)
    periods = sorted({one.period for one in known}, key=str)
    record.final = drill_home.printed(home, periods)
    anew = Organisation(folder / "anew", folder / "exports", organisation.state)
    shutil.copytree(home / "inbox", anew.home / "inbox")
    for period in periods:
        _close(anew, period, moved)
    record.anew = drill_home.printed(anew.home, periods)


def _mail(message: EmailMessage) -> Mail:
    body = message.get_body(("plain", "html"))
    assert body is not None, "a message has a body"
    return Mail(str(message["to"]).partition("@")[0].strip("< "), str(message["subject"]), body.get_content())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.pop("PREFECT_API_URL", None)
    sys.exit(main())
