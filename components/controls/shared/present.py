"""Presenting: every page one view at a time, large, without controls; `?present=1` opens a page so."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

_STYLE = """<style>
.fl-start {position: fixed; right: 1rem; bottom: 1rem; z-index: 99; padding: .35rem .9rem; border-radius: .5rem;
  border: 1px solid var(--fl-edge); background: var(--fl-ground); color: inherit; font: inherit; font-size: .875rem;
  cursor: pointer}
.fl-start:focus-visible {outline: 2px solid currentColor; outline-offset: 2px}
.fl-print .fl-start {display: none}
@media (max-width: 640px) {.fl-start {display: none}}
/* In the header, left of Streamlit's own status, where the window leaves room beside the pages. */
@media (min-width: 1400px) {.fl-start {top: .7rem; right: 8rem; bottom: auto; z-index: 999991}}
.fl-bar {position: fixed; left: 0; right: 0; bottom: 0; padding: .5rem 2vw; color: var(--fl-ink); z-index: 9999;
  font: 400 clamp(12px, 1.5vh, 18px)/1.3 Inter, sans-serif}
.fl-present :is(.stSidebar, .stAppHeader, .fl-start, .stSelectbox, .stMultiSelect, .stCheckbox, .stButton,
  .stDownloadButton, .stPopover, .stSlider, .stTextInput, .stNumberInput, .stButtonGroup, .stTooltipIcon,
  [data-testid=stExpandSidebarButton], .stStatusWidget) {display: none !important}
.fl-present :is(.stMain, .stAppViewContainer) {overflow: hidden !important}
.fl-present .stMainBlockContainer {box-sizing: border-box; padding: 2vh 3vw 7vh !important; max-width: none !important;
  height: 100vh; display: flex; flex-direction: column; justify-content: center}
.fl-present .stMainBlockContainer :not([data-fl-path], [data-fl-view], [data-fl-view] *) {display: none !important}
.fl-present [data-fl-path] {display: block !important; position: static !important; height: auto !important;
  width: 100% !important; max-width: none !important; padding: 0 !important; border: none !important;
  flex: none !important}
.fl-present [data-fl-view] {border: none !important; width: 100% !important; max-width: none !important;
  height: auto !important}
:root:not(.fl-present) .stElementContainer:has(.fl-table) {display: none}
.fl-table {border-collapse: collapse; line-height: 1.35}
.fl-table caption {text-align: left; font-weight: 600; padding-bottom: .5em}
.fl-table :is(th, td) {text-align: left; vertical-align: top; padding: .35em .6em; overflow-wrap: break-word;
  border-bottom: 1px solid var(--fl-edge)}
.fl-present .fl-table {display: table !important}
.fl-present .fl-table :is(th, td) {display: table-cell !important}
</style>"""
_SCRIPT = Path(__file__).with_name("present.js").read_text(encoding="utf-8")


def present_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as one view of presenting; on the page itself it is not shown."""

    def row(cells: Sequence[str], kind: str) -> str:
        return "<tr>" + "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in cells) + "</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    caption = f"<caption>{html.escape(title)}</caption>"
    st.html(f"<table class='fl-table'>{caption}<thead>{row(heads, 'th')}</thead><tbody>{body}</tbody></table>")


def present() -> None:
    """The button that starts it, its style and the script that moves through the views."""
    shade = st.context.theme.type or "light"
    ink, edge = (st.get_option(f"theme.{shade}.{name}") for name in ("textColor", "borderColor"))
    colours = f"<style>:root {{--fl-ink: {ink}; --fl-edge: {edge}}}</style>"
    st.html(f'{colours}{_STYLE}<button type="button" class="fl-start">Present</button>')
    st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True, width="content")
