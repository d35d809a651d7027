"""Three invented organisations, two reports each: other areas, rows, heads and signs, and an organisation that changes.

No code knows them: their targets, editions and events are files.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Organisation
from tests.golden.test_demo_targets import printed, published

INVENTED = Path(__file__).parent / "invented"


@pytest.fixture(scope="module", params=sorted(folder.name for folder in INVENTED.iterdir()))
def reported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Organisation, list[Path]]:
    """An organisation whose two reports were closed in turn, and its targets."""
    targets = INVENTED / str(request.param)
    periods = sorted(folder for folder in targets.iterdir() if folder.is_dir())
    folder = tmp_path_factory.mktemp(targets.name)
    organisation = Organisation(folder / "home", folder / "exports", folder / "state")
    written = organisation.bokslut("demo", "--to", organisation.exports, "--targets", targets, "--seed", "3")
    assert written.returncode == 0, written.stderr
    for period in periods:
        done = organisation.bokslut("close", period.name, "--from", organisation.exports)
        assert done.returncode == 0, done.stdout + done.stderr
    return organisation, periods


def test_every_cell_of_both_reports_is_printed_and_no_other(reported: tuple[Organisation, list[Path]]) -> None:
    organisation, periods = reported
    assert len(periods) == 2
    for period in periods:
        assert printed(organisation, period.name) == published(period)


def test_the_figures_of_both_reports_tie(reported: tuple[Organisation, list[Path]]) -> None:
    """Within each report, and with the one before it: what differs is rounding or a restatement, and says so."""
    organisation, periods = reported
    for period in periods:
        told = organisation.bokslut("ties", period.name, "--format", "json")
        assert told.returncode == 0, told.stderr
        classes = json.loads(told.stdout)["classes"]
        assert sum(each["number"] for each in classes) > 10
        assert [each["tie_class"] for each in classes if each["breaks"]] == []
