"""Browser history: one entry per decision, none while a slider or a number moves.

Streamlit adds an entry for each bound value that a callback writes, and none for a bound widget that the reader
changes. The script below, which holds no text of the reader, makes one entry of what follows a click or a key, unless
that moved a slider or a number. Without scripts the page works the same, with other entries.
"""

import streamlit as st

_SCRIPT = """<script>
(() => {
  if (window.fourLayersHistory) return;
  window.fourLayersHistory = true;
  const push = window.history.pushState.bind(window.history);
  const replace = window.history.replaceState.bind(window.history);
  const LATER_MS = 1500;
  let last = 0;
  let decided = false;
  const decide = event => { decided = !event.altKey; };
  window.addEventListener("pointerdown", decide, { capture: true });
  window.addEventListener("keydown", decide, { capture: true });
  window.addEventListener("popstate", () => { decided = false; }, { capture: true });
  const moving = () => {
    const at = document.activeElement;
    return at && (at.getAttribute("role") === "slider" || at.type === "range" || at.type === "number"
      || at.querySelector?.(":scope > [role=slider]"));
  };
  const written = byCallback => (state, title, url) => {
    const to = new URL(url ?? "", window.location.href);
    const now = Date.now();
    const same = to.href === window.location.href;
    const step = decided || (byCallback && now - last > LATER_MS);
    if (to.pathname !== window.location.pathname) (byCallback ? push : replace)(state, title, url);
    else if (same || moving() || !step) replace(state, title, url);
    else push(state, title, url);
    if (same) return;
    last = now;
    decided = false;
  };
  window.history.pushState = written(true);
  window.history.replaceState = written(false);
})();
</script>"""


def tidy() -> None:
    """Keep Back useful: undo a decision, not a pixel."""
    st.html(_SCRIPT, unsafe_allow_javascript=True, width="content")
