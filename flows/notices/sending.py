"""How messages leave: through Apprise, and a heartbeat over HTTPS. No address is ever told: it may hold a password."""

from __future__ import annotations

import urllib.request
from collections.abc import Sequence
from urllib.parse import urlsplit

from flows.errors import Refusal
from flows.notices.message import Message
from flows.settings.talk import silence

_PATIENCE_SECONDS = 30
#: They quote addresses.
_TALKATIVE = ("apprise", "requests", "urllib3")


def send(message: Message, addresses: Sequence[str]) -> int:
    """Send to every address; returns how many could not be reached. Raises Refusal for one that is none."""
    silence(*_TALKATIVE)
    import apprise

    missed = 0
    for number, address in enumerate(addresses, start=1):
        receiver = apprise.Apprise()
        if not receiver.add(address):
            raise Refusal(
                f"Receiver {number} of the messages is no address that Apprise knows.",
                "Write it as Apprise does, such as mailtos://user:password@server?to=somebody@example.se.",
            )
        said = receiver.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
        missed += not said
    return missed


def beat(address: str) -> bool:
    """Tell the dead-man's switch that a night ran to its end; False where it did not answer."""
    if urlsplit(address).scheme not in ("https", "http"):
        raise Refusal("The heartbeat's address is none.", "It must begin with https://.")
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE_SECONDS) as answer:
            return 200 <= answer.status < 300
    except (OSError, ValueError):
        return False
