# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a person sees it in the browser: what it shows, and what can be done with it."""

from __future__ import annotations

import base64
import json
import typing as t
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")

# The texts of all cells of a column, as far as their rows are shown.
SHOWN = """
const index = [...document.querySelectorAll("th")].findIndex((heading) => heading.dataset.name === arguments[0]);
return [...document.querySelectorAll("tbody tr")].filter((row) => row.checkVisibility())
    .map((row) => row.cells[index].innerText);
"""


class Page:
    """One report in the browser; use ``open`` first."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self._command("Emulation.clearDeviceMetricsOverride")
        self.emulate("screen", "light")
        driver.get("about:blank")
        for log in ("browser", "performance"):  # what earlier tests left there
            driver.get_log(log)

    def open(self, report: Path, width: int = 1280, scheme: str = "light") -> None:
        """Open a report in a window of this width, for a person who prefers this colour scheme."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", metrics)
        self.emulate("screen", scheme)
        self.driver.get(report.as_uri())

    def emulate(self, medium: str, scheme: str) -> None:
        """Show the page as on this medium, in this colour scheme."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._command("Emulation.setEmulatedMedia", {"media": medium, "features": [feature]})

    def column(self, name: str) -> list[str]:
        """What the column shows, from the top to the bottom."""
        shown: list[str] = self.driver.execute_script(SHOWN, name)
        return shown

    def numbers(self, name: str) -> list[float | None]:
        """The same as numbers; None is unknown."""
        return [None if text == "–" else float(text) for text in self.column(name)]  # noqa: RUF001

    def heading(self, name: str) -> WebElement:
        """The head of a column."""
        return self.find(f'th[data-name="{name}"]')

    def sort(self, name: str) -> str | None:
        """Click the head of a column; gives the direction that it then says it is sorted in."""
        self.heading(name).find_element(By.TAG_NAME, "button").click()
        return self.heading(name).get_attribute("aria-sort")

    def field(self, name: str) -> WebElement:
        """A field of the filter."""
        return self.find(f'input[name="{name}"]')

    def count(self) -> str:
        """What the page says about how many rows are shown."""
        return self.find("output").text

    def find(self, selector: str) -> WebElement:
        """The first element that the CSS selector meets."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self) -> str:
        """All text of the page that can be seen."""
        return self.find("body").text

    def script(self, source: str) -> t.Any:
        """What a script gives that runs in the page."""
        return self.driver.execute_script(source)

    def measure(self) -> dict[str, t.Any]:
        """What measure.js finds wrong."""
        measured: dict[str, t.Any] = self.driver.execute_script(MEASURE)
        return measured

    def screenshot(self, path: Path) -> None:
        """Write a picture of the part of the page that the window shows."""
        data = self._command("Page.captureScreenshot", {"format": "png"})["data"]
        path.write_bytes(base64.b64decode(data))

    def problems(self) -> list[str]:
        """All that the browser wrote to its console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested_from_elsewhere(self) -> list[str]:
        """The addresses of all requests but for the report itself."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        requests = [each for each in messages if each["method"] == "Network.requestWillBeSent"]
        addresses = [request["params"]["request"]["url"] for request in requests]
        assert addresses, "the browser told of no request, not even that for the report"
        return [address for address in addresses if not address.endswith("/specs.html") and address != "data:,"]

    def _command(self, name: str, parameters: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        answer: dict[str, t.Any] = self.driver.execute_cdp_cmd(name, parameters or {})
        return answer
