# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, and the reports that it opens, each written once."""

from __future__ import annotations

import os
import tempfile
import typing as t
from pathlib import Path

import pytest
import reports
from page import Page
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# No sandbox, which root cannot use, and no requests to hosts on the internet.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def driver() -> t.Iterator[webdriver.Chrome]:
    """The browser that the environment names, with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ["CHROMIUM"]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory(prefix="modelarts-browser-", ignore_cleanup_errors=True) as profile:
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        driver = webdriver.Chrome(options=options, service=Service(os.environ["CHROMEDRIVER"]))
        try:
            yield driver
        finally:
            driver.quit()


@pytest.fixture
def page(driver: webdriver.Chrome) -> t.Iterator[Page]:
    """A window in which a test opens a report. Whatever it did there, nothing was wrong behind the scenes."""
    page = Page(driver)
    yield page
    assert page.problems() == []
    assert page.requested_from_elsewhere() == []


@pytest.fixture(scope="session")
def own() -> Path:
    """What the stand-in serves, without targets."""
    return reports.write("own")


@pytest.fixture(scope="session")
def many() -> Path:
    """Three targets, one of which failed."""
    return reports.write("many", results=reports.of_many_targets())


@pytest.fixture(scope="session")
def flavors() -> Path:
    """The flavors of the stand-in, in place of its resource specs."""
    return reports.write("flavors", source="training_job_flavors")


@pytest.fixture(scope="session")
def thousands() -> Path:
    """2,000 specs."""
    return reports.write("thousands", specs=reports.of_thousands())


@pytest.fixture(scope="session")
def hostile() -> Path:
    """Specs whose texts are attacks."""
    return reports.write("hostile", specs=reports.hostile())


@pytest.fixture(scope="session")
def none() -> Path:
    """No specs at all."""
    return reports.write("none", specs=[])
