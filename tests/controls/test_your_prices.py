"""Your prices: asked once, in the address, used and marked everywhere."""

from typing import Any

from streamlit.testing.v1 import AppTest

from components.controls.sidebar.your_prices import with_named
from tests.app import open_app

TWO = {"s0": "custom~chips.2~weights.fp8~name.One", "s1": "custom~chips.4~weights.fp8~name.Two"}


def _open(**query: str) -> AppTest:
    at = open_app(**{**TWO, **query})
    at.session_state["your_prices"] = True
    at.run()
    assert not at.exception
    return at


def _costs(at: AppTest) -> list[Any]:
    return list(at.dataframe[0].value["Per month"])


def test_a_figure_is_written_to_the_address_and_taken_away() -> None:
    at = _open()
    before = _costs(at)
    at.sidebar.number_input(key="own_salary").set_value(500_000.0).run()
    assert at.session_state["pr"] == "salary.500000"
    assert _costs(at) != before
    assert any("your figures" in caption.value for caption in at.main.caption)
    at.sidebar.button(key="reset_prices").click().run()
    assert at.session_state["pr"] == ""
    assert _costs(at) == before
    assert not any("your figures" in caption.value for caption in at.main.caption)


def test_empty_fields_say_what_is_published() -> None:
    at = _open(cur="EUR")
    assert at.sidebar.number_input(key="own_salary").placeholder == "250,000 (2026)"
    assert at.sidebar.number_input(key="own_overhead").placeholder.startswith("15 (")
    assert at.sidebar.number_input(key="own_rates_EUR").placeholder.startswith("0.89509 (2026-10-30)")


def test_shares_are_asked_in_percent() -> None:
    at = _open()
    at.sidebar.number_input(key="own_overhead").set_value(30.0).run()
    assert at.session_state["pr"] == "overhead.0.3"


def test_people_can_be_left_out() -> None:
    at = _open()
    at.sidebar.selectbox(key="own_staff").set_value("none").run()
    assert at.session_state["pr"] == "staff.none"
    assert not [n for n in at.sidebar.number_input if n.key == "own_salary"]


def test_a_strategys_price_becomes_that_of_every_strategy_on_the_chip() -> None:
    at = _open(s0="custom~chips.2~weights.fp8~price.1.5~name.One")
    before = _costs(at)
    at.session_state["edit_slot"] = 0
    at.session_state["edit_layer"] = "hardware"
    at.run()
    at.sidebar.button(key="apply_price").click().run()
    assert at.session_state["pr"] == "chip_hours.h100-sxm_1.5"
    assert "price" not in at.session_state["s0"]
    after = _costs(at)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_one_of_several_figures_is_set_and_taken_away() -> None:
    pairs = (("h100-sxm", 2.0), ("b200", 4.0))
    assert dict(with_named(pairs, "b200", 5.0)) == {"h100-sxm": 2.0, "b200": 5.0}
    assert with_named(pairs, "b200", None) == (("h100-sxm", 2.0),)
