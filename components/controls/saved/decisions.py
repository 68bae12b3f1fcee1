"""Decisions: what was chosen, why, when to look again, and what has overturned it since."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.saved.asked import act, crossed
from components.controls.shared import saved_state
from components.engine.comparison import flips
from components.share.link import read_link
from components.store import Decision, Taken, Version, Watch
from components.wording.text import markdown


@st.cache_data(max_entries=64, show_spinner="Looking for what would overturn it …")
def _watches(query: str, index: int, _data: str) -> tuple[Watch, ...]:
    return tuple(Watch(*flip) for flip in flips(read_link(query)[0], index, load_catalog()))


def overdue(taken: Taken, today: date | None = None) -> bool:
    """Whether the day on which it was to be looked at again has come."""
    day = taken.decision.review_on
    return bool(day) and day <= str(today or datetime.now(UTC).date())


def overturned(taken: tuple[Taken, ...]) -> dict[int, tuple[Watch, ...]]:
    """What newer data have moved across a flip, by the key of the decision that rests on it."""
    return {one.key: found for one in taken if (found := crossed(one))}


def _said(taken: Taken, found: tuple[Watch, ...]) -> None:
    chosen = taken.decision
    if found:
        st.error(
            f"**{markdown(chosen.strategy)}** was chosen on {taken.decided_at:%-d %B %Y}; since then: "
            + markdown("; ".join(watch.words for watch in found)),
            icon=":material/published_with_changes:",
        )
    elif overdue(taken):
        st.warning(
            f"**{markdown(chosen.strategy)}**: to be looked at again on {chosen.review_on}.", icon=":material/event:"
        )
    with st.container(border=True):
        st.markdown(f"**{markdown(chosen.strategy)}**, version {taken.number}  \n{markdown(chosen.reason)}")
        by = f" by {taken.author}" if taken.author else ""
        review = f"; look again on {chosen.review_on}" if chosen.review_on else ""
        st.caption(markdown(f"Decided on {taken.decided_at:%-d %B %Y}{by}{review}"))
        if chosen.watches:
            st.caption("Changes if: " + markdown("; ".join(watch.words for watch in chosen.watches)))


def _record(version: Version, key: str) -> None:
    given = st.session_state
    names = [str(name) for name in version.answer.get("names", [])]
    name = given[f"{key}_strategy"]
    watches = _watches(version.link, names.index(name), load_catalog().version)
    day = given.get(f"{key}_review")
    decision = Decision(name, str(given[f"{key}_reason"] or ""), str(day) if day else "", watches)
    act(lambda: saved_state.store().decide(version.id, version.number, decision, saved_state.reader()), "Recorded.")


def decisions(taken: tuple[Taken, ...], since: dict[int, tuple[Watch, ...]], versions: tuple[Version, ...]) -> None:
    """What was decided; then, beside the scenario that is open, a form for another.

    Args: decisions of the reader's scenarios; what has overturned them; versions of the one whose history is shown, the
    last first.
    """
    if taken:
        st.markdown("## Decisions")
    for one in taken:
        _said(one, since.get(one.key, ()))
    if not versions or not saved_state.store().may_write(versions[0].id, saved_state.reader()):
        return
    last = versions[0]
    key = f"decide_{last.id}_{last.number}"
    with st.expander("Record a decision", icon=":material/gavel:"), st.form(key, border=False):
        names = [str(name) for name in last.answer.get("names", [])]
        best = int(last.answer.get("chosen", 0))
        st.selectbox("Chosen", names, index=min(best, len(names) - 1), key=f"{key}_strategy")
        st.text_input("Reason", key=f"{key}_reason", max_chars=500)
        st.date_input("Look again on", value=None, key=f"{key}_review")
        st.form_submit_button("Record", on_click=_record, args=(last, key), type="primary")
