"""What Streamlit's own parts tell a screen reader, mended: names of icons, and what a field for files is.

Icons are letters of a font, so a screen reader would read "link Copy link". A field for files has a name and says that
it is none; a group may have one.
"""

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
    for (const field of document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]")) {
      field.setAttribute("role", "group");
    }
  };
  new MutationObserver(hide).observe(document.body, {childList: true, subtree: true});
  hide();
})();
</script>"""


def quiet_icons() -> None:
    """Hide names of icons, unless one is all that its button has, and make groups of fields for files."""
    st.html(_SCRIPT, unsafe_allow_javascript=True, width="content")
