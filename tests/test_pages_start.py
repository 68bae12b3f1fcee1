"""Starting points and the typed volume on the page: one click takes them, and nothing of the reader's is lost."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.share import link
from components.share.starting_points import starts
from tests.app import open_app

OWN = {"s0": "naive~name.Mine", "s1": "groq", "w": "rag_assistant~requests_per_day.70000~osl.200", "cur": "GBP"}


def _keys(at: AppTest) -> set[str]:
    return {str(b.key) for b in at.sidebar.button}


def _query(at: AppTest) -> dict[str, str]:
    held = {k: at.session_state[k] for k in (*link.SLOTS, "w", "cur") if k in at.session_state}
    return {k: value for k, value in held.items() if value}


def test_the_first_screen_is_the_first_starting_point() -> None:
    at = open_app()
    assert at.sidebar.selectbox(key="pick_start").value == "support-chat"
    assert "back_to_before" not in _keys(at)


@pytest.mark.parametrize("key", ["coding-agents", "phone", "eu-bank"])
def test_a_starting_point_is_taken_whole_and_left_again(key: str) -> None:
    at = open_app(**OWN)
    assert at.sidebar.selectbox(key="pick_start").value is None
    at.sidebar.selectbox(key="pick_start").set_value(key).run()
    assert not at.exception
    start = starts()[key]
    got = _query(at)
    assert tuple(got[slot] for slot in link.SLOTS) == start.codes
    assert got["w"] == start.workload_code
    assert got["cur"] == ("EUR" if start.scenario.currency == "EUR" else "GBP")
    assert at.sidebar.selectbox(key="pick_start").value == key
    at.sidebar.button(key="back_to_before").click().run()
    assert not at.exception
    assert _query(at) == OWN
    at.sidebar.button(key="back_to_before").click().run()
    assert _query(at)["w"] == start.workload_code


def test_the_currency_of_a_starting_point_goes_with_it_and_one_of_the_readers_own_stays() -> None:
    at = open_app()
    for key, currency in (("eu-bank", "EUR"), ("voice", "USD")):
        at.sidebar.selectbox(key="pick_start").set_value(key).run()
        assert at.session_state["cur"] == currency
    at.sidebar.selectbox(key="cur").set_value("JPY").run()
    at.sidebar.selectbox(key="pick_start").set_value("images").run()
    assert at.session_state["cur"] == "JPY"


def test_another_workload_offers_its_strategies_in_one_click() -> None:
    at = open_app(**OWN)
    assert "take_start" not in _keys(at)
    at.sidebar.selectbox(key="pick_workload").set_value("coding_agent").run()
    assert at.session_state["w"] == "coding_agent~requests_per_day.70000"
    assert at.session_state["s0"] == OWN["s0"]
    at.sidebar.button(key="take_start").click().run()
    assert not at.exception
    assert at.session_state["s0"] == starts()["coding-agents"].codes[0]
    assert "take_start" not in _keys(at)
    at.sidebar.button(key="back_to_before").click().run()
    assert at.session_state["s0"] == OWN["s0"]


def test_a_workload_without_a_starting_point_offers_nothing() -> None:
    at = open_app()
    at.sidebar.selectbox(key="pick_workload").set_value("translation").run()
    assert not at.exception
    assert "take_start" not in _keys(at)


def test_the_volume_of_a_starting_point_does_not_follow_to_other_work() -> None:
    at = open_app()
    at.sidebar.selectbox(key="pick_start").set_value("embeddings").run()
    at.sidebar.selectbox(key="pick_workload").set_value("voice_assistant").run()
    assert at.session_state["w"] == "voice_assistant"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2.3M", "support_chat~requests_per_day.2300000"),
        ("5,000 users", "support_chat~requests_per_day.18500"),
        ("", "support_chat"),
    ],
)
def test_a_typed_volume_is_the_volume(text: str, code: str) -> None:
    at = open_app(w="support_chat~requests_per_day.1000000")
    at.sidebar.text_input(key="load_typed").set_value(text).run()
    assert not at.exception
    assert at.session_state["w"] == code


def test_users_stay_as_typed_and_are_explained() -> None:
    at = open_app()
    at.sidebar.text_input(key="load_typed").set_value("5,000 users").run()
    assert at.sidebar.text_input(key="load_typed").value == "5,000 users"
    explained = "5,000 users, 3.7 requests each a day: 18,500 requests/day"
    assert any(explained in caption.value.replace("\\", "") for caption in at.sidebar.caption)
    at.sidebar.select_slider(key="load_requests").set_value(2_000_000.0).run()
    assert at.sidebar.text_input(key="load_typed").value == "2,000,000"


def test_what_cannot_be_read_changes_nothing_and_says_what_to_write() -> None:
    at = open_app()
    before = at.session_state["w"]
    at.sidebar.text_input(key="load_typed").set_value("3 bananas").run()
    assert not at.exception
    assert at.session_state["w"] == before
    assert at.sidebar.text_input(key="load_typed").value == "3 bananas"
    assert "write for instance" in at.sidebar.error[0].value


def test_devices_of_users_begin_with_phones_and_models_with_those_that_fit() -> None:
    at = open_app(s0="groq", s1="edge-split~edge_device.snapdragon-8-elite~edge_model.gemma-3-1b", w="on_device")
    at.sidebar.button_group(key="edit_layer").set_value("workload").run()
    assert not at.exception
    kinds = [option.partition(":")[0] for option in at.sidebar.selectbox(key="edit_edge_device").options]
    assert list(dict.fromkeys(kinds)) == ["phone", "laptop", "desktop", "board"]
    models = at.sidebar.selectbox(key="edit_edge_model").options
    marked = [name.endswith("(too large)") for name in models]
    assert marked == sorted(marked)
    assert any(marked)
    assert not all(marked)
