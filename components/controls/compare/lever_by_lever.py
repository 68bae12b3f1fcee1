"""What each lever of a strategy is worth: the bill with that one as in the baseline."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.engine.comparison import LeverEffect, lever_effects
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.vocabulary import LAYERS

HELP = (
    "Idle machines, people, upkeep and the work itself; then the bill with one thing at a time as in the baseline. "
    "The figures do not add up to the saving: two levers that save the same thing are each worth little beside the "
    "other."
)


def worth(effect: LeverEffect, money: Money) -> str:
    """What it saves in words: "$8.9K", "nothing at this load", "costs $1.9K"."""
    if effect.saving_usd_per_month is None:
        return f"not to be told apart: {effect.note}"
    if effect.buys_nothing:
        return "nothing at this load"
    amount = money.compact(abs(effect.saving_usd_per_month))
    said = amount if effect.saving_usd_per_month >= 0 else f"costs {amount}"
    return f"{said}; {effect.note}" if effect.note else said


def lever_by_lever(index: int, money: Money) -> None:
    """A row for everything that a strategy does differently.

    Args: index of the strategy in the scenario; currency shown.
    """
    rows = [
        {
            "Layer": LAYERS[effect.layer].words,
            "What": effect.words,
            "Saves a month": worth(effect, money),
            "Bill without it": NONE
            if effect.cost_without_usd_per_month is None
            else money.compact(effect.cost_without_usd_per_month),
        }
        for effect in lever_effects(scenario_state.scenario(), index, load_catalog())
    ]
    st.dataframe(rows, hide_index=True, key="levers", height="content")
