"""A person in the wrong place of a file, each column of each extract in turn: nothing that is told repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from flows.declarations.contracts import contracts
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.sources.tabular import read_table
from tests.canary.canaries import Listener, person_number, ways
from tests.canary.planted_exports import set_field, text_of
from tests.conftest import Organisation

EXTRACTS = [one.extract for one in contracts().values() if one.format == "csv"]


def told(reading: Reading) -> str:
    """What becomes a finding, a refusal, or a line for the source's owner."""
    lines = [str(one) for one in (*reading.findings, reading.refusal) if one is not None]
    if reading.quarantined is not None:
        lines += [str(row) for row in reading.quarantined.to_pylist()]
    return "\n".join(lines)


@pytest.mark.parametrize("extract", EXTRACTS)
def test_a_personnummer_in_any_column_is_not_told(demo: Organisation, extract: str) -> None:
    files = sorted(demo.exports.rglob(f"{extract}_2021*.csv"))
    if not files:
        pytest.skip("the demo has no such file")
    text = _beginning(files[-1])
    contract = contracts()[extract]
    for ordinal, column in enumerate(contract.columns):
        number = person_number(ordinal)
        listener = Listener({column.name: ways(number)})
        for written in ways(number):
            if column.name not in text.splitlines()[0].split(";"):
                continue
            data = set_field(column.name, written)(text).encode()
            reading = read_table(data, contract, files[-1].name, _period(files[-1]), datetime(2021, 9, 8), _keyed)
            assert listener.in_text(f"{extract}.{column.name}", told(reading)) == set()


@pytest.mark.parametrize("extract", EXTRACTS)
def test_a_personnummer_as_a_head_is_not_told(demo: Organisation, extract: str) -> None:
    files = sorted(demo.exports.rglob(f"{extract}_2021*.csv"))
    if not files:
        pytest.skip("the demo has no such file")
    header, _, rows = _beginning(files[-1]).partition("\n")
    number = person_number(0)
    listener = Listener({"head": ways(number)})
    heads = header.split(";")
    for place in range(len(heads) + 1):
        changed = [*heads[:place], number, *heads[place + 1 :]]
        data = "\n".join([";".join(changed), rows]).encode()
        reading = read_table(
            data, contracts()[extract], files[-1].name, _period(files[-1]), datetime(2021, 9, 8), _keyed
        )
        assert listener.in_text(f"{extract} {place}", told(reading)) == set()


def _beginning(export: Path) -> str:
    return "\n".join(text_of(export).splitlines()[:60]) + "\n"


def _period(file: Path) -> Period:
    named = DeliveryName.parse(file.name)
    assert named is not None
    return named.period


def _keyed(digits: Sequence[str]) -> list[str]:
    return [f"{number:064x}" for number, _ in enumerate(digits)]
