"""Amounts of money in the reader's currency and locale, formatted by Babel."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_compact_currency, format_currency, get_decimal_symbol, get_group_symbol

from components.wording.numbers import DIGITS, NOT_PUBLISHED, PLACES, carbon, energy, missing, number, significant

USUAL = "en_US"
"""Where the reader's locale is not known."""
IN_FULL = 1e6
"""Size from which an amount is said in the locale's short form: below it an executive writes every digit. [1]"""
CENTS = 2
"""Decimals of an amount from 1 to 1,000 in every currency: a price per million tokens needs them in yen too. [1]"""
PER = {
    "month": "a month",
    "year": "a year",
    "h": "an hour",
    "request": "a request",
    "Mtok": "per million tokens",
    "kWh": "per kWh",
}
"""What an amount is for, by the unit's last part."""
_SCRIPT_MARKS = re.compile("[\u061c\u200e\u200f]")


def known_locale(tag: str | None) -> str:
    """The locale of a browser's language tag, "de_DE" of "de-DE"; the usual one where Babel does not know it."""
    try:
        return str(Locale.parse(tag or USUAL, sep="-" if "-" in (tag or "") else "_"))
    except (ValueError, TypeError, UnknownLocaleError):
        return USUAL


@lru_cache(maxsize=512)
def _pattern(locale: str, least: int, most: int) -> str:
    """The locale's pattern of an amount with so many decimals at least and at most."""
    decimals = "." + "0" * least + "#" * (most - least) if most else ""
    return re.sub(r"(?<=0)\.0+", decimals, Locale.parse(locale).currency_formats["standard"].pattern)


@lru_cache(maxsize=65_536)
def _in_full(amount: float, currency: str, locale: str, least: int, most: int) -> str:
    pattern = _pattern(locale, least, most)
    text = format_currency(amount, currency, format=pattern, locale=Locale.parse(locale), currency_digits=False)
    return _SCRIPT_MARKS.sub("", text)


@lru_cache(maxsize=65_536)
def _in_short(amount: float, currency: str, locale: str) -> str:
    """A size of a thousand or more with its first three digits; in full where the locale has no short form."""
    text = format_compact_currency(amount, currency, locale=Locale.parse(locale), fraction_digits=DIGITS - 1)
    if str(int(abs(amount))) in text:
        return _in_full(amount, currency, locale, 0, 0)
    return _SCRIPT_MARKS.sub("", text)


def _small(size: float) -> int:
    """Decimals that show three digits of an amount below 1."""
    return min(PLACES, DIGITS - 1 - math.floor(math.log10(size))) if size > 0 else 0


def _kept(amount: float) -> float:
    """The amount with three digits; what would show as 0 is 0, without a sign."""
    kept = significant(amount)
    return kept if abs(kept) >= 10.0**-PLACES else 0.0


@dataclass(frozen=True, slots=True)
class Money:
    """Says amounts in one currency and locale; made once per page run, and handed to whatever shows money."""

    currency: str = "USD"
    """ISO code."""
    rate_per_usd: float = 1.0
    """Units of the currency for one USD."""
    locale: str = USUAL
    """As Babel names it: "de_DE"."""

    def compact(self, usd: float | None) -> str:
        """An amount as an executive writes it: "$47,400", "1,84 Mio. €", "$2.10".    Args: usd, [USD]."""
        if usd is None or missing(usd):
            return NOT_PUBLISHED
        amount = _kept(usd * self.rate_per_usd)
        size = abs(amount)
        if size >= IN_FULL:
            return _in_short(amount, self.currency, self.locale)
        if size >= 1:
            places = 0 if size >= 100 else CENTS
            return _in_full(amount, self.currency, self.locale, places, places)
        return _in_full(amount, self.currency, self.locale, min(CENTS, _small(size)), _small(size))

    def quantity(self, value: float | None, unit: str) -> str:
        """A figure with its unit, money in the reader's currency: "$3.95 an hour", "1.6 t CO2e a month", "18 GB".

        Args:
            value: the figure; None is "not published". [unit]
            unit: as the engine writes it: "USD/Mtok", "kg CO2e/month", "GB".
        """
        what, _, per = unit.partition("/")
        if per in PER and what in ("USD", "kWh", "kg CO2e", "h", ""):
            said = self.quantity(value, what)
            return said if missing(value) else f"{said} {PER[per]}"
        if what == unit == "USD":
            return self.compact(value)
        sized = {"kWh": energy, "kg CO2e": carbon}.get(unit)
        return sized(value) if sized else number(value, unit)

    def exact(self, usd: float | None) -> str:
        """Every digit that means something: "$1,843,212", cents below 1,000.    Args: usd, [USD]."""
        if usd is None or missing(usd):
            return NOT_PUBLISHED
        amount = usd * self.rate_per_usd
        size = abs(amount)
        if size >= 1000:
            return _in_full(float(round(amount)), self.currency, self.locale, 0, 0)
        if size >= 1 or size < 10.0**-PLACES:
            return _in_full(round(amount, CENTS) + 0.0, self.currency, self.locale, CENTS, CENTS)
        places = max(CENTS, _small(size))
        return _in_full(significant(amount), self.currency, self.locale, CENTS, places)

    def tick(self, amount: float) -> str:
        """A round amount on an axis, without trailing zeros: "$1M", "€2.5K".    Args: amount, [the currency]."""
        kept = _kept(amount)
        if abs(kept) >= 1000:
            return _in_short(kept, self.currency, self.locale)
        return _in_full(kept, self.currency, self.locale, 0, max(CENTS, _small(abs(kept))))

    def around(self, figure: str) -> str:
        """A figure that the browser fills in, with the currency before or after it: "$%{y:,.0f}"."""
        return _in_full(0.0, self.currency, self.locale, 0, 0).replace("0", figure)

    @property
    def separators(self) -> str:
        """Decimal mark and mark of thousands, as Plotly takes them: ",." in German."""
        locale = Locale.parse(self.locale)
        return get_decimal_symbol(locale) + get_group_symbol(locale)

    def axis(self, words: str) -> str:
        """The title of an axis of money: "cost per month [EUR]"."""
        return f"{words} [{self.currency}]"


DOLLARS = Money()
"""USD as the product's own text writes it."""
