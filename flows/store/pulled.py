"""What was fetched from a place: remembered by name, size and stamp, and by content; and its way into the inbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.store.archive import archived_path, sha256_of, was_destroyed
from flows.store.home import Home

_FOLDER_RIGHTS, _FILE_RIGHTS = 0o700, 0o600
_ARRIVING = ".arriving-"


@dataclass(slots=True)
class PulledFiles:
    """The memory of one place. Lost or broken, everything is fetched again, and known again by its content."""

    home: Home
    place: str
    _files: dict[str, Mapping[str, Any]]

    @classmethod
    def of(cls, home: Home, place: str) -> PulledFiles:
        try:
            kept = json.loads(_memory_file(home, place).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            kept = {}
        files = kept if isinstance(kept, dict) else {}
        return cls(home, place, {name: one for name, one in files.items() if isinstance(one, dict)})

    def knows(self, name: str, size: int | None, stamp: str) -> bool:
        """Whether the file looks as it did when it was fetched; one that the place says nothing about never does."""
        kept = self._files.get(name, {})
        return (size is not None or bool(stamp)) and (kept.get("size"), kept.get("stamp")) == (size, stamp)

    def arriving(self, name: str) -> Path:
        """Where a file is written while it is fetched: beside its place, hidden from whoever reads the inbox."""
        folder = self._folder()
        return folder / f"{_ARRIVING}{name}"

    def keep(self, name: str, size: int | None, stamp: str, sha256: str, at: datetime) -> bool:
        """Give what has arrived its name in the inbox; False where the same bytes were known and nothing came.

        Bytes that retention has destroyed are known.
        Bytes of that name that nobody has received yet are kept, in a folder beside.
        """
        arrived = self.arriving(name)
        place = self._folder() / name
        is_kept = place.exists() or archived_path(self.home.archive, sha256).exists()
        was_fetched = is_kept and self._files.get(name, {}).get("sha256") == sha256
        known = was_fetched or was_destroyed(self.home.archive, sha256, name)
        if known:
            arrived.unlink()
        else:
            if place.exists() and not archived_path(self.home.archive, sha256_of(place.read_bytes())).exists():
                aside = self._folder() / f"{at:%Y%m%dT%H%M%S}"
                aside.mkdir(mode=_FOLDER_RIGHTS, exist_ok=True)
                place.replace(aside / name)
            arrived.chmod(_FILE_RIGHTS)
            arrived.replace(place)
        self._remember(name, {"size": size, "stamp": stamp, "sha256": sha256, "at": at.isoformat(timespec="seconds")})
        return not known

    def forget_arriving(self) -> None:
        """Remove what a crash left on its way."""
        for left in self._folder().glob(f"{_ARRIVING}*"):
            left.unlink()

    def _folder(self) -> Path:
        folder = self.home.inbox / self.place
        folder.mkdir(mode=_FOLDER_RIGHTS, parents=True, exist_ok=True)
        return folder

    def _remember(self, name: str, kept: Mapping[str, Any]) -> None:
        self._files[name] = kept
        path = _memory_file(self.home, self.place)
        path.parent.mkdir(mode=_FOLDER_RIGHTS, exist_ok=True)
        beside = path.with_suffix(".tmp")
        beside.touch(mode=_FILE_RIGHTS)
        beside.write_text(json.dumps(self._files, indent=0), "utf-8")
        beside.replace(path)


def _memory_file(home: Home, place: str) -> Path:
    return home.pulled / f"{place}.json"
