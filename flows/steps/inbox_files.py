"""The files of a folder that may be deliveries: which are, and their bytes where they are whole and no trap."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rule
from flows.domain.delivery import DeliveryName
from flows.domain.finding import Finding
from flows.sources.printed_text import names_a_person, shown_name

#: Endings of files that somebody means as a delivery; others (.tmp, .bak) are on their way to be one, or never will.
_ENDINGS_OF_DELIVERIES = frozenset({"csv", "xlsx", "xls", "txt", "se", "si", "sie"})
MEGABYTE = 1_000_000
#: Where nobody says otherwise.
LARGEST_FILE = 1000 * MEGABYTE


def files_of(folder: Path) -> list[Path]:
    """Every file and link under the folder, by name; hidden ones and notes on what the folder is are nobody's."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(
        (path for path in found if not path.name.startswith((".", "README"))), key=lambda path: (path.name, str(path))
    )


def no_delivery(path: Path, named: DeliveryName | None) -> Finding | None:
    """Why a file is left where it is; None for a delivery.

    A delivery's name is kept and shown for years: one that seems to hold a person's number is none, though a mapping's
    own pattern takes it.
    """
    if named is None or named.ending not in _ENDINGS_OF_DELIVERIES or names_a_person(path.name):
        return intake_rule("name_not_a_delivery").found(file_name=shown_name(path.name))
    if named.extract not in contracts():
        return intake_rule("extract_unknown").found(extract=named.extract, file_name=shown_name(path.name))
    if path.is_symlink():
        # It may lead to anything that we may read: another organisation's files, or a key.
        return intake_rule("file_is_link").found(extract=named.extract, file_name=path.name)
    return None


def whole_file(path: Path, extract: str, largest: int) -> bytes | Finding:
    """The file's bytes; a finding where it cannot be opened, is too large, or was being written while it was read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode) or before.st_size > largest:
                megabytes = f"{before.st_size // MEGABYTE}"
                return intake_rule("file_too_large").found(
                    extract=extract, file_name=path.name, megabytes=megabytes, most=f"{largest // MEGABYTE}"
                )
            data = file.read(largest + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        return intake_rule("file_not_opened").found(file_name=path.name, kind=type(error).__name__)
    is_still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not is_still or len(data) != after.st_size:
        return intake_rule("file_growing").found(extract=extract, file_name=path.name)
    return data
