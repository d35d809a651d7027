"""A close as its user sees it: what is published, what bars it, and what a second close does."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb
import pytest

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.close import begin, close_at_once, receive
from flows.steps.tables import read_report
from flows.steps.touched import touched_periods
from flows.store.home import Home
from tests.conftest import PERIOD, Organisation

AUGUST = Period.parse(PERIOD)


@pytest.fixture
def organisation(closed: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """The closed demo in a place of its own; this process closes it as the command would."""
    copied = closed.copied_to(tmp_path)
    for name, value in copied.environment().items():
        monkeypatch.setenv(name, value)
    return copied


def replace_gaps(organisation: Organisation, taken_out: str, keep_rows: bool) -> None:
    """A later extraction of the gap register: with another promised day, or with none of its rows."""
    [gaps, *_] = sorted(organisation.exports.rglob("luckor_202108_*.csv"))
    text = gaps.read_bytes()
    header = text.splitlines(keepends=True)[0]
    gaps.with_name(f"luckor_202108_{taken_out}.csv").write_bytes(
        text.replace(b"2021-11-30", b"2021-12-01") if keep_rows else header
    )


def versions(home: Home) -> list[tuple[str, int | None]]:
    with duckdb.connect(str(home.build_file), read_only=True) as store:
        return store.execute("select outcome, version from control.closings order by closing_id").fetchall()


def test_a_second_close_says_that_nothing_changed(organisation: Organisation) -> None:
    home = Home(organisation.home)
    said: list[str] = []
    outcome = close_at_once(home, AUGUST, organisation.exports, progress=said.append)
    assert (outcome.changed, outcome.version, outcome.exit_code) == (False, 1, ExitCode.DONE)
    assert said == []
    assert versions(home) == [("published", 1)]
    assert outcome.published == home.published.resolve()


def test_a_publication_lost_after_the_freeze_is_made_by_the_next_close(organisation: Organisation) -> None:
    home = Home(organisation.home)
    home.published.resolve().unlink()
    outcome = close_at_once(home, AUGUST, organisation.exports)
    assert outcome.changed is False
    assert read_report(home, AUGUST).version == 1


def test_a_new_delivery_makes_a_new_version_and_keeps_the_old(organisation: Organisation) -> None:
    home = Home(organisation.home)
    replace_gaps(organisation, "20210930T0700", keep_rows=True)
    outcome = close_at_once(home, AUGUST, organisation.exports)
    assert (outcome.changed, outcome.version) == (True, 2)
    with duckdb.connect(str(home.build_file), read_only=True) as store:
        kept = store.execute("select version, count(*) from closed.report_cell group by all order by all").fetchall()
    assert kept[0][1] == kept[1][1] > 0


def test_without_the_gap_row_the_close_is_barred_and_the_old_publication_stands(organisation: Organisation) -> None:
    home = Home(organisation.home)
    before = home.published.resolve().read_bytes()
    replace_gaps(organisation, "20210930T0700", keep_rows=False)
    for changed in (True, False):
        outcome = close_at_once(home, AUGUST, organisation.exports)
        assert (outcome.outcome, outcome.exit_code) == ("barred", ExitCode.BARRED)
        assert outcome.changed is changed
        assert "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)" in {one.message for one in outcome.findings}
    assert versions(home) == [("published", 1), ("barred", None)]
    assert home.published.resolve().read_bytes() == before
    printed = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert printed.returncode == ExitCode.BARRED
    assert "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)" in " ".join(printed.stdout.split())
    assert "is not published" in printed.stdout


def test_a_refused_source_is_withheld_and_the_rest_published(
    demo: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = Organisation(tmp_path / "home", tmp_path / "exports", demo.state)
    shutil.copytree(demo.exports, organisation.exports)
    for name, value in organisation.environment().items():
        monkeypatch.setenv(name, value)
    [forecast] = organisation.exports.rglob("verksamhet_prognos_202108_*.csv")
    forecast.write_text("<html>503</html>\n")
    outcome = close_at_once(Home(organisation.home), AUGUST, organisation.exports)
    assert outcome.exit_code is ExitCode.PUBLISHED_WITHHELD, outcome.findings
    report = read_report(Home(organisation.home), AUGUST)
    missing = [cell for cell in report.cells if cell["printed"] == "ej tillgängligt"]
    assert missing
    assert all(cell["quantity"] == "forecast_full_year" and cell["footnote"] for cell in missing)


def test_another_writer_is_refused_with_its_name(organisation: Organisation) -> None:
    home = Home(organisation.home)
    with home.writer("close 2021-07"):
        second = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert second.returncode == ExitCode.ANOTHER_WRITER
    assert "close 2021-07" in second.stderr


def test_an_open_period_is_touched_by_what_has_landed_since(organisation: Organisation) -> None:
    home = Home(organisation.home)
    assert touched_periods(home) == ()
    replace_gaps(organisation, "20210930T0700", keep_rows=True)
    with begin(home, AUGUST, organisation.exports) as closing:
        receive(closing)
    assert touched_periods(home) == (AUGUST,)


def test_a_month_for_which_nothing_was_delivered_is_refused(organisation: Organisation) -> None:
    with pytest.raises(Refusal, match="Nothing has been delivered"):
        close_at_once(Home(organisation.home), Period(2015, 1), organisation.exports)


def test_the_printed_tables_are_the_frozen_ones(organisation: Organisation) -> None:
    printed = organisation.bokslut("tables", PERIOD, "--format", "csv")
    assert printed.returncode == 0, printed.stderr
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    with duckdb.connect(str(Home(organisation.home).build_file), read_only=True) as store:
        frozen = store.execute(
            "select table_name, row_label, head, printed, unit from closed.report_cell"
            " order by table_order, row_order, column_order"
        ).fetchall()
    assert [tuple(row.values())[:5] for row in rows] == frozen
