"""Signing in and out, where the app has a sign-in."""

from __future__ import annotations

import streamlit as st

from components.controls.shared import saved_state
from components.wording.text import markdown

_SCRIPT = """<script>
(() => {
  if (window.fourLayersSignIn) return;
  window.fourLayersSignIn = true;
  const key = "four-layers-back", back = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (back && new URL(back).origin === location.origin && back !== location.href) location.replace(back);
  document.addEventListener("click", event => {
    if (event.target.closest?.(".st-key-sign_in, .st-key-sign_out")) sessionStorage.setItem(key, location.href);
  }, { capture: true });
})();
</script>"""
"""The way back to the page: signing in or out ends on the first one, without what the address said."""


def sign_in() -> None:
    """Who is signed in, with a way out; else a way in. Nothing where no sign-in is set up."""
    account = saved_state.account()
    if "is_logged_in" not in account:
        return
    if account["is_logged_in"]:
        name = str(account.get("name") or account.get("email") or "an account without a name")
        st.caption(f"Signed in as {markdown(name)}: what you save belongs to this account.")
        st.button("Sign out", key="sign_out", on_click=st.logout, icon=":material/logout:", width="stretch")
    else:
        st.button("Sign in", key="sign_in", on_click=st.login, icon=":material/login:", width="stretch")


def way_back() -> None:
    """Bring the reader back to where the sign-in began; outside of what is drawn only once it is opened."""
    if "is_logged_in" in saved_state.account():
        st.html(_SCRIPT, unsafe_allow_javascript=True, width="content")
