"""A finished figure, handed to the page without a second validation."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class Drawn(go.Figure):  # type: ignore[misc]  # Plotly ships no types
    """A figure whose specification is passed on as it is.

    Plotly validates and copies a plain specification on every redraw, which costs several times what building it does.
    The charts' tests validate each of them instead.
    """

    def __init__(self, spec: dict[str, Any]) -> None:
        """Keep the specification; nothing is copied."""
        self._spec = spec

    def to_dict(self) -> dict[str, Any]:
        """The specification."""
        return self._spec
