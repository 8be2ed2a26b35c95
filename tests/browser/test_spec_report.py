# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the playbook spec_report, in a real browser."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import reports
from page import Page
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

NUMBERS = ("spec_id", "gpus", "npus", "accelerator_memory_gb", "cores", "memory_gb", "storage_gb", "max_num")


def known(numbers: list[float | None]) -> list[float]:
    """The numbers without those that are unknown, which all come last."""
    found = [number for number in numbers if number is not None]
    assert numbers == found + [None] * (len(numbers) - len(found))
    return found


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_sorted_as_numbers_with_what_is_unknown_last(page: Page, many: Path, name: str) -> None:
    page.open(many)
    assert page.heading(name).get_attribute("aria-sort") is None
    before = page.numbers(name)
    assert None in before
    assert page.sort(name) == "ascending"
    ascending = known(page.numbers(name))
    assert ascending == sorted(ascending)
    # As texts they would be in another order.
    assert [str(int(number)) for number in ascending] != sorted(str(int(number)) for number in ascending)
    assert page.sort(name) == "descending"
    assert known(page.numbers(name)) == ascending[::-1]
    assert sorted(page.numbers(name), key=str) == sorted(before, key=str)


def test_texts_are_sorted_as_people_do(page: Page, own: Path) -> None:
    page.open(own)
    assert page.sort("spec_code") == "ascending"
    cpus = [code for code in dict.fromkeys(page.column("spec_code")) if code.startswith("modelarts.vm.cpu.")]
    assert cpus == [f"modelarts.vm.cpu.{size}" for size in ("2u", "4u", "8u", "16u", "32u", "free")]
    page.sort("availability")
    states = page.column("availability")
    assert states == sorted(states, key=["✓ available", "✗ sold out"].index)


def test_only_one_column_says_that_it_is_sorted(page: Page, own: Path) -> None:
    page.open(own)
    page.sort("cores")
    page.sort("gpus")
    assert page.heading("cores").get_attribute("aria-sort") is None
    gpus, cores = page.column("gpus"), page.numbers("cores")
    # Within the same number of GPUs the order by cores is kept.
    assert [cores[i] for i in range(len(gpus)) if gpus[i] == "1"] == sorted(
        cores[i] or 0 for i in range(len(gpus)) if gpus[i] == "1"
    )


def test_the_keyboard_sorts_and_shows_where_it_is(page: Page, own: Path) -> None:
    page.open(own)
    page.find("form button").send_keys(Keys.TAB, Keys.TAB)
    focused = page.driver.switch_to.active_element
    assert focused.accessible_name.startswith("Spec ID")
    assert focused.value_of_css_property("outline-style") == "solid"
    focused.send_keys(Keys.ENTER)
    assert page.heading("spec_id").get_attribute("aria-sort") == "ascending"
    page.driver.switch_to.active_element.send_keys(Keys.SPACE)
    assert page.heading("spec_id").get_attribute("aria-sort") == "descending"


def test_filters(page: Page, many: Path) -> None:
    page.open(many)
    everything = len(page.column("spec_code"))
    assert page.count() == f"{everything} of {everything} specs shown"

    page.field("text").send_keys("EU-NL v100")
    assert {"eu-nl"} == set(page.column("target"))
    assert page.column("gpu_type")
    assert all("v100" in text for text in page.column("gpu_type"))
    assert page.count() == f"{len(page.column('target'))} of {everything} specs shown"

    page.find("form button").click()
    assert page.count() == f"{everything} of {everything} specs shown"

    page.field("available").click()
    # One does not say.
    assert set(page.column("availability")) == {"✓ available", "–"}  # noqa: RUF001
    page.field("gpu").click()
    assert min(known(page.numbers("gpus"))) == 1

    for name, least in (("gpus", 2), ("cores", 16), ("memory_gb", 128.5)):
        page.field(name).send_keys(str(least))
        assert page.numbers(name)
        assert all(number is not None and number >= least for number in page.numbers(name))
    assert page.count() == f"{len(page.column('target'))} of {everything} specs shown"

    # What is not stated meets no bound, not even the lowest.
    page.find("form button").click()
    assert None in page.numbers("cores")
    page.field("cores").send_keys("0")
    assert None not in page.numbers("cores")

    page.field("text").send_keys("nothing is called so")
    assert page.count() == f"0 of {everything} specs shown"
    assert "No spec passes the filter." in page.text()
    page.find("form button").click()
    assert "No spec passes the filter." not in page.text()
    assert len(page.column("spec_code")) == everything


def test_filters_of_npus(page: Page, many: Path) -> None:
    page.open(many)
    page.field("npu").click()
    # One has NPUs and does not state how many.
    assert set(page.column("npus")) == {"1", "8", "16", "–"}  # noqa: RUF001
    assert "modelarts.vm.snt9" in page.column("spec_code")
    page.field("npus").send_keys("8")
    assert set(page.column("npus")) == {"8", "16"}
    page.field("gpu").click()
    assert page.column("npus") == []
    page.find("form button").click()
    assert "0" in page.column("npus")


def test_a_report_without_npus_has_no_fields_for_them(page: Page, thousands: Path) -> None:
    page.open(thousands)
    assert not page.driver.find_elements(By.CSS_SELECTOR, "input[name=npu], input[name=npus]")
    assert "NPU" not in page.text().partition("All sizes")[0]
    page.field("gpu").click()
    assert min(known(page.numbers("gpus"))) == 1


def test_another_source_is_one_list(page: Page, flavors: Path) -> None:
    page.open(flavors)
    assert "Queried for training job flavors, " in page.text()
    assert not page.driver.find_elements(By.CSS_SELECTOR, "th[data-name=job_types]")
    page.field("npus").send_keys("8")
    assert page.column("spec_code") == ["modelarts.kat1.8xlarge", "modelarts.bm.910b.8"]
    assert page.column("npu_type") == ["Snt9", "Snt9b"]
    assert page.column("accelerator_memory_gb") == ["32", "64"]
    assert page.column("cpu_arch") == ["arm64", "aarch64"]


def test_sorting_keeps_the_filter(page: Page, own: Path) -> None:
    page.open(own)
    page.field("gpus").send_keys("8")
    filtered = page.column("spec_code")
    page.sort("memory_gb")
    page.sort("memory_gb")
    assert sorted(page.column("spec_code")) == sorted(filtered)
    assert page.column("memory_gb") == ["1024", "768", "512", "512"]


def test_enter_in_a_field_leaves_everything_as_it_is(page: Page, own: Path) -> None:
    page.open(own)
    page.field("text").send_keys("v100", Keys.ENTER)
    assert page.field("text").get_attribute("value") == "v100"
    assert page.driver.current_url == own.as_uri()


def test_it_shows_the_time_of_the_query_and_what_is_missing(page: Page, many: Path) -> None:
    page.open(many)
    queried = page.find("time")
    readable = page.script(
        "const queried = new Date(document.querySelector('time').dateTime);"
        "const part = (options) => queried.toLocaleString('en-GB', {...options, timeZone: 'UTC'});"
        "return part({day: 'numeric', month: 'long', year: 'numeric'})"
        " + ', ' + part({hour: '2-digit', minute: '2-digit'}) + ' UTC'"
    )
    assert queried.text == readable
    assert "ae-ad-1, train jobs: modelarts.ae-ad-1.example.com" in page.text()
    assert "Incorrect IAM token <expired> (ModelArts.0203)" in page.text()
    assert "eu-nl, train jobs: the service states 40 specs but listed 31." in page.text()
    assert "ae-ad-1" not in page.column("target")


def test_thousands_of_specs(page: Page, thousands: Path) -> None:
    page.open(thousands)
    assert page.count() == "2000 of 2000 specs shown"
    page.sort("memory_gb")
    memory = known(page.numbers("memory_gb"))
    assert len(memory) == 2000
    assert memory == sorted(memory)
    page.field("text").send_keys("up.n1999")
    assert page.column("spec_code") == ["modelarts.vm.made.up.n1999"]
    page.find("form button").click()
    page.script("window.scrollTo(0, document.body.scrollHeight / 2)")
    # The heads of the columns stay.
    assert page.script("return document.querySelector('th').getBoundingClientRect().top") == 0


def test_hostile_texts_are_shown_and_nothing_else(page: Page, hostile: Path) -> None:
    page.open(hostile)
    assert set(page.column("spec_code")) == set(reports.HOSTILE)
    assert set(page.column("gpu_type")) == set(reports.HOSTILE)
    assert {text for text in page.column("spec_id") if not text.isdigit()} == set(reports.HOSTILE)
    # Wherever numbers belong.
    for name in ("gpus", "cores", "memory_gb", "storage_gb", "max_num", "availability"):
        assert set(page.column(name)) == {"–"}  # noqa: RUF001
    for name in ("spec_code", "spec_id", "gpus"):
        page.sort(name)
    assert page.script("return window.hostile") is None
    assert page.script("return document.scripts.length") == 1
    assert page.script("return document.images.length + document.querySelectorAll('h1').length") == 1


def test_a_script_that_slipped_in_would_not_run(page: Page, hostile: Path) -> None:
    page.open(hostile)
    page.script("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"hostile = true\">')")
    page.script(
        "const added = document.createElement('script'); added.text = 'hostile = true'; document.body.append(added)"
    )
    assert page.script("return window.hostile") is None
    refusals = page.problems()  # Here they are wanted.
    assert refusals
    assert all("Content Security Policy" in refusal for refusal in refusals)


def test_the_fields_have_names_for_those_who_do_not_see_them(page: Page, own: Path) -> None:
    page.open(own)
    fields = page.driver.find_elements(By.CSS_SELECTOR, "form input")
    assert [field.accessible_name for field in fields] == [
        "Filter by text",
        "Only available",
        "Has GPU",
        "Has NPU",
        "Min. GPUs",
        "Min. NPUs",
        "Min. cores",
        "Min. memory GB",
    ]
    assert page.find("output").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1600, 1569, 1280, 1201, 800, 390, 320])
@pytest.mark.parametrize("report", ["own", "many", "flavors", "hostile", "none"])
def test_it_looks_right(page: Page, request: pytest.FixtureRequest, report: str, width: int, scheme: str) -> None:
    path: Path = request.getfixturevalue(report)
    page.open(path, width, scheme)
    page.screenshot(path.with_name(f"{scheme}-{width}.png"))
    assert looks(page, scheme) == {"faint": [], "outside": []}
    if report in ("own", "many"):
        # Sorted and filtered as well.
        page.sort("gpus")
        page.field("text").send_keys("p100")
        assert looks(page, scheme) == {"faint": [], "outside": []}


def looks(page: Page, scheme: str) -> dict[str, t.Any]:
    """What is too faint to read or outside the window."""
    measured = page.measure()
    assert measured["count"] > 15
    # The luminance of the page itself: it does follow the scheme.
    assert measured["page"] < 0.05 if scheme == "dark" else measured["page"] > 0.8
    return {name: measured[name] for name in ("faint", "outside")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sold_out_is_shown_by_sign_and_by_colour(page: Page, own: Path, scheme: str) -> None:
    page.open(own, scheme=scheme)
    colours: dict[str, set[str]] = {}
    for badge in page.driver.find_elements(By.CSS_SELECTOR, "td.availability b"):
        drawn = badge.value_of_css_property("color") + badge.value_of_css_property("background-color")
        colours.setdefault(badge.text, set()).add(drawn)
    assert set(colours) == {"✓ available", "✗ sold out"}
    assert len(set.union(*colours.values())) == 2
    # By colour they are sold_out and available, and the numbers on top say the same.
    assert page.column("availability").count("✗ sold out") == int(page.find("dd.sold-out").text)


def test_on_paper_it_is_dark_on_white_without_fields(page: Page, many: Path) -> None:
    page.open(many, scheme="dark")
    page.field("text").send_keys("eu-nl")
    page.emulate("print", "dark")
    assert not page.find("form").is_displayed()
    assert set(page.column("target")) == {"eu-nl"}
    assert page.script("return getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    measured = page.measure()
    assert measured["faint"] == []
    assert measured["page"] == 1
    page.screenshot(many.with_name("print.png"))
