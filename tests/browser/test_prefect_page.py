"""A month end in Prefect's page, in a real browser: the form, the run, what it leaves, and whom the page asks."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from flows.steps.close import STEPS
from tests.browser.chromium import PHONE, WIDE, Browser, chromium
from tests.browser.prefect_page import PrefectPage
from tests.close.late_meals import ask_before_publishing, deliver_meals
from tests.conftest import PERIOD, Organisation
from tests.server.served_house import ServedHouse, served_house

#: What somebody may write in a register's reason, which is printed: it is words there, and never a part of the page.
PLANTED = "<img src=/planted onerror=planted=1> **fet** [länk](http://elsewhere.example/)"


@pytest.fixture(scope="module")
def organisation(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    copied = closed.copied_to(tmp_path_factory.mktemp("organisation"))
    ask_before_publishing(copied.home)
    return copied


@pytest.fixture(scope="module")
def house(organisation: Organisation) -> Iterator[ServedHouse]:
    with served_house(organisation, organisation.home.parent / "said") as house:
        yield house


@pytest.fixture(scope="module")
def page(house: ServedHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectPage]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        page = PrefectPage(browser, house)
        page.log_in()
        yield page


@pytest.fixture
def browser(page: PrefectPage) -> Browser:
    page.browser.resize(WIDE)
    return page.browser


def deliver_gaps(
    organisation: Organisation, taken_out: str, *changes: tuple[str, str], rows: int | None = None
) -> None:
    """The register of gaps, taken out later: with other words in it, or with so many rows alone."""
    first = min(organisation.exports.rglob("luckor_202108_*.csv"))
    text = first.read_text("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    kept = text.splitlines(keepends=True)[: None if rows is None else rows + 1]
    first.with_name(f"luckor_202108_{taken_out}.csv").write_text("".join(kept), "utf-8-sig")


def test_the_form_says_what_it_takes_and_refuses_nonsense_before_there_is_a_run(
    page: PrefectPage, browser: Browser
) -> None:
    page.month_end_form()
    assert page.told() == {
        "period": "The month to close, as 2021-08.",
        "from_dir": "Where the exports lie on the server; without it, the home's inbox.",
        "as_of": "Judge as of this day, as 2021-09-10; without it, the newest extraction's.",
    }
    for given in ({"period": "augusti"}, {"period": PERIOD, "as_of": "i morgon"}):
        page.fill(**given)
        browser.click("Submit", "button")
        *_, (name, words) = given.items()
        browser.shows("Validation failed for field", name, words)
    assert page.runs() == []
    browser.resize(PHONE)
    assert browser.overflow() == 0


def test_whoever_ticks_the_validation_away_is_told_in_a_sentence(page: PrefectPage, browser: Browser) -> None:
    page.month_end_form()
    page.fill(period="augusti")
    browser.click("Validate parameters", "label")
    run = page.reached(page.submit())
    assert run["state_type"] == "FAILED"
    page.open_run(run["id"])
    told = browser.shows("Failed", "There is no such month or day. Give period as 2021-08")
    assert "Traceback" not in told


def test_a_month_end_waits_on_its_page_for_a_persons_word_and_then_leaves_its_report_there(
    page: PrefectPage, browser: Browser, organisation: Organisation
) -> None:
    deliver_meals(organisation.exports, "20210930T0700")
    deliver_gaps(organisation, "20210930T0700", ("Systemfel", f"{PLANTED} Systemfel"))
    page.month_end_form()
    page.fill(period=PERIOD, from_dir=str(organisation.exports))
    run_id = page.submit()
    page.reached(run_id, "PAUSED")
    told = page.question(run_id)
    assert "Suspended" in told
    assert f"Publish {PERIOD} as version 2?" in told
    assert "4 073 4 078" in told
    assert PLANTED in told
    is_harmless(browser)
    page.answer(who="Anna Andersson", publish=True)
    browser.shows("Validation failed for field 'who'")
    page.answer(who="controller", publish=True)
    browser.until(lambda: "Resume Flow Run" not in browser.text(), "the answer is sent")
    assert page.reached(run_id)["state_type"] == "COMPLETED"

    page.open_run(run_id, "Task Runs")
    told = browser.shows(f"close {PERIOD}", "Completed", "Task runs", *(step.__name__ for step in STEPS))
    assert "Traceback" not in told
    left = page.artifacts(run_id)
    assert set(left) == {f"{kind}-{PERIOD}" for kind in ("progress", "findings", "status", "changes", "close")}
    browser.open(left[f"close-{PERIOD}"])
    told = browser.shows("Volymutveckling", "229 544 1)", "4 078")
    assert PLANTED in told
    is_harmless(browser)
    assert "right" in browser.driver.execute_script(
        "return [...document.querySelectorAll('td')].filter((cell) => cell.textContent.startsWith('229 544'))"
        ".map((cell) => getComputedStyle(cell).textAlign)"
    )
    browser.resize(PHONE)
    assert browser.overflow() == 0
    browser.open(left[f"findings-{PERIOD}"])
    browser.shows("Hemtjänst saknas apr–aug 2021")


def is_harmless(browser: Browser) -> None:
    """What was planted is words on the page."""
    assert browser.elements("[src*=planted], [href*='elsewhere.example']") == []
    assert browser.driver.execute_script("return typeof planted") == "undefined"


def test_a_month_that_is_barred_says_so_and_what_to_type_without_a_traceback(
    page: PrefectPage, browser: Browser, organisation: Organisation
) -> None:
    deliver_gaps(organisation, "20210930T0800", rows=0)
    page.month_end_form()
    page.fill(period=PERIOD, from_dir=str(organisation.exports))
    run = page.reached(page.submit())
    assert run["state_type"] == "FAILED"
    sentences = f"{PERIOD} is not published: its findings bar it. See them with `bokslut findings {PERIOD}`."
    assert sentences in run["state"]["message"]
    page.open_run(run["id"])
    told = browser.shows("Failed", sentences)
    assert "Traceback" not in told
    assert "Traceback" not in page.house.said.read_text("utf-8")


def test_it_is_the_only_page_there_is_and_asks_nobody_but_this_machine(page: PrefectPage, browser: Browser) -> None:
    for part in ("dashboard", "runs", "flows", "deployments", "artifacts", "concurrency-limits", "settings", "events"):
        browser.open(f"{page.address}/{part}")
        browser.element("a", "Deployments")
        assert not [link for link in browser.elements("a, button") if "V2" in link.text]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{page.address}/v2/assets/", timeout=30)
    assert refused.value.code == 404
    asked = browser.asked()
    assert len([url for url in asked if "/api/" in url]) > 20
    assert browser.asked_elsewhere() == set()
