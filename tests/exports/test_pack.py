"""What stands on every export, and text that any file may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.exports.pack import LONGEST_TITLE, clean, pack_of
from components.share.engine_version import engine_version
from components.share.presets import first_screen
from tests.exports.packs import DAY, LINK, NAMES, pack

LABELS = (
    "Title", "Workload", "Made on", "Figures as of", "Engine", "Currency", "Prices", "Basis", "Range", "Link",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_said(name: str) -> None:
    facts = dict(pack(name).facts())
    assert tuple(facts) == LABELS
    assert all(facts.values())
    assert facts["Made on"] == "2026-11-28"
    assert engine_version() in facts["Engine"]
    assert facts["Link"] == LINK


def test_own_prices_are_told_from_the_list() -> None:
    assert dict(pack("own figures").facts())["Prices"].startswith("own figures in today, bought, tokens")
    assert dict(pack("support-chat").facts())["Prices"] == "list prices, none overridden"
    assert dict(pack("own figures").facts())["Currency"] == "INR, 80 for one USD"


@given(st.text(max_size=300))
def test_clean_text_is_one_line_without_controls(text: str) -> None:
    kept = clean(text, 60)
    assert len(kept) <= 60
    assert not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 or c in "\u202a\u202b\u202c\u202d\u202e" for c in kept)
    assert clean(kept, 60) == kept


@pytest.mark.parametrize("title", ["x" * 10_000, "a\x00b\nc", "\u202egnp.exe"])
def test_a_title_of_any_kind_is_cut_and_cleaned(title: str) -> None:
    made = pack_of(first_screen(), load_catalog(), link=LINK, made=DAY, title=title)
    assert 0 < len(made.title) <= LONGEST_TITLE
    assert made.title.isprintable()
