"""The page on paper: no controls, nothing cut, one sheet where it fits, and a foot that says where it comes from.

Charts keep the size that they have on the screen, so the sheet takes the page's width and scales it as a whole. The
script below measures it before printing; it holds no text of the reader.
"""

from __future__ import annotations

import html

import streamlit as st

from components.catalog.load import load_catalog
from components.engine.comparison import Comparison

SHEET = (718, 980)
"""Width and height that both A4 and Letter leave within 10 mm margins. [CSS px]"""
LEAST = 0.4
"""Scale below which words are too small: a longer page takes more sheets. [1]"""
MOST_SOURCES = 6
"""Sources named in the foot; all of them stand in the CSV. [1]"""
_STYLE = """<style>
@page {margin: 10mm}
.fl-foot {font-size: .8125rem; line-height: 1.5; overflow-wrap: anywhere; opacity: .85}
.fl-foot .fl-paper {display: none}
.fl-print .fl-foot .fl-paper {display: block}
.fl-print :is(html, body, #root, .stApp, .stAppViewContainer, .stMain), .fl-print, .fl-print body {
  position: static !important; overflow: visible !important; height: auto !important; display: block !important;
  background: #fff !important}
.fl-print :is(.stSidebar, .stAppHeader, .stButton, .stDownloadButton, .stPopover, .stSelectbox, .stMultiSelect,
  .stCheckbox, .stSlider, .stTextInput, .stNumberInput, .stButtonGroup, .stDataFrame, .stForm, .stTooltipIcon,
  .st-key-all_figures, .st-key-why_this_number) {display: none !important}
.fl-print .stMainBlockContainer {width: var(--fl-width) !important; max-width: none !important; margin: 0 !important;
  padding: 0 !important; zoom: var(--fl-zoom, 1)}
.fl-print.fl-dark .stMainBlockContainer {filter: invert(1) hue-rotate(180deg)}
.fl-print :is(.fl-chart, .stMetric, [data-testid=stVerticalBlockBorderWrapper]) {break-inside: avoid}
</style>"""
_SCRIPT = """<script>
(() => {
  if (window.fourLayersPaper) return;
  window.fourLayersPaper = true;
  const root = document.documentElement;
  const dark = () => {
    const rgb = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/[\\d.]+/g).map(Number);
    return rgb[0] + rgb[1] + rgb[2] < 384;
  };
  window.addEventListener("beforeprint", () => {
    const page = document.querySelector(".stMainBlockContainer");
    if (!page) return;
    const wide = page.querySelector(".stVerticalBlock").clientWidth;
    root.classList.toggle("fl-dark", dark());
    root.style.setProperty("--fl-width", `${wide}px`);
    root.style.setProperty("--fl-zoom", 1);
    root.classList.add("fl-print");
    const byWidth = Math.min(1, SHEET_WIDE / wide);
    const byHeight = SHEET_TALL / page.scrollHeight;
    root.style.setProperty("--fl-zoom", byHeight < LEAST ? byWidth : Math.min(byWidth, byHeight));
  });
  window.addEventListener("afterprint", () => root.classList.remove("fl-print"));
})();
</script>"""


def _script() -> str:
    wide, tall = SHEET
    numbers = {"SHEET_WIDE": wide, "SHEET_TALL": tall, "LEAST": LEAST}
    script = _SCRIPT
    for name, value in numbers.items():
        script = script.replace(name, str(value))
    return script


def _sources(result: Comparison) -> list[str]:
    """Titles of what the answers rest on, prices first."""
    known = load_catalog().sources
    return [known[source].title if source in known else source for source in result.sources]


def foot(result: Comparison, link: str) -> None:
    """The last lines of a page: of when its figures are and, on paper, their sources and the link that opens it.

    Args:
        result: what the page compares.
        link: the address that opens it as it stands.
    """
    named = _sources(result)
    more = f" and {len(named) - MOST_SOURCES} more, all in the CSV" if len(named) > MOST_SOURCES else ""
    lines = [
        f"Four Layers, prices and figures as of {result.data_date}",
        "Sources: " + "; ".join(named[:MOST_SOURCES]) + more,
        link,
    ]
    first, *paper = (html.escape(line) for line in lines)
    on_paper = "".join(f"<span class='fl-paper'>{line}</span>" for line in paper)
    ground = st.get_option(f"theme.{st.context.theme.type or 'light'}.backgroundColor")
    st.html(f"<style>:root {{--fl-ground: {ground}}}</style>{_STYLE}<footer class='fl-foot'>{first}{on_paper}</footer>")
    st.html(_script(), unsafe_allow_javascript=True, width="content")
