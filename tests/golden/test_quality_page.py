"""The quality page: whole HTML, every finding once, a cell for each owed month, nothing that fetches or runs."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from datetime import date, datetime
from html.parser import HTMLParser

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.quality.findings import work_list
from flows.reports.delivery_matrix import DeliveryMonth
from flows.reports.quality_page import EstimateInForce, QualityPage, SourceInForce, as_html
from flows.reports.rule_history import RuleHistory, sparkline
from tests.conftest import PERIOD, Organisation

AUGUST = Period(2021, 8)
VOID = {"meta", "br", "rect", "link"}


class Page(HTMLParser):
    """The elements of a page as it is parsed; a tag that closes another than the open one fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "class":
                self.classes.update(f"{tag}.{one}" for one in (value or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


MISSING = Finding(
    "missing_month",
    Severity.CRITICAL,
    Effect.BARS_PUBLICATION,
    "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)",
    "systemförvaltaren för Treserva",
    extract="treserva_hemtjanst",
    keys={"extract": "treserva_hemtjanst", "month_list": "2021-04,2021-05,2021-06,2021-07,2021-08"},
)
HOSTILE = Finding(
    "name_not_a_delivery",
    Severity.INFO,
    Effect.NONE,
    "<script>alert('&')</script>.csv är inte namngiven som en leverans och läses inte.",
    'Den som levererade "filen"',
    found_before=datetime(2021, 9, 3, 8, 0),
)
GAP = Finding("known_gap", Severity.WARNING, Effect.BARS_LOCK, "Måltider saknas maj 2021.", "Kost", "kost_maltider")


def page(outcome: str = "barred", findings: tuple[Finding, ...] = (MISSING, HOSTILE, GAP)) -> QualityPage:
    months = [DeliveryMonth("kost_maltider", "Måltider", "", Period(2021, n), "complete") for n in range(1, 9)]
    months += [DeliveryMonth("kost_maltider", "Måltider", "", Period(2020, n), "complete") for n in range(1, 9)]
    months += [DeliveryMonth("treserva_hemtjanst", "Hemtjänst", "", Period(2021, n), "missing") for n in range(4, 9)]
    months += [DeliveryMonth("treserva_hemtjanst", "Hemtjänst", "1001", Period(2021, 4), "missing")]
    months += [DeliveryMonth("ekonomi_konto", "Kontoplan", "", AUGUST, "complete")]
    return QualityPage(
        period=AUGUST,
        version=2,
        outcome=outcome,
        organisation_name="Fiktiva förvaltningen (syntetiska data)",
        as_of=date(2021, 9, 8),
        closed_at=datetime(2021, 9, 8, 16, 55),
        withheld=["Frånvaro"],
        months=months,
        work=work_list(findings, AUGUST),
        history=[
            RuleHistory("missing_month", "Annars en nolla.", Effect.BARS_PUBLICATION, (0, 2, 1), datetime(2021, 9, 8)),
            RuleHistory("file_empty", "En tom fil säger inget.", Effect.WITHHOLDS, (0, 0, 0), None),
        ],
        estimates=[EstimateInForce("Vårddygn", 3, "antal månader", "2021-01,2021-02", "2021-03", "systemfel")],
        sources=[
            SourceInForce("kost_maltider", "Måltider", 16, 1234, 2, "CP1252, UTF-8", datetime(2021, 9, 7, 4, 0)),
            SourceInForce("ekonomi_konto", "Kontoplan", 1, 40, 0, "UTF-8", datetime(2021, 9, 7, 4, 0)),
        ],
    )


def test_every_finding_stands_once_and_what_was_delivered_is_text() -> None:
    text = as_html(page())
    read = Page(text)
    for one in (MISSING, HOSTILE, GAP):
        assert text.count(html.escape(one.message)) == 1
        assert read.words().count(one.message) == 1
    assert read.seen["script"] == 0
    assert [read.classes[f"li.{severity}"] for severity in Severity] == [1, 1, 1]


def test_it_says_who_must_act_what_to_type_and_since_when() -> None:
    text = Page(as_html(page())).words()
    assert "Systemförvaltaren för Treserva" in text
    assert "bokslut gap add treserva_hemtjanst --from 2021-04 --to 2021-08" in text
    assert "sedan 2021-09-03 · name_not_a_delivery" in text
    assert text.index("Systemförvaltaren") < text.index("Den som levererade") < text.index("Kända luckor")


def test_the_heat_map_has_a_cell_a_month_that_reads_without_colour() -> None:
    read = Page(as_html(page()))
    assert read.classes["td.complete"] == 8 + 8 + 1
    assert read.classes["td.missing"] == 5
    months, sources, kinds = 16, 3, 2
    assert sum(1 for tag, name, value in read.attributes if (tag, name, value) == ("th", "scope", "row")) >= sources
    assert sum(1 for tag, name, value in read.attributes if (tag, name, value) == ("th", "scope", "rowgroup")) == kinds
    matrix = re.search(r'<table class="matrix">.*?</table>', as_html(page()), re.DOTALL)
    assert matrix is not None
    assert matrix[0].count("<td") == 1 + sources * months
    assert len(re.findall(r'aria-hidden="true">K<', matrix[0])) == 17
    assert matrix[0].count('class="sr">saknas<') == 5


def test_it_fetches_nothing_runs_nothing_and_has_a_dark_side_and_a_printed_one() -> None:
    text = as_html(page())
    assert not re.search(r"https?:|url\(|@import|\bon[a-z]+=|<link", text)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert text.startswith('<!doctype html>\n<html lang="sv">')


def test_the_verdict_says_what_the_close_came_to() -> None:
    barred, without, done = (
        Page(as_html(page(outcome))).words() for outcome in ("barred", "published_withheld", "published")
    )
    assert "Hindrad: 1 avvikelse hindrar publicering. Version 2 står kvar." in barred
    assert "Publicerad utan Frånvaro. 1 avvikelse hindrar låsning." in without
    assert "Publicerad. 1 avvikelse hindrar låsning." in done
    assert "Publicerad. Inget hindrar låsning." in Page(as_html(page("published", ()))).words()
    assert "Syntetiska data" in barred


def test_history_estimates_and_files_in_force_are_told() -> None:
    read = Page(as_html(page()))
    words = read.words()
    assert "missing_month Annars en nolla. hindrar publicering 1 2 av 3 bokslut 2021-09-08" in words
    assert "1 regel har inte utlösts file_empty" in words
    assert "Vårddygn 3 antal månader jan–feb 2021 mars 2021 systemfel" in words
    assert "17 filer gäller för detta bokslut." in words
    assert "Måltider 16 1 234 2 CP1252, UTF-8" in words.replace("\u00a0", " ")


def test_a_sparkline_has_a_bar_a_close_and_says_its_numbers() -> None:
    drawn = sparkline((0, 2, 1))
    assert re.findall(r'height="(\d+)" class="none"|height="(\d+)"/>', drawn) == [("1", ""), ("", "18"), ("", "9")]
    assert 'aria-label="antal avvikelser per bokslut: 0, 2, 1"' in drawn


def test_a_close_writes_the_page_and_tells_where(closed: Organisation) -> None:
    path = closed.home / "reports" / PERIOD / "quality.html"
    text = path.read_text("utf-8")
    read = Page(text)
    assert str(path) in (closed.home / "close-output.txt").read_text("utf-8")
    found = list(csv.DictReader(io.StringIO(closed.bokslut("findings", PERIOD, "--format", "csv").stdout)))
    assert found
    assert [text.count(html.escape(one["message"])) for one in found] == [1] * len(found)
    assert sum(read.classes[f"li.{severity}"] for severity in Severity) == len(found)
    assert read.classes["td.estimated"] == 5
    assert "Fiktiva förvaltningen (syntetiska data)" in text
    assert path.stat().st_mode & 0o077 == 0
