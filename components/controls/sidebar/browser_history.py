"""Browser history: one entry per decision, none while a slider or a number moves.

Streamlit adds an entry for each bound value that a callback writes. The script below, which holds no text of the
reader, turns those of one page that come from a slider or number, or shortly after another, into replacements.
Without scripts the page works the same, with more entries.
"""

import streamlit as st

_SCRIPT = """<script>
(() => {
  if (window.fourLayersHistory) return;
  window.fourLayersHistory = true;
  const push = window.history.pushState.bind(window.history);
  let last = 0;
  window.history.pushState = (state, title, url) => {
    const to = new URL(url ?? "", window.location.href);
    const here = to.pathname === window.location.pathname;
    const at = document.activeElement;
    const moving = at && (at.getAttribute("role") === "slider" || at.type === "range" || at.type === "number"
      || at.querySelector?.(":scope > [role=slider]"));
    const now = Date.now();
    const soon = now - last < 1500;
    last = now;
    if (here && (moving || soon)) window.history.replaceState(state, title, url);
    else push(state, title, url);
  };
})();
</script>"""


def tidy() -> None:
    """Keep Back useful: undo a decision, not a pixel."""
    st.html(_SCRIPT, unsafe_allow_javascript=True, width="content")
