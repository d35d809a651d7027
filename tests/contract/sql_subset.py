"""The constructs that mean something else, or nothing, on another engine: found on the parse tree."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from flows.declarations.columns import columns

_WEEKDAYS = frozenset({"dayofweek", "isodow", "weekday", "dow"})
_UNSTABLE_FUNCTIONS = frozenset({"hash", "median", "mode", "quantile", "quantile_cont"})
_TABLE_FUNCTIONS = frozenset({"range", "generate_series"})
_WHOLE_NUMBERS = frozenset(
    {exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT}
)
_WIDER_THAN_64_BITS = frozenset({exp.DataType.Type.INT128, exp.DataType.Type.INT256, exp.DataType.Type.UINT128})
_FLOATS = frozenset({exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT})


def refused_constructs(statement: exp.Expr) -> list[str]:
    """What of a statement is outside the portable subset, with lines where the parser knows them."""
    return list(_refused(statement))


def _refused(statement: exp.Expr) -> Iterator[str]:
    for node in statement.walk():
        name = _function_name(node)
        if name in _WEEKDAYS or isinstance(node, exp.DayOfWeek | exp.DayOfWeekIso):
            yield "a weekday's number"
        if isinstance(node, exp.Extract) and node.name.lower() in _WEEKDAYS:
            yield "a weekday's number"
        if isinstance(node, exp.DateDiff | exp.TimestampDiff) and _unit(node) in ("month", "year", "quarter"):
            yield "date_diff in months"
        if name in ("date_diff", "datediff"):
            yield "date_diff"
        if isinstance(node, exp.Div):
            yield "a division: keep numerator and denominator, or multiply first and use //"
        if isinstance(node, exp.IntDiv) and not (_is_safe_divisor(node.expression) or _is_guarded(node)):
            yield f"a divisor that may be 0: {node.expression.sql(dialect='duckdb')}"
        if isinstance(node, exp.Cast) and node.to.this in _FLOATS:
            yield "a cast to DOUBLE"
        if isinstance(node, exp.Cast) and node.to.this in _WHOLE_NUMBERS and node.this.find(exp.Div, exp.Avg):
            yield "a cast of a DOUBLE to a whole number"
        if isinstance(node, exp.Cast) and node.to.this in _WIDER_THAN_64_BITS:
            yield "a whole number wider than 64 bits: other engines have none"
        if isinstance(node, exp.Sign):
            yield "SIGN: a DOUBLE on other engines"
        if isinstance(node, exp.Round):
            yield "ROUND: a cell is rounded once, where it is printed"
        if isinstance(node, exp.Avg | exp.Median) or name in _UNSTABLE_FUNCTIONS:
            yield "AVG, median or a hash"
        if isinstance(node, exp.Interval) and not _is_cast_to_date(node):
            yield "an INTERVAL whose result is not cast to DATE"
        if isinstance(node, exp.Sub) and _is_date(node.this) and _is_date(node.expression):
            yield "a date minus a date"
        if isinstance(node, exp.Join) and (node.method or "").upper() == "ASOF":
            yield "ASOF JOIN"
        if isinstance(node, exp.Pivot):
            yield "PIVOT or UNPIVOT"
        if isinstance(node, exp.Star) and (node.args.get("replace") or node.args.get("rename")):
            yield "* REPLACE"
        if isinstance(node, exp.Columns) or name == "columns":
            yield "COLUMNS()"
        if isinstance(node, exp.Slice):
            yield "a list slice"
        if _is_table_function(node):
            yield "range() as a table"
        if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
            yield "UNION BY NAME"
        if isinstance(node, exp.Map | exp.VarMap | exp.ToMap) or name in ("map", "map_from_entries"):
            yield "MAP"
        if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
            yield "a JSON arrow"


def _function_name(node: exp.Expr) -> str:
    return node.name.lower() if isinstance(node, exp.Anonymous) else ""


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    return unit.name.lower() if unit is not None else "day"


def _is_safe_divisor(divisor: exp.Expr) -> bool:
    inner = divisor.unnest()
    if isinstance(inner, exp.Literal):
        return inner.to_py() != 0
    if isinstance(inner, exp.Mul):
        return _is_safe_divisor(inner.this) and _is_safe_divisor(inner.expression)
    # A month's number is 1–12.
    is_month = isinstance(inner, exp.Column) and inner.name == "month_number"
    return is_month or isinstance(inner, exp.Nullif) or (isinstance(inner, exp.Cast) and _is_safe_divisor(inner.this))


def _is_guarded(division: exp.IntDiv) -> bool:
    """The rows it is computed for are chosen by something that is greater than 0."""
    select = division.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    return where is not None and any(over.expression == exp.Literal.number(0) for over in where.find_all(exp.GT))


def _is_cast_to_date(interval: exp.Interval) -> bool:
    """Through the sums it stands in, the interval ends in a cast to DATE."""
    node = interval.parent
    while isinstance(node, exp.Add | exp.Sub | exp.Paren):
        node = node.parent
    return isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DATE


def _is_date(node: exp.Expr) -> bool:
    inner = node.unnest()
    if isinstance(inner, exp.Cast):
        return inner.to.this == exp.DataType.Type.DATE
    if isinstance(inner, exp.Column):
        known = columns().get(inner.name)
        return known is not None and known.type == "DATE"
    return False


def _is_table_function(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Table):
        return False
    made_by = node.this
    return isinstance(made_by, exp.GenerateSeries) or _function_name(made_by) in _TABLE_FUNCTIONS
