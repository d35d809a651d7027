"""What a close says of the deliveries that somebody withdrew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rule
from flows.domain.finding import Effect, Finding, Severity

if TYPE_CHECKING:
    import duckdb


def findings_of_withdrawals(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """One finding a withdrawn delivery that a close of the period might have read and that nothing newer replaced.

    Where nothing stands in for it, it is as a refused file: its extract is withheld, and without the ledger nothing is
    published. Otherwise it is told, and nothing more.
    """
    from flows.store.deliveries import in_force, recorded

    received = recorded(connection)
    counting = in_force(received)
    ((first, last),) = connection.execute("select previous_year_start, period from build.closing").fetchall()
    withheld = set(connection.execute("select extract, period from build.withheld_extract").fetchall())
    found: list[Finding] = []
    for one in received:
        if one.status != "withdrawn" or not first <= one.period.first_day <= last:
            continue
        stands_in = counting.get((one.extract, one.period))
        if stands_in is not None and stands_in.counts_from > one.extracted_at:
            continue
        place = {"extract": one.extract, "table": one.extract, "file_name": one.file_name}
        finding = intake_rule("delivery_withdrawn").found(**place)
        if (one.extract, one.period.first_day) not in withheld:
            finding = replace(finding, severity=Severity.INFO, effect=Effect.NONE)
        elif contracts()[one.extract].needed == "ledger":
            finding = replace(finding, effect=Effect.BARS_PUBLICATION)
        found.append(finding)
    return found
