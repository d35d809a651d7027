"""The lines that a close does without, for those who can mend them at the source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations.contracts import contracts
from flows.declarations.mappings import parse_mapping
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.quarantine_list import QuarantinedLine
from flows.sources.printed_text import looks_personal
from flows.steps.deliveries import reading_received
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.store.deliveries import Recorded


def quarantined_lines(home: Home, period: Period) -> list[QuarantinedLine]:
    """Every reason for which a line was not taken in, of the files that a close of the period reads or had to refuse.

    Values of personal columns, and whatever looks personal elsewhere, are withheld.
    """
    with reading_received(home) as connection:
        deliveries = _read_by(connection, period)
        listed = ", ".join(str(number) for number in deliveries) or "null"
        rows = connection.execute(
            "select delivery_id, line, coalesce(column_name, ''), reason, value from raw.quarantine"
            f" where delivery_id in ({listed}) order by delivery_id, line, column_name"
        ).fetchall()
        names = _source_columns(connection, deliveries) if rows else {}
    found: list[QuarantinedLine] = []
    for number, line, column, reason, value in rows:
        one = deliveries[number]
        shown = None if value is None or looks_personal(value) else value
        theirs = names.get(number, {}).get(column, column)
        found.append(QuarantinedLine(*_owner(one), one.file_name, line, theirs, reason, shown))
    return sorted(found, key=lambda one: (one.source, one.file_name, one.line, one.column))


def _owner(one: Recorded) -> tuple[str, str, str]:
    contract = contracts().get(one.extract)
    return contract.source if contract else one.extract, one.extract, str(one.period)


def _read_by(connection: duckdb.DuckDBPyConnection, period: Period) -> Mapping[int, Recorded]:
    """The deliveries in force, and the refused ones that nothing newer replaced, of the months that a close reads."""
    from flows.store.deliveries import in_force, recorded

    received = recorded(connection)
    counting = in_force(received)
    months = period.year_before.january.through(period)
    refused = [
        one
        for one in received
        if one.status == "refused"
        and (
            (one.extract, one.period) not in counting or counting[one.extract, one.period].delivery_id < one.delivery_id
        )
    ]
    read = [one for one in (*counting.values(), *refused) if one.period in months]
    if not read:
        raise Refusal(f"Nothing has been delivered for {period}.", "`bokslut deliveries` lists what has.")
    return {one.delivery_id: one for one in read}


def _source_columns(
    connection: duckdb.DuckDBPyConnection, deliveries: Mapping[int, Recorded]
) -> Mapping[int, Mapping[str, str]]:
    """Delivery → our column → the source's own name, where it was read through a mapping."""
    texts = dict(connection.execute("select sha256, text from control.mapping_texts").fetchall())
    found: dict[int, Mapping[str, str]] = {}
    for number, one in deliveries.items():
        if not one.mapping_sha256:
            continue
        try:
            mapping = parse_mapping(texts[one.mapping_sha256], Path(f"{one.extract}.toml"))
        except Refusal:
            # The contract has changed since: the line and our own name still find the place.
            continue
        found[number] = {ours: theirs for theirs, ours in mapping.columns.items()}
    return found
