"""The Plan page: answer and fan on the first screen, a bad term said beside its field, the same fan from the link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.visit import Visit
from tests.browser.watch import ANSWER, open_page, wait_answer, wait_idle

FAN = ".st-key-plan_fan .js-plotly-plot"


@pytest.mark.parametrize("visit", ["plan"], indirect=True)
def test_the_decision_and_its_fan_fit_one_screen(visit: Visit) -> None:
    page = visit.look()
    expect(page.locator(ANSWER)).to_contain_text("of 10,000 futures")
    box = page.locator(FAN).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    assert box["height"] > 200
    visit.clean()


def test_a_bad_term_is_said_and_the_picture_stays(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    before = open_page(page, f"{server.url}/plan")
    months = page.get_by_label("Months of the plan")
    months.fill("0")
    months.press("Enter")
    expect(page.get_by_text("Months of the plan: enter 1 to 60; 0 was typed.")).to_be_visible()
    wait_idle(page)
    assert wait_answer(page) == before
    months.fill("24")
    months.press("Enter")
    expect(page.locator(ANSWER)).to_contain_text("over 2 years, cheaper in")
    assert "pl=months.24" in page.evaluate("location.href")


@pytest.mark.parametrize("visit", ["plan"], indirect=True)
def test_a_phone_reads_the_decision_without_moving_sideways(visit: Visit) -> None:
    page = visit.look(390, 844)
    expect(page.locator(ANSWER)).to_contain_text("of 10,000 futures")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
