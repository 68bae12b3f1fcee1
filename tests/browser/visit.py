"""A visit to a page: wait for its parts, and collect what left the machine and what went wrong meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page

ANSWER = ".st-key-answer"
CHART = ".js-plotly-plot"
FRAME = '[data-testid="stSidebar"]'
SLIDER = ".st-key-load_requests [role=slider]"
ERROR = '[data-testid="stException"], [data-testid="stAppViewErrorBoundary"]'
LOCAL = {"127.0.0.1", "localhost", "::1"}
PATIENCE_MS = 60_000


@dataclass
class Seen:
    """Collected while the page lives."""

    away: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def listen(page: Page) -> Seen:
    """Collect from now on."""
    seen = Seen()

    def request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in LOCAL:
            seen.away.append(url)

    page.on("request", lambda sent: request(sent.url))
    page.on("websocket", lambda socket: request(socket.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    return seen


def wait_answer(page: Page) -> str:
    """Wait for the answer sentence; returns it."""
    page.wait_for_function(
        "selector => (document.querySelector(selector)?.innerText ?? '').trim().length > 20",
        arg=ANSWER,
        timeout=PATIENCE_MS,
    )
    return page.locator(ANSWER).inner_text()


def wait_idle(page: Page) -> None:
    """Wait until the script has ended and every chart stands."""
    page.locator(f"{CHART} .main-svg").first.wait_for(state="attached", timeout=PATIENCE_MS)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-testid=stSkeleton]')"
        " && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(c => c.querySelector('.main-svg'))",
        timeout=PATIENCE_MS,
    )


def visit(page: Page, url: str) -> str:
    """Go to an address and wait for all of it; returns the answer sentence."""
    page.goto(url, wait_until="commit")
    answer = wait_answer(page)
    wait_idle(page)
    return answer
