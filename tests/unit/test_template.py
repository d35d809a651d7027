"""The workbooks for what people enter: what is filled in can be read as a delivery."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from flows.declarations.contracts import contracts
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.errors import Refusal
from flows.sources.tabular import read_table
from flows.steps.template import make_template
from flows.store.home import Home
from tests.unit.tabular_files import keys_of, landed, listed

TYPED = [one.extract for one in contracts().values() if one.typed_by_people]


def now() -> datetime:
    return datetime(2021, 9, 3, 7, 30)


def read(path: Path) -> Reading:
    name = DeliveryName.parse(path.name)
    assert name is not None
    return read_table(path.read_bytes(), contracts()[name.extract], path.name, name.period, name.extracted_at, keys_of)


@pytest.mark.parametrize("extract", TYPED)
def test_an_empty_template_is_a_delivery_without_rows(extract: str, tmp_path: Path) -> None:
    path = make_template(Home(tmp_path / "home"), extract, tmp_path, now=now)
    assert path.name == f"{extract}_202108_20210903T0730.xlsx"
    assert landed(read(path)) == []


def test_what_is_filled_in_lands(tmp_path: Path) -> None:
    path = make_template(Home(tmp_path / "home"), "verksamhet_prognos", tmp_path, Period(2021, 8), now)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.append(["2021-08", "meals", 512.5, "Efter sommaren", "kostchef", date(2021, 9, 2)])
    sheet.append(["2021-08", "care_days", "i.u", None, "kostchef", date(2021, 9, 2)])
    book.save(path)
    reading = read(path)
    meals, care_days = landed(reading)
    assert (str(meals["prognos_helar"]), meals["datum"]) == ("512.500000", date(2021, 9, 2))
    assert care_days["prognos_helar"] is None
    assert [one["reason"] for one in listed(reading.missing)] == ["ingen uppgift"]


def test_codes_months_and_days_are_chosen_or_checked(tmp_path: Path) -> None:
    path = make_template(Home(tmp_path / "home"), "mal_bedomning", tmp_path, now=now)
    book = openpyxl.load_workbook(path)
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden"]
    validations = {str(one.sqref)[0]: one for one in book.worksheets[0].data_validations.dataValidation}
    lists = {cell[0].value for cell in book["Listor"].iter_rows(min_col=2, max_col=2)}
    assert validations["C"].type == "list"
    assert lists == set(contracts()["mal_bedomning"].column("status").codes)
    explained = {row[0].value: row[3].value for row in book["Förklaring"].iter_rows(min_row=4)}
    assert explained["status"] == "en av UPPNAS, DELVIS, INTE, EJ_BEDOMD"


def test_a_register_holds_the_rows_that_it_has(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    header = "extract;enhet_kod;fran;till;orsak;arende;ansvarig;vantas"
    row = "kost_maltider;E2;2021-06;2021-06;Köket flyttade;INC-1;kost;2021-10-15"
    (home.inbox / "luckor_202108_20210901T0600.csv").write_text(f"{header}\n{row}\n", "utf-8")
    path = make_template(home, "luckor", tmp_path, now=now)
    (gap,) = landed(read(path))
    assert (gap["enhet_kod"], gap["fran"], gap["vantas"]) == ("E2", date(2021, 6, 1), date(2021, 10, 15))


def test_what_a_system_delivers_has_no_template(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        make_template(Home(tmp_path / "home"), "timecare_pass", tmp_path, now=now)
