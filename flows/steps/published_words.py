"""What is about to be published, searched for a personnummer that lies where a code or a label should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flows.declarations.intake_rules import intake_rule
from flows.domain.finding import Finding
from flows.sources.printed_text import holds_personnummer

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def findings_of_published(
    connection: duckdb.DuckDBPyConnection, printed: Mapping[str, pa.Table], schema: str = "marts"
) -> list[Finding]:
    """A finding for each column that would leave the store with a personnummer in it, by its place alone.

    Texts for print were searched when they came, and are withheld one by one. This is for everything else: the codes,
    names and labels of registers, of which no withholding would leave a report. `printed` are the printed report's.
    """
    rule = intake_rule("personal_in_published")
    return [
        rule.found(table=table, column=column, published=table, keys={"table": table, "column": column})
        for table, column, texts in (*_of_marts(connection, schema), *_of_print(printed))
        if any(map(holds_personnummer, texts))
    ]


def _of_marts(connection: duckdb.DuckDBPyConnection, schema: str) -> Iterator[tuple[str, str, list[str]]]:
    """(table, column, its different texts with digits enough) of every mart that is frozen."""
    from flows.store.versions import FROZEN_MARTS

    columns = connection.execute(
        "select table_name, column_name from duckdb_columns()"
        f" where database_name = current_database() and schema_name = '{schema}' and data_type = 'VARCHAR'"
        " order by table_name, column_index"
    ).fetchall()
    for table, column in columns:
        if table in FROZEN_MARTS:
            texts = connection.execute(
                f'select distinct "{column}" from {schema}."{table}" where regexp_matches("{column}", \'[0-9]{{4}}\')'
            ).fetchall()
            yield f"{schema}.{table}", column, [text for (text,) in texts]


def _of_print(printed: Mapping[str, pa.Table]) -> Iterator[tuple[str, str, list[str]]]:
    import pyarrow as pa

    for table, rows in printed.items():
        for column in rows.column_names:
            if pa.types.is_string(rows.schema.field(column).type):
                yield table, column, [text for text in rows[column].unique().to_pylist() if text]
