"""The verdict over a close: what its findings let it do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.domain.finding import Effect, Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may happen after the gate: a barred close publishes nothing, a withheld extract's cells become missing."""

    bars_publication: tuple[Finding, ...]
    withheld_extracts: tuple[str, ...]
    bars_lock: tuple[Finding, ...]

    @property
    def is_barred(self) -> bool:
        return bool(self.bars_publication)

    @property
    def is_withheld(self) -> bool:
        """Published, but without a source; never true of a barred close."""
        return bool(self.withheld_extracts) and not self.is_barred

    @property
    def is_lockable(self) -> bool:
        return not (self.bars_publication or self.withheld_extracts or self.bars_lock)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The strictest effect that the findings have together; the order of the findings is kept."""
    listed = tuple(findings)
    withheld = {one.extract or one.table for one in listed if one.effect is Effect.WITHHOLDS}
    return Verdict(
        bars_publication=tuple(one for one in listed if one.effect is Effect.BARS_PUBLICATION),
        withheld_extracts=tuple(sorted(withheld)),
        bars_lock=tuple(one for one in listed if one.effect is Effect.BARS_LOCK),
    )
