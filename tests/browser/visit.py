"""One visit to a page, looked at in windows of every size, in light and in dark: a look costs less than a visit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import CDPSession, Page

from tests.browser.server import Server
from tests.browser.watch import ERROR, PATIENCE_MS, Seen, wait_answer, wait_idle

PAGES = [path.stem for path in sorted((Path(__file__).parents[2] / "pages").glob("[a-z]*.py"))]
"""Address of each page: its file's name."""
WITHOUT_CHARTS = frozenset({"board_pack", "claims", "saved"})
QUERY = "cur=EUR&s0=h100-default&s1=groq&s2=four-layers"
"""What every visit brings along."""
Scheme = Literal["light", "dark"]

_SHOWN = """([width, height, scale, dark]) => {
  const bright = colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 384;
  const ground = Object.assign(document.createElement("i"), { style: "color: var(--fl-ground)" });
  document.body.append(ground);
  const colours = [getComputedStyle(ground).color,
    getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor];
  ground.remove();
  return innerWidth === width && innerHeight === height && devicePixelRatio === scale
    && colours.every(colour => bright(colour) !== dark);
}"""


@dataclass(frozen=True)
class Visit:
    """A page that stands open."""

    name: str
    page: Page
    seen: Seen
    server: Server
    answer: str
    line: CDPSession

    def look(
        self, width: int = 1440, height: int = 900, *, scheme: Scheme = "light", scale: int = 1, phone: bool = False
    ) -> Page:
        """Show the page in a window of a size and a mode, and wait until it is drawn there.

        Args:
            width, height: of the window. [CSS px]
            scheme: mode that the reader's system asks for; charts take it when the page loads, so a change loads it.
            scale: dots to a pixel. [1]
            phone: with a touch screen and without bars to scroll.
        """
        page = self.page
        if page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") != (scheme == "dark"):
            page.emulate_media(color_scheme=scheme)
            page.reload(wait_until="commit")
            wait_answer(page)
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone}
        self.line.send("Emulation.setDeviceMetricsOverride", metrics)
        self.line.send("Emulation.setTouchEmulationEnabled", {"enabled": phone})
        page.wait_for_function(_SHOWN, arg=[width, height, scale, scheme == "dark"], timeout=PATIENCE_MS)
        wait_idle(page)
        return page

    def clean(self) -> None:
        """Nothing left this machine, nothing broke in the browser, on the page or in the server."""
        clean(self.page, self.seen, self.server)


def clean(page: Page, seen: Seen, server: Server) -> None:
    """Nothing left this machine, nothing broke in the browser, on the page or in the server."""
    assert page.locator(ERROR).count() == 0
    assert seen.away == []
    assert seen.errors == []
    assert "Traceback" not in server.log.read_text(errors="replace")
