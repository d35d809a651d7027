"""The database file of our own Prefect server, looked at before a server is started on it."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

_FILE = "prefect.db"
#: What SQLite keeps beside a file: it belongs to that file alone.
_BESIDE = ("", "-wal", "-shm", "-journal")


def set_aside_if_damaged(folder: Path, now: datetime) -> Path | None:
    """Move a database that cannot be read out of the server's way, into a folder beside; returns that, or None.

    It holds the list of old runs and no figure: the server makes a new one.
    """
    if not _is_damaged(folder / _FILE):
        return None
    aside = folder / f"damaged-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for ending in _BESIDE:
        part = folder / f"{_FILE}{ending}"
        if part.exists():
            part.rename(aside / part.name)
    return aside


def _is_damaged(file: Path) -> bool:
    if not file.exists():
        return False
    connection = sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True)
    try:
        return connection.execute("pragma quick_check(1)").fetchall() != [("ok",)]
    except sqlite3.OperationalError:
        return False  # It could not be opened or is locked: that is told by the server itself.
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()
