from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog import units

AMOUNT = st.floats(-1e15, 1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("usd", "currency", "rate", "said"),
    [
        (1_843_212, "USD", 1.0, "$1.84 M"),
        (447_826, "EUR", 0.92, "€412 k"),
        (1_838_710, "JPY", 155.0, "¥285 M"),
        (2.1, "USD", 1.0, "$2.10"),
        (0.0042, "USD", 1.0, "$0.00420"),
        (999_960, "USD", 1.0, "$1.00 M"),
        (-1_200_000, "USD", 1.0, "-$1.20 M"),
        (0, "USD", 1.0, "$0"),
        (-1e-30, "USD", 1.0, "$0"),
        (5e9, "CHF", 1.0, "CHF 5.00 B"),
        (None, "USD", 1.0, "not published"),
        (math.nan, "USD", 1.0, "not published"),
    ],
)
def test_money_is_said_as_people_say_it(usd: float | None, currency: str, rate: float, said: str) -> None:
    assert units.money(usd, currency, rate) == said


def test_exact_money_keeps_its_digits() -> None:
    assert units.exact_money(1_843_212.4) == "$1,843,212"
    assert units.exact_money(-12.345, "EUR", 2.0) == "-€24.69"
    assert units.exact_money(0.00042) == "$0.000420"
    assert units.exact_money(None) == units.NOT_PUBLISHED


def test_round_money_has_no_trailing_zeros() -> None:
    said = [units.round_money(v) for v in (0, 0.5, 20, 2500, 1e6, 1.25e6)]
    assert said == ["$0", "$0.5", "$20", "$2.5 k", "$1 M", "$1.25 M"]
    assert units.round_money(5e6, "CHF") == "CHF 5 M"
    assert units.round_money(5, "CHF") == "CHF 5"


@pytest.mark.parametrize(
    ("value_s", "said"),
    [
        (0.0084, "8.4 ms"),
        (0.42, "420 ms"),
        (0.9999, "1.0 s"),
        (1.8, "1.8 s"),
        (42, "42 s"),
        (720, "12 min"),
        (11_520, "3.2 h"),
        (0, "0 s"),
        (None, "not published"),
    ],
)
def test_latency(value_s: float | None, said: str) -> None:
    assert units.seconds(value_s) == said


def test_quantities() -> None:
    assert units.tokens(1_200_000) == "1.2 M tokens"
    assert units.requests_per_day(250_000) == "250 k requests/day"
    assert units.number(-1500) == "-1.5 k"
    assert units.percent(0.43) == "43 %"
    assert units.percent(0.042) == "4.2 %"
    assert units.percent(-0.5) == "-50 %"
    assert units.factor(6.3) == "6.3x"
    assert units.factor(500) == "500x"
    assert units.power(7.5) == "7.5 kW"
    assert units.power(1200) == "1.2 MW"
    assert units.energy(412) == "412 kWh"
    assert units.energy(5400) == "5.4 MWh"
    assert units.carbon(412) == "412 kg CO2e"
    assert units.carbon(5400) == "5.4 t CO2e"


def test_none_is_not_published() -> None:
    for say in (units.number, units.tokens, units.percent, units.factor, units.power, units.energy, units.carbon):
        assert say(None) == units.NOT_PUBLISHED


@given(AMOUNT)
def test_law_no_exponent_and_the_sign_of_the_value(value: float) -> None:
    for text in (units.money(value), units.exact_money(value), units.round_money(value), units.number(value)):
        assert "e" not in text.lower()
        assert text.startswith("-") == (value < 0 and any(c in text for c in "123456789"))


@given(st.floats(0.01, 9e14))
def test_law_money_is_within_half_of_the_third_digit(value: float) -> None:
    head, _, word = units.money(value).removeprefix("$").replace(",", "").partition(" ")
    scale = {"": 1, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}[word]
    assert float(head) * scale == pytest.approx(value, rel=0.0051)


@given(st.floats(1e-6, 1e7))
def test_law_latency_has_no_exponent(value: float) -> None:
    assert "e" not in units.seconds(value).replace("sec", "")


@given(st.text(max_size=80), st.integers(2, 60))
def test_law_shortened_text_fits(text: str, limit: int) -> None:
    assert len(units.shorten(text, limit)) <= limit


def test_markdown_takes_dollars_literally() -> None:
    assert units.markdown("$1 or $2 [x]") == r"\$1 or \$2 \[x\]"
