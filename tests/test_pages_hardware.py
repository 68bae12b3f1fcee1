"""The Hardware page opens, answers, sets chips beside, and keeps the scenario."""

from functools import partial

from components.catalog.load import load_catalog
from tests.app import figures, open_app

_open = partial(open_app, "hardware")


def test_the_page_answers_its_question_with_a_date() -> None:
    at = _open()
    assert "waits for memory bandwidth" in at.title[0].value
    assert any(load_catalog().data_date in text.value for text in at.caption)
    assert len(figures(at)) == 6
    assert len(at.dataframe) == 2


def test_chips_needed_state_their_reason() -> None:
    table = _open().dataframe[0].value
    assert {"Chips needed", "Because", "Tokens/s per user", "Price per chip-hour"} <= set(table.columns)
    assert all("open on each" in why for why in table["Because"])


def test_the_spec_sheet_has_source_date_confidence_and_what_is_missing() -> None:
    sheet = _open().dataframe[1].value.set_index("Figure")
    chip = load_catalog().accelerators["h100-sxm"]
    column = sheet[chip.name]
    assert column["Memory bandwidth [GB/s]"] == "3,350 GB/s"
    assert column["Peak FP4, dense [TFLOP/s]"] == "not published"
    assert column["Confidence"] == chip.confidence
    assert column["Source"] == load_catalog().sources[chip.source_id].title
    assert column["Published"]
    assert "not re-read" in column["Figures read again"]


def test_a_picked_chip_is_set_beside() -> None:
    at = _open()
    before = len(at.dataframe[0].value)
    at.multiselect(key="hardware_pick").set_value(["groq-lpu-v1", "rubin-vr-nvl72"]).run()
    assert not at.exception
    table = at.dataframe[0].value.set_index("Strategy")
    assert len(table) == before + 2
    rubin = load_catalog().accelerators["rubin-vr-nvl72"].name
    assert table.loc[rubin, "Price per chip-hour"] == "not published"
    assert any("SRAM" in text.value for text in at.caption)


def test_the_scenario_of_the_sidebar_counts() -> None:
    at = _open(s0="h100-tuned~name.Mine", s1="b200-fp4", cur="EUR")
    table = at.dataframe[0].value
    assert next(iter(table["Strategy"])) == "Mine"
    assert all("€" in price for price in table["Price per chip-hour"])
    assert at.session_state["s1"] == "b200-fp4"


def test_only_per_token_strategies_ask_for_a_chip() -> None:
    at = _open(s0="platform", s1="groq")
    assert "paid per token" in at.info[0].value
    assert not figures(at)
    at.multiselect(key="hardware_pick").set_value(["b200"]).run()
    assert not at.exception
    assert len(figures(at)) == 6


def test_a_workload_without_answers_has_prompts_only() -> None:
    at = _open(w="embeddings", s0="plain~model.bge-m3", s1="b200-fp4~model.bge-m3")
    assert "prompts" in at.title[0].value
    assert len(figures(at)) == 6


def test_servers_of_different_size_are_said_where_chips_are_compared() -> None:
    """One chip per server leaves little room, so a better strategy may yield less per chip."""
    models = "s0=h100-default~chips.4~weights.fp8&s1=h100-default~chips.8~weights.fp8"
    pairs = dict(part.split("=", 1) for part in models.split("&"))
    said = [text.value for text in _open(**pairs).caption if "Chips in a server differ" in text.value]
    assert len(said) == 1
    assert "4" in said[0]
    assert "8" in said[0]
    alike = _open(s0="h100-default~chips.4", s1="b200-fp4~chips.4")
    assert not any("Chips in a server differ" in text.value for text in alike.caption)
