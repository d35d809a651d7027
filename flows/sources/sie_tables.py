"""The raw tables of a ledger, and rows collected one by one as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

_TEXT, _WHOLE, _DAY, _YES = pa.string(), pa.int32(), pa.date32(), pa.bool_()
_SEK, _NUMBER = pa.decimal128(18, 2), pa.decimal128(18, 6)

_OBJECTS = {"ansvar": _TEXT, "projekt": _TEXT, "verksamhet": _TEXT, "other_objects": _TEXT}
_AMOUNTS = {**_OBJECTS, "amount": _SEK, "quantity": _NUMBER}
SCHEMAS: Mapping[str, Mapping[str, pa.DataType]] = {
    "sie_header": {"label": _TEXT, "value": _TEXT},
    "sie_fiscal_year": {"year_no": _WHOLE, "starts_on": _DAY, "ends_on": _DAY},
    "sie_account": {"account": _TEXT, "account_name": _TEXT, "account_type": _TEXT},
    "sie_dimension": {"dimension": _TEXT, "dimension_name": _TEXT, "parent": _TEXT},
    "sie_object": {"dimension": _TEXT, "object": _TEXT, "object_name": _TEXT},
    "sie_balance": {"record": _TEXT, "year_no": _WHOLE, "account": _TEXT, **_AMOUNTS},
    "sie_period_amount": {
        "record": _TEXT,
        "year_no": _WHOLE,
        "month": _DAY,
        "account": _TEXT,
        **_OBJECTS,
        "is_total": _YES,
        "amount": _SEK,
        "quantity": _NUMBER,
    },
    "sie_voucher": {
        "series": _TEXT,
        "number": _TEXT,
        "voucher_date": _DAY,
        "voucher_text": _TEXT,
        "registered_on": _DAY,
        "signature": _TEXT,
    },
    "sie_transaction": {
        "voucher_line": _WHOLE,
        "record": _TEXT,
        "account": _TEXT,
        **_OBJECTS,
        "amount": _SEK,
        "transaction_date": _DAY,
        "transaction_text": _TEXT,
        "quantity": _NUMBER,
        "signature": _TEXT,
    },
}


def rows_as_table(name: str, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """Rows of one raw table, `line` first; amounts and quantities are given as text."""
    schema = {"line": _WHOLE, **SCHEMAS[name]}
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays: dict[str, pa.Array] = {}
    for (column, kind), values in zip(schema.items(), columns, strict=True):
        # Amounts were checked as text and become decimals in one go: no detour over floating point.
        text_first = pa.types.is_decimal(kind)
        arrays[column] = pa.array(values, _TEXT).cast(kind) if text_first else pa.array(values, kind)
    return pa.table(arrays)


def quarantined_lines(bad: Sequence[tuple[int, str, str]]) -> pa.Table:
    """Lines that could not be read: (line, label, reason)."""
    return pa.table(
        {
            "line": pa.array([line for line, _, _ in bad], _WHOLE),
            "column_name": pa.array([label for _, label, _ in bad], _TEXT),
            "reason": pa.array([reason for _, _, reason in bad], _TEXT),
            # A ledger line may hold a text that names a person: the archive has it, the quarantine does not.
            "value": pa.nulls(len(bad), _TEXT),
        }
    )
