"""A chart as SVG: the same figure that the page draws, for paper and pictures.

It knows what the charts of this product use: horizontal bars, lines, points, text and notes on linear and
logarithmic axes.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from components.charts import theme
from components.charts.theme import Figure
from components.exports import svg_marks as mark
from components.exports.svg_marks import Scale, scale_of

LEGEND_ROW = 18
SWATCH = 11
LETTER = 6.4
"""Mean width of a letter of a legend. [px]"""
LETTER_TITLE, LETTER_NOTE = 8.8, 6.9
"""Width of a letter of title and note, at most. [px]"""


def svg(figure: Figure, width: int = 640, *, lower: int = 0) -> str:
    """The drawing of a figure.

    Args:
        figure: as `components.charts` makes it.
        width: of the picture; the height follows. [px]
        lower: what is taken off the height of the plot. [px]
    """
    plot = _Plot(theme.plain(figure), width, lower)
    body = "".join(plot.drawn())
    hatch = (
        '<defs><pattern id="hatch" width="5" height="5" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
        '<line x1="0" y1="0" x2="0" y2="5" stroke="#28303C" stroke-opacity="0.6" stroke-width="1.2"/></pattern></defs>'
    )
    size = f'width="{width}" height="{mark.number(plot.tall)}" viewBox="0 0 {width} {mark.number(plot.tall)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{mark.FONT}">{hatch}{body}</svg>'


class _Plot:
    def __init__(self, figure: Figure, width: int, lower: int) -> None:
        self.figure, self.layout, self.width = figure, figure["layout"], width
        margin, title = self.layout["margin"], self.layout["title"]
        self.title = _refilled(title["text"], (width - 8) / LETTER_TITLE)
        self.note = _refilled(title["subtitle"]["text"], (width - 8) / LETTER_NOTE)
        higher = 19 * _fewer(title["text"], self.title) + 17 * _fewer(title["subtitle"]["text"], self.note)
        self.top = margin["t"] - higher
        self.bottom = self.layout["height"] - margin["b"] - lower - higher
        self.left, self.right = float(margin["l"]), float(width - margin["r"])
        self.legend = _legend_rows(figure, width)
        self.tall = self.layout["height"] - lower - higher + LEGEND_ROW * len(self.legend) + (8 if self.legend else 0)
        self.x = {key: scale_of(axis, self.left, self.right) for key, axis in self._axes("xaxis")}
        self.y = {key: scale_of(axis, self.bottom, self.top) for key, axis in self._axes("yaxis")}
        self.stacked: dict[float, float] = {}
        self.before: list[tuple[float, float]] = []

    def _axes(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, axis in self.layout.items():
            if name.startswith(kind):
                key = kind[0] + name.removeprefix(kind)
                yield key, axis if "range" in axis else axis | {"range": _reach(self.figure, kind[0], key)}

    def drawn(self) -> Iterator[str]:
        yield from self._title()
        for key, axis in self._axes("xaxis"):
            yield from self._x_axis(axis, self.x[key])
        for key, axis in self._axes("yaxis"):
            yield from self._y_axis(axis, self.y[key])
        for shape in self.layout.get("shapes", []):
            yield from self._shape(shape)
        for trace in self.figure["data"]:
            yield from self._trace(trace)
        for note in self.layout.get("annotations", []):
            yield from self._note(note)
        yield from self._legend()

    def _title(self) -> Iterator[str]:
        yield mark.words(4, 14, self.title, size=15, weight=600)
        if self.note:
            yield mark.words(4, 34 + 19 * self.title.count("<br>"), self.note, size=12, colour=mark.QUIET)

    def _x_axis(self, axis: dict[str, Any], scale: Scale) -> Iterator[str]:
        if axis.get("visible", True):
            for value, words in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=False):
                x = scale.at(value)
                if x is not None and scale.start - 1 <= x <= scale.end + 1:
                    yield mark.line(x, self.top, x, self.bottom, mark.GRID)
                    yield mark.words(x, self.bottom + 12, words, size=11, anchor="center")
            yield mark.words(
                (scale.start + scale.end) / 2, self.bottom + 30, axis["title"]["text"], size=11, anchor="center"
            )

    def _y_axis(self, axis: dict[str, Any], scale: Scale) -> Iterator[str]:
        if axis.get("visible", True):
            for value, words in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=False):
                y = scale.at(value)
                if y is not None and scale.end - 1 <= y <= scale.start + 1:
                    yield mark.line(self.left, y, self.right, y, mark.GRID)
                    yield mark.words(self.left - 5, y, words, size=11, anchor="right")
            yield mark.words(
                9, (scale.start + scale.end) / 2, axis["title"]["text"], size=11, anchor="center", turned=True
            )

    def _shape(self, shape: dict[str, Any]) -> Iterator[str]:
        x = self.x["x"].at(shape["x0"])
        if x is not None:
            yield mark.line(x, self.top, x, self.bottom, mark.QUIET, shape["line"]["width"], shape["line"]["dash"])

    def _note(self, note: dict[str, Any]) -> Iterator[str]:
        x = self.x[note.get("xref", "x")].of(note["x"])
        where = note.get("yref", "y")
        y = self.top + (1 - note["y"]) * (self.bottom - self.top) if "domain" in where else self.y[where].of(note["y"])
        size = note["font"]["size"]
        y -= 0.6 * size if note["yanchor"] == "bottom" else 0
        yield mark.words(x, y + note.get("yshift", 0) * -1, note["text"], size=size, anchor=note["xanchor"])

    def _trace(self, trace: dict[str, Any]) -> Iterator[str]:
        x, y = self.x[trace.get("xaxis", "x")], self.y[trace.get("yaxis", "y")]
        if trace["type"] == "bar":
            yield from self._bars(trace, x, y)
            return
        mode = trace.get("mode", "lines")
        if "lines" in mode:
            yield from self._lines(trace, x, y)
        if "error_x" in trace:
            yield from _whiskers(trace, x, y)
        places = [(x.at(_n(a)), y.at(_n(b))) for a, b in zip(trace["x"], trace["y"], strict=True)]
        if "markers" in mode:
            yield from _points(trace, places)
        if "text" in mode:
            for (a, b), words in zip(places, trace["text"], strict=True):
                if a is not None and b is not None:
                    anchor = {"middle left": "right", "middle center": "center"}.get(trace["textposition"], "left")
                    size = trace["textfont"]["size"]
                    room = self.width - a if anchor == "left" else a
                    yield mark.words(a, b, words, size=mark.fitting(words, size, room), anchor=anchor)

    def _bars(self, trace: dict[str, Any], x: Scale, y: Scale) -> Iterator[str]:
        marker, many = trace["marker"], len(trace["x"])
        colours = _each(marker["color"], many)
        opacity, hatch = _each(marker.get("opacity", 1), many), _each(marker.get("pattern", {}).get("shape", ""), many)
        bases = trace.get("base") or [self.stacked.get(row, 0.0) for row in trace["y"]]
        high = abs(y.of(trace["width"]) - y.of(0))
        for i, (row, base, long) in enumerate(zip(trace["y"], bases, trace["x"], strict=True)):
            self.stacked[row] = base + long
            start, end = x.at(base), x.at(base + long)
            if start is not None and end is not None and end != start:
                yield mark.bar(
                    min(start, end), y.of(row) - high / 2, abs(end - start), high, colours[i], opacity[i], hatch[i]
                )

    def _lines(self, trace: dict[str, Any], x: Scale, y: Scale) -> Iterator[str]:
        look = trace.get("line", {})
        run: list[tuple[float, float]] = []
        whole: list[tuple[float, float]] = []
        for a, b in [*zip(trace["x"], trace["y"], strict=True), (math.nan, math.nan)]:
            px, py = x.at(_n(a)), y.at(_n(b))
            if px is not None and py is not None:
                run.append((px, py))
                continue
            run = _stepped(run) if look.get("shape") == "hv" else run
            if len(run) > 1 and look.get("width", 2):
                yield mark.path(run, look.get("color", mark.QUIET), look.get("width", 2), look.get("dash", "solid"))
            whole += run
            run = []
        if trace.get("fill") == "tonexty" and self.before and whole:
            yield mark.area([*self.before, *reversed(whole)], trace["fillcolor"])
        self.before = whole

    def _legend(self) -> Iterator[str]:
        y = self.tall - LEGEND_ROW * len(self.legend) + 4
        for row in self.legend:
            x = 8.0
            for one in row:
                yield from _swatch(one, x, y)
                yield mark.words(x + SWATCH + 10, y, one.name, size=11)
                x += _room(one)
            y += LEGEND_ROW


def _refilled(text: str, letters: float) -> str:
    """Lines of a page's title, filled to the width of the picture."""
    return theme.wrapped(html.unescape(text.replace("<br>", " ")), int(letters))


def _fewer(before: str, after: str) -> int:
    return before.count("<br>") - after.count("<br>")


def _reach(figure: Figure, letter: str, key: str) -> tuple[float, float]:
    """From zero to the largest value on an axis that states no range."""
    values = [
        float(value)
        for trace in figure["data"]
        if trace.get(f"{letter}axis", letter) == key
        for value in trace[letter]
        if isinstance(value, int | float)
    ]
    return min([0.0, *values]), max([0.0, *values]) * 1.02 or 1.0


def _n(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _each(value: Any, many: int) -> Sequence[Any]:
    return value if isinstance(value, list) else [value] * many


def _stepped(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A line that keeps its height until the next point."""
    found = list(points[:1])
    for (_, before), (x, y) in pairwise(points):
        found += [(x, before), (x, y)]
    return found


def _points(trace: dict[str, Any], places: Sequence[tuple[float | None, float | None]]) -> Iterator[str]:
    marker, many = trace["marker"], len(places)
    colours, symbols = _each(marker["color"], many), _each(marker.get("symbol", "circle"), many)
    for (x, y), colour, name in zip(places, colours, symbols, strict=True):
        if x is not None and y is not None and marker["size"] > 1:
            yield mark.symbol(x, y, name, marker["size"], colour)


def _whiskers(trace: dict[str, Any], x: Scale, y: Scale) -> Iterator[str]:
    error = trace["error_x"]
    rows = zip(trace["x"], trace["y"], error["arrayminus"], error["array"], strict=True)
    for value, row, less, more in rows:
        low, high = x.at(_n(value) - _n(less)), x.at(_n(value) + _n(more))
        at = y.at(_n(row))
        if low is None or high is None or at is None:
            continue
        yield mark.line(low, at, high, at, mark.QUIET, error["thickness"])
        for end in (low, high):
            yield mark.line(end, at - error["width"], end, at + error["width"], mark.QUIET, error["thickness"])


def _room(one: theme.Mark) -> float:
    return SWATCH + 26 + LETTER * len(one.name)


def _legend_rows(figure: Figure, width: int) -> list[list[theme.Mark]]:
    rows: list[list[theme.Mark]] = []
    left = 0.0
    for one in theme.legend(figure):
        if not rows or left + _room(one) > width - 16:
            rows.append([])
            left = 0.0
        rows[-1].append(one)
        left += _room(one)
    return rows


def _swatch(one: theme.Mark, x: float, y: float) -> Iterator[str]:
    half = SWATCH / 2
    if one.shape in {"line", "dash", "dot"}:
        yield mark.line(x, y, x + SWATCH + 6, y, one.colour, 2.5, one.shape)
    elif one.shape in {"box", "hatch"}:
        yield mark.bar(x, y - half, SWATCH, SWATCH, one.colour, 1, "/" if one.shape == "hatch" else "")
    else:
        yield mark.symbol(x + half, y, one.shape, SWATCH - 1, one.colour)
