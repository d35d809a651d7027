"""A file of an organisation's own form, under the contract's names and codes, before the contract is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa

from flows.declarations.contracts import Contract
from flows.declarations.mappings import PERIOD_OF_NAME, SourceMapping
from flows.domain.period import Period
from flows.sources.control_lines import ControlLines
from flows.sources.conversions import convert
from flows.sources.delimited import Line, Records

#: Marks a column of theirs that bears a name of ours and means something else.
_THEIRS = " (deras)"


def is_of_other_form(header: Line, mapping: SourceMapping, contract: Contract) -> bool:
    """Whether a file is what the mapping is for; one with our columns and none of theirs is as it should be already."""
    names = {name.strip() for name in header.fields}
    is_ours = all(column.name in names or column.optional for column in contract.columns)
    return not (is_ours and mapping.columns and names.isdisjoint(mapping.columns))


def mapped_header(header: Line, mapping: SourceMapping) -> Line:
    """The header under our names, the constants after it; what the mapping does not name keeps its own name."""
    given = {*mapping.columns.values(), *mapping.constants}
    fields = tuple(
        mapping.columns.get(name.strip(), f"{name}{_THEIRS}" if name.strip() in given else name)
        for name in header.fields
    )
    return Line(header.number, (*fields, *mapping.constants))


def mapped_records(records: Records, header: Line, mapping: SourceMapping, period: Period) -> Records:
    """The records with codes and values as the contract writes them; `header` is the mapped one."""
    columns = [
        _mapped(written, _translation(mapping, name))
        for name, written in zip(header.fields, records.columns, strict=False)
    ]
    for value in mapping.constants.values():
        columns.append(pa.array([value.replace(PERIOD_OF_NAME, str(period))] * len(records.lines), pa.string()))
    return replace(records, columns=tuple(columns))


def mapped_control_lines(
    lines: ControlLines, header: Line, mapping: SourceMapping, control_measure: str | None
) -> ControlLines:
    """The source's own sums in our units; `header` is the mapped one. A sum converts like its addends."""
    control = lines.control
    if control is not None and control_measure is not None and len(control.fields) >= 4:
        summed = _translation(mapping, control_measure)(control.fields[3])
        control = Line(control.number, (*control.fields[:3], summed, *control.fields[4:]))
    without = len(mapping.constants)
    footers = tuple(
        Line(
            footer.number,
            (
                footer.fields[0],
                *(
                    _translation(mapping, name)(written) if written.strip() else written
                    for name, written in zip(header.fields[1:], footer.fields[1:], strict=False)
                ),
                *[""] * without,
            ),
        )
        for footer in lines.footers
    )
    return ControlLines(control, footers)


def _mapped(written: pa.StringArray, translate: Callable[[str], str]) -> pa.StringArray:
    encoded = written.dictionary_encode()
    values = [translate(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)


def _translation(mapping: SourceMapping, column: str) -> Callable[[str], str]:
    codes = mapping.codes.get(column, {})
    names = mapping.conversions.get(column, ())

    def translate(value: str) -> str:
        code = codes.get(value.strip())
        if code is not None:
            return code
        return convert(names, value) if names else value

    return translate
