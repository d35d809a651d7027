"""The files of a folder that may be deliveries: which are, and their bytes where they are whole and no trap."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rule
from flows.domain.delivery import DeliveryName
from flows.domain.finding import Finding
from flows.printable import is_one_line
from flows.sources.printed_text import names_a_person, shown_name

#: Endings of files that somebody means as a delivery; others (.tmp, .bak) are on their way to be one, or never will.
_ENDINGS_OF_DELIVERIES = frozenset({"csv", "xlsx", "xls", "txt", "se", "si", "sie"})
MEGABYTE = 1_000_000
#: Where nobody says otherwise.
LARGEST_FILE = 1000 * MEGABYTE
#: So many files are told by name for one reason.
_MOST_OF_A_KIND = 50


def files_of(folder: Path, unread: list[Finding] | None = None) -> list[Path]:
    """Every file, link and pipe under the folder, by name; hidden ones and notes on what the folder is are nobody's.

    No link is followed. Folders that cannot be read are told in `unread`.
    """
    found: list[Path] = []
    folders = [folder]
    while folders:
        one = folders.pop()
        try:
            with os.scandir(one) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif not entry.name.startswith((".", "README")):
                        found.append(Path(entry.path))
        except OSError as error:
            if unread is not None:
                name, kind = shown_name(one.name), type(error).__name__
                unread.append(intake_rule("file_not_opened").found(file_name=name, kind=kind))
    return sorted(found, key=lambda path: (path.name, str(path)))


def no_delivery(path: Path, named: DeliveryName | None) -> Finding | None:
    """Why a file is left where it is; None for a delivery.

    A delivery's name is kept and shown for years: one that seems to hold a person's number is none, though a mapping's
    own pattern takes it. So is one that a terminal would obey, and one in a folder of such a name.
    """
    is_shown = is_one_line(str(path)) and not names_a_person(path.name)
    if named is None or named.ending not in _ENDINGS_OF_DELIVERIES or not is_shown:
        return intake_rule("name_not_a_delivery").found(file_name=shown_name(path.name))
    if named.extract not in contracts():
        return intake_rule("extract_unknown").found(extract=named.extract, file_name=shown_name(path.name))
    if path.is_symlink():
        # It may lead to anything that we may read: another organisation's files, or a key.
        return intake_rule("file_is_link").found(extract=named.extract, file_name=path.name)
    return None


def whole_file(path: Path, extract: str, largest: int, *, follow_link: bool = False) -> bytes | Finding:
    """The file's bytes; a finding where it cannot be opened, is too large, or was being written while it was read.

    A pipe or a device is not waited for. A link is followed only where a person named it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if follow_link else os.O_NOFOLLOW))
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return intake_rule("file_not_opened").found(file_name=shown_name(path.name), kind="ingen vanlig fil")
            if before.st_size > largest:
                megabytes = f"{before.st_size // MEGABYTE}"
                return intake_rule("file_too_large").found(
                    extract=extract, file_name=path.name, megabytes=megabytes, most=f"{largest // MEGABYTE}"
                )
            data = file.read(largest + 1)
            after = os.fstat(file.fileno())
    except (OSError, ValueError) as error:
        return intake_rule("file_not_opened").found(file_name=shown_name(path.name), kind=type(error).__name__)
    is_still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not is_still or len(data) != after.st_size:
        return intake_rule("file_growing").found(extract=extract, file_name=path.name)
    return data


def few_of_a_kind(notes: Sequence[Finding]) -> list[Finding]:
    """The notes, of each rule no more than a person reads; the rest are counted in a note of their own."""
    kinds: dict[str, list[Finding]] = {}
    for note in notes:
        kinds.setdefault(note.rule_id, []).append(note)
    few = [note for kind in kinds.values() for note in kind[:_MOST_OF_A_KIND]]
    left = [
        intake_rule("files_left").found(file_name=kind[0].file_name, count=len(kind) - _MOST_OF_A_KIND)
        for kind in kinds.values()
        if len(kind) > _MOST_OF_A_KIND
    ]
    return few + left
