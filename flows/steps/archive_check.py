"""Every archived file held to the sum with which it arrived: which are lost or altered, and what stands on them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.doctor import Check, State
from flows.store.archive import archived_path
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str], None]

_BLOCK = 1 << 20
_ARCHIVED = re.compile(r"^([0-9a-f]{2})/\1[0-9a-f]{62}$")
_ON_ITS_WAY = "??/.arriving-*"
#: How many lines of progress a check gives at most, and how many deliveries it names of one file.
_LINES, _NAMED = 10, 3
#: The backup of `warehouse/service/`, where the environment names it.
_BACKUP_VARIABLE = "BOKSLUT_BACKUP"


@dataclass(frozen=True, slots=True)
class Named:
    """A delivery that names an archived file. `counts`: its month stands on it."""

    delivery_id: int
    extract: str
    period: Period
    file_name: str
    counts: bool
    is_destroyed: bool

    def told(self) -> str:
        """For a line: file names are anybody's."""
        from flows.sources.printed_text import shown_name

        counts = ", which counts" if self.counts else ""
        return f"{self.extract} {self.period}, delivery {self.delivery_id}{counts} ({shown_name(self.file_name)})"


def examine_archive(home: Home, progress: Progress = lambda _: None) -> Iterator[Check]:
    """Read all of the archive; yields a check a file that is not as it should be, and one that sums up.

    Raises Refusal (exit 5) while somebody writes the store. A damaged store is told, and the sums alone are held to.
    """
    # The files first: what arrives meanwhile is named by no delivery that has been read.
    there = _files(home.archive)
    left = len(list(home.archive.glob(_ON_ITS_WAY)))
    damage: Refusal | None = None
    named: Mapping[str, Sequence[Named]] = {}
    try:
        named = _read_deliveries(home)
    except Refusal as refusal:
        if refusal.exit_code is ExitCode.ANOTHER_WRITER:
            raise
        damage = refusal
    altered = {sha256 for sha256 in _read_all(there, progress) if sha256 is not None}
    faults = [
        *(_fault(home, "altered", sha256, named.get(sha256, ())) for sha256 in sorted(altered)),
        *(
            _fault(home, "lost", sha256, by)
            for sha256, by in sorted(named.items())
            if _should_be(by) and sha256 not in there
        ),
        *(
            _back_again(there[sha256], by)
            for sha256, by in sorted(named.items())
            if sha256 in there and not _should_be(by)
        ),
    ]
    yield from faults
    if damage is not None:
        yield Check("archive", State.WRONG, f"nobody knows which files should be there: {damage.what}", damage.do)
    elif orphans := [sha256 for sha256 in there if sha256 not in named]:
        yield _orphans(orphans)
    if left:
        yield Check("archive", State.LOOK, f"{left} files were on their way in when a process died", "Remove them.")
    if not faults:
        size = sum(path.stat().st_size for path in there.values() if path.exists())
        yield Check("archive", State.GOOD, f"{len(there)} files, {size / 1e6:.0f} MB, each as it arrived")


def _files(archive: Path) -> dict[str, Path]:
    found = (path for path in archive.glob("??/*") if _ARCHIVED.match(f"{path.parent.name}/{path.name}"))
    return {path.name: path for path in sorted(found)}


def _read_all(there: Mapping[str, Path], progress: Progress) -> Iterator[str | None]:
    """The name of each file whose bytes are another's; None for the others."""
    total, done, told = sum(path.stat().st_size for path in there.values()), 0, 0
    for number, (sha256, path) in enumerate(there.items(), start=1):
        yield None if _sum(path) == sha256 else sha256
        done += path.stat().st_size
        if done * _LINES >= total * (told + 1) and number < len(there):
            told = done * _LINES // total
            progress(f"Read {number} of {len(there)} archived files, {done / 1e6:.0f} of {total / 1e6:.0f} MB.")


def _sum(path: Path) -> str:
    """'' where the file cannot be read: its disk may be what is broken."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _should_be(named: Sequence[Named]) -> bool:
    return any(not one.is_destroyed for one in named)


def _fault(home: Home, what: str, sha256: str, named: Sequence[Named]) -> Check:
    place = archived_path(home.archive, sha256)
    told = "; ".join(one.told() for one in named[:_NAMED]) or "no delivery names it"
    if len(named) > _NAMED:
        told += f"; and {len(named) - _NAMED} more"
    backup = os.environ.get(_BACKUP_VARIABLE) or f"${_BACKUP_VARIABLE}"
    first = f"move {place} aside, then " if what == "altered" else ""
    do = (
        f"{first}cp -p {backup}/archive/{sha256[:2]}/{sha256} {place.parent}/; not in the backup: ask the source again."
    )
    return Check("archive", State.WRONG, f"{what}: {sha256[:12]}: {told}", do[0].upper() + do[1:] if first else do)


def _back_again(path: Path, named: Sequence[Named]) -> Check:
    told = "; ".join(one.told() for one in named[:_NAMED])
    return Check("archive", State.WRONG, f"destroyed by retention, and there again: {told}", f"rm -f {path}")


def _orphans(orphans: Sequence[str]) -> Check:
    shown = ", ".join(sha256[:12] for sha256 in orphans[:_NAMED]) + (", …" if len(orphans) > _NAMED else "")
    return Check(
        "archive",
        State.LOOK,
        f"{len(orphans)} files that no delivery names ({shown})",
        "A close that was killed leaves one, and the next receives it; after an older store was restored, close again.",
    )


def _read_deliveries(home: Home) -> Mapping[str, Sequence[Named]]:
    """The deliveries by the sum of their bytes; none where nothing was ever received."""
    from flows.steps.findings import reading

    if not home.build_file.exists():
        return {}
    with reading(home) as connection:
        return _by_sum(connection)


def _by_sum(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Sequence[Named]]:
    from flows.store.deliveries import in_force, recorded
    from flows.store.destroyed import destroyed_at

    all_recorded = recorded(connection)
    counting = {one.delivery_id for one in in_force(all_recorded).values()}
    destroyed = destroyed_at(connection)
    found: dict[str, list[Named]] = {}
    for one in all_recorded:
        number = one.delivery_id
        found.setdefault(one.sha256, []).append(
            Named(number, one.extract, one.period, one.file_name, number in counting, number in destroyed)
        )
    return found
