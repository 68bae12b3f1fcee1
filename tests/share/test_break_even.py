"""What the page asks survives its code; curves and bill as a table."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.plan import BreakEven, break_even
from components.share.break_even import Choice, break_even_csv, choice_code, read_choice, read_interest
from components.share.presets import first_screen

CHOICES = st.builds(Choice, st.none() | st.integers(0, 5), st.booleans())


@given(CHOICES)
def test_law_a_choice_survives_its_code(choice: Choice) -> None:
    assert read_choice(choice_code(choice), 6) == (choice, ())


@given(st.text(max_size=80), st.integers(1, 6))
def test_any_code_is_read(code: str, count: int) -> None:
    choice, notices = read_choice(code, count)
    assert choice.strategy is None or 0 <= choice.strategy < count
    assert all(notice.endswith(".") for notice in notices)


@given(st.floats(0, 100))
def test_law_an_interest_is_read_as_typed(percent: float) -> None:
    assert read_interest(f"{percent} %") == pytest.approx(percent / 100)


@given(st.text(max_size=20))
def test_any_interest_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        share = read_interest(text)
    except ValueError as reason:
        assert "type for instance" in str(reason)
    else:
        assert share is None or 0 <= share <= 1


@pytest.fixture(scope="module")
def found() -> BreakEven:
    return break_even(first_screen(), 1, load_catalog())


def test_the_table_holds_curves_crossovers_and_the_bill(found: BreakEven) -> None:
    rows = list(csv.DictReader(io.StringIO(break_even_csv(found, load_catalog()).decode("utf-8-sig"))))
    by_section = {name: [row for row in rows if row["section"] == name] for name in {row["section"] for row in rows}}
    assert len(by_section["curve"]) == len(found.lines) * len(found.requests_per_day)
    assert len(by_section["crossover"]) == len(found.crossovers)
    assert len(by_section["left out"]) == len(found.left_out)
    bill = by_section["owning"]
    assert sum(float(row["usd_per_month"]) for row in bill) == pytest.approx(found.ownership.usd_per_month)
    assert all("http" in row["sources"] or "Planning estimate" in row["sources"] for row in bill)
    assert {row["data_date"] for row in rows} == {found.data_date}
