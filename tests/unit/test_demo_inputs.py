"""What people type and what the registers hold at each of two closings: as it is known on its day."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from flows.declarations.missing_words import typed_missing
from flows.demo import inputs
from flows.demo.adjustments import adjustment_rows, read_adjustments
from flows.demo.comments import comments
from flows.demo.lives_on import held_on
from flows.demo.one_offs import one_off_register
from flows.demo.organisation import Units
from flows.demo.targets import DEFAULT_TARGETS, Targets, no_targets, read_targets
from flows.demo.timeline import Timeline, read_timeline
from flows.demo.volumes import draw_volumes
from flows.domain.cell_address import CellAddress, find_cell
from flows.domain.period import Period
from flows.errors import Refusal

EARLIER, LATER = Period(2021, 8), Period(2022, 3)
TAKEN_OUT = date(2022, 4, 7)


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return read_timeline(DEFAULT_TARGETS.parent)


@pytest.fixture(scope="module")
def units(timeline: Timeline) -> Units:
    return timeline.draw_units(np.random.default_rng([7, 0]))


@pytest.fixture(scope="module")
def closings(timeline: Timeline) -> dict[Period, Targets]:
    return {targets.period: targets for targets in timeline.closings}


def gaps(timeline: Timeline, units: Units, targets: Targets) -> list[dict[str, str]]:
    missing = draw_volumes(np.random.default_rng([7, 1]), units, timeline).missing
    return inputs.gap_register(missing, timeline, targets)


def test_a_gap_keeps_its_case_and_is_promised_anew(
    timeline: Timeline, units: Units, closings: dict[Period, Targets]
) -> None:
    (earlier,) = gaps(timeline, units, closings[EARLIER])
    later = gaps(timeline, units, closings[LATER])
    assert (earlier["fran"], earlier["till"], earlier["vantas"]) == ("2021-04", "2021-08", "2021-11-30")
    assert [(row["extract"], row["fran"], row["till"]) for row in later] == [
        ("treserva_boende", "2022-03", "2022-03"),
        ("treserva_hemtjanst", "2021-04", "2021-08"),
        ("treserva_hemtjanst", "2022-03", "2022-03"),
    ]
    assert later[1]["arende"] == earlier["arende"]
    assert len({row["arende"] for row in later}) == 3
    assert all(row["vantas"] > TAKEN_OUT.isoformat() for row in later)
    assert later[1]["orsak"] == earlier["orsak"] != later[2]["orsak"]


def test_nothing_is_expected_of_a_kind_whose_units_have_left(timeline: Timeline, units: Units) -> None:
    def last_days(as_of: date) -> dict[tuple[str, str], str]:
        rows = inputs.expected_deliveries(units, timeline.register_day, as_of)
        return {(row["extract"], row["verksamhetstyp"]): row["giltig_tom"] for row in rows}

    assert set(last_days(EARLIER.last_day).values()) == {""}
    later = last_days(LATER.last_day)
    assert {key: day for key, day in later.items() if day} == {
        ("kost_maltider", ""): "2021-12-31",
        ("kost_maltider", "KOST"): "2021-12-31",
    }


def test_the_second_report_has_missing_values_of_every_kind(closings: dict[Period, Targets]) -> None:
    rows = inputs.indicator_input(closings[LATER])
    words = {row["saknas"] for row in rows if row["saknas"]}
    assert words == {"i.u", "årsvis", "resultat v 25", "juni", "-"}
    promised = {word: missing.expected_day for word in words if (missing := typed_missing(word, TAKEN_OUT))}
    assert promised == {
        "i.u": None,
        "årsvis": None,
        "-": None,
        "resultat v 25": date(2022, 6, 24),
        "juni": date(2022, 6, 30),
    }
    targets = {row["mal"] for row in rows if row["mal"]}
    assert {"7,5", "Budgetavvikelse högst 1 %", "Minska 5 %"} <= targets


def test_an_indicator_by_sex_has_all_three_rows(closings: dict[Period, Targets]) -> None:
    typed: dict[str, set[str]] = {}
    for row in inputs.indicator_input(closings[LATER]):
        if row["matperiod"] == str(LATER):
            typed.setdefault(row["indikator_id"], set()).add(row["kon"])
    by_sex = {indicator for indicator, sexes in typed.items() if sexes == {"T", "K", "M"}}
    assert {"nojda_kunder", "upplevd_delaktighet", "hme"} <= by_sex
    assert all(sexes in ({"T"}, {"T", "K", "M"}) for sexes in typed.values())


@pytest.mark.parametrize("period", [EARLIER, LATER])
def test_every_comment_stands_where_the_report_has_a_row_and_quotes_cells_that_it_has(
    closings: dict[Period, Targets], period: Period
) -> None:
    targets = closings[period]
    cells = [
        {
            "table_id": table.table_id,
            "table_name": table.name,
            "row_id": row.row_id,
            "row_label": row.label,
            "column_id": column.column_id,
            "head": column.head,
        }
        for table in targets.edition.tables.values()
        for row in table.rows.values()
        for column in table.columns.values()
    ]
    rows = comments(targets, TAKEN_OUT)
    quoted = 0
    for row in rows:
        if not row["tabell"].startswith("text:"):
            places = [cell for cell in cells if cell["table_id"] == row["tabell"]]
            assert row["rad"] in ("", *(cell["row_id"] for cell in places)), row
            assert places, row
        for written in re.findall(r"\{([^}|]*)", row["text"]):
            assert find_cell(CellAddress.parse(written), cells).cell is not None, written
            quoted += 1
    assert quoted >= 10
    assert len({(row["tabell"], row["rad"], row["lopnr"]) for row in rows}) == len(rows)
    assert any(row["tabell"].startswith("text:") for row in rows)


def test_every_figure_of_the_running_text_is_quoted_or_typed(closings: dict[Period, Targets]) -> None:
    written = " ".join(row["text"] for row in comments(closings[EARLIER], TAKEN_OUT))
    quoted = {"22,1", "12,3", "2,7", "2,2"}
    (path,) = DEFAULT_TARGETS.glob("t15_*.csv")
    told = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(told) == 22
    for line in told:
        value = line["value"]
        assert value in quoted or re.search(rf"(?<![\d,]){value}(?![\d,])", written), line


def test_targets_without_comments_of_their_own_get_some_without_figures() -> None:
    other = Path(__file__).parents[1] / "golden" / "other_targets" / "2024-03"
    rows = comments(read_targets(other), TAKEN_OUT)
    assert rows
    assert not re.search(r"\d", " ".join(row["text"] for row in rows))


def test_a_month_of_which_nothing_was_published_repeats_no_comment_and_no_adjustment(
    closings: dict[Period, Targets], units: Units
) -> None:
    later = closings[LATER]
    after = no_targets(Period(2022, 6), later, later.folder / "edition")
    assert len(comments(after, TAKEN_OUT)) < len(comments(later, TAKEN_OUT))
    assert read_adjustments(after, units) == ()


def test_a_month_that_is_lived_on_to_has_its_forecasts_targets_and_judgements(closings: dict[Period, Targets]) -> None:
    later = closings[LATER]
    typed = held_on(later, no_targets(Period(2022, 6), later, later.folder / "edition"))
    forecasts = {row["matt_id"]: row["prognos_helar"] for row in inputs.measure_forecasts(typed, TAKEN_OUT)}
    assert forecasts.items() >= {"home_care_hours": "347000", "places_housing": "235"}.items()
    assert len(inputs.goal_assessments(typed)) == len(inputs.goal_assessments(later)) == 8
    of_month = [row for row in inputs.indicator_input(typed) if row["matperiod"] == "2022-06"]
    assert {row["saknas"] for row in of_month if row["indikator_id"] == "hme"} == {"i.u"}
    assert {row["period"] for row in of_month} == {"2022-06"}
    assert "7,5" in {row["mal"] for row in of_month}


def test_adjustments_stand_on_an_ansvar_of_the_area_and_are_reversed_in_the_month_after(
    closings: dict[Period, Targets], units: Units
) -> None:
    assert read_adjustments(closings[EARLIER], units) == ()
    adjustments = read_adjustments(closings[LATER], units)
    assert [(one.amount, one.is_revenue) for one in adjustments] == [(64_000_000, False), (-35_000_000, True)]
    area = units.area_on(LATER.last_day)
    assert [str(area[one.unit]) for one in adjustments] == ["AO", "RS"]
    rows = adjustment_rows(adjustments, units, TAKEN_OUT)
    assert [(row["belopp"], row["aterfors"]) for row in rows] == [
        ("640000,00", "2022-04"),
        ("-350000,00", "2022-04"),
    ]
    assert [row["ansvar"] for row in rows] == [str(units.ansvar[one.unit]) for one in adjustments]


def test_an_adjustment_of_a_unit_that_is_not_there_is_refused(
    closings: dict[Period, Targets], units: Units, tmp_path: Path
) -> None:
    header = "affarsomrade;verksamhetstyp;nummer;konto;belopp;orsak"
    (tmp_path / "justering.csv").write_text(f"{header}\nAO;KOST;1;7510;10;x\n", "utf-8")
    with pytest.raises(Refusal, match="names no unit"):
        read_adjustments(replace(closings[LATER], folder=tmp_path), units)


def test_the_register_of_one_offs_grows_and_names_every_unit_of_the_kind(
    timeline: Timeline, units: Units, closings: dict[Period, Targets]
) -> None:
    earlier = one_off_register(timeline, units, closings[EARLIER])
    later = one_off_register(timeline, units, closings[LATER])
    assert later[: len(earlier)] == earlier
    assert {row["post_id"] for row in later} - {row["post_id"] for row in earlier} == {"E2022-1"}
    homes = units.of_type("VARDBOENDE")
    assert {row["ansvar"] for row in earlier} == {str(ansvar) for ansvar in units.ansvar[homes]}
