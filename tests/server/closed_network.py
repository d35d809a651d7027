"""A network of its own in which only loopback answers, and a witness who sees whatever is tried beyond it.

Two witnesses. Every packet that leaves loopback, of any process and library, goes into a TUN device that this module
reads and nobody answers. And each Python process tells, by an audit hook (`witness/sitecustomize.py`), which address
or name it asked for, and from where in the code. For root; the context manager below runs this module as the keeper.
"""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_TUN = Path("/dev/net/tun")
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
#: Documentation's own addresses (RFC 5737, RFC 3849): nobody's, wherever this runs.
_OURS, _NAME_SERVER, _OURS_6 = "192.0.2.1", "192.0.2.53", "2001:db8::1"
_WITNESS = Path(__file__).parent / "witness"
#: What the kernel says by itself on a new link: routers sought (133), neighbours (135), groups joined (143).
_KERNELS_OWN = (133, 135, 143)


@cache
def why_not() -> str | None:
    """Why no such network can be made here; None where one was made, to see."""
    if os.geteuid() != 0:
        return "only root may make a network namespace"
    missing = [name for name in ("unshare", "nsenter", "ip", "mount") if shutil.which(name) is None]
    if missing or not _TUN.exists():
        return f"{', '.join(missing) or _TUN} is not on this machine"
    try:
        with TemporaryDirectory() as folder, closed_network(Path(folder)):
            return None
    except AssertionError:
        return "this machine's kernel, or what it runs in, gives no network namespace with a TUN device"


@dataclass(frozen=True, slots=True)
class ClosedNetwork:
    """Where to run what must not reach out, and what the witnesses saw."""

    folder: Path
    keeper: int

    def command(self, *words: str | Path) -> list[str]:
        """The words as a command that runs inside."""
        spaces = [f"--{kind}=/proc/{self.keeper}/ns/{file}" for kind, file in (("net", "net"), ("mount", "mnt"))]
        return ["nsenter", *spaces, *map(str, words)]

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """`given`, with the hook that sees what Python asks for."""
        return {**given, "PYTHONPATH": str(_WITNESS), "ATTEMPTS_FILE": str(self._attempts)}

    def run(self, *words: str | Path, environment: Mapping[str, str], **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command inside to its end."""
        return subprocess.run(
            self.command(*words), env=self.environment(environment), capture_output=True, text=True, check=False, **more
        )

    def seen(self) -> list[str]:
        """What went or was asked for beyond loopback so far: a line a packet, a line an attempt."""
        packets = self._packets.read_text("utf-8").splitlines()
        attempts = self._attempts.read_text("utf-8").splitlines() if self._attempts.exists() else []
        return [*packets, *(f"attempt {' '.join(map(str, json.loads(line).values()))}" for line in attempts)]

    @property
    def _packets(self) -> Path:
        return self.folder / "packets.txt"

    @property
    def _attempts(self) -> Path:
        return self.folder / "attempts.jsonl"


@contextmanager
def closed_network(folder: Path) -> Iterator[ClosedNetwork]:
    """Make the network; it ends with its keeper, which is stopped by its pid."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "packets.txt").touch()
    keeper = subprocess.Popen(
        ["unshare", "--net", "--mount", "--propagation", "private", sys.executable, "-P", __file__, str(folder)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    try:
        assert keeper.stdout.readline() == "ready\n", "the closed network could not be made"
        yield ClosedNetwork(folder, keeper.pid)
    finally:
        keeper.terminate()
        keeper.wait()


def _keep(folder: Path) -> None:
    """Within the new namespaces: open loopback, lead everything else to us, and write down what comes."""
    device = os.open(_TUN, os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", b"outside", _IFF_TUN | _IFF_NO_PI))
    for words in (
        "link set lo up",
        f"addr add {_OURS}/24 dev outside",
        f"addr add {_OURS_6}/64 dev outside nodad",
        "link set outside up",
        "route add default dev outside",
        "-6 route add default dev outside",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    for name, text in (
        ("resolv.conf", f"nameserver {_NAME_SERVER}\noptions timeout:1 attempts:1\n"),
        ("hosts", f"127.0.0.1 localhost {socket.gethostname()}\n::1 localhost\n"),
    ):
        (folder / name).write_text(text, "utf-8")
        subprocess.run(["mount", "--bind", str(folder / name), f"/etc/{name}"], check=True)
    print("ready", flush=True)
    with (folder / "packets.txt").open("a", encoding="utf-8") as packets:
        while True:
            if (said := told(os.read(device, 65535))) is not None:
                packets.write(f"{said}\n")
                packets.flush()


def told(packet: bytes) -> str | None:
    """A packet in words: to whom, and what name it asks for; None for what the kernel says by itself."""
    if packet[0] >> 4 == 4:
        protocol, to, rest = packet[9], ipaddress.ip_address(packet[16:20]), packet[(packet[0] & 15) * 4 :]
    else:
        protocol, to, rest = packet[6], ipaddress.ip_address(packet[24:40]), packet[40:]
        if protocol == 0:  # Hop by hop: its own length, then what it precedes.
            protocol, rest = rest[0], rest[8 + rest[1] * 8 :]
        if protocol == 58 and rest[0] in _KERNELS_OWN:
            return None
    if protocol not in (6, 17):
        return f"packet to {to}, protocol {protocol}"
    port = struct.unpack("!H", rest[2:4])[0]
    asked = f", asking for {_name_asked_for(rest[20:])}" if (protocol, port) == (17, 53) else ""
    return f"packet to {to} port {port}{asked}"


def _name_asked_for(question: bytes) -> str:
    labels, at = [], 0
    while at < len(question) and question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("ascii", "replace"))
        at += 1 + question[at]
    return ".".join(labels)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
