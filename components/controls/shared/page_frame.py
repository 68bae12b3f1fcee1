"""What stands around a page: the guard of a cold start, and memory that the collector leaves alone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.catalog.load import CatalogError
from components.engine.comparison import Comparison
from components.wording import numbers
from components.wording.text import markdown

_run = threading.local()
"""Per script thread: whether `app.py` runs this page. Session state would outlive a run."""


def enter() -> None:
    """Say that the page runs inside `app.py`; `app.py` calls it just before the page."""
    _run.framed = True


def require() -> None:
    """Run `app.py` first when this page was opened alone; the first line of every page.

    Until `st.navigation` has run once in the process, Streamlit takes every file of `pages/` for a page of its own, so
    a link to one on a fresh server would open without a sidebar.
    """
    if getattr(_run, "framed", False):
        _run.framed = False
        return
    from streamlit.runtime.pages_manager import PagesManager  # a private name: tests/browser opens a cold link

    PagesManager.uses_pages_directory = False
    st.rerun()


def name_tab(page: str, result: Comparison) -> None:
    """Name the tab after its answer: "71 % less · Customer-support chat · Four Layers"; by its page without one.

    Args:
        page: title of the page; empty for the one whose answer is the comparison's.
        result: what the page compares.
    """
    change = result.change_of(result.best or 0)
    if not page and change is not None:
        page = numbers.less_or_more(change)
    st.set_page_config(page_title=" · ".join(filter(None, [page, result.workload_label, "Four Layers"])))


@contextmanager
def faults_said() -> Iterator[None]:
    """In place of a page that meets a table it cannot read: one sentence with file, row and rule."""
    try:
        yield
    except CatalogError as fault:
        st.error(markdown(f"The data cannot be read: {fault}"))


@st.cache_resource(show_spinner=False)
def freeze() -> None:
    """Load what reruns need and take it out of the collector's rounds, which cost CPU at each rerun."""
    import pandas  # noqa: F401

    gc.collect()
    gc.freeze()
