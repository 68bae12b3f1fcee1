"""Pages open whatever the address says, give an answer, and follow their widgets."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.share import link
from components.share.presets import first_screen
from tests.app import figures, open_app


def _costs(at: AppTest) -> list[str]:
    """The monthly costs of the table, baseline first."""
    return list(at.dataframe[0].value["Per month"])


def _answer(at: AppTest) -> str:
    return str(at.title[0].value)


def test_the_first_screen_is_a_complete_answer() -> None:
    at = open_app()
    assert len(_answer(at)) > 30
    assert len([c for c in at.caption if c.value.startswith("Whole answer")]) == 3
    assert not at.warning
    assert len(figures(at)) == 5


def test_a_deep_link_opens_as_sent() -> None:
    at = open_app(s0="h100-tuned~spec.none", s1="groq~name.Fast", cur="EUR", w="support_chat~requests_per_day.1000000")
    assert "€" in _costs(at)[0]
    assert at.session_state["s1"] == "groq~name.Fast"
    assert at.sidebar.select_slider(key="load_requests").value == 1_000_000
    assert at.sidebar.radio(key="edit_slot").options[1] == "Fast"


@pytest.mark.parametrize(
    "query",
    [
        {"s0": "<script>alert(1)</script>"},
        {"s0": "naive~name.<b>x</b>~cache.99~price.nan"},
        {"w": "nothing~isl.-1", "cur": "DOGE"},
        {"v": "99"},
        {"s3": "A" * 20_000},
    ],
)
def test_garbage_opens_and_is_said(query: dict[str, str]) -> None:
    at = open_app(**query)
    assert _answer(at)
    assert len(at.warning) == 1
    assert "<" not in at.warning[0].value.replace("\\<", "")


def test_moving_the_volume_changes_the_cost_and_the_code() -> None:
    at = open_app()
    before = _costs(at)
    at.sidebar.select_slider(key="load_requests").set_value(2_000_000.0).run()
    assert not at.exception
    assert _costs(at) != before
    assert at.session_state["w"] == "support_chat~requests_per_day.2000000"


def test_a_dear_target_is_said_and_taken_in_one_click() -> None:
    at = open_app(w="coding_agent", s0="h100-default", s1="h100-tuned")
    said = [m.value for m in at.main.markdown if "is dear" in m.value]
    assert len(said) == 1
    assert "a word every 20 ms" in said[0]
    at.button(key="take_target").click().run()
    assert not at.exception
    assert at.session_state["w"] == "coding_agent~tpot_ms.25"


def test_a_target_that_costs_little_is_not_mentioned() -> None:
    assert not [m for m in open_app().main.markdown if "is dear" in m.value]


def test_the_editor_writes_the_code_and_the_answer_follows() -> None:
    at = open_app(s0="naive", s1="groq")
    at.sidebar.radio(key="edit_slot").set_value(0).run()
    before = _costs(at)
    at.sidebar.selectbox(key="edit_weights").set_value("fp8").run()
    at.sidebar.button_group(key="edit_layer").set_value("stack").run()
    at.sidebar.selectbox(key="edit_batching").set_value("continuous").run()
    assert not at.exception
    assert at.session_state["s0"] == "naive~weights.fp8~batching.continuous"
    assert _costs(at)[0] != before[0]


def test_an_own_price_is_kept_and_marked() -> None:
    at = open_app(s0="naive", s1="h100-tuned")
    at.sidebar.button_group(key="edit_layer").set_value("hardware").run()
    at.sidebar.number_input(key="edit_price").set_value(1.25).run()
    assert not at.exception
    assert at.session_state["s1"] == "h100-tuned~price.1.25"
    assert any("wn price 1.25" in c.value for c in at.sidebar.caption)


def test_the_copied_link_is_the_scenario() -> None:
    at = open_app()
    code = at.sidebar.code[0].value
    assert link.read_link(code) == (first_screen(), [])


def test_why_opens_without_fault() -> None:
    at = open_app()
    at.button(key="why_0").click().run()
    assert not at.exception


@pytest.mark.parametrize("page", ["", "pages/find.py", "pages/hardware.py"])
def test_a_currency_without_a_rate_is_shown_in_dollars_and_said(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load_catalog()
    unrated = catalog.economics["fx_usd_eur"].model_copy(update={"base": None})
    economics = MappingProxyType({**catalog.economics, "fx_usd_eur": unrated})
    monkeypatch.setattr(link, "load_catalog", lambda: replace(catalog, economics=economics))
    scenario_state._read.cache_clear()
    try:
        at = open_app(cur="EUR", s0="naive")
        if page:
            at.switch_page(page).run()
        assert not at.exception
        shown = " ".join(str(m.value) for m in (*at.metric, *at.title))
        assert "€" not in shown
        assert any("No exchange rate of EUR is published; USD is used" in w.value for w in at.warning)
    finally:
        scenario_state._read.cache_clear()


def test_the_quality_floor_is_asked_for_and_kept_in_the_address() -> None:
    at = open_app()
    assert at.sidebar.selectbox(key="load_grade").value == ""
    at.sidebar.selectbox(key="load_grade").set_value("A").run()
    assert not at.exception
    assert "grade.A" in at.session_state["w"]
    assert "plain server" in _answer(at)  # the only one that is lossless and published


def test_the_steps_follow_the_best_unless_another_is_picked() -> None:
    """A pick stood for another strategy than the headline once the best had changed."""
    at = open_app(s0="plain", s1="four-layers", s2="fp8-alone")
    assert at.selectbox(key="steps_to").value == "four-layers"
    at.selectbox(key="steps_to").set_value("fp8-alone").run()
    at.sidebar.select_slider(key="load_requests").set_value(2_000_000.0).run()
    assert at.selectbox(key="steps_to").value == "fp8-alone"
    at.session_state["s1"] = "four-layers~price.900"
    at.run()
    assert at.selectbox(key="steps_to").value == "fp8-alone"
    at.session_state["s1"] = "four-layers"
    at.run()
    assert at.selectbox(key="steps_to").value == "four-layers"
    at.session_state["s1"] = "four-layers~price.900"
    at.run()
    assert at.selectbox(key="steps_to").value == "fp8-alone"
    assert "H100, 8-bit weights alone" in at.title[0].value
