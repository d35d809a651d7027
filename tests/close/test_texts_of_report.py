"""The texts of a report through a close: filled, held to the cells, frozen, published; and what a close says first."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.reports.tables import as_csv, as_json
from flows.steps.close import Outcome, close_at_once
from flows.steps.tables import read_report
from flows.steps.ties import read_ties
from flows.store.home import Home
from tests.conftest import PERIOD, Organisation

AUGUST = Period.parse(PERIOD)
HEAD = "period;tabell;rad;lopnr;text;ansvarig;datum"
PHONE = "08-508 123 45"


@pytest.fixture
def organisation(closed: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    copied = closed.copied_to(tmp_path)
    for name, value in copied.environment().items():
        monkeypatch.setenv(name, value)
    return copied


def comment(organisation: Organisation, day: str, *rows: str) -> Outcome:
    """A later file of comments with these rows (`table;row;text`), closed."""
    lines = [
        f"{PERIOD};{place};{number};{text};controller;2021-09-10"
        for number, (place, text) in enumerate((row.rsplit(";", 1) for row in rows), 1)
    ]
    file = organisation.exports / f"kommentar_202108_202109{day}T0900.csv"
    file.write_text("\n".join([HEAD, *lines, ""]), "utf-8")
    return close_at_once(Home(organisation.home), AUGUST, organisation.exports)


def rule_ids(outcome: Outcome) -> set[str]:
    return {one.rule_id for one in outcome.findings}


def test_a_text_is_filled_frozen_and_published_and_a_wrong_figure_and_a_phone_number_are_told(
    organisation: Organisation,
) -> None:
    home = Home(organisation.home)
    cells = read_report(home, AUGUST).cells
    deviation = next(cell for cell in cells if cell["quantity"] == "deviation" and len(cell["printed"]) > 4)
    place = f"{deviation['table_id']};{deviation['row_id']}"
    address = ":".join(deviation[name] for name in ("table_id", "row_id", "column_id"))
    outcome = comment(
        organisation,
        "10",
        f"{place};Avvikelsen är {{{address}}} tkr och {{{{klar}}}}.",
        f"{place};{deviation['head']}n är 98 765 tkr.",
        f"{place};Ring {PHONE} om raden.",
        "text:Inledning;;Rapporten är preliminär.",
    )
    assert outcome.outcome == "published"
    assert rule_ids(outcome) >= {"text_contradicts_cell", "personal_in_text"}

    report = read_report(home, AUGUST)
    printed = {text["sequence_number"]: text["printed"] for text in report.texts}
    assert printed == {
        1: f"Avvikelsen är {deviation['printed']} tkr och {{klar}}.",
        2: f"{deviation['head']}n är 98 765 tkr.",
        3: None,
        4: "Rapporten är preliminär.",
    }
    told = as_json(report.cells, report.footnotes, report.about(), report.texts)
    assert f"Avvikelsen är {deviation['printed']} tkr" in told
    assert "Rapporten är preliminär." in told
    assert "Rapporten är preliminär." not in as_csv(report.cells)
    for file in (home.published.resolve(), home.build_file):
        assert PHONE.encode() not in file.read_bytes()
    kinds = {
        tie["left_cell"].split("#")[0].rsplit(":", 1)[1]: tie["verdict"] for tie in read_ties(home, AUGUST, "text").ties
    }
    assert kinds == {"1": "holds", "2": "breaks"}
    with duckdb.connect(str(home.build_file), read_only=True) as store:
        frozen = store.execute("select count(*) from closed.comment where version = 2").fetchall()
    assert frozen == [(4,)]
    assert close_at_once(home, AUGUST, organisation.exports).changed is False


def test_a_placeholder_that_leads_nowhere_bars_the_close_and_the_old_texts_stand(organisation: Organisation) -> None:
    before = read_report(Home(organisation.home), AUGUST).texts
    outcome = comment(organisation, "11", "text:Inledning;;Resultatet är {t99:Summa:Avvikelse}.")
    assert (outcome.exit_code, "quote_unresolved" in rule_ids(outcome)) == (ExitCode.BARRED, True)
    assert read_report(Home(organisation.home), AUGUST).texts == before


def test_an_edition_that_cannot_be_printed_hides_no_finding(organisation: Organisation) -> None:
    """What bars the close is said first; only where nothing does, that the head is wrong."""
    [columns] = organisation.exports.rglob("edition_kolumn_202108_*.csv")
    later = columns.with_name("edition_kolumn_202108_20210912T0900.csv")
    later.write_text(columns.read_text("utf-8").replace("{Månad}", "{Manad}"), "utf-8")
    [gaps] = organisation.exports.rglob("luckor_202108_*.csv")
    no_gaps = gaps.with_name("luckor_202108_20210912T0900.csv")
    no_gaps.write_bytes(gaps.read_bytes().splitlines(keepends=True)[0])
    home = Home(organisation.home)
    outcome = close_at_once(home, AUGUST, organisation.exports)
    assert outcome.exit_code is ExitCode.BARRED
    assert "missing_month" in rule_ids(outcome)

    gaps.with_name("luckor_202108_20210913T0900.csv").write_bytes(gaps.read_bytes())
    with pytest.raises(Refusal, match=r"\{Manad\} is no field of a column head"):
        close_at_once(home, AUGUST, organisation.exports)
    assert read_report(home, AUGUST).version == 1
