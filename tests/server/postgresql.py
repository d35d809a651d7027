"""A real PostgreSQL on loopback: a cluster of its own, by Debian's programs, as the user that Debian runs it as."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.close.places.servers import free_port

_STARTED_WITHIN_SECONDS = 60


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass
class Cluster:
    """A cluster: who enters by its socket is who he is to the machine (peer), who comes over TCP says a password."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def sockets(self) -> Path:
        return self.folder / "run"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    def as_postgres(self, *words: str | Path) -> list[str]:
        """Words as a command of the database's own user: PostgreSQL refuses to run as root."""
        asked = [str(word) for word in words]
        if os.geteuid() != 0:
            return asked
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *asked]

    def environment(self) -> dict[str, str]:
        """What leads Debian's client programs here."""
        found = programs()
        assert found is not None
        return {"PATH": f"{found}:{os.environ['PATH']}", "PGHOST": str(self.sockets), "PGPORT": str(self.port)}

    def query(self, sql: str, database: str = "prefect") -> list[str]:
        """The rows of a query, a line each, asked as the database's own user."""
        asked = subprocess.run(
            self.as_postgres("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", database),
            input=sql,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
        )
        return asked.stdout.splitlines()

    def start(self) -> None:
        """Start, and wait until it answers."""
        found = programs()
        assert found is not None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.as_postgres(
                    *(found / "postgres", "-D", self.folder / "data", "-k", self.sockets, "-p", str(self.port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "log_statement=none"),
                ),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
            )
        until = time.monotonic() + _STARTED_WITHIN_SECONDS
        ready = self.as_postgres("pg_isready", "--quiet")
        while subprocess.run(ready, env=self.environment(), check=False, cwd="/").returncode != 0:
            assert self.process.poll() is None, self.log.read_text("utf-8")[-2000:]
            assert time.monotonic() < until, self.log.read_text("utf-8")[-2000:]
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop at once, as a machine does that goes down: who is connected is put out."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Make a cluster in a folder of its own (the database's user enters no folder of root's), and take it away."""
    found = programs()
    assert found is not None
    made = Cluster(Path(tempfile.mkdtemp(prefix="bokslut-postgresql-")), free_port())
    try:
        made.sockets.mkdir()
        if os.geteuid() == 0:
            for path in (made.folder, made.sockets):
                shutil.chown(path, "postgres", "postgres")
        made.folder.chmod(0o755)
        initdb = made.as_postgres(
            *(found / "initdb", "--pgdata", made.folder / "data", "--username=postgres", "--no-sync"),
            *("--auth-local=peer", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
        )
        subprocess.run(initdb, check=True, capture_output=True, cwd="/")
        _know_who_is_who(made.folder / "data")
        made.start()
        yield made
        made.stop()
    finally:
        if hasattr(made, "process") and made.process.poll() is None:
            made.process.kill()
            made.process.wait()
        shutil.rmtree(made.folder)


def _know_who_is_who(data: Path) -> None:
    """The test's user stands for the service's, and where it is not root also for the database's own."""
    rights = data / "pg_hba.conf"
    rights.write_text("local all all peer map=here\nhost all all 127.0.0.1/32 scram-sha-256\n", "utf-8")
    me = getpass.getuser()
    (data / "pg_ident.conf").write_text(
        f"here postgres postgres\nhere {me} bokslut\n" + ("" if me == "root" else f"here {me} postgres\n"), "utf-8"
    )
