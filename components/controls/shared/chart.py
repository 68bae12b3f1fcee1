"""A chart with its legend as text, and the style that every page has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from components.charts import theme

CHART_CONFIG: dict[str, Any] = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": False}
PLOTLY = "app/static/plotly-basic.min.js"
"""Served by the app: lines, bars and points, of the version that the charts' tests validate against."""
_POINT = "<i style='background:{{0}};clip-path:{0}'></i>"
_STAR = "polygon(50% 0,61% 35%,98% 35%,68% 57%,79% 91%,50% 70%,21% 91%,32% 57%,2% 35%,39% 35%)"
_SWATCH = {
    "box": "<i style='background:{0}'></i>",
    "square": "<i style='background:{0}'></i>",
    "square-open": "<i style='border:2px solid {0}'></i>",
    "circle": "<i style='background:{0};border-radius:50%'></i>",
    "circle-open": "<i style='border:2px solid {0};border-radius:50%'></i>",
    "diamond": _POINT.format("polygon(50% 0,100% 50%,50% 100%,0 50%)"),
    "diamond-open": "<i style='border:2px solid {0};transform:rotate(45deg) scale(.8)'></i>",
    "triangle-up": _POINT.format("polygon(50% 5%,100% 95%,0 95%)"),
    "triangle-up-open": "<b style='color:{0}'>△</b>",
    "cross": _POINT.format(
        "polygon(33% 0,67% 0,67% 33%,100% 33%,100% 67%,67% 67%,67% 100%,33% 100%,33% 67%,0 67%,0 33%,33% 33%)"
    ),
    "cross-open": "<b style='color:{0}'>✚</b>",
    "star": _POINT.format(_STAR),
    "star-open": "<b style='color:{0}'>☆</b>",
    "x": "<b style='color:{0}'>✖</b>",
    "x-thin-open": "<b style='color:{0}'>✕</b>",
    "hatch": "<i style='background:repeating-linear-gradient(135deg,{0} 0 3px,#444 3px 4px)'></i>",
    "line": "<i class='l' style='border-top:3px solid {0}'></i>",
    "dash": "<i class='l' style='border-top:3px dashed {0}'></i>",
    "dot": "<i class='l' style='border-top:3px dotted {0}'></i>",
}
STYLE = """<style>
.fl-legend {display: flex; flex-wrap: wrap; gap: .15rem .9rem; font-size: .75rem; line-height: 1.2;
  margin: -.6rem 0 .2rem}
[data-testid=stCaptionContainer] {opacity: .9 !important}
[data-testid=stCaptionContainer] > * {opacity: 1 !important}
.fl-legend span {display: inline-flex; align-items: center; gap: .35rem}
.fl-legend i {width: 11px; height: 11px; flex: none; box-sizing: border-box}
.fl-legend b {width: 11px; flex: none; line-height: 11px; text-align: center}
.stMainBlockContainer {padding: 3.75rem clamp(1rem, 3vw, 3rem) 4rem}
.fl-chart {width: 100%; overflow: hidden}
@media print {
  .fl-chart, .fl-chart :is(.plot-container, .svg-container) {width: 100% !important; height: auto !important}
  .fl-chart .main-svg {width: 100% !important; height: auto !important}
}
.fl-legend i.l {width: 20px; height: 0}
[data-testid=stExpandSidebarButton]::after {content: "Menu"; font-size: 1rem; padding-left: .25rem}
.fl-levers {font-size: .8rem; line-height: 1.35}
@media (min-width: 641px) {.stElementContainer:has(.fl-levers) {display: none}}
@media (max-width: 640px) {
  .st-key-answer h1 {font-size: 1.2rem; padding-block: .25rem}
  .stSidebar[data-collapsed=false] {position: fixed !important; top: auto !important; bottom: 0;
    height: 55dvh !important; width: 100vw !important; max-width: 100vw !important;
    border-top: 2px solid rgba(128,128,128,.4)}
  .stApp:has(.stSidebar[data-collapsed=false]) :has(> .st-key-answer) {position: sticky; top: 3.5rem; z-index: 90;
    background: var(--fl-ground)}
}
.st-key-edit_layer button {padding-inline: .45rem}
</style>"""


_draw = st.components.v2.component(
    "figure",
    html='<div class="fl-chart" role="img"></div>',
    js=Path(__file__).with_name("chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def chart(figure: dict[str, Any], *, key: str, alt: str) -> None:
    """One figure, drawn by `chart.js` in the page's colours and font when it comes near the screen.

    Args:
        figure: A Plotly figure as a dict, its height in its layout. [px]
        key: The chart's place on the page: with the same key it is changed, not drawn anew.
        alt: What the figure shows, for a screen reader.
    """
    address = "/".join(("", *filter(None, (st.get_option("server.baseUrlPath").strip("/"), PLOTLY))))
    _draw(key=key, data={"figure": theme.plain(figure), "alt": alt, "config": CHART_CONFIG, "plotly": address})
    _legend(theme.legend(figure))


def _legend(marks: list[theme.Mark]) -> None:
    """What the colours mean, as text that wraps: Plotly would measure it again for every drawing."""
    if marks:
        items = "".join(f"<span>{_SWATCH.get(m.shape, _SWATCH['box']).format(m.colour)}{m.name}</span>" for m in marks)
        st.html(f"<div class='fl-legend'>{items}</div>")
