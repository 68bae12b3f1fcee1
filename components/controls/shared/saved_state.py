"""The saved scenario that this session has open, who the reader is, and the database behind both."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.comparison import comparison
from components.engine.scenario import Scenario
from components.share.data_tables import packed_tables
from components.share.engine_version import engine_version
from components.store import Draft, Reader, Store, StoreOffError, UnknownIdError, Visibility, open_engine, where

SHORT = "s"
"""Key of the short link's id in the address."""
DATED = frozenset({"v", "d"})
"""Keys of a link that say of when it is."""
COOKIE = "fl_reader"
_SECRET, _OPENED, _SAID = "saved_secret", "saved_opened", "saved_said"
_YEAR_S = 31_536_000


class Opened(NamedTuple):
    """A version that the page shows or came from."""

    id: str
    number: int
    name: str
    query: str
    """Of the canonical link, as saved."""


@st.cache_resource(show_spinner=False)
def _store(address: str) -> Store:
    return Store(open_engine(address))


def store() -> Store:
    """The store of saved scenarios, connected at its first use.    Raises: StoreOffError."""
    return _store(where())


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"four-layers {kind} {text}".encode()).hexdigest()


def account() -> dict[str, Any]:
    """What the sign-in knows of the reader; empty where none is set up."""
    return dict(st.user.to_dict())


def reader() -> Reader:
    """Who saves and asks: the account where the app has sign-in, else this browser."""
    known = account()
    if known.get("is_logged_in"):
        mail = str(known.get("email") or "")
        team = mail.rpartition("@")[2].lower() if known.get("email_verified", True) else ""
        return Reader(_digest("account", str(known.get("sub") or mail)), team, str(known.get("name") or mail))
    secret = st.session_state.get(_SECRET) or st.context.cookies.get(COOKIE) or ""
    return Reader(_digest("browser", secret)) if len(secret) >= 22 else Reader("")


def _become_known() -> Reader:
    """The reader, given a secret of the browser's own at the first save."""
    known = reader()
    if known.owner:
        return known
    st.session_state[_SECRET] = secrets.token_urlsafe(16)
    return reader()


def remember_reader() -> None:
    """Leave the secret with the browser, so that its list is there the next time; nothing before the first save."""
    secret = st.session_state.get(_SECRET)
    if secret and not st.context.cookies.get(COOKIE):
        cookie = f"{COOKIE}={secret}; path=/; max-age={_YEAR_S}; SameSite=Lax"
        secure = 'location.protocol === "https:" ? "; Secure" : ""'
        script = f"<script>document.cookie = '{cookie}' + ({secure});</script>"
        st.html(script, unsafe_allow_javascript=True, width="content")


def opened() -> Opened | None:
    """The version that this session opened or saved last."""
    found = st.session_state.get(_OPENED)
    return found if isinstance(found, Opened) else None


def said() -> str:
    """Why a short link could not be opened; empty where nothing went wrong."""
    return str(st.session_state.get(_SAID, ""))


def query_of(scenario: Scenario) -> str:
    """What is kept of a page: the query of its address."""
    return scenario_state.address(scenario).partition("?")[2]


def is_as_saved(scenario: Scenario) -> bool:
    """Whether the page is what the opened version says; the day of its data aside."""
    found = opened()
    return found is not None and _undated(found.query) == _undated(query_of(scenario))


def _undated(query: str) -> dict[str, list[str]]:
    return {key: value for key, value in parse_qs(query).items() if key not in DATED}


def open_arrival() -> None:
    """Show the scenario of a short link, before any widget is drawn; codes beside it in the address are newer."""
    arrived = st.session_state.get(scenario_state.ARRIVAL, {})
    key = (arrived.get(SHORT) or [""])[0]
    if not key or _OPENED in st.session_state or _SAID in st.session_state:
        return
    edited = any(name in arrived for name in scenario_state.BOUND)
    id_, _, number = key.partition(".")
    try:
        version = store().open(id_, reader(), int(number) if number.isdecimal() and len(number) < 9 else None)
    except UnknownIdError as reason:
        st.session_state[_SAID] = str(reason)
        return
    except StoreOffError as reason:
        st.session_state[_SAID] = f"The short link cannot be opened now. {reason}"
        return
    show(Opened(version.id, version.number, version.name, version.link), keep_page=edited)
    if not edited:
        # Before a widget is bound to them; later only a callback may write them.
        saved = parse_qs(version.link, keep_blank_values=True)
        st.query_params.from_dict({SHORT: version.id} | {k: v[0] for k, v in saved.items() if k not in DATED})


def show(version: Opened, *, keep_page: bool = False) -> None:
    """Put a version on the page; for callbacks and before widgets are drawn."""
    st.session_state[_OPENED] = version
    st.session_state[SHORT] = version.id
    if keep_page:
        return
    saved = parse_qs(version.query, keep_blank_values=True)
    st.session_state[scenario_state.ARRIVAL] = saved
    for name in (*scenario_state.BOUND, scenario_state.QUESTION):
        if name in saved or name in scenario_state.BOUND:
            st.session_state[name] = (saved.get(name) or [""])[0]


def save(name: str, note: str, visibility: Visibility, *, anew: bool) -> str:
    """Keep the page as a version; says how that went. For callbacks only.

    Raises: StoreOffError, UnknownIdError with what to do.
    """
    scenario = scenario_state.scenario()
    result = comparison(scenario)
    best = result.best if result.best is not None else 0
    answer = {
        "headline": result.headline,
        "chosen": best,
        "names": [a.name for a in result.answers],
        "costs_usd_per_month": [a.cost_usd_per_month.base if a.feasible else None for a in result.answers],
        "requests_per_day": result.requests_per_day,
        "currency": scenario.currency,
    }
    query = query_of(scenario)
    draft = Draft(name, query, answer, load_catalog().version, engine_version(), note, visibility)
    before = None if anew else opened()
    who = _become_known()
    version, conflict = store().save(
        draft, who, before.id if before else "", before.number if before else None, packed_tables()
    )
    show(Opened(version.id, version.number, version.name, query), keep_page=True)
    if conflict is not None:
        return (
            f"Saved as version {conflict.yours}. Version {conflict.theirs} was saved by somebody else meanwhile; "
            "both are kept, and the page Saved compares them."
        )
    return f"Saved as version {version.number}."


def short_link() -> str:
    """The link of the opened scenario's last version; empty where none is open."""
    found = opened()
    page = (st.context.url or "").partition("?")[0]
    root = "/".join(page.split("/")[:3]) if page.count("/") >= 3 else page
    return f"{root}/?{SHORT}={found.id}" if found else ""
