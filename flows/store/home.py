"""A home: one organisation's inbox, archive, build store, published files, reports and settings; and its one writer."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.errors import ExitCode, Refusal

#: Its group may pass through to what is published, and list nothing else.
_HOME_MODE = 0o710
_RESTRICTED_MODE = 0o700
_PUBLISHED_MODE = 0o750
#: While somebody writes, what any library creates in the home (the store's log, its spilled rows) is the owner's alone.
_WRITER_UMASK = 0o077


@dataclass(frozen=True, slots=True)
class Home:
    """The places of one organisation under one folder."""

    path: Path

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def build_file(self) -> Path:
        """The build store; not `build.duckdb`: a file's stem names its catalogue, and `build` is a schema in it."""
        return self.path / "store.duckdb"

    @property
    def published_dir(self) -> Path:
        return self.path / "published"

    @property
    def published(self) -> Path:
        """The link that always names the newest published file."""
        return self.path / "published.duckdb"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def messages_file(self) -> Path:
        """What was said last, and which places were down then."""
        return self.path / "messages.json"

    @property
    def nights_file(self) -> Path:
        """Which night was begun last, and which ran to its end."""
        return self.path / "nights.json"

    @property
    def prefect(self) -> Path:
        """The database and log of our own Prefect server, where no other is used."""
        return self.path / "prefect"

    @property
    def pulled(self) -> Path:
        """What was fetched from each place."""
        return self.path / "pulled"

    @property
    def mappings(self) -> Path:
        """How the organisation's own exports differ from the contracts."""
        return self.path / "mappings"

    @property
    def settings_file(self) -> Path:
        return self.path / "settings.toml"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def stages_file(self) -> Path:
        """How long each step of the last close took."""
        return self.logs / "stages.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "writer.lock"

    @property
    def writer_file(self) -> Path:
        """Who holds the lock, for whoever is told to wait."""
        return self.path / "writer.json"

    def create(self) -> Home:
        """Make the folders that are not there, with their modes whatever the umask; raises Refusal if it cannot."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(_HOME_MODE)
            for folder in (self.inbox, self.archive, self.reports, self.logs):
                folder.mkdir(exist_ok=True)
                folder.chmod(_RESTRICTED_MODE)
            self.published_dir.mkdir(exist_ok=True)
            self.published_dir.chmod(_PUBLISHED_MODE)
        except OSError as error:
            raise Refusal(
                f"The home {self.path} cannot be made ready: {error.strerror}.",
                "Set BOKSLUT_HOME to a folder that is yours.",
            ) from error
        return self

    @contextmanager
    def writer(self, what: str) -> Iterator[None]:
        """Be the home's one writer while within; raises Refusal (exit 5) naming the one who is.

        The lock is the operating system's: it goes with its process, however that ends.
        """
        self.create()
        before = os.umask(_WRITER_UMASK)
        try:
            with self._alone(self.lock_file, self.writer_file, what, "Another writer works in"):
                yield
        finally:
            os.umask(before)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Be the one who serves the home while within; raises Refusal (exit 5) naming the one who does."""
        self.create()
        with self._alone(
            self.path / "serve.lock", self.path / "serve.json", "bokslut serve", "Another `bokslut serve` runs in"
        ):
            yield

    @contextmanager
    def night(self) -> Iterator[None]:
        """Be the home's one night while within; raises Refusal (exit 5) where another is on."""
        self.create()
        with self._alone(self._night_lock, self.path / "night.json", "a night", "Another night is on in"):
            yield

    def is_in_a_night(self) -> bool:
        """Whether a night is on."""
        return _is_held(self._night_lock)

    @property
    def _night_lock(self) -> Path:
        return self.path / "night.lock"

    @contextmanager
    def _alone(self, lock_file: Path, signed_file: Path, what: str, told: str) -> Iterator[None]:
        with os.fdopen(os.open(lock_file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._refused(signed_file, told) from None
            _sign(signed_file, what)
            try:
                yield
            finally:
                signed_file.unlink(missing_ok=True)
                fcntl.flock(held, fcntl.LOCK_UN)

    def _refused(self, signed_file: Path, told: str) -> Refusal:
        try:
            signed = json.loads(signed_file.read_text("utf-8"))
            who = f"{signed['user']} (process {signed['pid']}) since {signed['since']}: {signed['what']}"
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            who = "a process that has only just begun"
        return Refusal(
            f"{told} {self.path}: {who}.",
            "Wait until it is done and try again; what is published can be read meanwhile.",
            ExitCode.ANOTHER_WRITER,
        )


def _is_held(lock_file: Path) -> bool:
    if not lock_file.exists():
        return False
    with lock_file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _sign(signed_file: Path, what: str) -> None:
    signed = {
        "pid": os.getpid(),
        "user": getpass.getuser(),
        "since": datetime.now().isoformat(timespec="seconds"),
        "what": what,
    }
    beside = signed_file.with_suffix(".tmp")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(signed), "utf-8")
    beside.replace(signed_file)
