"""The exports as files: their bytes, their unlikeness, and what the contracts ask of them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from flows.declarations.contracts import contracts
from flows.demo.exports import taken_out
from flows.demo.write import write_demo
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.errors import Refusal

#: Small and quick: three months and a year, four areas.
TARGETS = Path(__file__).parents[1] / "golden" / "other_targets" / "2024-03"
PERIOD = Period(2024, 3)


def write(to: Path, seed: int = 1) -> dict[str, bytes]:
    write_demo(to, TARGETS, seed, 1, lambda _: None)
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in sorted(to.rglob("*.*"))}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return write(tmp_path_factory.mktemp("exports"))


def deliveries(files: dict[str, bytes]) -> Iterator[tuple[DeliveryName, bytes]]:
    for path, content in files.items():
        name = DeliveryName.parse(Path(path).name)
        if name is None:
            assert path == "README.md"
        else:
            yield name, content


def of(files: dict[str, bytes], extract: str, period: Period = PERIOD) -> list[tuple[DeliveryName, bytes]]:
    """The deliveries of one extract and period, the newest last."""
    found = [(name, data) for name, data in deliveries(files) if (name.extract, name.period) == (extract, period)]
    return sorted(found, key=lambda one: one[0].extracted_at)


def rows(content: bytes, encoding: str) -> list[list[str]]:
    """Data rows: header first, without control and sum lines."""
    lines = list(csv.reader(content.decode(encoding).splitlines(), delimiter=";"))
    return [line for line in lines if not line[0].startswith(("#ANTAL", "Totalt"))]


def digest(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(files: dict[str, bytes], tmp_path: Path) -> None:
    assert digest(write(tmp_path / "again")) == digest(files)
    other = digest(write(tmp_path / "other", seed=2))
    assert other.keys() == files.keys()
    # Only what nobody draws is alike: the edition, the readme, the chart of accounts, what is expected and typed.
    assert sum(other[name] != digest(files)[name] for name in files) > len(files) / 2


def test_living_on_adds_files_and_changes_none(files: dict[str, bytes], tmp_path: Path) -> None:
    write_demo(tmp_path, TARGETS, 1, 1, lambda _: None, until=Period(2024, 9))
    longer = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in sorted(tmp_path.rglob("*.*"))}
    assert {name: longer.get(name) for name in files} == files
    months = {name.period for name, _ in deliveries(longer) if name.extract == "heroma_arbetstid"}
    assert max(months) == Period(2024, 9)


def test_every_extract_that_a_close_needs_is_there(files: dict[str, bytes]) -> None:
    found = {name.extract for name, _ in deliveries(files)}
    needed = {name for name, contract in contracts().items() if not contract.needed.startswith("optional")}
    assert needed <= found


def test_monthly_history_is_whole_but_for_the_months_of_the_gap_register(files: dict[str, bytes]) -> None:
    ((_, gaps),) = of(files, "luckor")
    missing = {(row[0], Period.parse(row[2])) for row in rows(gaps, "utf-8-sig")[1:]}
    assert missing == {("treserva_assistans", Period(2024, 2))}
    for extract, contract in contracts().items():
        if contract.needed != "history":
            continue
        first = max(Period(2023, 1), contract.first_period)
        for period in first.through(PERIOD):
            assert bool(of(files, extract, period)) != ((extract, period) in missing), (extract, period)


def test_every_file_says_its_period_its_header_and_its_control_sum(files: dict[str, bytes]) -> None:
    checked = 0
    for name, content in deliveries(files):
        contract = contracts()[name.extract]
        if name.ending != "csv" or (b"#ANTAL" not in content and content[:2] != b"\xff\xfe"):
            continue
        encoding = "utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            text = content.decode("cp1252")
        lines = list(csv.reader(text.splitlines(), delimiter=";"))
        header, control = lines[0], lines[-1]
        assert header == [column.name for column in contract.columns]
        body = [line for line in lines[1:-1] if line[0] != "Totalt"]
        assert int(control[1]) == len(body)
        if "period" in header:
            assert {line[header.index("period")] for line in body} <= {str(name.period)}
        if contract.control_measure is not None:
            place = header.index(contract.control_measure)
            total = sum(number(line[place]) for line in body if line[place])
            assert number(control[3]) == total
            checked += 1
    assert checked > 100


def number(written: str) -> Decimal:
    return Decimal(written.replace("\u00a0", "").replace(",", "."))


def test_encodings_and_number_forms_are_mixed(files: dict[str, bytes]) -> None:
    ((_, register),) = of(files, "organisation_enhet")
    with pytest.raises(UnicodeDecodeError):
        register.decode("utf-8")
    assert "hemtjänst" in register.decode("cp1252")
    ((_, places),) = of(files, "platser_register")
    assert places.startswith(b"\xff\xfe")
    ((_, leavers),) = of(files, "heroma_avgang")
    assert leavers.startswith(b"\xef\xbb\xbf")
    ((_, meals),) = of(files, "kost_maltider")
    assert b"\xa0" in meals
    assert b"Totalt;" in meals
    ((_, assessed),) = of(files, "mal_bedomning")
    assert "Bedömd" in assessed.decode("utf-8")


def test_one_delivery_is_a_duplicate_and_one_is_replaced(files: dict[str, bytes]) -> None:
    by_month: dict[tuple[str, Period], list[bytes]] = {}
    for name, content in sorted(deliveries(files), key=lambda one: one[0].extracted_at):
        by_month.setdefault((name.extract, name.period), []).append(content)
    twice = {key: contents for key, contents in by_month.items() if len(contents) > 1}
    same = [key for key, contents in twice.items() if contents[0] == contents[1]]
    assert same == [("kost_maltider", Period(2024, 2))]
    ((replaced, (earlier, newer)),) = ((key, contents) for key, contents in twice.items() if key not in same)
    assert replaced == ("treserva_assistans", Period(2024, 1))
    hours = [[number(row[3]) for row in rows(content, "utf-8")[1:]] for content in (earlier, newer)]
    assert hours[0] == [2 * each for each in hours[1]]


def test_the_last_month_of_care_days_is_preliminary(files: dict[str, bytes]) -> None:
    ((_, last),) = of(files, "treserva_boende")
    assert {row[-1] for row in rows(last, "utf-8")[1:]} == {"PREL"}
    ((_, before),) = of(files, "treserva_boende", Period(2024, 2))
    assert {row[-1] for row in rows(before, "utf-8")[1:]} == {"DEF"}


def test_no_unit_is_fuller_than_its_places(files: dict[str, bytes]) -> None:
    for period in Period(2023, 1).through(PERIOD):
        ((_, content),) = of(files, "treserva_boende", period)
        for row in rows(content, "utf-8")[1:]:
            assert int(row[4]) <= int(row[3]) * period.days


def test_nothing_is_taken_out_before_its_month_has_ended_or_after_the_tenth_workday(files: dict[str, bytes]) -> None:
    for name, _ in deliveries(files):
        assert name.period.last_day < name.extracted_at.date()
        assert name.extracted_at <= taken_out(name.period, 10, 23)
    newest = max(name.extracted_at for name, _ in deliveries(files))
    assert newest == taken_out(PERIOD, 5, 9)


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="scale 0"):
        write_demo(tmp_path, None, 1, 0, lambda _: None)
