"""The worst quality that may be called the best."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from components.controls.shared import scenario_state
from components.engine.scenario import Floor

WORDS: dict[Floor, str] = {"": "as good as the baseline", "any": "any, also not known"}
KEY = "load_grade"


def _write() -> None:
    scenario_state.change_workload(grade=st.session_state[KEY])


def quality_floor() -> None:
    """Ask for it; until the reader changes it, the best keeps the baseline's quality."""
    scenario_state.put(KEY, scenario_state.workload().grade)
    st.selectbox(
        "Quality at least",
        get_args(Floor),
        key=KEY,
        format_func=lambda grade: WORDS.get(grade, f"grade {grade}"),
        on_change=_write,
        help="The best of a comparison may lose at most a point (grade B) against the baseline, unless you allow more.",
    )
