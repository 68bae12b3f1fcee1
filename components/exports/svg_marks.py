"""Marks of a drawing in SVG: scales of axes, words with bold parts, points and lines."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

INK, GRID, QUIET = "#1F2430", "#D7DEE6", "#6B7280"
FONT = "Inter, sans-serif"
LEAST = 7.0
"""Smallest size of the type. [px]"""
DASHES = {"dash": "7 5", "dot": "2 4", "dashdot": "7 4 2 4", "longdash": "11 5"}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_TAG = re.compile(r"(</?[bi]>|<br>)")


class Scale(NamedTuple):
    """Where values of an axis stand. [px]"""

    start: float
    end: float
    low: float
    high: float
    """In decades where the axis is logarithmic."""
    log: bool

    def at(self, value: float) -> float | None:
        """The place of a value; None for one that has none."""
        if not math.isfinite(value) or (self.log and value <= 0):
            return None
        return self.of(math.log10(value) if self.log else value)

    def of(self, reading: float) -> float:
        """The place of a value of the axis itself: in decades on a logarithmic one."""
        return self.start + (reading - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def scale_of(axis: dict[str, Any], start: float, end: float) -> Scale:
    """The scale of an axis between two edges, in the part that its domain gives it."""
    low, high = axis.get("domain", (0.0, 1.0))
    span = end - start
    first, last = axis.get("range", (0.0, 1.0))
    return Scale(start + low * span, start + high * span, float(first), float(last), axis.get("type") == "log")


def number(value: float) -> str:
    """A coordinate, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def paint(kind: str, colour: str) -> str:
    """An attribute "fill" or "stroke" with its opacity."""
    found = re.fullmatch(r"rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)", colour)
    if not found:
        return f'{kind}="{html.escape(colour)}"'
    red, green, blue = (int(found[i]) for i in (1, 2, 3))
    return f'{kind}="#{red:02X}{green:02X}{blue:02X}" {kind}-opacity="{found[4]}"'


def words(x: float, y: float, text: str, *, size: float = 12, anchor: str = "left", weight: int = 400,
          colour: str = INK, turned: bool = False) -> str:  # fmt: skip
    """Text with `<b>` and `<br>`, its first line's middle at y."""
    turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
    head = (
        f'<text x="{number(x)}" y="{number(y + 0.36 * size)}" font-size="{number(size)}" font-weight="{weight}" '
        f'text-anchor="{ANCHORS[anchor]}" {paint("fill", colour)}{turn}>'
    )
    parts: list[tuple[int, str]] = []
    bold, line = weight >= 600, 0
    for part in _TAG.split(text):
        if part == "<br>":
            line += 1
        elif part in {"<b>", "</b>"}:
            bold = part == "<b>" or weight >= 600
        elif part and part not in {"<i>", "</i>"}:
            place = f' x="{number(x)}" dy="1.27em"' if line and line != _line_of(parts) else ""
            parts.append((line, f'<tspan{place} font-weight="{600 if bold else 400}">{_plain(part)}</tspan>'))
    return head + "".join(span for _, span in parts) + "</text>"


def fitting(text: str, size: float, room: float) -> float:
    """A size of the type, smaller where the text would leave its room.    Args, returns: [px]"""
    long = 0.56 * size * len(_TAG.sub("", html.unescape(text)))
    return size if long <= room else max(size * room / long, LEAST)


def _line_of(parts: Sequence[tuple[int, str]]) -> int:
    return parts[-1][0] if parts else 0


def _plain(part: str) -> str:
    return html.escape("".join(c for c in html.unescape(part) if c.isprintable() or c.isspace()), quote=False)


def line(x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 1, dash: str = "solid") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{DASHES[dash]}"' if dash in DASHES else ""
    ends = f'x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"'
    return f'<line {ends} {paint("stroke", colour)} stroke-width="{number(width)}"{dashed}/>'


def path(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "solid") -> str:
    """A line through points."""
    dashed = f' stroke-dasharray="{DASHES[dash]}"' if dash in DASHES else ""
    through = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    stroke = f'{paint("stroke", colour)} stroke-width="{number(width)}"'
    return f'<polyline points="{through}" fill="none" {stroke} stroke-linejoin="round"{dashed}/>'


def area(points: Sequence[tuple[float, float]], colour: str) -> str:
    """A filled shape."""
    through = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{through}" {paint("fill", colour)}/>'


def bar(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1, pattern: str = "") -> str:
    """A bar, hatched where it has a pattern."""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
    solid = f'<rect {place} {paint("fill", colour)} opacity="{number(opacity)}"/>'
    return solid + (f'<rect {place} fill="url(#hatch)"/>' if pattern else "")


_SHAPES = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "triangle-up": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    "cross": ((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4), (0.4, 1.1), (-0.4, 1.1),
              (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
    "x": ((-1, -0.6), (-0.6, -1), (0, -0.4), (0.6, -1), (1, -0.6), (0.4, 0), (1, 0.6), (0.6, 1), (0, 0.4), (-0.6, 1),
          (-1, 0.6), (-0.4, 0)),
    "star": tuple((r * math.sin(k * math.pi / 5), -r * math.cos(k * math.pi / 5))
                  for k, r in enumerate((1.35, 0.6) * 5)),
}  # fmt: skip
"""Outline of each symbol over half its size."""


def symbol(x: float, y: float, name: str, size: float, colour: str) -> str:
    """A point."""
    kind, half = name.removesuffix("-open"), size / 2
    hollow = name.endswith("-open")
    look = f'fill="#FFFFFF" {paint("stroke", colour)} stroke-width="2"' if hollow else paint("fill", colour)
    if kind not in _SHAPES:
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(half)}" {look}/>'
    through = " ".join(f"{number(x + a * half)},{number(y + b * half)}" for a, b in _SHAPES[kind])
    return f'<polygon points="{through}" {look}/>'
