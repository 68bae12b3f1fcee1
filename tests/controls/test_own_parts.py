"""A chip and a model of the reader's own: made in the editor, in the address, usable and marked on every page."""

import json

from streamlit.testing.v1 import AppTest

from tests.app import open_app
from tests.catalog.published_configs import CONFIGS

TWO = {"s0": "custom~chips.2~weights.fp8~name.One", "s1": "custom~chips.2~weights.fp8~name.Two"}


def _open(layer: str, **query: str) -> AppTest:
    at = open_app(**{**TWO, **query})
    at.session_state["own_chip"] = at.session_state["own_model"] = True
    at.session_state["edit_layer"] = layer
    at.run()
    assert not at.exception
    return at


def _costs(at: AppTest) -> list[object]:
    return list(at.dataframe[0].value["Per month"])


def test_a_chip_is_copied_changed_and_taken_away() -> None:
    at = _open("hardware")
    before = _costs(at)
    at.sidebar.button(key="own_chip_copy").click().run()
    assert at.session_state["oc"] == "own-chip-1"
    assert "hardware.own-chip-1" in at.session_state["s1"]
    assert _costs(at) == before
    assert at.sidebar.number_input(key="own_chip_memory_bandwidth_gb_per_s").placeholder == "3,350"
    at.sidebar.number_input(key="own_chip_usd_per_chip_hour").set_value(1.0).run()
    at.sidebar.text_input(key="own_chip_name").set_value("Ours").run()
    assert at.session_state["oc"] == "own-chip-1~name.Ours~hour.1"
    assert _costs(at)[0] == before[0]
    assert _costs(at)[1] != before[1]
    assert any("your figures" in caption.value and "Two" in caption.value for caption in at.main.caption)
    assert any("Your Ours" in option for option in at.sidebar.selectbox(key="edit_hardware").options)
    at.sidebar.button(key="own_chip_remove").click().run()
    assert at.session_state["oc"] == ""
    assert _costs(at) == before
    assert not at.exception
    assert not at.warning


def test_a_model_is_read_from_a_pasted_config() -> None:
    at = _open("model")
    at.sidebar.text_area(key="own_model_text").set_value(json.dumps(CONFIGS["qwen3-8b"])).run()
    assert at.session_state["om"].startswith("own-model-1~name.qwen3~since.2025-04-29~params.8190000000")
    assert "model.own-model-1" in at.session_state["s1"]
    assert not at.error
    assert any("8.19 billion parameters" in caption.value for caption in at.sidebar.caption)
    at.sidebar.text_input(key="own_model_name").set_value("Ours").run()
    assert "name.Ours" in at.session_state["om"]
    for page in ("find", "hardware", "evidence", "compare"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception, page
    at.session_state["own_model"] = True
    at.session_state["edit_layer"] = "model"
    at.run()
    at.sidebar.button(key="own_model_remove").click().run()
    assert at.session_state["om"] == ""
    assert "own-model" not in at.session_state["s1"]


def test_what_cannot_be_read_is_said_in_a_sentence_and_nothing_is_lost() -> None:
    at = _open("model")
    config = {k: v for k, v in CONFIGS["qwen3-8b"].items() if k != "num_hidden_layers"}
    at.sidebar.text_area(key="own_model_text").set_value(json.dumps(config)).run()
    assert [error.value for error in at.sidebar.error] == [
        "config.json lacks num\\_hidden\\_layers (how many layers), which a qwen3 model needs."
    ]
    assert not at.session_state["om"]
    assert at.session_state["s1"] == TWO["s1"]
