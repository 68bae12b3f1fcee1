"""The reader's own measurement of a strategy: what was measured, at which load, and what the model says of it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.badges import own_badge
from components.engine.answer import Answer
from components.engine.outcome import evaluate, scenario_book
from components.engine.scenario import Strategy, unmeasured
from components.engine.strategy import NotUsed, measurement
from components.share import codec
from components.wording.text import markdown

HELP = (
    "Measured this set-up yourself? One point is enough: the model's speed is scaled so that it gives what you "
    "measured, for this strategy and at every load."
)


class MeasuredField(NamedTuple):
    """One field of the measurement as the reader sees it."""

    field: str
    kind: Literal["figure", "whole", "percent"]
    label: str
    help: str
    empty: str = ""
    """Shown where nothing is given."""


FIGURES = (
    MeasuredField("own_tpot_ms", "figure", "Each word, ms (TPOT)", "Mean time per output token.", "not measured"),
    MeasuredField("own_ttft_ms", "figure", "First word, ms (TTFT)", "Mean time to the first token, waiting included.",
        "not measured"),
    MeasuredField("own_tok_s", "figure", "Output tokens per second and chip",
        "Over all chips of the server. Used where the time of each word was not measured, else only compared.",
        "not measured"),
)  # fmt: skip
POINT = (
    MeasuredField("own_concurrency", "whole", "Requests in flight", "On one server (replica), while it was measured."),
    MeasuredField("own_chips", "whole", "Chips of that server", "0: as set for the strategy."),
    MeasuredField("own_isl", "figure", "Prompt, tokens", "Mean length of the prompts sent.", "as here"),
    MeasuredField("own_osl", "figure", "Answer, tokens", "Mean length of the answers.", "as here"),
    MeasuredField("own_hit", "percent", "Prompt text already known",
        "Share of the prompt that the prefix cache held; 0 for a benchmark with random prompts.", "as here"),
)  # fmt: skip


def _point_of(strategy: Strategy) -> dict[str, Any]:
    """The operating point of today's workload, so that the measurement keeps it when the workload changes."""
    (outcome,) = evaluate(
        [strategy], scenario_state.workload(), scenario_book(scenario_state.scenario(), load_catalog())
    )
    main = next((f for f in outcome.fleets if f.deployment.role == "main" and f.deployment.osl >= 1), None)
    if main is None:
        return {}
    d = main.deployment
    return {
        "own_chips": strategy.own_chips or main.candidate.layout.chips + d.sram_chips,
        "own_isl": strategy.own_isl or max(float(round(d.isl)), 1.0),
        "own_osl": strategy.own_osl or float(round(d.osl)),
        "own_hit": round(1 - d.new_isl / d.isl, 3) if strategy.own_hit is None else strategy.own_hit,
    }


def _write(index: int, ask: MeasuredField, key: str) -> None:
    """Keep a figure; the first one fixes the operating point, the last one taken away frees it."""
    value = st.session_state[key]
    if ask.kind == "percent" and value is not None:
        value /= 100
    before = scenario_state.strategy(index)
    after = before.model_copy(update={ask.field: value})
    if measurement(before) is None and measurement(after) is not None:
        after = after.model_copy(update=_point_of(before))
    elif measurement(before) is not None and measurement(after) is None:
        after = unmeasured(after)
    scenario_state.change_strategy(
        index, **{name: getattr(after, name) for name in Strategy.model_fields if name != "name"}
    )


def _remove(index: int) -> None:
    plain = unmeasured(scenario_state.strategy(index))
    scenario_state.change_strategy(
        index, **{name: getattr(plain, name) for name in Strategy.model_fields if name != "name"}
    )
    st.session_state["measured"] = False


def _draw(ask: MeasuredField, index: int, strategy: Strategy) -> None:
    key, value = f"edit_{ask.field}", getattr(strategy, ask.field)
    low, high = codec.limits(Strategy, ask.field)
    wired: dict[str, Any] = {"key": key, "help": ask.help, "on_change": _write, "args": (index, ask, key)}
    if ask.kind == "whole":
        scenario_state.put(key, value)
        st.number_input(ask.label, int(low or 0), int(high or 0), step=1, **wired)
        return
    scale = 100 if ask.kind == "percent" else 1
    scenario_state.put(key, None if value is None else float(value) * scale)
    st.number_input(
        ask.label, (low or 0.0) * scale, (high or 0.0) * scale, value=None, format="%g", placeholder=ask.empty, **wired
    )


def _say(answer: Answer) -> None:
    """What the model said before and says after, or why the measurement is not used."""
    if answer.own is not None:
        st.markdown(own_badge())
        for sentence in answer.own.sentences:
            st.caption(_sentence(sentence))
    for sentence in answer.warnings:
        if isinstance(sentence, NotUsed):
            st.warning(_sentence(sentence), icon=":material/block:")


def _sentence(text: str) -> str:
    return markdown(text[:1].upper() + text[1:] + ".")


def own_measurement(index: int, answer: Answer | None) -> None:
    """Ask for the measurement, and say what the model said before and says after."""
    strategy = scenario_state.strategy(index)
    if strategy.buy == "api":
        return
    given = measurement(strategy) is not None
    scenario_state.put("measured", given or bool(st.session_state.get("measured")), index)
    if not st.toggle("Own measurement", key="measured", help=HELP, disabled=given):
        return
    if given and answer is not None:
        _say(answer)
    for ask in FIGURES:
        _draw(ask, index, strategy)
    st.caption("Measured with")
    for ask in POINT:
        _draw(ask, index, strategy)
    if given:
        st.button("Remove the measurement", key="measured_remove", on_click=_remove, args=(index,))
