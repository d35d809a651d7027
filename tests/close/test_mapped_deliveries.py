"""Files of an organisation's own form in its inbox: named, read and read again as the mapping says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.declarations.mappings import parse_mapping
from flows.steps.receive import Received, receive
from tests.close.received_folder import Exports

NAME = "Mat 202108 uttag 202109030600.csv"
PATTERN = r"[file]" "\n" r"pattern = 'Mat (?P<period>\d{6}) uttag (?P<extracted>\d{12})\.csv'" "\n"
MEALS = (
    'extract = "kost_maltider"\n'
    + PATTERN
    + 'extracted = "%Y%m%d%H%M"\n[columns]\nMånad = "period"\n'.replace("Månad", '"Månad"')
)
FIRST = MEALS + 'Enhet = "enhet_kod"\nStora = "portioner"\n'
SECOND = MEALS + 'Enhet = "enhet_kod"\nSmå = "portioner"\n'.replace("Små", '"Små"')


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    exports = Exports(tmp_path)
    exports.write(NAME, "Månad;Enhet;Stora;Små\n2021-08;E1;10;4\n")
    return exports


def received(exports: Exports, text: str | None) -> Received:
    mappings = {} if text is None else {"kost_maltider": parse_mapping(text, Path("kost_maltider.toml"))}
    now = datetime(2021, 10, 1, 9, 0)
    return receive(
        exports.connection, exports.archive, exports.inbox, lambda: b"k" * 32, lambda: now, mappings=mappings
    )


def test_a_name_of_theirs_is_no_delivery_until_a_mapping_says_so(exports: Exports) -> None:
    assert [note.rule_id for note in received(exports, None).notes] == ["name_not_a_delivery"]
    assert received(exports, FIRST).landed == (NAME,)
    assert exports.values("select portioner from raw.kost_maltider") == [10]
    assert exports.values("select text from control.mapping_texts") == [FIRST]
    (sha256,) = exports.values("select sha256 from control.deliveries")
    archived = exports.archive / str(sha256)[:2] / str(sha256)
    assert archived.read_bytes() == (exports.inbox / NAME).read_bytes()
    assert received(exports, FIRST).seen_before == 1


def test_a_changed_mapping_reads_the_file_again_and_says_so(exports: Exports) -> None:
    received(exports, FIRST)
    assert received(exports, SECOND).landed == (NAME,)
    exports.select()
    assert exports.rows(
        "select portioner from raw.kost_maltider inner join build.closing_deliveries using (delivery_id)"
    ) == [(4,)]
    assert len(exports.findings("delivery_mapped_anew")) == 1
    assert exports.findings("delivery_same_time") == []


def test_a_file_that_is_already_as_the_contract_says_needs_no_mapping(exports: Exports) -> None:
    (exports.inbox / NAME).unlink()
    name = exports.meals("202108", "20210903T0600", 7)
    assert received(exports, FIRST).landed == (name,)
    assert exports.values("select portioner from raw.kost_maltider") == [7]
