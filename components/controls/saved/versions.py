"""Versions of one scenario, and what moved the answer between two of them."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import Catalog, load_catalog
from components.controls.saved.asked import act, kept_of, or_said
from components.controls.saved.saved_list import CHOSEN, WHO
from components.controls.shared import saved_state
from components.controls.shared.comparison import comparison, money
from components.engine.comparison import Move, SavedAnswer, version_moves
from components.share.data_tables import catalog_of
from components.share.engine_version import engine_version
from components.share.link import read_link
from components.store import StoreOffError, Version
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.text import markdown

TODAY = 0
"""Stands for the last version's question with today's data and engine."""
CAUSES = {"engine": "Engine", "input": "What was asked", "data": "Prices and other data"}
MOST_NAMED = 3


def chosen() -> tuple[Version, ...]:
    """All versions of the scenario whose history is asked for, the last first; empty where none is."""
    found = saved_state.opened()
    key = st.session_state.get(CHOSEN) or (found.id if found else "")
    return (or_said(lambda: saved_state.store().versions(key, saved_state.reader())) or ()) if key else ()


@st.cache_resource(max_entries=4, show_spinner=False)
def _data_of(version: str) -> Catalog | None:
    return catalog_of(saved_state.store().tables(version))


def moves(older: Version, newer: Version | None) -> tuple[tuple[Move, ...], SavedAnswer, SavedAnswer] | str:
    """What moved the answer, with both ends; a sentence where that cannot be told.

    Args: older; newer, None for the older one's question asked today.
    """
    before = kept_of(older)
    if before is None:
        return f"Version {older.number} had no answer with a cost."
    now = load_catalog()
    try:
        then = now if older.data_version == now.version else _data_of(older.data_version)
    except StoreOffError as reason:
        return str(reason)
    if newer is None:
        after = _asked_today(before)
    else:
        found = kept_of(newer)
        if found is None:
            return f"Version {newer.number} had no answer with a cost."
        after = found
    try:
        return version_moves(before, after, then, now), before, after
    except ValueError as reason:
        return f"What moved cannot be told: {reason}."


def _asked_today(before: SavedAnswer) -> SavedAnswer:
    result = comparison(before.scenario)
    best = before.chosen if result.best is None else result.best
    return SavedAnswer(before.scenario, best, result.answers[best].cost_usd_per_month.base)


def sentence(found: tuple[Move, ...], before: SavedAnswer, after: SavedAnswer, money: Money) -> str:
    """The two ends, then the largest moves: "$212K → $188K: -$31K 8-bit weights, +$9K price of an H100-hour"."""
    ends = f"{money.compact(before.cost_usd_per_month)} → {money.compact(after.cost_usd_per_month)} a month"
    largest = sorted(found, key=lambda move: -abs(move.usd_per_month))
    named = [f"{_signed(move.usd_per_month, money)} {move.words}" for move in largest[:MOST_NAMED]]
    rest = sum(move.usd_per_month for move in largest[MOST_NAMED:])
    if len(largest) > MOST_NAMED:
        named.append(f"{_signed(rest, money)} by the rest")
    return f"{ends}: {', '.join(named)}" if named else f"{ends}: nothing moved it"


def _signed(usd: float, money: Money) -> str:
    return f"{'+' if usd > 0 else '-'}{money.compact(abs(usd))}"


def _label(number: int, all_: tuple[Version, ...]) -> str:
    if number == TODAY:
        return "Today's data and engine"
    version = next(v for v in all_ if v.number == number)
    return f"Version {number}, {version.saved_at:%-d %b %Y}"


def versions(all_: tuple[Version, ...]) -> None:
    """The history of one scenario, two of its versions compared, and who may open it."""
    if not all_:
        return
    last = all_[0]
    st.markdown(f"## {markdown(last.name) or 'Without a name'}: versions")
    rows = [
        {
            "Version": v.number,
            "Saved (UTC)": f"{v.saved_at:%Y-%m-%d %H:%M}",
            "By": v.author or NONE,
            "Note": v.note,
            "Data": v.data_version,
            "Engine": v.engine_version,
            "Answer": str(v.answer.get("headline", "")),
        }
        for v in all_
    ]
    st.dataframe(rows, hide_index=True, key="saved_versions", height="content")
    numbers = [v.number for v in all_]
    one, other = st.columns(2)
    before = one.selectbox("From", numbers, index=min(1, len(numbers) - 1), key=f"from_{last.id}",
                           format_func=lambda n: _label(n, all_))  # fmt: skip
    after = other.selectbox("To", [TODAY, *numbers], index=1 if len(numbers) > 1 else 0, key=f"to_{last.id}",
                            format_func=lambda n: _label(n, all_))  # fmt: skip
    by_number = {v.number: v for v in all_}
    found = moves(by_number[before], by_number.get(after))
    if isinstance(found, str):
        st.info(found)
    else:
        scenario, _ = read_link(by_number[before].link)
        shown = money(scenario.currency)
        st.markdown(f"**{markdown(sentence(*found, shown))}**")
        table = [
            {"Moved by": m.words, "Kind": CAUSES[m.cause], "A month": _signed(m.usd_per_month, shown)} for m in found[0]
        ]
        if table:
            st.dataframe(table, hide_index=True, key="saved_moves", height="content")
        st.caption(
            f"Each step is worked out with today's engine ({engine_version()}) on the data of the day: first the "
            "engine, then what was asked, one thing after another, then prices and other data."
        )
    _seen_by(last)


def _seen_by(version: Version) -> None:
    row = or_said(lambda: saved_state.store().listed(version.id, saved_state.reader()))
    if row is None or not row.mine:
        return
    choices = [v for v in WHO if v != "team" or saved_state.reader().team]
    key = f"seen_{version.id}"

    def change() -> None:
        saved_state.store().show_to(version.id, st.session_state[key], saved_state.reader())

    at = choices.index(row.visibility) if row.visibility in choices else 0
    st.selectbox("Who may open it", choices, index=at, key=key, format_func=lambda v: WHO[v].capitalize(),
                 on_change=lambda: act(change, "Changed."))  # fmt: skip
