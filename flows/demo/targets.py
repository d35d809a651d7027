"""The targets: published figures, cell by cell, as figures of the measure catalogue."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from flows.demo.edition import Edition, EditionColumn, EditionRow, EditionTable, half_step, read_edition
from flows.demo.organisation_events import EVENTS_FILE
from flows.demo.print_units import in_own_unit
from flows.demo.side_files import SIDE_FILES, read_side_file
from flows.domain.period import Period
from flows.errors import Refusal

#: The targets whose edition serves those that bring none.
DEFAULT_TARGETS = Path(__file__).parent / "targets" / "2021-08"

#: What lies beside the targets and is none; the organisation's dated events have a reader of their own.
_NO_TARGETS = {*SIDE_FILES, EVENTS_FILE}

_HEADER = ["table", "row", "column", "value", "unit", "value_num", "note"]
#: The column of figures that stand in the running text: no cells of a table.
_RUNNING_TEXT = "text"
_ESTIMATED = re.compile(r"^estimated:.*\((\w+)(?:-(\w+))? missing")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_OF_ITEM = ("target", "observation", "assessment")


@dataclass(frozen=True, slots=True, order=True)
class FigureKey:
    """Which figure: the key of `marts.figure`. `area_code` is '' for the organisation, `sex` T, K or M."""

    subject_id: str
    area_code: str = ""
    sex: str = "T"
    quantity: str = "actual"
    year_offset: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number in the figure's own unit (SEK, persons, a ratio of 0…1, years), in the mart's sign.

    `half_step` is half a unit of the last printed digit: every value in low < x < high prints as the target.
    `printed` is the same number in the printed unit; `missing_months` are the months that it was estimated without.
    """

    value: Decimal
    half_step: Decimal
    missing_months: tuple[Period, ...] = ()
    printed: Decimal = Decimal(0)

    @property
    def low(self) -> Decimal:
        return self.value - self.half_step

    @property
    def high(self) -> Decimal:
        return self.value + self.half_step


@dataclass(frozen=True, slots=True)
class StaffTargets:
    """What payroll and HR must come to. A key that is absent leaves the draw free.

    Measures here: permanent_headcount (persons on the last day), sick_leave, external_turnover, full_time_share,
    long_sick_leave_share, hourly_staff_share (ratios of 0…1) and pension_age (years); year_offset 0 is January…period
    (or the last day) of the closed year, -1 the same of the year before.
    """

    period: Period
    figures: Mapping[FigureKey, Figure] = field(default_factory=dict)

    def of(self, measure_id: str, sex: str = "T", year_offset: int = 0) -> Figure | None:
        """The organisation's figure, or None where none was published."""
        return self.figures.get(FigureKey(measure_id, "", sex, "actual", year_offset))


@dataclass(frozen=True, slots=True)
class Targets:
    """All that was published: numbers as figures, words as printed, and the edition that tells them apart.

    `folder` holds the side files, where there are any. `has_edition`: the edition is this month's own, not one before.
    A figure or words of an indicator or goal are in printed units.
    """

    period: Period
    folder: Path
    edition: Edition
    has_edition: bool
    figures: Mapping[FigureKey, Figure]
    words: Mapping[FigureKey, str]
    running_text: int

    def staff(self) -> StaffTargets:
        return StaffTargets(self.period, self.figures)

    def figure(
        self, subject_id: str, area_code: str = "", sex: str = "T", quantity: str = "actual", year_offset: int = 0
    ) -> Figure | None:
        return self.figures.get(FigureKey(subject_id, area_code, sex, quantity, year_offset))

    def value(
        self, subject_id: str, area_code: str = "", quantity: str = "actual", year_offset: int = 0
    ) -> Decimal | None:
        found = self.figure(subject_id, area_code, "T", quantity, year_offset)
        return None if found is None else found.value

    def side_file(self, name: str) -> list[dict[str, str]]:
        """The rows of a side file, none where it is absent."""
        return read_side_file(self.folder, name)


@dataclass(frozen=True, slots=True)
class _Cell:
    table: EditionTable
    row: EditionRow
    column: EditionColumn
    printed: str
    number: Decimal | None
    note: str

    def __str__(self) -> str:
        return f"{self.table.name}, {self.row.label!r}, {self.column.head!r}"

    @property
    def key(self) -> FigureKey:
        """Where the figure stands: an item's own where the row's item is asked for, else the measure's."""
        of_item = self.column.quantity in _OF_ITEM or self.row.measure_id in ("indicator", "goal")
        subject = self.row.item_id if of_item else self.row.measure_id
        return FigureKey(subject, self.row.area_code, self.row.sex, self.column.quantity, self.column.year_offset)

    @property
    def is_computed(self) -> bool:
        return self.key.subject_id == self.row.measure_id

    def figure(self, period: Period) -> Figure:
        is_target = self.column.quantity == "target"
        step = half_step(self.row.target_pattern if is_target else self.row.pattern)
        unit = in_own_unit(self.row.measure_id, self.row.print_unit, str(self)) if self.is_computed else Decimal(1)
        number = (Decimal(0) if self.number is None else self.number) * self.row.row_sign
        year = period.year + self.column.year_offset
        return Figure(number * unit, step * unit, _missing_months(self.note, year), number)


def read_targets(folder: Path | None, before: Path = DEFAULT_TARGETS) -> Targets:
    """The targets of a folder named by its month. Refuses what the edition does not know, and cells that contradict.

    `before` has the edition where the folder brings none.
    """
    folder = DEFAULT_TARGETS if folder is None else folder
    if not folder.is_dir():
        raise Refusal(f"{folder} is no folder.", "Name a folder of targets, such as 2021-08.")
    try:
        period = Period.parse(folder.resolve().name)
    except ValueError as error:
        raise Refusal(
            f"{folder.name!r} is no month.", "Name the targets' folder by its month, such as 2021-08."
        ) from error
    own = (folder / "edition").is_dir()
    edition = read_edition((folder if own else before) / "edition", period)
    same_month = period == Period.parse(DEFAULT_TARGETS.name)
    cells, running_text = _cells(folder, edition)
    _check_deviations(cells)
    figures, words = _figures(cells, period)
    side_files = folder if own or not same_month else DEFAULT_TARGETS
    return Targets(period, side_files, edition, own or before == DEFAULT_TARGETS, figures, words, running_text)


def no_targets(period: Period, before: Targets, edition_folder: Path) -> Targets:
    """A month that is delivered, of which nothing was published: the edition before it goes on."""
    return replace(
        before,
        period=period,
        edition=read_edition(edition_folder, period),
        has_edition=False,
        figures={},
        words={},
        running_text=0,
    )


def _cells(folder: Path, edition: Edition) -> tuple[list[_Cell], int]:
    cells: list[_Cell] = []
    running_text = 0
    for path in sorted(folder.glob("*.csv")):
        if path.name in _NO_TARGETS:
            continue
        for line in _lines(path):
            if line["column"] == _RUNNING_TEXT:
                running_text += 1
            else:
                cells.append(_cell(path, line, edition))
    if not cells:
        raise Refusal(f"{folder} holds no targets.", f"Put files with the header {','.join(_HEADER)} there.")
    return cells, running_text


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != _HEADER:
            raise Refusal(f"{path.name} is no file of targets.", f"Its header must be {','.join(_HEADER)}.")
        yield from reader


def _cell(path: Path, line: Mapping[str, str], edition: Edition) -> _Cell:
    def unknown(what: str) -> Refusal:
        return Refusal(f"{path.name}: the edition does not know {what}.", "Add it to the targets' edition/.")

    table = edition.tables.get(line["table"])
    if table is None:
        raise unknown(f"the table {line['table']!r}")
    row, column = table.rows.get(line["row"]), table.columns.get(line["column"])
    if row is None:
        raise unknown(f"the row {line['row']!r} of {line['table']}")
    if column is None:
        raise unknown(f"the column {line['column']!r} of {line['table']}")
    if row.print_unit != line["unit"]:
        raise unknown(f"the unit {line['unit']!r} of the row {row.label!r} of {line['table']}")
    try:
        number = Decimal(line["value_num"]) if line["value_num"] else None
    except InvalidOperation as error:
        raise Refusal(f"{path.name}: {line['value_num']!r} is no number.", "Write it with a decimal dot.") from error
    return _Cell(table, row, column, line["value"], number, line["note"] or "")


def _figures(cells: list[_Cell], period: Period) -> tuple[dict[FigureKey, Figure], dict[FigureKey, str]]:
    """Each figure once, from the cell that prints it finest; another cell of it must print the same number."""
    figures: dict[FigureKey, Figure] = {}
    source: dict[FigureKey, _Cell] = {}
    words: dict[FigureKey, str] = {}
    for cell in cells:
        key = cell.key
        if cell.column.quantity == "deviation" or not cell.printed:
            continue
        if cell.number is None:
            if cell.is_computed:
                raise Refusal(f"{cell} is computed, so it cannot print {cell.printed!r}.", "Give it a number.")
            if words.setdefault(key, cell.printed) != cell.printed:
                raise Refusal(f"{cell} prints other words than before.", "Let both cells print the same.")
            continue
        found, known = cell.figure(period), figures.get(key)
        if known is not None:
            if abs(found.value - known.value) > max(found.half_step, known.half_step):
                raise Refusal(f"{cell} contradicts {source[key]}.", "Let both cells print the same figure.")
            months = found.missing_months or known.missing_months
            finest = known if known.half_step <= found.half_step else found
            figures[key] = replace(finest, missing_months=months)
        else:
            figures[key] = found
        source.setdefault(key, cell)
    return figures, words


def _check_deviations(cells: list[_Cell]) -> None:
    printed = {(cell.table.name, cell.row.label, cell.column.column_id): cell.number for cell in cells}
    for cell in cells:
        if cell.column.quantity != "deviation" or cell.number is None:
            continue
        minuend, subtrahend = (
            printed.get((cell.table.name, cell.row.label, column))
            for column in (cell.column.minuend, cell.column.subtrahend)
        )
        if minuend is None or subtrahend is None:
            continue
        if cell.number != (minuend - subtrahend) * cell.row.deviation_sign:
            raise Refusal(f"{cell} is not the difference of its two columns.", "Correct it, or the row's avvikelse.")


def _missing_months(note: str, year: int) -> tuple[Period, ...]:
    match = _ESTIMATED.match(note)
    if match is None:
        return ()
    first, last = (_month(word, note) for word in (match[1], match[2] or match[1]))
    return Period(year, first).through(Period(year, last))


def _month(word: str, note: str) -> int:
    for number, short in enumerate(_MONTHS, start=1):
        if word.lower().startswith(short) or word.lower()[:3] == {5: "may", 10: "oct"}.get(number):
            return number
    raise Refusal(f"{word!r} in the note {note!r} is no month.", "Write the months as apr-aug.")
