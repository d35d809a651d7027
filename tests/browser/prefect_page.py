"""Prefect's page as a person goes about in it: what is pressed, and by which words."""

from __future__ import annotations

import time
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.chromium import Browser
from tests.server.served_house import ServedHouse

#: A close on a machine that is busy with other tests.
_ENDED_WITHIN_SECONDS = 600
_FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
#: A parameter in the form: its name, what is said of it, where it is written.
_FIELD = ".schema-form-property"


class PrefectPage:
    """The page of a served house, in a browser that has been let in."""

    def __init__(self, browser: Browser, house: ServedHouse) -> None:
        self.browser = browser
        self.house = house
        self.address = f"http://127.0.0.1:{house.port}"

    def log_in(self) -> None:
        """Give the house's password where the page asks for it."""
        self.browser.open(self.address)
        field = self.browser.element("input[type=password]")
        self.browser.write(field, self.house.password)
        field.send_keys(Keys.ENTER)
        self.browser.element("a", "Deployments")

    def month_end_form(self) -> None:
        """Deployments → month-end → Run → Custom run."""
        self.browser.open(f"{self.address}/deployments")
        self.browser.click("month-end", "a")
        self.browser.click("Run", "button")
        self.browser.click("Custom run", "a, button")
        self.browser.element("textarea")

    def fill(self, **parameters: str) -> None:
        """Write into the fields of the form, by their names."""
        for name, words in parameters.items():
            [field] = [one for one in self.browser.elements(_FIELD) if _words_of(one)[0] == name]
            self.browser.write(field.find_element(By.CSS_SELECTOR, "textarea, input"), words)

    def told(self) -> dict[str, str]:
        """Each parameter of the form, and what is said of it."""
        self.browser.element(_FIELD)
        return {words[0]: words[1] for words in map(_words_of, self.browser.elements(_FIELD))}

    def runs(self) -> list[Any]:
        """The month ends that the server knows, the newest first."""
        [month_end] = [one for one in self.house.ask("deployments/filter") if one["name"] == "month-end"]
        asked = {"deployment_id": {"any_": [month_end["id"]]}}
        return list(self.house.ask("flow_runs/filter", flow_runs=asked, sort="EXPECTED_START_TIME_DESC"))

    def submit(self) -> str:
        """Press Submit; returns the id of the run that came of it."""
        known = {run["id"] for run in self.runs()}
        self.browser.click("Submit", "button")
        # The page says itself that it is done: whoever asked the server meanwhile would stand in its way to SQLite.
        self.browser.until(lambda: "/run?" not in self.browser.driver.current_url, "the form is sent")
        [made] = [run for run in self.runs() if run["id"] not in known]
        return str(made["id"])

    def reached(self, run_id: str, *state_types: str) -> Any:
        """The run once it is in such a state, or in a final one."""
        until = time.monotonic() + _ENDED_WITHIN_SECONDS
        while time.monotonic() < until:
            [run] = self.house.ask("flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
            if run["state_type"] in (state_types or _FINAL):
                return run
            assert state_types == () or run["state_type"] not in _FINAL, run["state"]
            time.sleep(2)
        raise AssertionError(f"the run is still {run['state_type']}")

    def open_run(self, run_id: str, tab: str = "") -> None:
        """A run's page, and there a tab."""
        self.browser.open(f"{self.address}/runs/flow-run/{run_id}")
        if tab:
            self.browser.click(tab, ".p-tab")

    def question(self, run_id: str) -> str:
        """Press Resume on the page of a run that waits; returns all that is then shown."""
        self.open_run(run_id)
        self.browser.click("Resume", "button")
        return self.browser.shows("Resume Flow Run", "Publish (Optional)", "Who")

    def answer(self, who: str, publish: bool) -> None:
        """Fill in the question's form and press Submit."""
        switch = self.browser.driver.find_element(By.CSS_SELECTOR, f"{_FIELD} input[type=checkbox]")
        if switch.is_selected() != publish:
            switch.find_element(By.XPATH, "./..").click()
        self.fill(Who=who)
        self.browser.click("Submit", "button")

    def artifacts(self, run_id: str) -> dict[str, str]:
        """The addresses of what a run has left on its page, by their keys."""
        self.open_run(run_id, "Artifacts")
        links = self.browser.until(
            lambda: self.browser.driver.find_elements(By.CSS_SELECTOR, "a[href*='/artifacts/artifact/']"),
            "the run has artifacts",
        )
        return {str(link.text).splitlines()[1]: str(link.get_attribute("href")) for link in links}


def _words_of(field: WebElement) -> list[str]:
    name, *said = field.text.splitlines()
    return [name.removesuffix(" (Optional)"), *said]
