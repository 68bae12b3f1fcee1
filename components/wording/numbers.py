"""Quantities as people say them: counts, times, shares, power. No exponent; None is "not published".

Digits and their grouping are Babel's, in the language of the text around them; money is in `wording.money`.
"""

from __future__ import annotations

import math
from functools import lru_cache

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal

NOT_PUBLISHED = "not published"
TEXT = Locale.parse("en_US")
"""The language of the product's text."""
DIGITS = 3
"""Significant digits of a number as people say it. [1]"""
IN_FULL = 1e6
"""Size from which a number is said in short: "1.2M". [1]"""
PLACES = 12
"""Decimals beyond which a quantity is said as 0. [1]"""


TIMES = 2.0
"""Ratio from which a change is said in times: nobody says "+1,590 %". [1]"""


def missing(value: float | None) -> bool:
    """None, NaN and infinity are all "not published"."""
    return value is None or not math.isfinite(value)


def significant(size: float) -> float:
    """The number with its first three digits alone: 47,449 becomes 47,400."""
    return float(f"{size:.{DIGITS - 1}e}")


@lru_cache(maxsize=65_536)
def _said(size: float, short_from: float) -> str:
    """Three significant digits of a size, with K, M, B or T from a size on."""
    kept = significant(size)
    if kept >= short_from:
        return format_compact_decimal(kept, locale=TEXT, fraction_digits=DIGITS - 1)
    return format_decimal(kept, format="#,##0." + "#" * PLACES, locale=TEXT)


def _signed(value: float | None, short_from: float) -> str:
    if value is None or missing(value):
        return NOT_PUBLISHED
    text = _said(abs(value), short_from)
    return f"-{text}" if value < 0 and text != "0" else text


def number(value: float | None, unit: str = "") -> str:
    """A count or a quantity: "1,590", "412,000", "1.2M", "7.5 kW"; trailing zeros dropped."""
    text = _signed(value, IN_FULL)
    return text if missing(value) else f"{text} {unit}".rstrip()


def tick(value: float) -> str:
    """A number on an axis, where room is scarce: "50K"."""
    return _signed(value, 1e3)


def tokens(value: float | None) -> str:
    """A token count: "1.2M tokens"."""
    return number(value, "tokens")


def requests_per_day(value: float | None) -> str:
    """A volume: "250,000 requests/day"."""
    return number(value, "requests/day")


def seconds(value_s: float | None) -> str:
    """A latency: "8.4 ms", "420 ms", "1.8 s", "42 s", "12 min", "3.2 h"."""
    if value_s is None or missing(value_s):
        return NOT_PUBLISHED
    if value_s == 0:
        return "0 s"
    sign, size = "-" if value_s < 0 else "", abs(value_s)
    for limit, scale, places, unit in (
        (0.00995, 1e3, 1, "ms"),
        (0.9995, 1e3, 0, "ms"),
        (9.95, 1.0, 1, "s"),
        (99.5, 1.0, 0, "s"),
        (5970.0, 1 / 60, 0, "min"),
    ):
        if size < limit:
            return f"{sign}{size * scale:.{places}f} {unit}"
    return f"{sign}{size / 3600:,.1f} h"


def percent(share: float | None) -> str:
    """A share of 1: "43 %", one decimal below 10 %."""
    if share is None or missing(share):
        return NOT_PUBLISHED
    size = abs(share) * 100
    text = f"{size:,.0f}" if size >= 9.95 or size == 0 else f"{size:.1f}"
    sign = "-" if share < 0 and text.strip("0.") else ""
    return f"{sign}{text} %"


def against(share: float | None) -> str:
    """A cost beside another one by its change: "-43 %", "+43 %", from twice as much on "17 times".

    Args:
        share: the change as a share of the other cost; -0.43 is 43 % less. [1]
    """
    if share is None or missing(share):
        return NOT_PUBLISHED
    times = 1 + share
    if times >= TIMES:
        return f"{number(float(f'{times:.2g}'))} times"
    return ("+" if share > 0 else "") + percent(share)


def less_or_more(share: float) -> str:
    """A change in words: "43 % less", "43 % more".    Args: share, as in `against`."""
    return f"{percent(abs(share))} {'less' if share <= 0 else 'more'}"


def factor(value: float | None) -> str:
    """A ratio: "6.3x"."""
    if value is None or missing(value):
        return NOT_PUBLISHED
    return f"{value:,.0f}x" if abs(value) >= 99.5 else f"{value:.1f}x"


def power(kw: float | None) -> str:
    """Electrical power: "7.5 kW", "1.2 MW"."""
    if kw is None or missing(kw):
        return NOT_PUBLISHED
    return number(kw / 1e3, "MW") if abs(kw) >= 1e3 else number(kw, "kW")


def energy(kwh: float | None) -> str:
    """Energy: "412 kWh", "5.4 MWh"."""
    if kwh is None or missing(kwh):
        return NOT_PUBLISHED
    return number(kwh / 1e3, "MWh") if abs(kwh) >= 1e3 else number(kwh, "kWh")


def carbon(kg: float | None) -> str:
    """Mass of CO2 equivalent: "412 kg CO2e", "5.4 t CO2e"."""
    if kg is None or missing(kg):
        return NOT_PUBLISHED
    return number(kg / 1e3, "t CO2e") if abs(kg) >= 1e3 else number(kg, "kg CO2e")
