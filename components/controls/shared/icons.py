"""Icons are letters of a font, so a screen reader would read "link Copy link": their names are hidden from it."""

import streamlit as st

_SCRIPT = """<script>
(() => {
  if (window.fourLayersIcons) return;
  window.fourLayersIcons = true;
  const icons = "[data-testid=stIconMaterial]:not([aria-hidden])";
  const hide = () => {
    for (const icon of document.querySelectorAll(icons)) {
      const owner = icon.closest("button, a, summary");
      const named = !owner || owner.hasAttribute("aria-label") || owner.textContent.trim() !== icon.textContent.trim();
      if (named) icon.setAttribute("aria-hidden", "true");
    }
  };
  new MutationObserver(hide).observe(document.body, {childList: true, subtree: true});
  hide();
})();
</script>"""


def quiet_icons() -> None:
    """Hide the names of icons from screen readers, unless one is all that its button has."""
    st.html(_SCRIPT, unsafe_allow_javascript=True, width="content")
