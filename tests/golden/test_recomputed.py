"""The exports hold the published figures by the definitions alone: recomputed without demo, pipeline or edition."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Organisation
from tests.golden.recomputed import Exports, number, rounded
from tests.shared_folder import SHARED, needs_shared

AREAS = {"RS": "Råd och Stöd", "LSS": "LSS Funktionsstöd", "AO": "Äldreomsorg"}
AREAS |= {"IA": "Idrott och Arbetsmarknadsservice", "KR": "Kost och Restaurang", "LED": "Ledning"}

Cells = dict[tuple[str, str, str], Decimal]


def published(*tables: str) -> Cells:
    cells: Cells = {}
    for path in sorted((SHARED / "reference" / "2021-08").glob("*.csv")):
        if Path(path).stem[:3] in tables:
            for line in csv.DictReader(path.open(encoding="utf-8")):
                if line["value_num"]:
                    cells[Path(path).stem[:3], line["row"], line["column"]] = Decimal(line["value_num"])
    return cells


def volumes(exports: Exports) -> Cells:
    forecast = {row["matt_id"]: number(row["prognos_helar"]) for row in exports.rows("verksamhet_prognos")}
    cells: Cells = {}
    flows = {
        ("Hemtjänst, timmar", "home_care_hours"): ("treserva_hemtjanst", "utforda_timmar", {}),
        ("Vårddyg, antal", "care_days"): ("treserva_boende", "belagda_dygn", {}),
        ("SFB personlig assistans, timmar", ""): ("treserva_assistans", "timmar", {"lagrum": "SFB"}),
        ("LSS personlig assistans, timmar", ""): ("treserva_assistans", "timmar", {"lagrum": "LSS"}),
        ("Måltider, antal tusen st", "meals"): ("kost_maltider", "portioner", {}),
    }
    for (label, measure), (extract, column, only) in flows.items():
        unit = 1000 if measure == "meals" else 1
        for year, head in ((2021, "Augusti 2021"), (2020, "Augusti 2020")):
            cells["t02", label, head] = rounded(exports.volume(extract, column, year, **only) / unit)
        by_rule = exports.volume(extract, column, 2021, **only) * 12 / 8
        cells["t02", label, "Prognos helår"] = rounded(forecast[measure] if measure else by_rule)
    for label, kind, measure in (
        ("Boendeplatser, Råd och Stöd", "BOENDE_RS", "places_housing"),
        ("Arbetsmarknadsplatser", "ARBETSMARKNAD", "places_labour_market"),
    ):
        for year, head in ((2021, "Augusti 2021"), (2020, "Augusti 2020")):
            cells["t02", label, head] = Decimal(exports.places(kind, exports.last[year]))
        cells["t02", label, "Prognos helår"] = forecast[measure]
    return cells


def staff(exports: Exports) -> Cells:
    cells: Cells = {}
    for year in (2020, 2021):
        head = f"Augusti {year}"
        persons = exports.permanent(f"{year}08", exports.last[year])
        cells["t03", "Antal tillsvidareanställda", head] = Decimal(len(persons))
        cells["t03", "Total sjukfrånvaro", head] = rounded(exports.sick_leave(year), 1)
        cells["t03", "Personalavgångar externt", head] = rounded(exports.turnover(year), 1)
    for sex, label in (("KM", ""), ("M", " / Män"), ("K", " / Kvinnor")):
        now = "Utfall aug. 2021"
        cells["t13", f"Total sjukfrånvaro{label}", now] = rounded(exports.sick_leave(2021, sex), 1)
        cells["t13", f"Andel heltidsanställningar{label}", now] = rounded(exports.full_time(sex), 1)
        cells["t14", f"Avgångsålder pension{label}", now] = rounded(exports.pension_age(sex), 1)
    return cells


def finance(exports: Exports) -> Cells:
    """Amounts in SEK, rounded to thousands at the end; every row is also part of its total."""
    sek: dict[tuple[str, str, str], Decimal] = {}

    def add(table: str, head: str, amount: Decimal, *rows: str) -> None:
        for row in rows:
            sek[table, row, head] = sek.get((table, row, head), Decimal(0)) + amount

    for area in (*AREAS.values(), "Summa investeringar", "varav utgifter", "varav inkomster"):
        for head in ("Redovisat Utgifter", "Redovisat Inkomster"):
            add("t06", head, Decimal(0), area)
    for year in (2020, 2021):
        for record, month, account, code, project, amount in exports.ledger(year):
            area, to_date, kind = AREAS[code], month <= f"{year}08", int(account[:2])
            if kind == 40 or (kind == 35 and project):
                if year == 2021 and record == "#TRANS" and project in exports.projects:
                    head = "Redovisat Utgifter" if kind == 40 else "Redovisat Inkomster"
                    row = "varav utgifter" if kind == 40 else "varav inkomster"
                    add("t06", head, abs(amount), area, "Summa investeringar", row)
                continue
            part, sign = ("varav intäkter", -1) if kind < 40 else ("varav kostnader", 1)
            year_head = "Bokslut 2020" if year == 2020 else "Budget 2021"
            if (year, record) in ((2020, "#TRANS"), (2021, "#PBUDGET")):
                add("t05", year_head, -amount, area, "Summa nettokostnader, tkr")
                add("t05", year_head, sign * amount, part)
            if to_date and (record == "#TRANS" or year == 2021):
                head = "Budget jan-aug 2021" if record == "#PBUDGET" else "Redovisat jan-aug 2021"
                head = "Redovisat samma period föregående år" if year == 2020 else head
                add("t04", head, -amount, area, "Summa")
    for row in exports.rows("ekonomi_prognos"):
        amount = number(row["prognos_helar"])
        sign, part = (1, "varav intäkter") if row["slag"] == "INTAKT" else (-1, "varav kostnader")
        add("t05", "Prognos helår", sign * amount, AREAS[row["affarsomrade"]], "Summa nettokostnader, tkr")
        add("t05", "Prognos helår", amount, part)
    for row in exports.projects.values():
        spent, got, frame = (number(row[field]) for field in ("prognos_utgift", "prognos_inkomst", "ram"))
        total, area = "Summa investeringar", AREAS[row["affarsomrade"]]
        add("t06", "Prognos Utgifter", spent, area, total, "varav utgifter")
        add("t06", "Prognos Utgifter", Decimal(0), "varav inkomster")
        add("t06", "Prognos Inkomster", got, area, total, "varav inkomster")
        add("t06", "Prognos Inkomster", Decimal(0), "varav utgifter")
        add("t06", "Prognos Netto", spent - got, area, total)
        add("t06", "Prognos Netto", spent, "varav utgifter")
        add("t06", "Prognos Netto", -got, "varav inkomster")
        add("t06", "Investeringsram", frame, area, total, "varav utgifter")
        add("t06", "Investeringsram", Decimal(0), "varav inkomster")
    cells = {key: rounded(amount / 1000) for key, amount in sek.items()}
    pairs = {
        "t04": ("Redovisat jan-aug 2021", "Budget jan-aug 2021"),
        "t05": ("Prognos helår", "Budget 2021"),
        "t06": ("Investeringsram", "Prognos Netto"),
    }
    for table, row in {key[:2] for key in cells}:
        minuend, subtrahend = (cells[table, row, head] for head in pairs[table])
        cells[table, row, "Avvikelse"] = minuend - subtrahend
    return cells


@pytest.fixture(scope="module")
def exports(demo: Organisation) -> Exports:
    return Exports(demo.exports, 2021, 8)


@needs_shared
@pytest.mark.parametrize(
    ("tables", "recompute"),
    [(("t02",), volumes), (("t03", "t13", "t14"), staff), (("t04", "t05", "t06"), finance)],
    ids=["volumes", "staff", "finance"],
)
def test_the_exports_come_to_the_published_figures(exports: Exports, tables: tuple[str, ...], recompute) -> None:
    expected, found = published(*tables), recompute(exports)
    assert found
    assert {key: value for key, value in found.items() if expected.get(key) != value} == {}
    # Figures of volumes and finance are all recomputed; of the staff's tables those that are not typed by people.
    assert set(found) == set(expected) or "t03" in tables
