"""The quality page in a real browser: light and dark, on a phone and on paper, with nothing asked of any network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import PHONE, WIDE, Browser, chromium
from tests.conftest import PERIOD, Organisation


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def page(closed: Organisation) -> Path:
    return closed.home / "reports" / PERIOD / "quality.html"


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_window_and_a_phone_and_is_readable_on_both(
    browser: Browser, page: Path, size: tuple[int, int], scheme: str
) -> None:
    browser.resize(size)
    browser.prefer(scheme)
    browser.open(page.as_uri())
    browser.shows("Kvalitet i bokslutet för augusti 2021", "Leveranser", "Filer som gäller")
    assert browser.overflow() == 0
    assert dimmest(browser) >= 4.5
    assert browser.asked() == set()


def test_the_sources_stay_in_sight_when_the_matrix_is_scrolled_on_a_phone(browser: Browser, page: Path) -> None:
    browser.resize(PHONE)
    browser.open(page.as_uri())
    scroller = browser.element(".wide:has(.matrix)")
    browser.driver.execute_script("arguments[0].scrollLeft = arguments[0].scrollWidth", scroller)
    assert browser.driver.execute_script("return arguments[0].scrollLeft", scroller) > 0
    source = browser.element(".matrix tbody th", "Hemtjänst")
    assert 0 <= browser.driver.execute_script("return arguments[0].getBoundingClientRect().left", source) < PHONE[0] / 4


def test_on_paper_it_is_light_on_whole_numbered_pages(browser: Browser, page: Path) -> None:
    browser.resize(WIDE)
    browser.prefer("dark")
    browser.open(page.as_uri())
    printed = browser.printed()
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 8
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]", printed), "not A4"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    ink = "return getComputedStyle(document.body).backgroundColor"
    assert browser.driver.execute_script(ink) == "rgb(255, 255, 255)"
    kept = "return getComputedStyle(document.querySelector('.matrix')).breakInside"
    assert browser.driver.execute_script(kept) == "avoid"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def dimmest(browser: Browser) -> float:
    """The least contrast between words and what lies behind them, as WCAG 2 reckons it (4.5 is its line for text)."""
    return float(browser.driver.execute_script(_CONTRAST))


_CONTRAST = """
    const light = (colour) => {
        const [r, g, b] = colour.match(/[0-9.]+/g).map(Number)
            .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const written = [...document.querySelectorAll("body *")].filter((element) =>
        element.getClientRects().length &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return Math.min(...written.map((element) => {
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
"""
