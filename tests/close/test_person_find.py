"""A person's request: which files hold somebody, said without saying who, and written down."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies

from flows import cli
from flows.errors import ExitCode, Refusal
from flows.sources.asked_person import asked_digits, has_right_check_digit, ways_of_writing
from flows.sources.searched_file import search
from flows.sources.values import BadValue
from flows.steps.person_find import Found, find_person
from flows.store.archive import archived_path
from tests.canary.canaries import Listener, ways
from tests.close.home_with_persons import ANNA, BO, CILLA, EMPLOYMENTS, StaffHome, employment_of
from tests.close.test_retain import now
from tests.conftest import BOKSLUT
from tests.unit.workbook_files import workbook

TODAY = date(2023, 10, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StaffHome:
    """Two months; two persons in each, one of them in both."""
    home = StaffHome(tmp_path_factory.mktemp("staff"))
    home.staff("2021-06", [ANNA, BO])
    home.staff("2021-07", [ANNA, CILLA])
    home.meals("2021-07")
    home.receive()
    return home


@pytest.fixture
def staff(made: StaffHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StaffHome:
    home = made.copied_to(tmp_path)
    monkeypatch.setenv("BOKSLUT_HOME", str(home.home.path))
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(home.key_file))
    return home


def find(staff: StaffHome, number: str = ANNA) -> Found:
    return find_person(staff.home, number, "a person's request", now=now)


def found_files(staff: StaffHome, number: str = ANNA) -> list[tuple[str, str, str, int | None, int]]:
    return [
        (one.extract, str(one.period or ""), one.what_became, one.lines, one.rows) for one in find(staff, number).files
    ]


def test_a_person_is_found_by_key_and_by_employment(staff: StaffHome) -> None:
    assert found_files(staff, CILLA) == [
        ("heroma_anstallning", "2021-07", "landed", 1, 1),
        ("heroma_franvaro", "2021-07", "landed", 1, 1),
    ]
    assert [one[:2] for one in found_files(staff, BO)] == [
        ("heroma_anstallning", "2021-06"),
        ("heroma_franvaro", "2021-06"),
    ]
    assert len(found_files(staff, ANNA)) == 4
    assert found_files(staff, "190808229819") == []


def test_refused_and_quarantined_lines_workbooks_and_other_encodings_are_found(staff: StaffHome) -> None:
    dashed = f"{BO[:8]}-{BO[8:]}"
    staff.write("heroma_anstallning_202105_20210603T0600.csv", f"pnr;namn\n{dashed};Bo\n\n{BO};Bo\n")
    row = ["2021-04", dashed, "K1", "E1", "", "FEL", "MAN", "100", "M", "1904-03-18", "2019-01-01", "", "0"]
    staff.write("heroma_anstallning_202104_20210503T0600.xlsx", workbook([EMPLOYMENTS.split(";"), row]))
    staff.write("heroma_anstallning_202103_20210403T0600.csv", f"x;y\n{BO[2:8]}\u2013{BO[8:]};z\n".encode("utf-16"))
    staff.write("kommentar_202103_20210403T0600.csv", f"fritext\nBo {BO[2:8]}–{BO[8:]} har slutat\n".encode("cp1252"))
    staff.receive()
    assert found_files(staff, BO) == [
        ("heroma_anstallning", "2021-03", "refused", 1, 0),
        ("heroma_anstallning", "2021-04", "landed", 1, 0),
        ("heroma_anstallning", "2021-05", "refused", 2, 0),
        ("heroma_anstallning", "2021-06", "landed", 1, 1),
        ("heroma_franvaro", "2021-06", "landed", 1, 1),
        ("kommentar", "2021-03", "refused", 1, 0),
    ]


def test_what_lies_in_the_inbox_and_was_never_received_is_found_too(staff: StaffHome) -> None:
    staff.write("alla anställda.csv", f"{BO}\n")
    staff.write(f"svar till {CILLA}.txt", f"{CILLA}\n")
    staff.receive()
    assert ("", "", "in the inbox, not received", 1, 0) in found_files(staff, BO)
    (one,) = [one for one in find(staff, CILLA).files if not one.extract]
    assert CILLA not in one.file_name


def test_a_link_in_the_inbox_is_not_followed_and_a_file_too_large_is_told(staff: StaffHome, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(f"{BO}\n")
    (staff.home.inbox / "link.csv").symlink_to(elsewhere)
    staff.home.settings_file.write_text("largest_file_megabytes = 1\n")
    staff.write("stor.csv", f"{BO}\n".encode() + b"x" * 1_000_001)
    found = find(staff, BO)
    assert {one.what_became for one in found.files} == {"landed"}
    assert found.incomplete == [("stor.csv", "It is in the inbox, and larger than what is read.")]


def test_withdrawn_and_repeated_files_are_named_each(staff: StaffHome) -> None:
    copy = staff.home.inbox / "heroma_anstallning_202107_20210901T0600.csv"
    copy.write_bytes(next(staff.home.inbox.glob("heroma_anstallning_202107_*")).read_bytes())
    staff.receive()
    with staff.store() as connection:
        connection.execute("insert into control.delivery_events values (1, 1, 'withdraw', now(), 'somebody', 'wrong')")
    became = [(one[1], one[2]) for one in found_files(staff, ANNA) if one[0] == "heroma_anstallning"]
    assert became == [("2021-06", "withdrawn"), ("2021-07", "landed"), ("2021-07", "duplicate")]


def test_a_lost_or_altered_file_is_told_and_the_search_goes_on(
    staff: StaffHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (sha256,) = staff.values(
        "select sha256 from control.deliveries where extract = 'heroma_anstallning' and period = '2021-06-01'"
    )
    archived_path(staff.home.archive, str(sha256)).unlink()
    found = find(staff)
    ((name, why),) = found.incomplete
    assert name.startswith("heroma_anstallning_202106")
    assert "cannot be read. Restore the archive from its backup." in why
    lines = {(one.extract, str(one.period)): one.lines for one in found.files}
    assert lines["heroma_anstallning", "2021-06"] is None
    assert lines["heroma_anstallning", "2021-07"] == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ANNA}\n"))
    assert cli.main(["person", "find", "--reason", "request"]) == ExitCode.PUBLISHED_WITHHELD
    assert "cannot be read" in capsys.readouterr().err


def test_that_somebody_asked_is_written_down_without_whom(staff: StaffHome) -> None:
    find(staff)
    find(staff, "190808229819")
    rows = staff.rows("select act, why, counted, length(who) > 0 from control.person_acts order by act_id")
    assert rows == [("find", "a person's request", 4, True), ("find", "a person's request", 0, True)]
    acts = str(staff.rows("select * from control.person_acts"))
    for key in staff.values("select distinct person_key from raw.heroma_anstallning"):
        assert str(key) not in acts
    assert Listener({"person": ways(ANNA)}).hears(acts.encode()) == set()


def test_nothing_is_shown_that_could_not_be_written_down(staff: StaffHome) -> None:
    waits: list[float] = []
    with staff.home.writer("a close"), pytest.raises(Refusal) as refused:
        find_person(staff.home, ANNA, "request", now=now, wait=waits.append)
    assert refused.value.exit_code is ExitCode.ANOTHER_WRITER
    assert sum(waits) >= 300
    assert staff.values("select count(*) from control.person_acts") == [0]

    def ended(_: float) -> None:
        held.__exit__(None, None, None)

    held = staff.home.writer("a close")
    held.__enter__()
    assert find_person(staff.home, ANNA, "request", now=now, wait=ended).files


def test_only_who_may_read_the_key_may_look(staff: StaffHome) -> None:
    staff.key_file.write_bytes(b"x" * 32)
    with pytest.raises(Refusal, match="holds another key"):
        find(staff)
    staff.key_file.unlink()
    with pytest.raises(Refusal, match="cannot be read"):
        find(staff)


def test_what_retention_destroyed_is_told_and_not_searched(staff: StaffHome) -> None:
    from flows.steps.retain import plan_retention, retain

    staff.home.settings_file.write_text("[retention]\ndays = 790\n")
    staff.staff("2020-01", [BO])
    staff.receive()
    staff.close("2021-12")
    retain(staff.home, plan_retention(staff.home, now), now=now)
    found = find(staff, BO)
    assert found.destroyed == 2
    assert {str(one.period) for one in found.files} == {"2021-06"}
    assert found.incomplete == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_demanded(staff: StaffHome, reason: str) -> None:
    with pytest.raises(Refusal, match="There is no reason"):
        find_person(staff.home, ANNA, reason)


def test_neither_a_number_given_badly_nor_one_in_the_reason_is_repeated(
    staff: StaffHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "19031317-9811"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{wrong}\n"))
    assert cli.main(["person", "find", "--reason", "request"]) == ExitCode.REFUSAL
    assert cli.main(["person", "find", ANNA, "--reason", "request"]) == ExitCode.REFUSAL
    assert cli.main(["person", "find", "--reason", f"about {ANNA}"]) == ExitCode.REFUSAL
    said = capsys.readouterr()
    assert "no personnummer" in said.err
    assert "not given as an argument" in said.err
    assert "The reason seems to hold" in said.err
    assert ANNA not in said.out + said.err
    assert wrong not in said.out + said.err
    assert staff.values("select count(*) from control.person_acts") == [0]


def listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, *words: str
) -> tuple[str, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert cli.main(["person", "find", "--reason", "request", *words]) == ExitCode.DONE
    said = capsys.readouterr()
    return said.out, said.err


def test_the_files_are_listed_for_people_and_programs(
    staff: StaffHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, said = listed(monkeypatch, capsys, CILLA, "--format", "json")
    objects = json.loads(out)
    assert [one["extract"] for one in objects] == ["heroma_anstallning", "heroma_franvaro"]
    assert {one["sha256"] for one in objects} < set(staff.values("select sha256 from control.deliveries"))
    assert "2 of 5 files searched" in said
    text, _ = listed(monkeypatch, capsys, CILLA)
    assert objects[0]["sha256"][:12] in text
    assert "landed, 1 line, 1 row in the store" in text
    assert listed(monkeypatch, capsys, BO, "--format", "csv")[0].startswith("extract,period,")
    nobody, said = listed(monkeypatch, capsys, "19080822-9810")
    assert nobody == ""
    assert "None of 5 files" in said
    assert "The last digit of the number is not the one" in said


def test_the_number_is_piped_in(staff: StaffHome) -> None:
    done = subprocess.run(
        [BOKSLUT, "person", "find", "--reason", "request", "--format", "json"],
        env=dict(os.environ),
        input=f"{CILLA[2:8]}+{CILLA[8:]}\n",
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == ExitCode.DONE, done.stderr
    assert len(json.loads(done.stdout)) == 2


def test_on_a_terminal_the_number_is_asked_for_and_not_shown(staff: StaffHome) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execve(str(BOKSLUT), ["bokslut", "person", "find", "--reason", "request"], dict(os.environ))
    shown = b""
    while b"Personnummer: " not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, f"{CILLA}\n".encode())
    try:
        while more := os.read(terminal, 1000):
            shown += more
    except OSError:
        pass  # The other end is closed: it has ended.
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == ExitCode.DONE
    assert b"heroma_franvaro" in shown
    assert CILLA.encode() not in shown
    assert CILLA[8:].encode() not in shown


# The number as people write it


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("199001011239", "199001011239"),
        ("19900101-1239", "199001011239"),
        (" 900101-1239 ", "199001011239"),
        ("9001011239", "199001011239"),
        ("900161-1239", "199001611239"),
        ("230101-1230", "202301011230"),
        ("231231-1230", "192312311230"),
        ("231231+1230", "192312311230"),
        ("230101+1230", "192301011230"),
        ("000229-1235", "200002291235"),
        ("960229-1235", "199602291235"),
        ("040229+1235", "190402291235"),
    ],
)
def test_a_number_is_taken_in_every_usual_form(written: str, digits: str) -> None:
    assert asked_digits(written, TODAY) == digits


@pytest.mark.parametrize(
    "written", ["", "1990", "900230-1239", "19900101+1239", "000229+1235", "abcdef-1234", "900101-123"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        asked_digits(written, TODAY)


def test_the_check_digit_is_the_one_of_the_others() -> None:
    assert has_right_check_digit(ANNA)
    assert not has_right_check_digit(ANNA[:-1] + str((int(ANNA[-1]) + 1) % 10))


# The search of bytes

DIGITS = strategies.dates(date(1900, 1, 1), date(2023, 1, 1)).flatmap(
    lambda born: strategies.integers(0, 9999).map(lambda serial: f"{born:%Y%m%d}{serial:04d}")
)
BETWEEN = strategies.sampled_from(["", "-", " ", "–", "\u2212", " - ", "\u00a0", "+"])
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be")


@given(
    digits=DIGITS,
    century=strategies.booleans(),
    between=BETWEEN,
    encoding=strategies.sampled_from(ENCODINGS),
    line_end=strategies.sampled_from(["\n", "\r\n", "\r"]),
    lines=strategies.integers(0, 3),
    packed=strategies.sampled_from(["", "gzip", "zip"]),
)
def test_a_number_is_found_on_every_line_it_stands_on_however_it_is_written(
    digits: str, century: bool, between: str, encoding: str, line_end: str, lines: int, packed: str
) -> None:
    written = (digits if century else digits[2:])[:-4] + between + digits[-4:]
    rows = ["namn;nummer;övrigt", "å;1;2", *[f"Bo;{written};{written} igen" for _ in range(lines)], "slut;3;4"]
    data = line_end.join(rows).encode(encoding, "replace")
    if packed == "gzip":
        data = gzip.compress(data)
    elif packed == "zip":
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w") as archive:
            archive.writestr("anställda.csv", data)
        data = into.getvalue()
    searched = search(data, ways_of_writing(digits))
    assert (searched.lines, searched.unread) == (lines, [])


@given(digits=DIGITS, other=DIGITS)
def test_another_number_is_not_found(digits: str, other: str) -> None:
    looked_for = ways_of_writing(digits)
    is_other = digits[2:] != other[2:]
    assert search(f"{other};x\n{other[:8]}-{other[8:]}\n".encode(), looked_for).lines == (0 if is_other else 2)
    assert search(f"9{digits[2:]};{digits}1\n".encode(), looked_for).lines == 0


@given(
    data=strategies.binary(max_size=400), kind=strategies.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xfe"])
)
def test_no_bytes_end_a_search(data: bytes, kind: bytes) -> None:
    search(kind + data, ways_of_writing(ANNA, ["KANST-030217"]))


def test_a_workbook_is_searched_in_every_sheet_as_text_and_as_number() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["rubrik"])
    book.active.append([int(ANNA)])
    hidden = book.create_sheet("dolt")
    hidden.sheet_state = "hidden"
    hidden.append([f"{ANNA[:8]}-{ANNA[8:]}", "och", ANNA])
    hidden.append(["Bo"])
    hidden.append([int(ANNA[2:])])
    to = io.BytesIO()
    book.save(to)
    searched = search(to.getvalue(), ways_of_writing(ANNA))
    assert (searched.lines, searched.unread) == (3, [])
    assert search(to.getvalue()[:-200], ways_of_writing(BO)).unread == ["damaged"]


def test_what_cannot_be_looked_into_is_said() -> None:
    looked_for = ways_of_writing(ANNA)
    assert search(b"%PDF-1.7 ...", looked_for).unread == ["a PDF file"]
    assert search(b"\x1f\x8b" + b"x" * 100, looked_for).unread == ["damaged"]
    old_office = b"\xd0\xcf\x11\xe0" + ANNA.encode("utf-16-le")
    assert search(old_office, looked_for).lines == 1
    assert "older Office file" in search(old_office, looked_for).unread[0]


def test_an_employment_is_a_whole_field() -> None:
    looked_for = ways_of_writing(ANNA, [employment_of(ANNA)])
    assert search(b"2021-08;KANST-030217;SJK\n2021-08;KANST-0302171;SJK\nXKANST-030217\n", looked_for).lines == 1
    assert search(b'"KANST-030217"', looked_for).lines == 1
