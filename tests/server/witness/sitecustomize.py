"""Put in Python's way by its name: tells each address and name beyond this machine that a process asks for, and whence.

No part of the product: the tests of the closed network set PYTHONPATH to this folder.
"""

import ipaddress
import json
import os
import socket
import sys
import traceback
from pathlib import Path

_OWN = {"", "localhost", socket.gethostname()}


def _beyond(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in _OWN:
        return False
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def _witness(event: str, arguments: tuple) -> None:
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple):  # A socket of this machine's file system, or one that is connected already.
            return
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if _beyond(host):
        place = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_stack()[:-1]]
        said = {"event": event, "host": str(host), "program": " ".join(sys.orig_argv[:6]), "from": place[-12:]}
        with Path(os.environ["ATTEMPTS_FILE"]).open("a", encoding="utf-8") as attempts:
            attempts.write(json.dumps(said) + "\n")


if "ATTEMPTS_FILE" in os.environ:
    sys.addaudithook(_witness)
