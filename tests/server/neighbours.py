"""What a served house talks to, on loopback and within whatever network this is started in: mail, a switch, a bucket.

`python -m tests.server.neighbours FOLDER`: writes each letter and each beat there, says in one line of JSON where they
are reached, and ends with its standard input.
"""

from __future__ import annotations

import http.server
import json
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.close.places import servers

BUCKET = "exports"


class _Letters:
    """A mail server's handler that keeps what it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        number = len(list(self.folder.glob("letter-*")))
        (self.folder / f"letter-{number}").write_text(str(letter["subject"]), "utf-8")
        return "250 OK"


def _main(folder: Path) -> None:
    class Switch(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with (folder / "beats").open("a", encoding="utf-8") as beats:
                beats.write(f"{self.path}\n")
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    mail = Controller(_Letters(folder), hostname="127.0.0.1", port=servers.free_port())
    mail.start()
    switch = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Switch)
    threading.Thread(target=switch.serve_forever, daemon=True).start()
    with servers.s3(BUCKET) as endpoint:
        print(json.dumps({"mail": mail.port, "switch": switch.server_port, "bucket": endpoint}), flush=True)
        sys.stdin.read()
    switch.shutdown()
    mail.stop()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
