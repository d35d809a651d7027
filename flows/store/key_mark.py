"""One store, one key: under another, whoever was delivered before would be a new person."""

from __future__ import annotations

from datetime import datetime

import duckdb

from flows.errors import Refusal


def keep_to_one_key(connection: duckdb.DuckDBPyConnection, key_mark: str, now: datetime) -> None:
    """Remember the mark of the first key that was used; raises Refusal where this one is another."""
    remembered = connection.execute("select key_mark from control.person_key_mark").fetchall()
    if not remembered:
        connection.execute("insert into control.person_key_mark values (?, ?)", [key_mark, now])
    elif remembered != [(key_mark,)]:
        raise Refusal(
            "BOKSLUT_KEY_FILE holds another key than this home's persons were made anonymous with.",
            "Point it to the key that was used before: under this one everybody would be a new person.",
        )
