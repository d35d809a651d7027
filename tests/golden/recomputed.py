"""The tables t02-t06, t13 and t14 from the exports alone: a hundred lines that share nothing with demo or pipeline."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

AS_BYTES = (("utf-16", b"\xff\xfe"), ("utf-8-sig", b""), ("cp1252", b""))


class Exports:
    def __init__(self, folder: Path, year: int, month: int) -> None:
        self.folder, self.year, self.month = folder, year, month
        self.first = {y: date(y, 1, 1) for y in (year - 1, year)}
        self.last = {y: date(y, month + 1, 1) - timedelta(1) for y in (year - 1, year)}
        self.months = {y: [f"{y}{m:02d}" for m in range(1, month + 1)] for y in (year - 1, year)}
        self.area = {unit["ansvar"]: unit["affarsomrade"] for unit in self.rows("organisation_enhet")}
        self.projects = {row["projekt"]: row for row in self.rows("ekonomi_investering")}

    def rows(self, extract: str, month: str = "") -> list[dict[str, str]]:
        files = sorted(self.folder.glob(f"{extract}_{month or f'{self.year}{self.month:02d}'}_*.csv"))
        if not files:
            return []
        data = files[-1].read_bytes()
        for encoding, mark in AS_BYTES:
            try:
                text = data.decode(encoding) if data.startswith(mark) else ""
            except UnicodeDecodeError:
                continue
            if text:
                break
        lines = [line for line in text.splitlines() if not line.startswith(("#ANTAL", "Totalt"))]
        return list(csv.DictReader(lines, delimiter=";"))

    def volume(self, extract: str, column: str, year: int, **only: str) -> Decimal:
        """Months at hand, raised to the whole window."""
        months = [self.rows(extract, month) for month in self.months[year]]
        rows = [row for month in months for row in month if all(row[field] == value for field, value in only.items())]
        return sum(number(row[column]) for row in rows) * len(months) / sum(bool(month) for month in months)

    def places(self, kind: str, day: date) -> int:
        at = [row for row in self.rows("platser_register") if row["platstyp"] == kind]
        return sum(int(row["antal"]) for row in at if inside(row["giltig_from"], day, row["giltig_tom"]))

    def permanent(self, month: str, day: date) -> set[str]:
        staff = self.rows("heroma_anstallning", month)
        return {
            r["personnummer"] for r in staff if r["anst_form"] == "TV" and inside(r["anst_from"], day, r["anst_tom"])
        }

    def sick_leave(self, year: int, sex: str = "KM") -> Decimal:
        ordinary: dict[str, Decimal] = defaultdict(Decimal)
        sick: dict[str, Decimal] = defaultdict(Decimal)
        of_sex: dict[str, str] = {}
        for month in self.months[year]:
            of_sex |= {row["anst_id"]: row["kon"] for row in self.rows("heroma_anstallning", month)}
            for row in self.rows("heroma_arbetstid", month):
                ordinary[row["anst_id"]] += number(row["ordinarie_timmar"])
            for row in self.rows("heroma_franvaro", month):
                sick[row["anst_id"]] += number(row["timmar_period"]) * (row["orsak_kod"] == "SJK")
        counted = [one for one, hours in ordinary.items() if hours > 0 and of_sex[one] in sex]
        return 100 * sum(sick[one] for one in counted) / sum(ordinary[one] for one in counted)

    def turnover(self, year: int) -> Decimal:
        gone: set[str] = set()
        heads: list[int] = []
        for month in self.months[year]:
            staff = self.rows("heroma_anstallning", month)
            person = {row["anst_id"]: row["personnummer"] for row in staff}
            heads.append(len(self.permanent(month, end_of(month))))
            for row in self.rows("heroma_avgang", month):
                after = date.fromisoformat(row["avgang_datum"]) + timedelta(1)
                seen = month if after <= end_of(month) or month == self.months[year][-1] else f"{after:%Y%m}"
                counts = (row["anst_form"], row["extern"]) == ("TV", "1")
                if counts and person[row["anst_id"]] not in self.permanent(seen, after):
                    gone.add(person[row["anst_id"]])
        return Decimal(100 * len(gone) * len(heads)) / sum(heads)

    def full_time(self, sex: str = "KM") -> Decimal:
        day = self.last[self.year]
        paid = [r for r in self.rows("heroma_anstallning") if r["loneform"] == "MAN" and r["kon"] in sex]
        grades = [number(r["sysselsattningsgrad"]) for r in paid if inside(r["anst_from"], day, r["anst_tom"])]
        return Decimal(100 * sum(grade >= 100 for grade in grades)) / len(grades)

    def pension_age(self, sex: str = "KM") -> Decimal:
        left = [row for month in self.months[self.year] for row in self.rows("heroma_avgang", month)]
        ages = [number(row["alder"]) for row in left if row["avgang_typ"] == "PENSION" and row["kon"] in sex]
        return sum(ages) / len(ages)

    def ledger(self, year: int) -> list[tuple[str, str, str, str, str, Decimal]]:
        """Label, month, account, area, project, amount: bookings of vouchers and budget of each ansvar."""
        (path,) = sorted(self.folder.glob(f"ekonomi_sie_{year}*.se"))[-1:]
        found, month = [], ""
        for line in path.read_bytes().decode("cp437").splitlines():
            objects = dict(re.findall(r'(\d+) "([^"]*)"', line.partition("{")[2].partition("}")[0]))
            words, amount = line.split("{")[0].split(), line.rpartition("}")[2].strip()
            if words[:1] == ["#VER"]:
                month = words[3][:6]
            elif words[:1] in (["#TRANS"], ["#PBUDGET"]) and "1" in objects:
                when, account = (month, words[1]) if words[0] == "#TRANS" else (words[2], words[3])
                place = (self.area[objects["1"]], objects.get("6", ""))
                found.append((words[0], when, account, *place, Decimal(amount)))
        return found


def number(text: str) -> Decimal:
    return Decimal(text.replace("\u00a0", "").replace(",", "."))


def inside(first: str, day: date, last: str) -> bool:
    return first <= day.isoformat() and (not last or day.isoformat() <= last)


def end_of(month: str) -> date:
    return (date(int(month[:4]), int(month[4:]), 28) + timedelta(4)).replace(day=1) - timedelta(1)


def rounded(value: Decimal, decimals: int = 0) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
