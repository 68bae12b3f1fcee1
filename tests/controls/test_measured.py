"""The editor asks for an own measurement, keeps it in the address, marks what follows it, and drops it when it must."""

import pytest
from streamlit.testing.v1 import AppTest

from components.controls.sidebar.own_measurement import FIGURES, POINT
from components.engine.answer.records import CALIBRATED
from components.engine.scenario import OWN, Strategy
from components.share import codec, link
from tests.app import open_app

GIVEN = "h100-tuned~own_tpot_ms.30~own_ttft_ms.400~own_chips.1~own_concurrency.32"


def _strategy(at: AppTest, slot: str = "s0") -> Strategy:
    strategy, notices = link.read_strategy(at.session_state[slot])
    assert strategy is not None
    assert notices == []
    return strategy


def _said(at: AppTest) -> list[str]:
    return [c.value for c in (*at.caption, *at.sidebar.caption, *at.sidebar.markdown)]


def test_every_field_is_asked_with_limits() -> None:
    asks = (*FIGURES, *POINT)
    assert {ask.field for ask in asks} == set(OWN)
    assert all(ask.help.endswith(".") and None not in codec.limits(Strategy, ask.field) for ask in asks)


def test_a_measurement_is_written_with_its_operating_point_and_marked() -> None:
    at = open_app(s0="h100-tuned", s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    assert not any(CALIBRATED in text for text in _said(at))
    at.sidebar.toggle(key="measured").set_value(True).run()
    at.sidebar.number_input(key="edit_own_tpot_ms").set_value(30.0).run()
    at.sidebar.number_input(key="edit_own_concurrency").set_value(32).run()
    assert not at.exception
    strategy = _strategy(at)
    assert (strategy.own_tpot_ms, strategy.own_concurrency) == (30, 32)
    assert strategy.own_chips >= 1
    assert strategy.own_isl is not None and strategy.own_osl is not None and strategy.own_hit is not None
    assert sum(CALIBRATED in text for text in _said(at)) >= 2
    assert any("you measured 30 ms" in text and "0 % after" in text for text in _said(at))
    known = at.dataframe[0].value["Basis"].tolist()
    assert known[0].startswith(CALIBRATED)
    assert CALIBRATED not in known[1]


def test_a_link_with_a_measurement_opens_marked_and_it_can_be_removed() -> None:
    at = open_app(s0=GIVEN, s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    assert any("you measured 400 ms" in text for text in _said(at))
    at.sidebar.button(key="measured_remove").click().run()
    assert not at.exception
    assert at.session_state["s0"] == "h100-tuned"
    assert not any(CALIBRATED in text for text in _said(at))


def test_the_last_figure_taken_away_takes_the_operating_point_along() -> None:
    at = open_app(s0="h100-tuned~own_tpot_ms.30~own_chips.1~own_isl.500", s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    at.sidebar.number_input(key="edit_own_tpot_ms").set_value(None).run()
    assert not at.exception
    assert at.session_state["s0"] == "h100-tuned"


def test_another_chip_drops_the_measurement_and_says_so_another_price_keeps_it() -> None:
    at = open_app(s0=GIVEN, s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    at.sidebar.button_group(key="edit_layer").set_value("hardware").run()
    at.sidebar.number_input(key="edit_price").set_value(2.0).run()
    assert _strategy(at).own_tpot_ms == 30
    at.sidebar.selectbox(key="edit_hardware").set_value("b200").run()
    assert not at.exception
    assert _strategy(at).own_tpot_ms is None
    assert [t.value for t in at.toast if "Own measurement removed" in t.value]


@pytest.mark.parametrize("code", ["h100-tuned~own_tpot_ms.0.01", "h100-tuned~own_tpot_ms.30~own_chips.77"])
def test_a_measurement_that_cannot_be_used_says_why_beside_its_fields(code: str) -> None:
    at = open_app(s0=code, s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    assert [w.value for w in at.sidebar.warning if w.value.startswith("Own measurement not used")]
    assert not any(CALIBRATED in text for text in _said(at))


def test_a_platform_that_sells_tokens_is_not_asked() -> None:
    at = open_app(s0="groq", s1="naive")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    assert "measured" not in {t.key for t in at.sidebar.toggle}
    at = open_app(s0="groq~own_tpot_ms.3", s1="naive")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    assert any("already shown at its measured speed" in text for text in _said(at))


def test_a_prompt_of_random_text_is_zero_percent_known() -> None:
    at = open_app(s0=GIVEN, s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    at.sidebar.number_input(key="edit_own_hit").set_value(0.0).run()
    assert _strategy(at).own_hit == 0
    assert "own_hit.0" in at.session_state["s0"]
