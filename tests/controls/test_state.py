"""Codes are the scenario: every action on strategies ends in codes that read back."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.controls.shared.scenario_state import Kept
from components.engine.scenario import Scenario
from components.share import link
from components.share.presets import FIRST_SCREEN, first_screen


def _script(action: str, arguments: tuple[object, ...], fields: dict[str, object]) -> None:
    import streamlit as st

    from components.controls.shared import scenario_state as state

    state.remember_arrival()
    if action:
        getattr(state, action)(*arguments, **fields)
    st.session_state["seen"] = (state.scenario(), state.notices(), state.edited(), state.codes())


def _run(action: str = "", *arguments: Any, start: dict[str, str] | None = None, **fields: Any) -> Any:
    at = AppTest.from_function(_script, args=(action, arguments, fields), default_timeout=20)
    for key, value in (start or {}).items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    return at.session_state["seen"]


def test_an_empty_address_is_the_first_screen() -> None:
    scenario, notices, edited, codes = _run()
    assert scenario == first_screen()
    assert (notices, edited, codes) == ((), 1, list(FIRST_SCREEN))


def test_a_change_is_written_into_one_code() -> None:
    scenario, _, _, codes = _run("change_strategy", 1, cache=0.0, price=2.1)
    assert codes[1] == "four-layers~price.2.1~cache.0"
    assert codes[0] == FIRST_SCREEN[0]
    assert scenario.strategies[1].price == 2.1


def test_remove_baseline_and_add() -> None:
    scenario, _, edited, codes = _run("remove", 0)
    assert codes == list(FIRST_SCREEN[1:])
    assert edited == 0
    scenario, _, edited, codes = _run("make_baseline", 3)
    assert codes[0] == FIRST_SCREEN[3]
    start = {"s0": "naive", "s1": "groq"}
    scenario, _, edited, codes = _run("add_preset", "naive", start=start)
    assert [s.name for s in scenario.strategies][-1] == scenario.strategies[0].name + " 2"
    assert edited == 2
    _, _, _, codes = _run("remove", 0, start={"s0": "naive"})
    assert codes == ["naive"]


def test_there_are_never_more_than_six() -> None:
    assert len(_run("add_preset", "tpu")[3]) == len(link.SLOTS)


def test_a_full_page_can_still_try_another_preset() -> None:
    _, _, _, codes = _run("replace_with_preset", 2, "tpu")
    assert codes == [*FIRST_SCREEN[:2], "tpu", *FIRST_SCREEN[3:]]


def test_an_unreadable_slot_is_left_out_and_said() -> None:
    scenario, notices, _, codes = _run(start={"s0": "nonsense", "s1": "groq"})
    assert codes == ["groq"]
    assert len(scenario.strategies) == len(notices) == 1


def test_the_workload_keeps_what_was_not_changed() -> None:
    start = {"w": "rag_assistant~osl.300"}
    scenario, *_ = _run("change_workload", start=start, requests_per_day=5e5)
    assert (scenario.workload.preset, scenario.workload.osl, scenario.workload.requests_per_day) == (
        "rag_assistant", 300, 5e5,
    )  # fmt: skip


@pytest.mark.parametrize("currency", ["EUR", "INR"])
def test_currency_is_in_the_scenario(currency: str) -> None:
    assert _run(start={"cur": currency})[0].currency == currency


def _colours(scenario: Scenario) -> dict[str, int]:
    return {s.name: n for s, n in zip(scenario.strategies, scenario.colour_of, strict=True)}


def test_a_colour_stays_with_its_strategy() -> None:
    usual = _colours(first_screen())
    assert list(usual.values()) == list(range(len(usual)))
    _, *rest = usual
    assert _colours(_run("remove", 0)[0]) == {name: usual[name] for name in rest}
    moved = _colours(_run("make_baseline", 3)[0])
    assert moved == usual
    assert list(moved) != list(usual)
    start = {"s0": "naive", "s1": "groq", "s2": "tpu", link.COLOURS: "204"}
    with_another = _run("add", ["h100-default"], 1, start=start)[0]
    assert with_another.colour_of == (2, 1, 0, 4)
    assert _run("change_strategy", 1, start=start, cache=0.2)[0].colour_of == (2, 0, 4)


def test_a_starting_point_begins_with_the_usual_colours_and_the_way_back_with_those_before() -> None:
    start = {"s0": "naive", "s1": "groq", link.COLOURS: "10"}
    scenario = _run("take", Kept(("tpu", "naive"), "support_chat", "USD"), start=start)[0]
    assert scenario.colour_of == (0, 1)
    scenario = _run("take", Kept(("tpu", "naive"), "support_chat", "USD", (1, 0)), start=start)[0]
    assert scenario.colour_of == (1, 0)
