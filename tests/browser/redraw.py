"""When the charts of a page are drawn again after a key press, by the page's own clock."""

from __future__ import annotations

from playwright.sync_api import Page

QUIET_MS = 400
"""A redraw has ended when no chart changed for this long."""

_WATCH = """() => {
  const state = window.__redraw = { pressed: 0, last: 0 };
  const inChart = node => (node.nodeType === 1 ? node : node.parentElement)?.closest?.(".js-plotly-plot svg");
  window.__observer?.disconnect();
  window.__observer = new MutationObserver(changes => {
    if (state.pressed && changes.some(c => inChart(c.target))) state.last = performance.now();
  });
  window.__observer.observe(document.body, {
    subtree: true, childList: true, attributes: true, characterData: true
  });
  document.addEventListener("keydown", () => { state.pressed = performance.now(); }, { capture: true, once: true });
}"""
_DONE = "quiet => __redraw.last > __redraw.pressed && performance.now() - __redraw.last > quiet"


def start(page: Page) -> None:
    """Begin to watch, just before a key press."""
    page.evaluate(_WATCH)


def redrawn(page: Page) -> float:
    """Wait until the charts are drawn; milliseconds from the key press to the last change of a chart."""
    page.wait_for_function(_DONE, arg=QUIET_MS, timeout=20_000)
    return float(page.evaluate("__redraw.last - __redraw.pressed"))
