"""One store, one key: under another, whoever was delivered before would be a new person."""

from __future__ import annotations

from datetime import datetime

import duckdb

from flows.errors import Refusal


def keep_to_one_key(connection: duckdb.DuckDBPyConnection, key_mark: str, now: datetime) -> None:
    """Remember the mark of the first key that was used; raises Refusal where this one is another."""
    if not is_used(connection):
        connection.execute("insert into control.person_key_mark values (?, ?)", [key_mark, now])
    refuse_another_key(connection, key_mark)


def is_used(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anybody has been made anonymous in this store."""
    return bool(connection.execute("select 1 from control.person_key_mark").fetchall())


def refuse_another_key(connection: duckdb.DuckDBPyConnection, key_mark: str) -> None:
    """Raise Refusal where a key has been used, and it was another one."""
    remembered = connection.execute("select key_mark from control.person_key_mark").fetchall()
    if remembered and remembered != [(key_mark,)]:
        raise Refusal(
            "BOKSLUT_KEY_FILE holds another key than this home's persons were made anonymous with.",
            "Point it to the key that was used before: under this one everybody would be a new person.",
        )


def change_key_mark(connection: duckdb.DuckDBPyConnection, key_mark: str, now: datetime) -> None:
    """Remember that another key is used from now on, within the caller's transaction; of the old one nothing stays."""
    connection.execute("delete from control.person_key_mark")
    connection.execute("insert into control.person_key_mark values (?, ?)", [key_mark, now])
