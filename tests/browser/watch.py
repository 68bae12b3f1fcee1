"""What a page asks for and reports while it is open, and how to wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlparse

from playwright.sync_api import ConsoleMessage, Page, Request

ANSWER = ".st-key-answer h1"
FIGURE = ".fl-chart"
CHART = ".js-plotly-plot .gtitle"
"""The title of a figure that is drawn: the figures far below the screen are not."""
ERROR = "[data-testid=stException]"
FRAME = "[data-testid=stSidebar]"
SLIDER = f"{FRAME} .st-key-load_requests :is([role=slider], input[type=range])"
"""Requests per day."""
PATIENCE_MS = 60_000
QUIET_MS = 700
HERE = {"localhost", "127.0.0.1", ""}


@dataclass
class Seen:
    """What left this machine, and what broke in the browser."""

    away: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def watch(page: Page) -> Seen:
    """Note requests to other machines and errors of scripts from here on."""
    seen = Seen()

    def asked(request: Request) -> None:
        if (urlparse(request.url).hostname or "") not in HERE:
            seen.away.append(request.url)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            seen.errors.append(message.text)

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    return seen


def wait_answer(page: Page) -> str:
    """The answer's sentence, once it stands."""
    page.wait_for_selector(ANSWER, state="visible", timeout=PATIENCE_MS)
    return page.locator(ANSWER).inner_text()


def wait_idle(page: Page, quiet_ms: int = QUIET_MS) -> None:
    """Until no run is under way, every chart and the foot of the page is drawn and nothing moves, for a while."""
    page.wait_for_function(
        """quiet => {
          const running = document.querySelector("[data-test-script-state=running]");
          const whole = document.querySelector(".fl-foot");
          const waiting = document.querySelector("[data-testid=stSkeleton], .fl-due");
          const drawn = whole && !waiting;
          const main = document.querySelector("[data-testid=stMain]");
          const view = document.querySelector("[data-fl-view]")?.getBoundingClientRect();
          const shape = [main?.clientWidth, main?.scrollWidth, main?.scrollHeight, view?.x, view?.y, view?.height,
            document.querySelectorAll(".main-svg").length].join();
          const now = performance.now();
          const calm = window.__calm ??= {};
          if (running || !drawn || calm.shape !== shape) Object.assign(calm, { shape, since: now, looks: 0 });
          else calm.looks += 1;
          const over = calm.looks > 3 && now - calm.since > quiet;
          if (over) window.__calm = undefined;
          return over;
        }""",
        arg=quiet_ms,
        timeout=PATIENCE_MS,
    )


_RUNS = """() => {
  const state = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
  window.__runs = 0;
  window.__runsWatched?.disconnect();
  window.__runsWatched = new MutationObserver(() => { if (state() === "running") window.__runs += 1; });
  window.__runsWatched.observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
}"""


@contextmanager
def run_through(page: Page) -> Iterator[None]:
    """What is done inside makes the app run: wait until a run has begun and the page is drawn."""
    page.evaluate(_RUNS)
    yield
    page.wait_for_function("__runs > 0", timeout=PATIENCE_MS)
    wait_idle(page)


def open_page(page: Page, url: str) -> str:
    """Go there and wait until it is drawn; the answer's sentence."""
    page.goto(url, wait_until="commit")
    wait_answer(page)
    wait_idle(page)
    return page.locator(ANSWER).inner_text()
