"""Numbers as people say them: for pages, controls, headlines and charts. No exponent; None is "not published"."""

from __future__ import annotations

import math

NOT_PUBLISHED = "not published"

SYMBOLS: dict[str, str] = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CNY": "CN¥"}
"""A code that is not here is written out before the amount: "CHF 412 k"."""

_STEPS: tuple[tuple[float, str], ...] = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"))


def symbol(currency: str) -> str:
    """What stands before an amount."""
    return SYMBOLS.get(currency, f"{currency} ")


def missing(value: float | None) -> bool:
    """None, NaN and infinity are all "not published"."""
    return value is None or not math.isfinite(value)


def _digits(size: float) -> str:
    """Three significant digits of a size below 1,000, without an exponent."""
    if size >= 99.95:
        return f"{size:,.0f}"
    if size >= 9.995:
        return f"{size:.1f}"
    if size >= 0.9995 or size < 5e-13:
        return f"{size:.2f}"
    places = min(12, 2 - math.floor(math.log10(size)))
    return f"{size:.{places}f}"


def _scaled(size: float) -> str:
    """Three significant digits with k, M, B or T: "1.84 M"."""
    for unit, word in _STEPS:
        if size >= unit * 0.9995:
            return _digits(size / unit) + word
    return _digits(size)


def number(value: float | None, unit: str = "") -> str:
    """A count or a quantity: "1.2 M", "412 k", "7.5 kW"; trailing zeros dropped."""
    if value is None or missing(value):
        return NOT_PUBLISHED
    head, _, word = _scaled(abs(value)).partition(" ")
    if "." in head:
        head = head.rstrip("0").rstrip(".")
    sign = "-" if value < 0 and head != "0" else ""
    return " ".join(part for part in (sign + head, word, unit) if part)


def tokens(value: float | None) -> str:
    """A token count: "1.2 M tokens"."""
    return number(value, "tokens")


def requests_per_day(value: float | None) -> str:
    """A volume: "250 k requests/day"."""
    return number(value, "requests/day")


def money(usd: float | None, currency: str = "USD", rate: float = 1.0) -> str:
    """An amount as people say it: "$1.84 M", "€412 k", "¥285 M", "$2.10".

    Args:
        usd: Amount. [USD]
        currency: ISO code of the currency shown.
        rate: Units of that currency for one USD.
    """
    if usd is None or missing(usd):
        return NOT_PUBLISHED
    text = _scaled(abs(usd) * rate)
    if text == "0.00":
        text = "0"
    sign = "-" if usd < 0 and text.strip("0.") else ""
    return f"{sign}{symbol(currency)}{text}"


def round_money(usd: float | None, currency: str = "USD", rate: float = 1.0) -> str:
    """A round amount for ticks, without trailing zeros: "$1 M", "€2.5 k"."""
    amount = money(usd, currency, rate)
    head, gap, word = amount.rpartition(" ")
    figure, unit = (head, gap + word) if gap and word in {"k", "M", "B", "T"} else (amount, "")
    return (figure.rstrip("0").rstrip(".") if "." in figure else figure) + unit


def exact_money(usd: float | None, currency: str = "USD", rate: float = 1.0) -> str:
    """Every digit that means something: "$1,843,212", cents below 1,000."""
    if usd is None or missing(usd):
        return NOT_PUBLISHED
    size = abs(usd) * rate
    text = f"{size:,.0f}" if size >= 1000 else _digits(size) if size < 0.995 else f"{size:,.2f}"
    sign = "-" if usd < 0 and text.strip("0.") else ""
    return f"{sign}{symbol(currency)}{text}"


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


def shorten(text: str, limit: int) -> str:
    """The text, cut at a word where possible, never longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 12 else cut).rstrip(" ,;:") + "…"


def markdown(text: str) -> str:
    """The text with the characters escaped that Markdown would take: two dollar signs would become a formula."""
    for char in "\\`*_[]<>$#~|:":
        text = text.replace(char, "\\" + char)
    return text
