from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.wording import numbers
from components.wording.text import markdown, shorten


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
    assert numbers.seconds(value_s) == said


def test_quantities() -> None:
    assert numbers.tokens(1_200_000) == "1.2M tokens"
    assert numbers.requests_per_day(250_000) == "250,000 requests/day"
    assert numbers.number(-1500) == "-1,500"
    assert numbers.percent(0.43) == "43 %"
    assert numbers.percent(0.042) == "4.2 %"
    assert numbers.percent(-0.5) == "-50 %"
    assert numbers.factor(6.3) == "6.3x"
    assert numbers.factor(500) == "500x"
    assert numbers.power(7.5) == "7.5 kW"
    assert numbers.power(1200) == "1.2 MW"
    assert numbers.energy(412) == "412 kWh"
    assert numbers.energy(5400) == "5.4 MWh"
    assert numbers.carbon(412) == "412 kg CO2e"
    assert numbers.carbon(5400) == "5.4 t CO2e"


@pytest.mark.parametrize(
    ("share", "said"),
    [(-0.43, "-43 %"), (0.43, "+43 %"), (0.0, "0 %"), (0.99, "+99 %"), (1.0, "2 times"), (1.6, "2.6 times"),
     (15.9, "17 times"), (1589.0, "1,600 times"), (None, numbers.NOT_PUBLISHED)],
)  # fmt: skip
def test_a_cost_beside_another_is_a_change_or_times(share: float | None, said: str) -> None:
    assert numbers.against(share) == said


@pytest.mark.parametrize(
    ("value", "said", "short"),
    [(1590, "1,590", "1.59K"), (412_345, "412,000", "412K"), (999_960, "1M", "1M"), (42.0, "42", "42"),
     (21_000_000, "21M", "21M"), (0.5, "0.5", "0.5"), (-2500, "-2,500", "-2.5K")],
)  # fmt: skip
def test_a_count_is_written_out_below_a_million_and_short_on_an_axis(value: float, said: str, short: str) -> None:
    assert numbers.number(value) == said
    assert numbers.tick(value) == short


def test_none_is_not_published() -> None:
    for say in (
        numbers.number,
        numbers.tokens,
        numbers.percent,
        numbers.factor,
        numbers.power,
        numbers.energy,
        numbers.carbon,
    ):
        assert say(None) == numbers.NOT_PUBLISHED


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_law_no_exponent_and_the_sign_of_the_value(value: float) -> None:
    text = numbers.number(value)
    assert "e" not in text.lower()
    assert text.startswith("-") == (value < 0 and any(c in text for c in "123456789"))


@given(st.floats(0.01, 9e14))
def test_law_a_number_is_within_half_of_the_third_digit(value: float) -> None:
    found = re.fullmatch(r"([\d.,]+)([MBT]?)", numbers.number(value))
    assert found is not None
    scale = {"": 1, "M": 1e6, "B": 1e9, "T": 1e12}[found[2]]
    assert float(found[1].replace(",", "")) * scale == pytest.approx(value, rel=0.0051)


@given(st.floats(1e-6, 1e7))
def test_law_latency_has_no_exponent(value: float) -> None:
    assert "e" not in numbers.seconds(value).replace("sec", "")


@given(st.text(max_size=80), st.integers(2, 60))
def test_law_shortened_text_fits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_markdown_takes_dollars_literally() -> None:
    assert markdown("$1 or $2 [x]") == r"\$1 or \$2 \[x\]"
