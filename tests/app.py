"""The app in this process, as its page tests open it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).parents[1] / "app.py")
PATIENCE_S = 90
"""A search on a busy machine, several times over."""


def open_app(page: str = "", **query: str) -> AppTest:
    """The first page, or another by its file, with the words of an address; it stands without an exception."""
    at = AppTest.from_file(APP, default_timeout=PATIENCE_S)
    for key, value in query.items():
        at.query_params[key] = value
    if page:
        # Known by its file's name before the first run: each page's address is that name.
        at.switch_page(f"pages/{page}.py")
    at.run()
    assert not at.exception
    return at


def figures(at: AppTest) -> list[dict[str, Any]]:
    """The charts of the page in their order, as they go to the browser."""
    return [json.loads(chart.proto.json)["figure"] for chart in at.get("bidi_component")]
