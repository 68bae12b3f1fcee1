"""Addresses of pages: a link opened on a fresh server finds its page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {path.stem: path for path in sorted((ROOT / "pages").glob("[a-z]*.py"))}


def _pages() -> list[tuple[str, str]]:
    """File and address of each page that `app.py` lists."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    listed = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "Page"]
    words = [(call.args[0], {word.arg: word.value for word in call.keywords}["url_path"]) for call in listed]
    return [(Path(ast.literal_eval(file)).stem, ast.literal_eval(address)) for file, address in words]


def test_every_page_has_the_address_that_its_file_is_named_after() -> None:
    """Until `st.navigation` has run, Streamlit knows a page by its file alone: another address is "Page not found"."""
    addresses = [pair for pair in _pages() if pair != ("compare", "start")]
    assert sorted(addresses) == [(name, name) for name in sorted(FILES)]


@pytest.mark.parametrize("name", FILES)
def test_a_page_first_asks_for_its_frame(name: str) -> None:
    """What stands before it would run alone on a fresh server, without a scenario."""
    body = ast.parse(FILES[name].read_text(encoding="utf-8")).body
    first = next(node for node in body[1:] if not isinstance(node, ast.Import | ast.ImportFrom))
    assert ast.unparse(first) == "shared.require()"
