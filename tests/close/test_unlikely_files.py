"""Files that no reader should fail on, and files that nobody waits for: each is recorded with its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.close.received_folder import Exports


def test_a_file_before_the_contracts_first_month_is_kept_and_noted(tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    exports.meals("201912", "20200103T0600", 10)
    exports.meals("202001", "20200203T0600", 10)
    exports.receive()
    assert exports.rows("select rule_id, file_name from control.delivery_findings") == [
        ("delivery_unexpected", "kost_maltider_201912_20200103T0600.csv")
    ]


def test_a_file_that_stops_the_reader_is_refused_and_the_next_one_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.sources import tabular

    read = tabular.read_table
    monkeypatch.setattr(
        tabular, "read_table", lambda data, *others: read(data, *others) if b"E2" in data else [][len(data)]
    )
    exports = Exports(tmp_path)
    exports.meals("202107", "20210803T0600", 10)
    exports.meals("202108", "20210903T0600", 10, 20)
    assert exports.receive().landed == ("kost_maltider_202108_20210903T0600.csv",)
    ((rule_id, message),) = exports.rows("select rule_id, message from control.delivery_findings")
    assert rule_id == "file_failed"
    assert "IndexError" in str(message)
