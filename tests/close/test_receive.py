"""Receiving a folder: archive, record, land; duplicates, replacements, late and refused files."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.domain.finding import Effect, Severity
from flows.errors import Refusal
from flows.steps import inbox_files
from flows.steps.receive import receive
from tests.close.received_folder import STOCKHOLM, Exports
from tests.unit.workbook_files import workbook

BROKEN = "<html>Inloggningen har gått ut</html>"


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


def test_a_file_is_archived_recorded_and_landed(exports: Exports) -> None:
    name = exports.meals("202108", "20210903T0600", 10, 20)
    received = exports.receive()
    assert received.landed == (name,)
    assert exports.rows(
        "select delivery_id, line, period, enhet_kod, portioner from raw.kost_maltider order by line"
    ) == [
        (1, 2, date(2021, 8, 1), "E1", 10),
        (1, 3, date(2021, 8, 1), "E2", 20),
    ]
    (recorded,) = exports.rows(
        "select extract, period, extracted_at, file_name, bytes, format, encoding, status, lines, landed_rows,"
        " quarantined_rows, refusal from control.deliveries"
    )
    assert recorded == (
        "kost_maltider",
        date(2021, 8, 1),
        datetime(2021, 9, 3, 6, 0),
        name,
        (exports.inbox / name).stat().st_size,
        "csv",
        "UTF-8",
        "landed",
        2,
        2,
        0,
        None,
    )
    (sha256,) = exports.values("select sha256 from control.deliveries")
    assert (exports.archive / str(sha256)[:2] / str(sha256)).read_bytes() == (exports.inbox / name).read_bytes()


def test_what_a_file_brings_beside_its_rows_lands_with_it(exports: Exports) -> None:
    exports.write(
        "kost_maltider_202108_20210903T0600",
        "period;enhet_kod;portioner;kosttyp\n2021-08;E1;-;vegan\n2021-08;E2;XX;\n2021-08;E3;7;\n",
    )
    exports.receive()
    assert exports.rows("select * from raw.missing_value") == [(1, 2, "portioner", "-", "uppgift saknas", None)]
    assert exports.rows("select * from raw.unknown_value") == [(1, 2, "kosttyp", "vegan")]
    assert exports.rows("select delivery_id, line, column_name, value from raw.quarantine") == [
        (1, 3, "portioner", "XX")
    ]
    assert exports.values("select rule_id from control.delivery_findings order by rule_id") == [
        "bad_rows",
        "unknown_column",
    ]
    assert exports.rows("select lines, landed_rows, quarantined_rows from control.deliveries") == [(3, 2, 1)]


def test_what_was_received_before_is_not_read_again_and_asks_for_no_key(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()

    def no_key() -> bytes:
        raise AssertionError("nothing is new")

    again = receive(exports.connection, exports.archive, exports.inbox, no_key, datetime.now)
    assert (again.seen_before, again.is_new) == (1, False)
    assert exports.values("select count(*) from control.deliveries") == [1]


def test_the_same_bytes_again_are_a_duplicate_noted_and_not_landed(exports: Exports) -> None:
    first = exports.meals("202108", "20210903T0600", 10)
    second = exports.meals("202108", "20210904T0600", 10)
    received = exports.receive()
    assert (received.landed, received.duplicates) == ((first,), (second,))
    assert exports.values("select count(*) from raw.kost_maltider") == [1]
    assert exports.select() == [first]
    (noted,) = exports.findings("delivery_duplicate")
    assert noted.severity is Severity.INFO
    assert first in noted.message


def test_the_newest_extraction_replaces_and_never_adds(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()
    newer = exports.meals("202108", "20210907T0600", 11)
    exports.receive()
    assert exports.select() == [newer]
    assert exports.values("select count(*) from raw.kost_maltider") == [2]


def test_an_older_extraction_that_arrives_later_does_not_replace(exports: Exports) -> None:
    newer = exports.meals("202108", "20210907T0600", 11)
    exports.receive()
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()
    assert exports.select() == [newer]
    assert exports.values("select rule_id from control.delivery_findings") == ["delivery_older"]
    (noted,) = exports.findings("delivery_older")
    assert noted.severity is Severity.INFO


def test_of_equal_times_the_later_arrival_counts_with_a_finding(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    exports.receive()
    exports.meals("202108", "20210903T0600", 11)
    exports.receive()
    exports.select()
    assert exports.values("select delivery_id from build.closing_deliveries") == [2]
    assert len(exports.findings("delivery_same_time")) == 1


def test_a_superseded_files_bytes_taken_later_are_a_new_delivery(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    exports.meals("202108", "20210904T0600", 11)
    last = exports.meals("202108", "20210905T0600", 10)
    received = exports.receive()
    assert len(received.landed) == 3
    assert exports.select() == [last]


def test_a_duplicate_taken_later_stands_against_a_file_taken_between(exports: Exports) -> None:
    first = exports.meals("202108", "20210903T0600", 10)
    exports.meals("202108", "20210907T0600", 10)
    exports.receive()
    exports.meals("202108", "20210905T0600", 11)
    exports.receive()
    assert exports.select() == [first]


def test_the_same_bytes_for_another_period_are_of_another_period(exports: Exports) -> None:
    content = "period;enhet_kod;portioner\n"
    exports.write("kost_maltider_202107_20210903T0600", content)
    exports.write("kost_maltider_202108_20210903T0600", content)
    assert len(exports.receive().landed) == 2


def test_one_refused_file_stops_no_other_and_leaves_the_one_before_in_force(exports: Exports) -> None:
    first = exports.meals("202108", "20210903T0600", 10)
    refused = exports.write("kost_maltider_202108_20210904T0600", BROKEN).name
    other = exports.meals("202107", "20210905T0600", 9)
    received = exports.receive()
    assert (received.landed, received.refused) == ((other, first), (refused,))
    assert exports.select() == [other, first]
    assert exports.rows("select * from build.withheld_extract") == []
    (finding,) = exports.findings("file_not_text")
    assert (finding.severity, finding.effect) == (Severity.WARNING, Effect.BARS_LOCK)


def test_a_refused_file_with_none_before_it_withholds_its_extract(exports: Exports) -> None:
    exports.meals("202107", "20210905T0600", 9)
    exports.write("kost_maltider_202108_20210904T0600", BROKEN)
    exports.receive()
    exports.select()
    ((extract, period, reason),) = exports.rows("select * from build.withheld_extract")
    assert (extract, period) == ("kost_maltider", date(2021, 8, 1))
    assert "webbsida" in str(reason)
    (finding,) = exports.findings("file_not_text")
    assert (finding.severity, finding.effect) == (Severity.CRITICAL, Effect.WITHHOLDS)
    good = exports.meals("202108", "20210906T0600", 12)
    exports.receive()
    assert good in exports.select()
    assert exports.rows("select * from build.withheld_extract") == []
    assert exports.findings("file_not_text") == []


def test_a_refused_ledger_with_none_before_it_bars_publication(exports: Exports) -> None:
    exports.meals("202108", "20210905T0600", 9)
    exports.write("ekonomi_sie_202108_20210904T0600.se", BROKEN)
    exports.receive()
    exports.select()
    (finding,) = exports.findings("ledger_not_sie")
    assert finding.effect is Effect.BARS_PUBLICATION


def test_a_file_dated_tomorrow_is_refused_by_the_clock_alone(exports: Exports) -> None:
    name = exports.meals("202108", "20211002T0600", 10)
    evening = datetime(2021, 10, 1, 23, 0, tzinfo=STOCKHOLM)
    assert exports.receive(evening).refused == (name,)
    later = exports.meals("202108", "20211001T2330", 10)
    assert exports.receive(evening).landed == (later,)
    assert not exports.receive(evening).is_new
    assert exports.receive(datetime(2021, 10, 2, 7, 0, tzinfo=STOCKHOLM)).duplicates == (name,)


def test_the_day_is_that_of_stockholm_whatever_the_machines_clock(exports: Exports) -> None:
    name = exports.meals("202108", "20211002T0030", 10)
    assert exports.receive(datetime(2021, 10, 1, 22, 45, tzinfo=UTC)).landed == (name,)
    assert exports.values("select arrived_at from control.deliveries") == [datetime(2021, 10, 2, 0, 45)]


def test_a_file_on_which_the_reader_fails_is_refused_alone_and_read_again(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = exports.meals("202107", "20210803T0600", 1), exports.meals("202108", "20210903T0600", 1)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("198001011234")

    with monkeypatch.context() as patched:
        patched.setattr("flows.sources.written_rows.decode", fail)
        assert exports.receive().refused == (first, second)
    (message,) = exports.values("select refusal from control.deliveries where period = date '2021-08-01'")
    assert "ZeroDivisionError" in str(message)
    assert "1980" not in str(message)
    assert exports.receive().landed == (first, second)


def test_a_file_that_cannot_be_opened_is_noted_and_stops_no_other(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may open every file: the system's answer is therefore given in its place.
    closed = exports.meals("202107", "20210803T0600", 10)
    name = exports.meals("202108", "20210903T0600", 10)
    open_file = os.open

    def open_as_another(path: Path, flags: int, *mode: int) -> int:
        if Path(path).name == closed:
            raise PermissionError(13, "Permission denied")
        return open_file(path, flags, *mode)

    monkeypatch.setattr(inbox_files.os, "open", open_as_another)
    received = exports.receive()
    assert received.landed == (name,)
    assert [note.rule_id for note in received.notes] == ["file_not_opened"]


def test_endings_must_suit_the_contract(exports: Exports) -> None:
    names = [
        exports.write("kost_maltider_202108_20210903T0600.xls", b"PK\x03\x04").name,
        exports.write("ekonomi_sie_202108_20210903T0600.csv", "period;enhet_kod\n").name,
    ]
    assert sorted(exports.receive().refused) == sorted(names)
    assert exports.values("select distinct rule_id from control.delivery_findings") == ["file_wrong_ending"]


def test_text_and_workbook_of_one_month_are_two_deliveries_and_the_newest_counts(exports: Exports) -> None:
    rows = [["period", "enhet_kod", "portioner"], ["2021-08", "E1", 11]]
    older = exports.meals("202108", "20210903T0600", 10)
    newer = exports.write("kost_maltider_202108_20210904T0600.xlsx", workbook(rows)).name
    received = exports.receive()
    assert received.landed == (older, newer)
    assert exports.select() == [newer]
    assert exports.rows("select format, encoding, landed_rows from control.deliveries order by delivery_id") == [
        ("csv", "UTF-8", 1),
        ("xlsx", "XLSX", 1),
    ]
    newest = exports.meals("202108", "20210905T0600", 12)
    exports.receive()
    assert exports.select() == [newest]


def test_text_and_workbook_of_the_same_minute_are_told(exports: Exports) -> None:
    exports.meals("202108", "20210903T0600", 10)
    later = exports.write(
        "kost_maltider_202108_20210903T0600.xlsx",
        workbook([["period", "enhet_kod", "portioner"], ["2021-08", "E1", 11]]),
    ).name
    exports.receive()
    assert exports.select() == [later]
    assert len(exports.findings("delivery_same_time")) == 1


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = exports.meals("202107", "20210803T0600", 10)
    name = exports.meals("202108", "20210903T0600", 10)
    ask_size, written = os.fstat, exports.inbox / name

    def grow_after_the_size_is_known(handle: int) -> os.stat_result:
        size = ask_size(handle)
        if size.st_ino == inode and size.st_size == before:
            with written.open("ab") as file:
                file.write(b"2021-08;E2;20\n")
        return size

    before, inode = written.stat().st_size, written.stat().st_ino
    with monkeypatch.context() as patched:
        patched.setattr(inbox_files.os, "fstat", grow_after_the_size_is_known)
        received = exports.receive()
    assert received.landed == (other,)
    assert [note.rule_id for note in received.notes] == ["file_growing"]
    assert exports.values("select count(*) from control.deliveries") == [1]
    assert exports.receive().landed == (name,)
    assert exports.values("select count(*) from raw.kost_maltider where period = date '2021-08-01'") == [2]


def test_what_is_no_delivery_is_noted_and_left_alone(exports: Exports) -> None:
    exports.write("LÄSMIG.txt", "hej")
    exports.write("kost_maltider_202113_20210903T0600.csv", "x")
    exports.write("okand_export_202108_20210903T0600.csv", "x")
    exports.write("kost_maltider_202108_20210903T0600.tmp", "x")
    exports.write(".dold", "x")
    exports.write("19800101-1234.csv", "x")
    received = exports.receive()
    assert not received.is_new
    assert sorted(note.rule_id for note in received.notes) == ["extract_unknown", *["name_not_a_delivery"] * 4]
    assert not any("1980" in note.message for note in received.notes)
    assert all(note.severity is Severity.INFO for note in received.notes)
    assert exports.values("select count(*) from control.deliveries") == [0]


def test_folders_in_folders_are_received(exports: Exports) -> None:
    exports.write("edition/edition_ord_202108_20210903T0600.csv", "slag;kod;ord\nBEDOMNING;UPPNAS;Uppnås\n")
    exports.receive()
    assert exports.rows("select slag, kod, ord from raw.edition_ord") == [("BEDOMNING", "UPPNAS", "Uppnås")]


def test_no_folder_is_refused(exports: Exports, tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        receive(exports.connection, exports.archive, tmp_path / "none", lambda: b"k" * 32, datetime.now)


def test_a_crash_in_the_middle_leaves_no_part_of_a_delivery(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    exports.meals("202108", "20210903T0600", 10)
    with monkeypatch.context() as patched:
        patched.setattr("flows.store.landing._append", _crash_on_quarantine)
        with pytest.raises(KeyboardInterrupt):
            exports.receive()
    assert exports.values("select count(*) from control.deliveries") == [0]
    assert exports.values("select count(*) from raw.kost_maltider") == [0]
    assert len(exports.receive().landed) == 1


def _crash_on_quarantine(connection: object, table: str, *_: object) -> None:
    if table == "quarantine":
        raise KeyboardInterrupt


def test_another_key_than_the_one_before_is_refused_and_nothing_is_received(exports: Exports) -> None:
    exports.meals("202107", "20210803T0600", 10)
    exports.receive()
    name = exports.meals("202108", "20210903T0600", 10)
    now = datetime(2021, 10, 1, tzinfo=STOCKHOLM)
    with pytest.raises(Refusal, match="another key"):
        receive(exports.connection, exports.archive, exports.inbox, lambda: b"x" * 32, lambda: now)
    assert exports.values("select count(*) from control.deliveries") == [1]
    assert exports.receive().landed == (name,)
    (mark,) = exports.values("select key_mark from control.person_key_mark")
    assert (b"k" * 32).hex() not in str(mark)
