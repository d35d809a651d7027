"""The report as it is printed, as rows of `build`: what the models that judge the finished report read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import pyarrow as pa

#: The tables that a close prints; the models that stand on them are made after the others.
PRINTED_TABLES = ("build.printed_cell", "build.printed_text", "build.quoted_figure")

#: `printed_cell` becomes `closed.report_cell`, `printed_text` `closed.comment`, `quoted_figure` `closed.quoted_figure`.
PRINTED_SHAPES = """
create table build.printed_cell (
    edition_id varchar, table_id varchar, table_name varchar, table_order bigint, table_heading varchar,
    row_id varchar, row_order bigint, row_label varchar, column_id varchar, column_order bigint, head varchar,
    measure_id varchar, item_id varchar, area_code varchar, sex varchar, quantity varchar, year_offset integer,
    number decimal(28, 10), numerator decimal(28, 6), denominator decimal(28, 6),
    printed varchar, words varchar, unit varchar, value_status varchar, method varchar, months varchar, reason varchar,
    footnote varchar, printed_number decimal(28, 10), half_unit decimal(28, 10),
    multiplier decimal(18, 6), divisor decimal(18, 6), row_sign integer, deviation_sign integer,
    minuend_column varchar, subtrahend_column varchar, organisation_tag varchar, organisation_view varchar,
    adjustment_value decimal(28, 6), ledger_number decimal(28, 10)
);
create table build.printed_text (
    table_id varchar, row_id varchar, sequence_number bigint, table_order bigint, row_order bigint, heading varchar,
    row_label varchar, is_running_text boolean, is_placed boolean, comment_words varchar, printed varchar,
    reason varchar, responsible varchar, dated_on date
);
create table build.quoted_figure (
    table_id varchar, row_id varchar, sequence_number bigint, quote_number bigint, quote_kind varchar,
    quoted_words varchar, printed varchar, cell_table_id varchar, cell_row_id varchar, cell_column_id varchar,
    unit varchar, quoted_number decimal(28, 10), cell_number decimal(28, 10), tolerance decimal(28, 10), reason varchar
);
"""


def write_printed(connection: duckdb.DuckDBPyConnection, printed: Mapping[str, pa.Table]) -> None:
    """Rewrite the printed tables, by their names without a schema; one that is not given becomes empty."""
    connection.begin()
    try:
        for table in PRINTED_TABLES:
            connection.execute(f"delete from {table}")
            rows = printed.get(table.split(".")[1])
            if rows is not None and rows.num_rows:
                connection.register("printed_rows", rows)
                connection.execute(f"insert into {table} by name select * from printed_rows")
                connection.unregister("printed_rows")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
