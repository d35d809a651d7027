"""What a source says at the end of a file about the rows before it: `#ANTAL;n;SUMMA;x` and lines of totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flows.sources.delimited import Line, last_lines
from flows.sources.values import BadValue, parse_number

_TOTALS = frozenset({"summa", "totalt"})


@dataclass(frozen=True, slots=True)
class ControlLines:
    """The file's own counts and sums; neither line is ever data."""

    control: Line | None
    footers: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What a source says of its rows and they do not bear out: an intake rule and the words of its message."""

    rule_id: str
    line: int
    column: str
    words: Mapping[str, object]


def take_off(utf8: bytes, header: Line) -> tuple[bytes, ControlLines]:
    """The file without its control lines (each left as a blank line, so that line numbers stay), and those lines."""
    control: Line | None = None
    footers: list[Line] = []
    for line, start, end in last_lines(utf8, 2):
        if line.number <= header.number:
            break
        if is_control_line(line) and control is None:
            control = line
        elif is_total(line, len(header.fields)):
            footers.append(line)
        else:
            continue
        # The last line comes first: what is cut out does not move the one before it.
        utf8 = utf8[:start] + utf8[end:]
    return utf8, ControlLines(control, tuple(footers))


def is_control_line(line: Line) -> bool:
    """Whether a line says how many lines there are."""
    return line.fields[0].strip().upper() == "#ANTAL"


def is_total(line: Line, width: int) -> bool:
    """Whether a line of the header's width holds its columns' totals."""
    return line.fields[0].strip().casefold() in _TOTALS and len(line.fields) == width


def check(
    lines: ControlLines,
    header: Line,
    count: int,
    control_measure: str | None,
    sums: Mapping[str, tuple[Decimal, Decimal]] | None,
) -> Sequence[Disagreement]:
    """Where the lines and the rows differ.

    `sums` (column → sum, tolerance) is None where rows are bad: no sum is then checked.
    """
    found: list[Disagreement] = []
    if lines.control is not None:
        found += _check_control(lines.control, count, control_measure, sums)
    for footer in lines.footers if sums is not None else ():
        for name, written in list(zip(header.fields, footer.fields, strict=True))[1:]:
            if written.strip() and name in sums and (declared := _differs(written, *sums[name])) is not None:
                words = {"declared": declared, "summed": swedish(sums[name][0])}
                found.append(Disagreement("footer_sum", footer.number, name, words))
    return found


def _check_control(
    control: Line, count: int, measure: str | None, sums: Mapping[str, tuple[Decimal, Decimal]] | None
) -> Sequence[Disagreement]:
    fields = [field.strip() for field in control.fields]
    while fields and not fields[-1]:
        fields.pop()
    declared_count = _number(fields[1]) if len(fields) > 1 else None
    has_sum = len(fields) == 4 and fields[2].upper() == "SUMMA"
    if declared_count is None or not (len(fields) == 2 or has_sum) or (has_sum and _number(fields[3]) is None):
        return [Disagreement("control_unreadable", control.number, "", {})]
    found: list[Disagreement] = []
    if declared_count != count:
        words: dict[str, object] = {"declared": swedish(declared_count), "counted": count}
        found.append(Disagreement("control_count", control.number, "", words))
    if has_sum and measure is not None and sums is not None:
        declared = _differs(fields[3], *sums[measure])
        if declared is not None:
            words = {"declared": declared, "summed": swedish(sums[measure][0])}
            found.append(Disagreement("control_sum", control.number, measure, words))
    return found


def _differs(written: str, summed: Decimal, tolerance: Decimal) -> str | None:
    """The declared sum in print where it is not that of the rows; None where they agree."""
    declared = _number(written)
    if declared is None:
        return "något som inte är ett tal"
    return None if abs(declared - summed) <= tolerance else swedish(declared)


def _number(written: str) -> Decimal | None:
    try:
        number = parse_number(written)
    except BadValue:
        # A sum has no column to show whether a dot marks decimals: before three digits it may, the rows will tell.
        return _plain_decimal(written)
    return None if number is None else number.value


def _plain_decimal(written: str) -> Decimal | None:
    whole, dot, decimals = written.strip().removeprefix("-").partition(".")
    if not (dot and whole.isascii() and whole.isdigit() and decimals.isascii() and decimals.isdigit()):
        return None
    return Decimal(written.strip())


def swedish(number: Decimal) -> str:
    """A number with decimal comma and no needless zeros."""
    written = f"{number:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.replace(".", ",")
