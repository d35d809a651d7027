"""A reorganisation entered wrongly: the close is barred, what was published stands, and every row is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from flows.errors import ExitCode
from tests.canary.planted_exports import LATER, deliver_anew
from tests.conftest import PERIOD, Organisation

UNITS = ("E1001", "E1002", "E1003", "E1004", "E1005", "E1006")


def entered_wrongly(text: str) -> str:
    """Shares of 90, a circle of two, the same days twice, an ansvar in two areas, and a successor that nobody knows."""
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    first, second, third, fourth, fifth, sixth = (row for row in rows if row["enhet_kod"] in UNITS)
    for one in (first, second, third, fourth):
        one["giltig_tom"] = "2020-12-31"
    first.update(efterfoljare=fifth["enhet_kod"], andel="90")
    second["efterfoljare"], third["efterfoljare"] = third["enhet_kod"], second["enhet_kod"]
    fourth["efterfoljare"] = "E0000"
    rows.append({**fifth, "giltig_from": "2021-03-01"})
    other_area = next(row for row in rows if row["affarsomrade"] != sixth["affarsomrade"])
    other_area["ansvar"] = sixth["ansvar"]
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def lines_of(file: Path) -> Mapping[str, list[int]]:
    """Unit → the lines that it stands on."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(file.read_text("latin-1").splitlines(), start=1):
        found.setdefault(line.split(";")[0], []).append(number)
    return found


def test_wrong_rows_bar_the_close_and_are_named_by_line(closed: Organisation, tmp_path: Path) -> None:
    organisation = closed.copied_to(tmp_path)
    published = (organisation.home / "published.duckdb").resolve()
    deliver_anew(organisation.exports, "organisation_enhet", entered_wrongly)
    (file,) = organisation.exports.rglob(f"organisation_enhet_202108_{LATER}.csv")
    lines = lines_of(file)

    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports)

    assert done.returncode == ExitCode.BARRED, done.stdout + done.stderr
    assert (organisation.home / "published.duckdb").resolve() == published
    said = " ".join((done.stdout + done.stderr).split())
    at = {unit: numbers[0] for unit, numbers in lines.items() if unit in UNITS}
    first, second, third, fourth, fifth, sixth = UNITS
    for sentence in (
        f"Enhet {first} från 2015-01-01: andelarna till efterföljarna summerar till 90 %, inte 100 (rad {at[first]})",
        f"Efterföljarna går i cirkel: {second} → {third} → {second} (rad {at[second]}, {at[third]})",
        f"har en efterföljare som inte finns i registret: E0000 (rad {at[fourth]})",
        f"Enhet {fifth} har rader som gäller samma dagar, från 2015-01-01"
        f" (rad {lines[fifth][0]} och {lines[fifth][1]})",
        "hör samma dag till enheter i två områden",
        file.name,
    ):
        assert sentence in said, said
    assert str(at[sixth]) in said
