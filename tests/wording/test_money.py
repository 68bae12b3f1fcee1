from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.wording.money import DOLLARS, Money, known_locale
from components.wording.numbers import NOT_PUBLISHED

NBSP = "\u00a0"
GERMAN = Money("EUR", 0.92, "de_DE")


@pytest.mark.parametrize(
    ("usd", "money", "said"),
    [
        (47_449, DOLLARS, "$47,400"),
        (1_843_212, DOLLARS, "$1.84M"),
        (447_826, Money("EUR", 0.92), "€412,000"),
        (1_838_710, Money("JPY", 155.0), "¥285M"),
        (0.2, Money("JPY", 155.0), "¥31.00"),
        (2.1, DOLLARS, "$2.10"),
        (42.5, DOLLARS, "$42.50"),
        (412.3, DOLLARS, "$412"),
        (0.5, DOLLARS, "$0.50"),
        (0.0042, DOLLARS, "$0.0042"),
        (999.6, DOLLARS, "$1,000"),
        (999_960, DOLLARS, "$1M"),
        (-1_200_000, DOLLARS, "-$1.2M"),
        (0, DOLLARS, "$0"),
        (-1e-30, DOLLARS, "$0"),
        (5e9, Money("CHF"), "CHF5B"),
        (51_575, Money("EUR", 0.92, "de_DE"), f"47.400{NBSP}€"),
        (2_000_000, GERMAN, f"1,84{NBSP}Mio.{NBSP}€"),
        (-2_000_000, GERMAN, f"-1,84{NBSP}Mio.{NBSP}€"),
        (2.5, GERMAN, f"2,30{NBSP}€"),
        (0, GERMAN, f"0{NBSP}€"),
        (412_000, Money("INR", 85.0, "en_IN"), "₹3.5Cr"),
    ],
)
def test_an_amount_is_written_as_an_executive_writes_it(usd: float, money: Money, said: str) -> None:
    assert money.compact(usd) == said


@pytest.mark.parametrize("usd", [None, math.nan, math.inf])
def test_what_is_not_known_is_not_published(usd: float | None) -> None:
    assert DOLLARS.compact(usd) == DOLLARS.exact(usd) == GERMAN.compact(usd) == NOT_PUBLISHED


@pytest.mark.parametrize(
    ("usd", "money", "said"),
    [
        (1_843_212.4, DOLLARS, "$1,843,212"),
        (-12.345, Money("EUR", 2.0), "-€24.69"),
        (0.00042, DOLLARS, "$0.00042"),
        (0, DOLLARS, "$0.00"),
        (-1e-30, DOLLARS, "$0.00"),
        (1_843_212.4, Money(locale="de_DE"), f"1.843.212{NBSP}$"),
        (12.5, Money(locale="de_DE"), f"12,50{NBSP}$"),
    ],
)
def test_on_hover_every_digit_that_means_something(usd: float, money: Money, said: str) -> None:
    assert money.exact(usd) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (3.9492, "USD/h", "$3.95 an hour"),
        (0.1, "USD/Mtok", "$0.10 per million tokens"),
        (47_374.3, "USD/month", "$47,400 a month"),
        (23_500, "USD", "$23,500"),
        (1624.6, "kg CO2e/month", "1.62 t CO2e a month"),
        (4402.6, "kWh/month", "4.4 MWh a month"),
        (1461, "h/month", "1,460 h a month"),
        (5.787, "requests/s", "5.79 requests/s"),
        (18, "GB", "18 GB"),
        (None, "USD/h", NOT_PUBLISHED),
    ],
)
def test_a_quantity_is_said_with_its_unit_in_words(value: float | None, unit: str, said: str) -> None:
    assert DOLLARS.quantity(value, unit) == said


def test_ticks_have_no_trailing_zeros() -> None:
    assert [DOLLARS.tick(v) for v in (0, 0.5, 20, 2500, 1e6, 1.25e6)] == ["$0", "$0.5", "$20", "$2.5K", "$1M", "$1.25M"]
    assert GERMAN.tick(2.5e6) == f"2,5{NBSP}Mio.{NBSP}€"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("de-DE", "de_DE"), ("en-US", "en_US"), ("fr", "fr"), ("zh-Hant-TW", "zh_Hant_TW"), (None, "en_US"), ("", "en_US"),
     ("x-nobody", "en_US"), ("../etc", "en_US"), ("en_GB", "en_GB")],
)  # fmt: skip
def test_a_browser_s_language_is_a_locale_or_the_usual_one(tag: str | None, locale: str) -> None:
    assert known_locale(tag) == locale


SCALES = {"": 1, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "Mio.": 1e6, "Mrd.": 1e9, "Bio.": 1e12}


def _read(text: str, *, german: bool) -> float:
    """A compact amount read back, by the rules of the locale rather than by the code that wrote it."""
    found = re.fullmatch(r"(-?)[$¥€]?([\d.,]+)\s?(K|M|B|T|Mio\.|Mrd\.|Bio\.)?\s?[$¥€]?", text)
    assert found is not None, text
    digits = found[2].replace(".", "").replace(",", ".") if german else found[2].replace(",", "")
    return (-1 if found[1] else 1) * float(digits) * SCALES[found[3] or ""]


@given(
    size=st.floats(1e-6, 9e14), sign=st.sampled_from([1, -1]), currency=st.sampled_from(["USD", "EUR", "JPY"]),
    german=st.booleans(),
)  # fmt: skip
def test_law_a_compact_amount_is_read_back_within_one_percent(
    size: float, sign: int, currency: str, german: bool
) -> None:
    text = Money(currency, 1.0, "de_DE" if german else "en_US").compact(sign * size)
    assert "e" not in text.lower()
    assert _read(text, german=german) == pytest.approx(sign * size, rel=0.01)


@given(usd=st.floats(-1e15, 1e15), rate=st.floats(0.01, 1000), locale=st.sampled_from(["en_US", "de_DE", "ja_JP"]))
def test_law_the_sign_is_the_amount_s_and_zero_has_none(usd: float, rate: float, locale: str) -> None:
    money = Money("EUR", rate, locale)
    for text in (money.compact(usd), money.exact(usd), money.tick(usd)):
        assert text.startswith("-") == (usd < 0 and any(c in text for c in "123456789"))
