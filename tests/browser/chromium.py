"""Debian's own Chromium without a window: what a page shows, and what it asks the world for."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
#: Nobody's machine but this one is there for it: a page that asks for anything else is told of no such name.
_ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    _ONLY_LOOPBACK,
)
WIDE, PHONE = (1280, 900), (390, 844)
#: The machine may be busy with other tests.
_WITHIN_SECONDS = 240


class Browser:
    """A browser with one window, and every address that its pages have asked for."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self._asked: set[str] = set()

    def open(self, url: str) -> None:
        self.driver.get(url)

    def resize(self, size: tuple[int, int]) -> None:
        """Be a window, or a phone, of this many CSS pixels."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """Prefer a light or a dark page."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def asked(self) -> set[str]:
        """Every address asked for so far over a network, by a page, its scripts, styles, fonts, pictures or sockets."""
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self._asked.add(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self._asked.add(message["params"]["url"])
        return {url for url in self._asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}

    def asked_elsewhere(self) -> set[str]:
        """Those of them that are not of this machine."""
        return {url for url in self.asked() if urlsplit(url).hostname != "127.0.0.1"}

    def text(self) -> str:
        """All that a person can read on the page now."""
        return self.until(lambda: self.driver.find_element(By.TAG_NAME, "body").text, "the page has no body")

    def shows(self, *words: str) -> str:
        """Wait until the page says all of it; returns what it says."""
        return self.until(lambda: text if all(one in (text := self.text()) for one in words) else "", " · ".join(words))

    def elements(self, css: str, words: str | None = None) -> list[WebElement]:
        """What can be seen of such elements; `words`: of those whose whole text this is."""
        found = self.driver.find_elements(By.CSS_SELECTOR, css)
        return [one for one in found if one.is_displayed() and words in (None, one.text.strip())]

    def element(self, css: str, words: str | None = None) -> WebElement:
        """Wait for the first of them."""
        return self.until(lambda: next(iter(self.elements(css, words)), None), f"{css} {words or ''}")

    def click(self, words: str, css: str = "button, a") -> None:
        """Press the button or the link of these words, once nothing lies over it."""

        def pressed() -> bool:
            try:
                self.element(css, words).click()
            except ElementClickInterceptedException:
                return False
            return True

        self.until(pressed, f"{words} can be pressed")

    def write(self, into: WebElement, words: str) -> None:
        """Put these words in place of what a field holds."""
        into.send_keys(Keys.CONTROL, "a")
        into.send_keys(Keys.DELETE)
        into.send_keys(words)

    def overflow(self) -> int:
        """How many pixels of the page lie outside the window's width."""
        page = "document.documentElement"
        return int(self.driver.execute_script(f"return {page}.scrollWidth - {page}.clientWidth"))

    def printed(self) -> bytes:
        """The page on A4, as a PDF."""
        options = {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", options)["data"])

    def picture(self, file: Path) -> None:
        """What the window shows, to be looked at by whoever looks into a test that failed."""
        self.driver.save_screenshot(str(file))

    def until(self, is_so: Callable[[], Any], what: str) -> Any:
        """Wait until it is true and return it; a page that was redrawn meanwhile is asked again."""
        until = time.monotonic() + _WITHIN_SECONDS
        while time.monotonic() < until:
            try:
                if found := is_so():
                    return found
            except StaleElementReferenceException:
                pass
            time.sleep(0.2)
        raise AssertionError(f"not within {_WITHIN_SECONDS} s: {what}\n{self.driver.current_url}\n{self._now()}")

    def _now(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text[-3000:]


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """Start it with a new, empty profile; skips, and says so, where it is not installed."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip("NOT VERIFIED: Debian's chromium and chromium-driver are not on this machine.")
    # Selenium would otherwise look for a browser to download, and tell its makers.
    os.environ.update(SE_OFFLINE="true", SE_AVOID_STATS="true")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        browser = Browser(driver)
        browser.resize(WIDE)
        driver.get("about:blank")
        driver.get_log("performance")  # type: ignore[no-untyped-call]
        yield browser
    finally:
        driver.quit()
