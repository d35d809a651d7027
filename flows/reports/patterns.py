"""Print patterns: how a number becomes the words that a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

_FORM = re.compile(
    r"^(?P<whole># ##0|0)(?:,(?=[0#])(?P<fixed>0{0,10})(?P<optional>#{0,10}))?(?P<suffix>(?:[^\d.,#].*)?)$", re.DOTALL
)

Number = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class PrintPattern:
    """A pattern such as `# ##0`, `0,0 %` or `0,#`: thousands apart or not, fixed or optional decimals, a suffix."""

    grouped: bool
    fixed_decimals: int
    optional_decimals: int
    suffix: str

    def rounded(self, value: Number) -> Fraction:
        """The number that is printed: half away from zero, once, from the exact value."""
        scale = 10 ** (self.fixed_decimals + self.optional_decimals)
        return Fraction(_half_away_from_zero(Fraction(value) * scale), scale)

    def half_unit(self) -> Fraction:
        """The most that rounding can move one printed number."""
        return Fraction(1, 2 * 10 ** (self.fixed_decimals + self.optional_decimals))

    def print(self, value: Number) -> str:
        """The number as printed: decimal comma, plain blank, plain hyphen-minus, and never a minus before a zero."""
        decimals = self.fixed_decimals + self.optional_decimals
        scaled = _half_away_from_zero(Fraction(value) * 10**decimals)
        whole, below = divmod(abs(scaled), 10**decimals)
        digits = f"{whole:,}".replace(",", " ") if self.grouped else str(whole)
        fraction = f"{below:0{decimals}d}" if decimals else ""
        fraction = fraction[: self.fixed_decimals] + fraction[self.fixed_decimals :].rstrip("0")
        return f"{'-' if scaled < 0 else ''}{digits}{',' if fraction else ''}{fraction}{self.suffix}"


def _half_away_from_zero(value: Fraction) -> int:
    whole, rest = divmod(abs(value.numerator), value.denominator)
    if 2 * rest >= value.denominator:
        whole += 1
    return whole if value >= 0 else -whole


@cache
def parse(text: str) -> PrintPattern:
    """The pattern that an edition wrote; raises ValueError for a text that is none."""
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a print pattern")
    return PrintPattern(
        match["whole"] != "0",
        len(match["fixed"] or ""),
        len(match["optional"] or ""),
        match["suffix"],
    )
