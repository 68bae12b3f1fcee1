"""Your prices in the browser: typed once, in the address, marked, and there again after a reload."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import CHART, FRAME, open_page

MARK = "your figures"


def test_a_price_typed_once_is_marked_and_survives_a_reload_and_a_change_of_page(
    server: Server, new_page: Opener
) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    expect(page.locator(FRAME)).not_to_contain_text(MARK)
    page.get_by_text("Your prices", exact=True).click()
    field = page.get_by_label("H100 80GB SXM5, USD an hour")
    field.fill("2.1")
    field.press("Enter")
    expect(page.locator(FRAME)).to_contain_text(MARK)
    expect(page).to_have_url(re.compile(r"pr=chip_hours\.h100-sxm_2\.1"))
    page.reload()
    expect(page.locator(FRAME)).to_contain_text(MARK)
    expect(page.locator(CHART).nth(4)).to_be_attached()
    page.get_by_role("link", name="Hardware").click()
    expect(page).to_have_url(re.compile(r"hardware.*pr=chip_hours\.h100-sxm_2\.1"))
