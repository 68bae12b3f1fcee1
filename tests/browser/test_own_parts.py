"""An own chip and an own model in the browser: dropped and typed, marked, there again after a reload, on every page."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import FRAME, open_page
from tests.catalog.published_configs import CONFIGS

MARK = "your figures"


def test_a_dropped_config_and_a_changed_chip_are_marked_and_survive_a_reload_and_every_page(
    server: Server, new_page: Opener
) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    expect(page.locator(FRAME)).not_to_contain_text(MARK)
    page.get_by_text("Your own model", exact=True).click()
    config = {**CONFIGS["qwen3-30b-a3b"], "_name_or_path": "acme/helpdesk"}
    page.locator("input[type=file]").set_input_files(
        {"name": "config.json", "mimeType": "application/json", "buffer": json.dumps(config).encode()}
    )
    expect(page).to_have_url(re.compile(r"om=own-model-1~name\.helpdesk"))
    expect(page.locator(FRAME)).to_contain_text(MARK)
    page.get_by_test_id("stSidebar").get_by_role("radio", name="Hardware").click()
    page.get_by_text("Your own chip", exact=True).click()
    page.get_by_role("button", name="and change it").click()
    field = page.get_by_label("Memory bandwidth, GB/s")
    field.fill("9000")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"oc=own-chip-1~like\.b200~gbs\.9000"))
    page.reload()
    expect(page.locator(FRAME)).to_contain_text(MARK)
    page.get_by_role("link", name="Hardware").click()
    expect(page.locator("body")).to_contain_text("Your B200")
    page.get_by_role("link", name="Find the best").click()
    expect(page.locator("body")).to_contain_text("The best, and why the others lost")


def test_a_broken_config_is_one_sentence(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    page.get_by_text("Your own model", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "config.json", "mimeType": "application/json", "buffer": b'{"model_type": "llama"}'}
    )
    alert = page.get_by_test_id("stSidebar").get_by_role("alert")
    expect(alert).to_contain_text("config.json lacks num_hidden_layers (how many layers), which a llama model needs.")
    expect(page).not_to_have_url(re.compile("om="))
