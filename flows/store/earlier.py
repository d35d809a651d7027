"""What earlier closes have said, as rows of `build`: other periods' newest versions, and this period's own comments."""

from __future__ import annotations

from datetime import date

import duckdb

#: `earlier_cell` and `earlier_delivery`: the newest version of each earlier period. `earlier_comment`: per comment of
#: the closed period's own versions the first in which it stood so, and how the cells of its row were printed then.
#: `earlier_measure_month` and `earlier_forecast`: what forecasts are tried on, and what people forecast.
EARLIER_SHAPES = """
create table build.earlier_cell (
    period date, version integer, table_id varchar, row_id varchar, column_id varchar, row_label varchar, head varchar,
    measure_id varchar, item_id varchar, area_code varchar, sex varchar, quantity varchar, year_offset integer,
    organisation_view varchar, value_status varchar, unit varchar, row_sign integer, printed varchar,
    printed_number decimal(28, 10), half_unit decimal(28, 10)
);
create table build.earlier_delivery (
    period date, version integer, extract varchar, delivered_month date, sha256 varchar
);
create table build.earlier_comment (
    table_id varchar, row_id varchar, sequence_number bigint, comment_words varchar, dated_on date, version integer,
    column_id varchar, printed varchar
);
create table build.earlier_measure_month (
    measure_id varchar, area_code varchar, month date, known_in date, figure_unit varchar, value_status varchar,
    reason varchar, measure_value decimal(28, 6), month_budget_value decimal(28, 6)
);
create table build.earlier_forecast (
    measure_id varchar, area_code varchar, cut_month date, figure_unit varchar, forecast_value decimal(28, 6)
);
"""

_CELL_COLUMNS = (
    "period, version, table_id, row_id, column_id, row_label, head, measure_id, item_id, area_code, sex, quantity,"
    " year_offset, organisation_view, value_status, unit, row_sign, printed, printed_number, half_unit"
)

_NEWEST = """
    select events.period, max(events.version) as version
    from control.period_events as events cross join build.closing as closing
    where events.period < closing.period
    group by events.period
"""


def earlier_versions(connection: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """The newest version of every period before the one that `build.closing` names."""
    return connection.execute(f"{_NEWEST} order by all").fetchall()


def copy_earlier(connection: duckdb.DuckDBPyConnection) -> None:
    """Rewrite the tables of what earlier closes have said to the period that `build.closing` names."""
    connection.begin()
    try:
        for table in ("earlier_cell", "earlier_delivery", "earlier_comment"):
            connection.execute(f"delete from build.{table}")
        # A store of an earlier day froze no printed numbers: there is nothing to compare with.
        if {"printed_number", "half_unit", "organisation_view"} <= _columns(connection, "report_cell"):
            connection.execute(
                f"insert into build.earlier_cell by name select {_CELL_COLUMNS} from closed.report_cell"
                f" inner join ({_NEWEST}) using (period, version)"
            )
        connection.execute(
            "insert into build.earlier_delivery select period, version, extract, received.period, stood.sha256"
            f" from control.version_deliveries as stood inner join ({_NEWEST}) using (period, version)"
            " inner join (select delivery_id, period from control.deliveries) as received using (delivery_id)"
        )
        if _columns(connection, "comment"):
            connection.execute(
                "insert into build.earlier_comment by name"
                " with stood as (select table_id, row_id, sequence_number, comment_words, dated_on,"
                " period, min(version) as version from closed.comment"
                " inner join (select period from build.closing) using (period) group by all)"
                " select stood.* exclude (period), cells.column_id, cells.printed from stood"
                " inner join closed.report_cell as cells using (period, version, table_id, row_id)"
            )
        _copy_history(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _copy_history(connection: duckdb.DuckDBPyConnection) -> None:
    """The months as earlier closes knew them, and the full years that people forecast then."""
    for table in ("earlier_measure_month", "earlier_forecast"):
        connection.execute(f"delete from build.{table}")
    if _columns(connection, "measure_month"):
        connection.execute(
            "insert into build.earlier_measure_month select measure_id, area_code, month, period, figure_unit,"
            " value_status, reason, measure_value, month_budget_value from closed.measure_month"
            f" inner join ({_NEWEST}) using (period, version)"
        )
    if _columns(connection, "forecast_method"):
        connection.execute(
            "insert into build.earlier_forecast select measure_id, area_code, period, figure_unit, forecast_value"
            f" from closed.forecast_method inner join ({_NEWEST}) using (period, version)"
            " where method = 'manual' and forecast_value is not null and figure_unit <> 'printed'"
        )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> frozenset[str]:
    """The columns of a table of `closed`; none where it is not there yet."""
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = current_database()"
        f" and schema_name = 'closed' and table_name = '{table}'"
    ).fetchall()
    return frozenset(name for (name,) in rows)
