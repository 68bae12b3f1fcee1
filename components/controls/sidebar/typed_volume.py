"""The volume as a text: requests or users, in any period."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.share.typed_volume import read_volume, volume_text
from components.wording import numbers
from components.wording.text import markdown

TYPED, SAID = "load_typed", "load_typed_said"
HELP = (
    "2.3M, 3M a month, 1.2 bn a month, 10 per second, 5,000 users. Before exactly three digits a point or comma parts "
    "thousands: 5,000 and 5.000 are five thousand."
)


class Said(NamedTuple):
    """What was typed last, and what the page says to it while the volume is the one it led to."""

    text: str
    preset: str
    requests_per_day: float
    sentence: str
    wrong: bool


def _per_user(preset: str) -> float | None:
    return load_catalog().workloads[preset].requests_per_user_day.base


def _read(today: float) -> None:
    text, preset = str(st.session_state[TYPED]), scenario_state.workload().preset
    st.session_state.pop(SAID, None)
    if not text.strip():
        scenario_state.change_workload(requests_per_day=None)
        return
    try:
        found = read_volume(text, _per_user(preset))
    except ValueError as reason:
        st.session_state[SAID] = Said(text, preset, today, str(reason), wrong=True)
        return
    scenario_state.change_workload(requests_per_day=found.requests_per_day)
    sentence = numbers.requests_per_day(found.requests_per_day)
    if found.users is not None:
        each = numbers.number(_per_user(preset))
        sentence = f"{numbers.number(found.users)} users, {each} requests each a day: {sentence}"
    st.session_state[SAID] = Said(text, preset, found.requests_per_day, sentence, wrong=False)


def typed_volume(today: float) -> None:
    """Ask for the volume in words; `today` is the one in use. [requests/day]"""
    said = st.session_state.get(SAID)
    if not isinstance(said, Said) or (said.preset, said.requests_per_day) != (scenario_state.workload().preset, today):
        said = None
    scenario_state.put(TYPED, said.text if said else volume_text(today))
    st.text_input("Requests a day, or users", key=TYPED, help=HELP, on_change=_read, args=(today,))
    if said:
        (st.error if said.wrong else st.caption)(markdown(said.sentence))
