"""A limit learned from the values that it has judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """One value in the limit's unit; None where it is more than any limit (a difference from nothing).

    `is_finding_beyond`: whether all else that the rule asks for holds, so that beyond the limit it is a finding.
    """

    size: Fraction | None
    is_finding_beyond: bool = True


@dataclass(frozen=True, slots=True)
class CalibratedThreshold:
    """A threshold in force and what its history teaches: `learned`, or None and `because` why not."""

    threshold_id: str
    unit: str
    in_force: Decimal
    values: int = 0
    findings: int | None = None
    learned: Decimal | None = None
    findings_learned: int | None = None
    because: str = ""

    @property
    def is_changed(self) -> bool:
        return self.learned is not None and self.learned != self.in_force


def findings_beyond(values: Sequence[JudgedValue], limit: Decimal) -> int:
    """How many of the values are findings when this is the limit; the limit itself is none."""
    bound = Fraction(limit)
    return sum(1 for one in values if one.is_finding_beyond and (one.size is None or one.size > bound))


def learned_limit(values: Sequence[JudgedValue], in_force: Decimal, percentile: int) -> Decimal | None:
    """The percentile of what was seen, and never less than what the limit in force has let pass.

    So no value that people have lived with becomes a finding. Rounded up to the decimals of the limit in force: rounded
    down it would find what it was learned from. None where nothing has a size.
    """
    sizes = sorted(one.size for one in values if one.size is not None)
    if not sizes:
        return None
    rank = -(-percentile * len(sizes) // 100)
    passed = [size for size in sizes if size <= Fraction(in_force)]
    size = max([sizes[max(rank, 1) - 1], *passed[-1:], Fraction(0)])
    decimals = _decimals(in_force)
    scaled = size * 10**decimals
    return Decimal(-(-scaled.numerator // scaled.denominator)).scaleb(-decimals)


def _decimals(value: Decimal) -> int:
    """Decimals that are written: 50.000000 has none."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
