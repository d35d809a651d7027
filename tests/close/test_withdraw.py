"""A delivery may be withdrawn: nothing is deleted, the one before it counts again, nothing brings it back unasked."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from flows.domain.finding import Effect, Severity
from flows.errors import Refusal
from flows.steps.findings import findings_of_deliveries
from flows.steps.touched import touched_periods
from flows.store.delivery_events import reinstate, withdraw
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from tests.close.closed_period import AUGUST, close_once, open_home
from tests.close.received_folder import Exports

AT = datetime(2021, 10, 1, 9, 0)


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


def test_the_delivery_before_it_counts_again_and_nothing_is_deleted(exports: Exports) -> None:
    first = exports.meals("202108", "20210903T0600", 10)
    second = exports.meals("202108", "20210907T0600", 99)
    exports.receive()
    assert exports.select() == [second]
    withdraw(exports.connection, 2, "controller", "fel månad i filen", AT)
    assert exports.select() == [first]
    assert exports.values("select portioner from raw.kost_maltider order by delivery_id") == [10, 99]
    assert exports.rows("select delivery_id, act, who, why from control.delivery_events") == [
        (2, "withdraw", "controller", "fel månad i filen")
    ]
    (found,) = exports.findings("delivery_withdrawn")
    assert (found.severity, found.effect, found.file_name) == (Severity.INFO, Effect.NONE, second)


def test_with_nothing_before_it_the_extract_is_withheld_like_a_refused_one(exports: Exports) -> None:
    exports.meals("202107", "20210803T0600", 10)
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()
    withdraw(exports.connection, 2, "controller", "fel fil", AT)
    exports.select()
    assert exports.rows("select extract, period from build.withheld_extract") == [("kost_maltider", date(2021, 8, 1))]
    (found,) = exports.findings("delivery_withdrawn")
    assert (found.severity, found.effect) == (Severity.CRITICAL, Effect.WITHHOLDS)


def test_the_same_bytes_do_not_bring_it_back(exports: Exports) -> None:
    first = exports.meals("202108", "20210903T0600", 10)
    exports.meals("202108", "20210907T0600", 99)
    exports.receive()
    withdraw(exports.connection, 2, "controller", "fel fil", AT)
    again = exports.meals("202108", "20210909T0600", 99)
    received = exports.receive()
    assert received.duplicates == (again,)
    assert exports.select() == [first]
    (found,) = [one for one in findings_of_deliveries(exports.connection) if one.rule_id == "delivery_withdrawn_again"]
    assert again in found.message
    corrected = exports.meals("202108", "20210910T0600", 11)
    exports.receive()
    assert exports.select() == [corrected]
    assert exports.findings("delivery_withdrawn") == []


def test_a_withdrawal_can_be_undone_by_an_act_of_its_own(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    second = exports.meals("202108", "20210907T0600", 99)
    exports.receive()
    withdraw(exports.connection, 2, "controller", "fel fil", AT)
    reinstate(exports.connection, 2, "controller", "den var rätt", AT)
    assert exports.select() == [second]
    assert exports.findings("delivery_withdrawn") == []


def test_what_does_not_count_cannot_be_withdrawn(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()
    exports.meals("202108", "20210904T0600", 10)
    exports.write("kost_maltider_202107_20210803T0600", "<html></html>")
    exports.receive()
    assert exports.values("select status from control.deliveries order by delivery_id") == [
        "landed",
        "refused",
        "duplicate",
    ]
    withdraw(exports.connection, 1, "controller", "fel fil", AT)
    for number in (1, 2, 3, 4):
        with pytest.raises(Refusal):
            withdraw(exports.connection, number, "controller", "en gång till", AT)
    with pytest.raises(Refusal):
        reinstate(exports.connection, 2, "controller", "den var rätt", AT)


def test_a_closed_period_is_touched_by_the_withdrawal_of_what_it_stands_on(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    connection = open_home(home)
    connection.execute(
        "insert into control.deliveries values (1, 'kost_maltider', date '2021-08-01', timestamp '2021-09-03 08:00:00',"
        " timestamp '2021-09-03 09:00:00', 'kost_maltider_202108_20210903T0800.csv', 'ab12', 1, 'csv', 'UTF-8', null,"
        " 'landed', 1, 1, 0, null)"
    )
    close_once(connection)
    connection.close()
    assert touched_periods(home) == ()
    connection = open_store(home.build_file)
    withdraw(connection, 1, "controller", "fel fil", AT)
    connection.close()
    assert touched_periods(home) == (AUGUST,)
