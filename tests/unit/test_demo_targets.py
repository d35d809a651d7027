"""Published targets as figures: what is read, and what is refused by name."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from flows.demo.economy import tie
from flows.demo.edition import half_step
from flows.demo.targets import DEFAULT_TARGETS, Figure, FigureKey, read_targets
from flows.domain.period import Period
from flows.errors import Refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the default targets, free to be spoiled."""
    return Path(shutil.copytree(DEFAULT_TARGETS, tmp_path / "2021-08"))


def change(folder: Path, table: str, old: str, new: str) -> None:
    (path,) = folder.glob(f"{table}_*.csv")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(Refusal) as refused:
        read_targets(folder)
    return refused.value.what


def test_every_printed_number_of_the_default_targets_is_a_figure_or_words() -> None:
    targets = read_targets(None)
    cells = 0
    for path in sorted(DEFAULT_TARGETS.glob("t*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            cells += sum(line["column"] != "text" for line in csv.DictReader(lines))
    assert cells == 277
    assert targets.period == Period(2021, 8)
    assert targets.running_text == 22


def test_a_folder_without_an_edition_is_read_through_the_default_one(folder: Path) -> None:
    shutil.rmtree(folder / "edition")
    (folder / "enheter.csv").unlink()
    assert read_targets(folder).figures == read_targets(None).figures
    assert read_targets(folder).side_file("enheter.csv")


def test_the_head_follows_the_month_in_the_folders_name(folder: Path) -> None:
    moved = folder.rename(folder.parent / "2022-10")
    assert "Oktober" not in refusal(moved)
    change(moved, "t01", "Budget 2021", "Budget 2022")
    assert "'Budget 2021'" in refusal(moved)


@pytest.mark.parametrize(
    ("table", "old", "new", "named"),
    [
        ("t04", "Äldreomsorg", "Äldrevård", "'Äldrevård'"),
        ("t05", "Bokslut 2020", "Bokslut 2019", "'Bokslut 2019'"),
        ("t02", "t02_volymutveckling", "t02_volymer", "'t02_volymer'"),
        ("t03", "antal,2556", "personer,2556", "'personer'"),
        ("t04", "9748,", "9747,", "'Råd och Stöd', 'Avvikelse'"),
        ("t13", '"9,3",%,9.3', '"9,4",%,9.4', "contradicts"),
        ("t03", '"9,3 %",%,9.3', "i.u,%,", "'Total sjukfrånvaro'"),
        ("t02", "apr-aug missing", "apr-foo missing", "'foo'"),
    ],
)
def test_what_the_edition_does_not_know_or_cells_that_contradict_are_named(
    folder: Path, table: str, old: str, new: str, named: str
) -> None:
    change(folder, table, old, new)
    assert named in refusal(folder)


def test_a_stray_file_is_refused_by_name(folder: Path) -> None:
    (folder / "anteckningar.csv").write_text("a;b\n", "utf-8")
    assert "anteckningar.csv" in refusal(folder)


def test_a_side_file_with_another_header_is_refused(folder: Path) -> None:
    (folder / "enheter.csv").write_text("område;antal\n", "utf-8")
    with pytest.raises(Refusal, match="enheter"):
        read_targets(folder).side_file("enheter.csv")


def test_the_sign_of_a_row_and_the_unit_of_print_are_taken_off() -> None:
    targets = read_targets(None)
    found = targets.figures[FigureKey("result", quantity="forecast_full_year")]
    # Printed in both signs, as net cost and as result: the figure has the sign of the result.
    assert (found.value, found.half_step, found.printed) == (Decimal(22_100_000), Decimal(500), Decimal(22_100))
    # Printed in thousands and in millions: the finer one is the target.
    assert targets.value("result") == Decimal(23_749_000)
    assert targets.figure("sick_leave").value == Decimal("0.093")


def test_the_months_of_an_estimate_come_from_its_note() -> None:
    (estimated,) = (figure for figure in read_targets(None).figures.values() if figure.missing_months)
    assert estimated.missing_months == Period(2021, 4).through(Period(2021, 8))


@pytest.mark.parametrize(
    ("pattern", "step"),
    [("# ##0", "0.5"), ("0,0 %", "0.05"), ("0,#", "0.05"), ("0 %", "0.5"), ("0,0 mnkr", "0.05"), ("0,00", "0.005")],
)
def test_half_a_step_of_a_pattern(pattern: str, step: str) -> None:
    assert half_step(pattern) == Decimal(step)


def figure(value: int, half: int = 500) -> Figure:
    return Figure(Decimal(value), Decimal(half))


def test_parts_that_sum_to_the_total_stay_as_they_are() -> None:
    parts = [figure(3000), figure(-1000)]
    assert tie(parts, figure(2000), np.zeros(2), "x").tolist() == [300_000, -100_000]


def test_parts_that_miss_the_total_by_rounding_move_within_what_they_print() -> None:
    parts = [figure(1000), figure(1000), figure(1000)]
    tied = tie(parts, figure(4000), np.zeros(3), "x")
    assert tied.sum() == 400_000
    assert (np.abs(tied - 100_000) < 50_000).all()


def test_parts_that_miss_the_total_by_more_are_refused() -> None:
    with pytest.raises(Refusal, match="result, actual"):
        tie([figure(1000), figure(1000)], figure(4000), np.zeros(2), "result, actual")


def test_a_part_without_a_target_takes_what_is_left() -> None:
    assert tie([figure(1000), None], figure(4000), np.zeros(2), "x").tolist() == [100_000, 300_000]
