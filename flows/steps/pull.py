"""Fetch what is new at the places into the inbox. A place that is down stops no other; nothing is taken away there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flows.errors import Refusal
from flows.settings.places import Place
from flows.store.home import Home
from flows.store.pulled import PulledFiles

if TYPE_CHECKING:
    from flows.sources.places.filesystem import OpenPlace
    from flows.sources.places.listing import PlaceFile

Progress = Callable[[str], None]

#: Endings of what may be a delivery; a source's other files are not ours to copy.
_ENDINGS = ("csv", "xlsx", "txt", "se", "si", "sie")
#: Places that are waited for at the same time: one that is down holds no other up.
_AT_ONCE = 4


@dataclass(slots=True)
class Pulled:
    """What came of one place: names fetched (or, dry, that would be), not yet standing still, above
    the place's limit, and why it failed.

    `known`: files that were fetched before. `failure` and `do` are None and '' where all went well.
    """

    place: str
    fetched: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    known: int = 0
    unusable_names: int = 0
    attempts: int = 0
    failure: str | None = None
    do: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    """What is the same for every place of a run."""

    home: Home
    is_dry: bool
    progress: Progress
    now: Callable[[], datetime]
    wait: Callable[[float], None]


def pull(
    home: Home,
    places: Mapping[str, Place],
    names: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = lambda _: None,
    now: Callable[[], datetime] = datetime.now,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Pulled, ...]:
    """Fetch from the named places, or from all; in the settings' order. Raises Refusal for a name that is no place.

    `wait` is how the run passes the seconds between two tries, and those in which a file must stand still.
    """
    unknown = [name for name in names if name not in places]
    if unknown or not places:
        known = ", ".join(places) or "none"
        what = f"There is no place {unknown[0]!r}" if unknown else "No place to fetch from is declared"
        raise Refusal(f"{what} (places in settings.toml: {known}).", "Declare it under [places.NAME] in settings.toml.")
    if not dry_run:
        home.create()
    telling = threading.Lock()

    def tell(line: str) -> None:
        with telling:
            progress(line)

    run = _Run(home, dry_run, tell, now, wait)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        asked = [pool.submit(_pull_place, run, name, places[name]) for name in places if not names or name in names]
        return tuple(one.result() for one in asked)


def _pull_place(run: _Run, name: str, place: Place) -> Pulled:
    """Try until it is done, cannot pass, or the tries are used up; what was fetched before a failure stays fetched."""
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

    from flows.sources.places.failures import failure_of

    pulled = Pulled(name)

    def attempt() -> None:
        pulled.attempts += 1
        if pulled.attempts > 1:
            run.progress(f"{name}: try {pulled.attempts} of {place.attempts}.")
        _fetch_new(run, place, pulled)

    retrying = Retrying(
        stop=stop_after_attempt(place.attempts),
        wait=wait_random_exponential(place.first_wait_seconds, place.longest_wait_seconds),
        retry=retry_if_exception(lambda error: isinstance(error, Exception) and failure_of(error).may_pass),
        sleep=run.wait,
        reraise=True,
    )
    try:
        retrying(attempt)
    except Exception as error:
        failure = failure_of(error)
        pulled.failure, pulled.do = failure.what, failure.do
        run.progress(f"{name} {failure.what}. {failure.do}")
    return pulled


def _fetch_new(run: _Run, place: Place, pulled: Pulled) -> None:
    from flows.sources.places.fetching import NotWhole, TooLarge
    from flows.sources.places.filesystem import open_place
    from flows.sources.printed_text import shown_name

    memory = PulledFiles.of(run.home, pulled.place)
    if not run.is_dry:
        memory.forget_arriving()
    opened = open_place(place)
    files = _look(opened, place, pulled)
    new = [file for file in files if not memory.knows(file.name, file.size, file.stamp)]
    pulled.known = len(files) - len(new)
    pulled.waiting, pulled.too_large = [], []
    if new and place.finished == "still" and place.still_seconds:
        run.wait(place.still_seconds)
        later = set(_look(opened, place, pulled))
        pulled.waiting = [file.name for file in new if file not in later]
        new = [file for file in new if file in later]
    not_whole: NotWhole | None = None
    for file in new:
        try:
            if run.is_dry:
                pulled.fetched.append(file.name)
            elif _take(run, opened, place, file, memory):
                pulled.fetched.append(file.name)
                run.progress(f"{pulled.place}: fetched {shown_name(file.name)}.")
            else:
                pulled.known += 1
        except TooLarge:
            pulled.too_large.append(file.name)
        except NotWhole as error:
            not_whole = error  # The others first: one file that is written just now must not cost theirs.
    if not_whole is not None:
        raise not_whole


def _look(opened: OpenPlace, place: Place, pulled: Pulled) -> tuple[PlaceFile, ...]:
    from flows.sources.places.fetching import details
    from flows.sources.places.listing import list_place, wanted

    listing = list_place(opened)
    pulled.unusable_names = listing.unusable_names
    return tuple(details(opened, file) for file in wanted(listing, place, _ENDINGS))


def _take(run: _Run, opened: OpenPlace, place: Place, file: PlaceFile, memory: PulledFiles) -> bool:
    from flows.sources.places.fetching import fetch

    arriving = memory.arriving(file.name)
    try:
        sha256 = fetch(opened, file, arriving, place.largest_megabytes, checksum=place.finished == "sha256")
        return memory.keep(file.name, file.size, file.stamp, sha256, run.now())
    finally:
        arriving.unlink(missing_ok=True)
