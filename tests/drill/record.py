"""What the drill saw: plain values, so that a verdict can be tried on what never happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flows.domain.period import Period


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the Prefect server: of `nightly` or `morning`. `due` is when it should begin, in UTC."""

    run_id: str
    flow: str
    name: str
    state: str
    due: datetime
    said: str = ""
    awaiting: tuple[str, ...] = ()

    @property
    def has_run(self) -> bool:
        """It began; one that was cancelled in time for another did not."""
        return self.state in ("Completed", "Failed", "Crashed", "Running")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it arrived, and the role that it came to."""

    role: str
    subject: str
    body: str

    @property
    def is_of_morning(self) -> bool:
        return "läget inför bokslutet" in self.body


@dataclass(frozen=True, slots=True)
class Published:
    """A version that came to be."""

    period: Period
    version: int


@dataclass(slots=True)
class Night:
    """A day of the drill, from before its night until after its morning."""

    day: date
    told: tuple[str, ...] = ()
    is_served: bool = True
    runs: tuple[Run, ...] = ()
    fetched: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    mails: tuple[Mail, ...] = ()
    beats: int = 0

    def of(self, flow: str) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.flow == flow)


@dataclass(frozen=True, slots=True)
class PutOut:
    """A file that a place delivered; `day`: before which night."""

    day: date
    name: str
    sha256: str
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of control.deliveries."""

    name: str
    sha256: str
    status: str


@dataclass(frozen=True, slots=True)
class MonthWithout:
    """A month of an extract that a published version needed and had no file of; `reason` of its gap row."""

    period: Period
    version: int
    extract: str
    month: Period
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A published cell. `extracts`: what its measure's figures come from; `is_noted`: with a footnote."""

    period: Period
    version: int
    address: str
    printed: str
    value_status: str
    quantity: str
    year: int
    months: str
    reason: str
    is_noted: bool
    extracts: frozenset[str] = frozenset()


@dataclass(slots=True)
class Record:
    """All that the verdicts ask of. `final` and `anew`: every published cell's print, in the drill's home and in one
    that was closed from nothing on the same files."""

    nights: list[Night] = field(default_factory=list)
    put_out: list[PutOut] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    without: list[MonthWithout] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    final: dict[str, str] = field(default_factory=dict)
    anew: dict[str, str] = field(default_factory=dict)
