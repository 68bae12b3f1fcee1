"""What all figures share: colours, sizes, the frame. Figures are plain dicts, which Streamlit draws as they are.

Text carries no colour and no font, so it follows the page in light and dark; backgrounds are transparent.
"""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from components.engine.economics import IDLE
from components.wording.text import shorten

Figure = dict[str, Any]

STRATEGY_COLOURS: tuple[str, ...] = ("#6B7685", "#2477C9", "#D1600F", "#12936B", "#C265A6", "#9A7B0A")
"""By the number that a strategy keeps when it moves; the first is neutral. At least 3:1 on white and on near-black."""
STRATEGY_SYMBOLS: tuple[str, ...] = ("square", "circle", "diamond", "triangle-up", "cross", "star")
STRATEGY_DASHES: tuple[str, ...] = ("solid", "solid", "dash", "dashdot", "longdash", "dot")

SAVING = "#0F9488"
INCREASE = "#B8750A"
NEUTRAL = "#6B7685"
"""Totals and today's cost."""
MISS = INCREASE
GRID = "rgba(128,128,128,0.22)"
LINE = "rgba(128,128,128,0.75)"
WHISKER = "rgba(90,98,110,1)"
"""Range of a bar: seen on the page, light or dark, and on the bar."""

PART_WORDS: dict[str, tuple[str, str]] = {
    "compute_busy": ("Accelerators, used", "#2477C9"),
    "compute_idle": ("Accelerators, idle", "#868E99"),
    "power": ("Power", "#D1600F"),
    "facility": ("Space", "#9A7B0A"),
    "staff": ("Staff to run it", "#8A63C7"),
    "support_overheads": ("Network, storage, upkeep", "#A8633B"),
    "devices": ("Users' devices", "#C265A6"),
    "api_input": ("Tokens in", "#12936B"),
    "api_cached": ("Tokens in, cached", "#5F9A4A"),
    "api_output": ("Tokens out", "#2F7D8C"),
    "api_fee": ("Fixed fee", "#3C8DBF"),
}
"""Key of a cost part of the engine to its plain words and colour; each at least 3:1 on a light and a dark page."""
_SPARE_COLOURS: tuple[str, ...] = ("#3C8DBF", "#C265A6", "#9A7B0A", "#7E8B5A", "#A8633B", "#4C5FA8")


def part_words(key: str) -> str:
    """Plain words for a cost part; an unknown key reads as its own words."""
    if key in PART_WORDS:
        return PART_WORDS[key][0]
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def part_colour(key: str, index: int) -> str:
    """The same part has the same colour on every page; parts without one take a spare by their place."""
    if key in PART_WORDS:
        return PART_WORDS[key][1]
    return PART_WORDS["compute_idle"][1] if is_idle(key) else _SPARE_COLOURS[index % len(_SPARE_COLOURS)]


def is_idle(key: str) -> bool:
    """Whether a cost part is paid for and unused: drawn grey and hatched."""
    return key in IDLE


def colour(number: int) -> str:
    """A strategy's colour."""
    return STRATEGY_COLOURS[number % len(STRATEGY_COLOURS)]


def symbol(number: int) -> str:
    """The mark that goes with the colour."""
    return STRATEGY_SYMBOLS[number % len(STRATEGY_SYMBOLS)]


def dash(number: int) -> str:
    """The line that goes with the colour."""
    return STRATEGY_DASHES[number % len(STRATEGY_DASHES)]


def label(name: str, limit: int = 60) -> str:
    """A user's text, cut to what a phone shows on one line, safe from Plotly's HTML."""
    return html.escape(shorten(" ".join(name.split()), limit))


def wrapped(text: str, width: int) -> str:
    """Escaped text broken into lines, a share never from its sign: Plotly does not wrap."""
    whole = text.replace(" %", "\u00a0%")
    return "<br>".join(html.escape(line) for line in textwrap.wrap(whole, width)) if text else ""


TITLE_WIDTH, NOTE_WIDTH = 42, 46
"""Characters that fit a bordered box on a phone, 320 px."""


def frame(title: str, note: str, height: int, *, left: int = 8, bottom: int = 42, **layout: Any) -> dict[str, Any]:
    """Layout of one figure: the finding as title, the basis and source beneath, room above the plot for both.

    Margins are fixed: a figure that measures its own labels is drawn twice. The legend is the page's (`legend`).
    """
    head, foot = wrapped(title, TITLE_WIDTH), wrapped(note, NOTE_WIDTH)
    lines, notes = head.count("<br>") + 1, foot.count("<br>") + 1 if foot else 0
    top = 12 + 19 * lines + 17 * notes + (18 if notes == 1 else 10)  # Plotly sets a single line lower
    return {
        "title": {
            "text": head,
            "font": {"size": 15, "weight": 600},
            "subtitle": {"text": foot, "font": {"size": 13}},
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 8 + 19 * (lines > 1), "l": 4},  # Plotly sets several lines one line higher, however many
        },
        "height": height + top,
        "margin": {"l": left, "r": 8, "t": top, "b": bottom, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12},
        "hoverlabel": {"align": "left"},
        "showlegend": False,
        **layout,
    }


SMALL = 12
"""Size of the smallest words: axes and labels. [px]"""


def plain(value: Any) -> Any:
    """A figure, or a part of it, as JSON has it: arrays as lists, what is not a finite number as None."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def axis(title: str, **more: Any) -> dict[str, Any]:
    """A quiet axis with its unit."""
    return {
        "title": {"text": title, "font": {"size": SMALL}, "standoff": 6},
        "automargin": False,
        "gridcolor": GRID,
        "zeroline": False,
        "showline": False,
        "tickfont": {"size": SMALL},
        "tickangle": 0,
        "fixedrange": True,
        **more,
    }


class Mark(NamedTuple):
    """One entry of a legend."""

    name: str
    """Escaped for HTML."""
    colour: str
    shape: str
    """"box", "hatch", "line", "dash", "dot", or the symbol of a point, as "diamond" or "diamond-open"."""


DASHED = {"solid": "line", "dash": "dash", "longdash": "dash", "dot": "dot", "dashdot": "dash"}


def legend(figure: Figure) -> list[Mark]:
    """What the traces of a figure mean, in their order, without those that have no entry."""
    marks = []
    for trace in figure["data"]:
        if trace.get("showlegend", True) and trace.get("name"):
            marks.append(_mark(trace))
    return marks


def _mark(trace: dict[str, Any]) -> Mark:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    if trace["type"] == "bar":
        hatched = "/" in marker.get("pattern", {}).get("shape", ())
        return Mark(trace["name"], str(marker.get("color", LINE)), "hatch" if hatched else "box")
    if "fillcolor" in trace:
        return Mark(trace["name"], str(trace["fillcolor"]), "box")
    if "lines" in trace.get("mode", ""):
        return Mark(trace["name"], str(line.get("color", LINE)), DASHED.get(line.get("dash", "solid"), "dash"))
    return Mark(trace["name"], str(marker.get("color", LINE)), str(marker.get("symbol", "circle")))


def hidden_rows(count: int) -> dict[str, Any]:
    """A y axis of numbered rows, the first on top; names stand above their rows, so a phone has the full width."""
    return {"range": [count - 0.45, -0.6], "visible": False, "fixedrange": True}


def text(x: float, y: float, words: str, **more: Any) -> dict[str, Any]:
    """A piece of text without an arrow, by default starting at x in the row's upper half."""
    return {
        "x": x,
        "y": y,
        "text": words,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"size": 12},
        **more,
    }


def column(x: Iterable[Any], y: Iterable[float], words: Sequence[str], **more: Any) -> dict[str, Any]:
    """Several pieces of text as one trace, starting at x: Plotly places a trace's texts far faster than annotations."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": list(x),
        "y": list(y),
        "text": list(words),
        "textposition": "middle right",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
        **more,
    }


def row_names(x: float, names: Sequence[str], **more: Any) -> dict[str, Any]:
    """The rows' names above their bars."""
    return column([x] * len(names), [row - 0.33 for row in range(len(names))], names, **more)


def ticks(low: float, high: float, say: Callable[[float], str], about: int = 4) -> dict[str, Any]:
    """Round ticks on a linear axis, said as people say them."""
    span = max(high - low, 1e-300)
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    values = [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]
    return {"tickvals": values, "ticktext": [say(v) for v in values]}


def log_ticks(low: float, high: float, say: Callable[[float], str], most: int = 6) -> dict[str, Any]:
    """Decades, thinned when many; 1, 2 and 5 when the axis spans little."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    decades = [10.0**k for k in range(first, last + 1) if low <= 10.0**k <= high]
    finer = [m * 10.0**k for k in range(first, last + 1) for m in (1, 2, 5) if low <= m * 10.0**k <= high]
    values = finer if len(finer) <= most or len(decades) < 2 else decades
    values = values[:: -(-len(values) // most) or 1]
    return {"tickvals": values, "ticktext": [say(v) for v in values]}
