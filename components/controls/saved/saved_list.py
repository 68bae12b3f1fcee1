"""The list of saved scenarios, the last saved first."""

from __future__ import annotations

import streamlit as st

from components.controls.saved.asked import act, or_said
from components.controls.shared import saved_state
from components.store import Listed, Page, Taken
from components.wording.text import markdown

ROWS = 12
CHOSEN, _PAGES = "saved_chosen", "saved_pages"
WHO = {"link": "anybody with the link", "private": "only me", "team": "my team"}


def mine() -> tuple[Page | None, tuple[Taken, ...]]:
    """The first part of the reader's list, None where saving is off, and the decisions."""
    found = or_said(lambda: saved_state.store().list(saved_state.reader(), size=ROWS))
    taken = or_said(lambda: saved_state.store().decisions(saved_state.reader())) if found is not None else ()
    return found, taken or ()


def headline(page: Page | None, overturned: int) -> None:
    """How many there are, and whether a decision wants another look."""
    if page is None:
        st.title("Saving is off; your scenario is safe in its link")
    elif overturned:
        plural = "decision rests" if overturned == 1 else "decisions rest"
        st.title(f"{overturned} {plural} on figures that have changed since")
    elif page.rows:
        count = f"{len(page.rows)}{' or more' if page.after else ''}"
        st.title(f"{count} saved scenario{'s' if page.after or len(page.rows) > 1 else ''}")
    else:
        st.title("Nothing is saved here yet")
        st.markdown("**Save** at the top of the sidebar keeps a comparison under a name, with a short link to pass on.")
    signed_in = saved_state.reader().name
    browser = "The list belongs to this browser; a short link opens anywhere."
    st.markdown(f"Signed in as {markdown(signed_in)}." if signed_in else browser)


def _open(row: Listed) -> None:
    def show() -> None:
        version = saved_state.store().open(row.id, saved_state.reader())
        saved_state.show(saved_state.Opened(version.id, version.number, version.name, version.link))

    act(show, "Opened. Back returns to what was there.")


def _choose(row: Listed) -> None:
    st.session_state[CHOSEN] = row.id


def _delete(row: Listed) -> None:
    act(
        lambda: saved_state.store().delete(row.id, saved_state.reader()), "Deleted; it can be brought back for 30 days."
    )
    if st.session_state.get(CHOSEN) == row.id:
        del st.session_state[CHOSEN]


def _bring_back(row: Listed) -> None:
    act(lambda: saved_state.store().bring_back(row.id, saved_state.reader()), "It is back.")


def _row(row: Listed) -> None:
    words, buttons = st.columns([3, 2], vertical_alignment="center")
    saved = f"version {row.number}, {row.saved_at:%-d %B %Y}, {WHO[row.visibility]}"
    words.markdown(f"**{markdown(row.name) or 'Without a name'}**  \n{markdown(row.headline)}")
    words.caption(saved if row.mine else f"{saved}, of a colleague")
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        if row.deleted_at is not None:
            st.button("Bring back", key=f"back_{row.id}", on_click=_bring_back, args=(row,), icon=":material/undo:")
            return
        st.button("Open", key=f"open_{row.id}", on_click=_open, args=(row,), icon=":material/open_in_browser:")
        st.button("Versions", key=f"versions_{row.id}", on_click=_choose, args=(row,), icon=":material/history:")
        if row.mine:
            st.button("Delete", key=f"delete_{row.id}", on_click=_delete, args=(row,), icon=":material/delete:")


def saved_list(first: Page) -> None:
    """The rows, a part at a time, then what was deleted."""
    store, who = saved_state.store(), saved_state.reader()
    page, shown = first, st.session_state.setdefault(_PAGES, 1)
    for number in range(shown):
        for row in page.rows:
            with st.container(border=True):
                _row(row)
        if not page.after or number == shown - 1:
            break
        after = page.after
        page = or_said(lambda after=after: store.list(who, after, size=ROWS)) or Page((), "")  # type: ignore[misc]
    if page.after:
        st.button("More", key="more_saved", on_click=lambda: st.session_state.update({_PAGES: shown + 1}))
    aside = or_said(lambda: store.list(who, deleted=True, size=ROWS))
    if aside is not None and aside.rows:
        with st.expander(f"Deleted ({len(aside.rows)}{' or more' if aside.after else ''})", icon=":material/delete:"):
            for row in aside.rows:
                _row(row)
