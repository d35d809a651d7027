"""What is promised whatever the bytes are, by target; a broken promise is an exception.

No traceback: what is no use is refused in a sentence. No silent loss: lines in = landed + quarantined + noted, each key
taken or told of. Nothing told repeats a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.fuzz.exports_targets import first_contact, ledger, mapped, tabular, workbook, workbook_container
from tests.fuzz.settings_targets import environment, memory, names, place, secret, settings
from tests.fuzz.words_targets import texts, written

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "tabular": tabular,
    "workbook": workbook,
    "container": workbook_container,
    "ledger": ledger,
    "mapped": mapped,
    "contact": first_contact,
    "settings": settings,
    "secret": secret,
    "environment": environment,
    "memory": memory,
    "place": place,
    "names": names,
    "texts": texts,
    "written": written,
}
