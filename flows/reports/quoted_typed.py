"""Figures that somebody typed in a text, set against the cells that they plainly speak of.

Few false alarms come before catching all. A figure speaks of a cell where the column's name leads to it ("avvikelsen
uppgår till …"), or where it is alike one of its row: nearly as great, or the same digits but one, in the row's unit. A
figure that is some cell's, rounded as it is written, is never alarmed for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flows.domain.cell_address import same_name
from flows.domain.heads import month_name
from flows.domain.period import Period
from flows.reports.cells import PrintedCell
from flows.reports.patterns import PrintPattern
from flows.reports.print_units import PrintUnits
from flows.reports.quoted_figures import QuotedFigure
from flows.reports.written_numbers import TextWords, WrittenNumber, written_numbers

#: A head's word that says which column it is: no month, no year, no "jan".
_KEY_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class TypedLimits:
    """How near is near (a share of the cell), from how many digits two numbers can be alike, how far a name leads."""

    near: Fraction
    digits: int
    words_between: int


class TypedFigures:
    """Reads texts against one printed report."""

    def __init__(
        self, cells: Sequence[PrintedCell], period: Period, units: PrintUnits, words: TextWords, limits: TypedLimits
    ) -> None:
        self._cells = [cell for cell in cells if cell.printed_number is not None]
        self._period, self._units, self._words, self._limits = period, units, words, limits
        self._column_words = {cell.head: _key_word(cell.head) for cell in self._cells}
        labels = {same_name(cell.source["row_label"]) for cell in self._cells}
        self._labels = sorted((label for label in labels if len(label) > 3), key=len, reverse=True)

    def read(self, text: str, table_id: str, row_id: str) -> list[QuotedFigure]:
        """The typed figures of a text that speak of a cell: those that agree with it and those that contradict it."""
        found: list[QuotedFigure] = []
        subjects: dict[str, _Subject] = {}
        for number in written_numbers(text, self._words):
            own = subjects.get(number.sentence) or self._subject(number.sentence, table_id, row_id)
            subjects[number.sentence] = own
            candidates = [one for one in map(self._against(number), own.cells) if one is not None]
            said = self._said_column(number)
            quote = self._led_to(number, candidates, said) if said and own.is_plain else None
            if quote is None:
                quote = self._alike(number, candidates, own.is_plain)
            if quote is not None:
                found.append(quote)
        return found

    def _subject(self, sentence: str, table_id: str, row_id: str) -> _Subject:
        """The cells that a sentence can speak of: of the rows that it names, else of its own row or table."""
        text = same_name(sentence)
        named: list[str] = []
        for label in self._labels:
            if re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text):
                named.append(label)
                text = text.replace(label, " ")
        rows = [cell for cell in self._cells if same_name(cell.source["row_label"]) in named]
        here = [cell for cell in rows if cell.table_id == table_id]
        own_row = [cell for cell in self._cells if cell.table_id == table_id and cell.row_id == row_id]
        if own_row:
            # A sentence under a row that names another row speaks of both.
            return _Subject(
                [*own_row, *rows], len(named) == 0 or {same_name(own_row[0].source["row_label"])} == {*named}
            )
        if rows:
            return _Subject(here or rows, len(named) == 1)
        return _Subject([cell for cell in self._cells if cell.table_id == table_id], False)

    def _against(self, number: WrittenNumber) -> _Compare:
        return _Compare(number, self._units, self._limits.near)

    def _said_column(self, number: WrittenNumber) -> str:
        """The column word that leads to the number, with nothing between but what joins them."""
        joins = self._words.kinds["joins"] | self._words.kinds["approximate"]
        for word in reversed(number.before[-self._limits.words_between - 1 :]):
            ends = [(word.rfind(key) + len(key), key) for key in self._column_words.values() if key and key in word]
            if ends:
                return max(ends)[1]
            plain = word.rstrip(".")
            in_period = plain in (month_name(self._period.month), str(self._period.year), "i", "per", "en")
            if not (in_period or word in joins or plain in joins):
                return ""
        return ""

    def _led_to(self, number: WrittenNumber, candidates: Sequence[_Pair], said: str) -> QuotedFigure | None:
        spoken = [pair for pair in candidates if self._column_words[pair.cell.head] == said]
        if not spoken:
            return None
        agreeing = [pair for pair in spoken if pair.agrees()]
        if agreeing:
            return agreeing[0].quote()
        if self._is_elsewhere(number) or self._is_another_cells(number, said):
            return None
        plainly = [pair for pair in spoken if not pair.cell.source["year_offset"]]
        if len({pair.cell.column_id for pair in plainly}) > 1:
            plainly = [pair for pair in plainly if pair.is_near() or self._digits_alike(pair)]
        return min(plainly, key=_Pair.distance).quote() if plainly else None

    def _alike(self, number: WrittenNumber, candidates: Sequence[_Pair], is_plain: bool) -> QuotedFigure | None:
        agreeing = [pair for pair in candidates if pair.agrees()]
        if agreeing:
            return agreeing[0].quote() if is_plain and number.unit and len(number.digits) > 2 else None
        if number.unit is None or number.is_approximate or self._is_elsewhere(number):
            return None
        alike = [
            pair
            for pair in candidates
            if self._digits_alike(pair)
            or (is_plain and len(number.digits) > 2 and (pair.is_near() or pair.is_turned()))
        ]
        if not alike or self._is_another_cells(number, "") or self._is_a_change(number, candidates):
            return None
        return min(alike, key=_Pair.distance).quote()

    def _is_elsewhere(self, number: WrittenNumber) -> bool:
        """The sentence compares, or speaks of another month or year: its number need not be a cell's."""
        words = set(re.findall(r"[^\W\d_]+", number.sentence.casefold()))
        months = {month_name(month) for month in range(1, 13)} - {month_name(self._period.month), month_name(12)}
        years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", number.sentence)}
        return bool(words & (self._words.kinds["elsewhere"] | months) or years - {self._period.year})

    def _is_another_cells(self, number: WrittenNumber, said: str) -> bool:
        """Some cell of the report says just this; where a column is named, some cell of a column of that name."""
        pairs = (self._against(number)(cell) for cell in self._cells)
        return any(
            pair.agrees() for pair in pairs if pair is not None and said in ("", self._column_words[pair.cell.head])
        )

    def _is_a_change(self, number: WrittenNumber, candidates: Sequence[_Pair]) -> bool:
        """The difference or the sum of two cells of a row."""
        values = [(pair.value, pair.tolerance) for pair in candidates]
        return any(
            abs(abs(number.value) - abs(one + sign * other)) <= tolerance + beside
            for at, (one, tolerance) in enumerate(values)
            for other, beside in values[at + 1 :]
            for sign in (1, -1)
        )

    def _digits_alike(self, pair: _Pair) -> bool:
        """The same digits but one, or two that have changed places."""
        written, true = pair.number.digits, pair.digits()
        if len(written) != len(true) or len(true) < self._limits.digits:
            return False
        wrong = [at for at, (one, other) in enumerate(zip(written, true, strict=True)) if one != other]
        if len(wrong) == 1:
            return True
        changed_places = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return changed_places and written[wrong[0]] + written[wrong[1]] == true[wrong[1]] + true[wrong[0]]


@dataclass(frozen=True, slots=True)
class _Subject:
    """The cells that a sentence can speak of; `is_plain`: they are of one row by name or place."""

    cells: Sequence[PrintedCell]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class _Compare:
    number: WrittenNumber
    units: PrintUnits
    near: Fraction

    def __call__(self, cell: PrintedCell) -> _Pair | None:
        """None where the cell cannot be said in the number's unit."""
        factor = self.units.factor(cell.unit, self.number.unit or cell.unit)
        if factor is None or cell.number is None or cell.printed_number is None:
            return None
        return _Pair(self.number, cell, factor, cell.printed_number * factor, self.near)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A number and a cell that it may speak of; `value` is the printed cell in the number's unit."""

    number: WrittenNumber
    cell: PrintedCell
    factor: Fraction
    value: Fraction
    near: Fraction

    @property
    def tolerance(self) -> Fraction:
        """What rounding allows between them, more where the text says about."""
        rounding = self.number.step / 2 + self.cell.pattern().half_unit() * self.factor
        return max(rounding, abs(self.value) * self.near) if self.number.is_approximate else rounding

    def distance(self) -> Fraction:
        """A number without a sign says how much, not which way."""
        if self.number.is_signed:
            return abs(self.number.value - self.value)
        return abs(abs(self.number.value) - abs(self.value))

    def agrees(self) -> bool:
        return self.distance() <= self.tolerance

    def is_near(self) -> bool:
        return 0 < self.distance() <= abs(self.value) * self.near

    def is_turned(self) -> bool:
        """The same number with the other sign written out."""
        return self.number.is_signed and abs(self.number.value + self.value) <= self.tolerance and self.value != 0

    def digits(self) -> str:
        """The cell's digits, written with the number's decimals."""
        decimals = len(str(self.number.step.denominator)) - 1
        printed = PrintPattern(False, decimals, 0, "").print(self.value)
        return re.sub(r"\D", "", printed).lstrip("0")

    def quote(self) -> QuotedFigure:
        # Without a sign it says how much: it is given the cell's.
        turned = -1 if self.value < 0 and not self.number.is_signed else 1
        return QuotedFigure(
            "typed",
            self.number.words,
            self.number.words,
            self.cell,
            self.number.unit or self.cell.unit,
            self.number.value * turned,
            self.value,
            self.tolerance,
        )


def _key_word(head: str) -> str:
    """The head's first word that names the column, in lower case; '' where it is a year or a month."""
    months = {month_name(month) for month in range(1, 13)}
    words: Iterator[str] = (word.casefold() for word in _KEY_WORD.findall(head))
    return next((word for word in words if word not in months), "")


def limits_of(rows: Mapping[str, Fraction]) -> TypedLimits:
    """The limits in force, by their ids of text_limits.csv."""
    return TypedLimits(
        rows["typed_figure_near"] / 100, int(rows["typed_figure_digits"]), int(rows["typed_figure_words_between"])
    )
