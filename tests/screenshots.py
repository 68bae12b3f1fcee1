"""Pictures of the running app for the README: `python -m tests.screenshots` writes static/screenshots/."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.server import ROOT, launch, serve
from tests.browser.watch import open_page

FOLDER = ROOT / "static" / "screenshots"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SHOTS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "device_scale_factor": 2},
}


def main() -> None:
    """One picture per name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log") as server, sync_playwright() as driver:
        browser = launch(driver)
        for name, how in SHOTS.items():
            context = browser.new_context(**how)
            page = context.new_page()
            open_page(page, server.url)
            target = FOLDER / f"compare-{name}.png"
            page.screenshot(path=target)
            print(target.relative_to(ROOT))
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
