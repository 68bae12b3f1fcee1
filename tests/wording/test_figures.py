"""The table of figures: complete for what it names, and one entry is all that a further figure takes."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.engine.answer.records import Answer
from components.engine.comparison.compare_strategies import compare
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import LAYERS, Buy
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.rank.option import Option
from components.share.found import found_csv
from components.share.presets import first_screen
from components.share.table import comparison_csv
from components.wording import figures, vocabulary
from components.wording.figures import NONE, Column, Figure, said
from components.wording.money import DOLLARS
from components.wording.numbers import NOT_PUBLISHED


@pytest.fixture
def further(monkeypatch: pytest.MonkeyPatch) -> Figure:
    """A figure that the product has and does not show."""
    added = Figure("concurrency_peak", "requests in flight at the peak", "1", "count", column=Column("In flight"))
    slow = Figure("slow_s", "seconds per output token", "s", "seconds", ("option",))
    monkeypatch.setattr(figures, "FIGURES", (*figures.FIGURES, added, slow))
    return added


def test_adding_a_figure_of_an_answer_is_one_entry(further: Figure) -> None:
    result = compare(first_screen(), load_catalog())
    text = comparison_csv(first_screen(), result, load_catalog()).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["figure"] == further.words]
    assert [row["strategy"] for row in rows] == [answer.name for answer in result.answers]
    assert {row["unit"] for row in rows} == {"1"}
    assert float(rows[0]["value"]) == result.answers[0].concurrency_peak


def test_the_entry_is_a_column_of_the_page_too(further: Figure) -> None:
    at = AppTest.from_file("../../app.py", default_timeout=120).run()
    (table,) = [frame.value for frame in at.dataframe if "Strategy" in frame.value and "Per month" in frame.value]
    assert further.column is not None
    assert table[further.column.head][0] not in ("", NOT_PUBLISHED)


@pytest.mark.usefixtures("further")
def test_adding_a_figure_of_a_search_is_one_entry() -> None:
    asked = Requirements(hardware=("h100-sxm",), alternatives="same", places=("usa",), breadth="narrow")
    found = search(asked, open_book(load_catalog()))
    rows = list(csv.DictReader(io.StringIO(found_csv(found, "2026-11-24").decode("utf-8-sig"))))
    assert [float(row["slow_s [s]"]) for row in rows] == [line.option.slow_s for line in found.ranked]


def test_every_figure_exists_where_the_table_says() -> None:
    has = {"answer": {f.name for f in fields(Answer)}, "option": {f.name for f in fields(Option)} | set(dir(Option))}
    for figure in figures.FIGURES:
        assert figure.words
        for owner in figure.of:
            assert figure.name in has[owner], figure
    assert len({f.name for f in figures.FIGURES}) == len(figures.FIGURES)


def test_what_is_absent_says_what_its_column_says() -> None:
    named = {figure.name: figure for figure in figures.FIGURES}
    assert said(named["accelerators"], None, DOLLARS) == said(named["accelerators"], 0, DOLLARS) == NONE
    assert said(named["energy_kwh_per_month"], None, DOLLARS) == NOT_PUBLISHED
    assert said(named["utilisation"], 0.0, DOLLARS) == "0 %"
    assert said(named["usd_per_mtok_input"], 2.1, DOLLARS) == "$2.10"
    assert said(named["output_tokens_per_s_per_user"], 42, DOLLARS) == "42 tokens/s"
    assert said(named["grade"], "B", DOLLARS) == "B"


def test_every_way_to_buy_and_every_layer_has_its_words() -> None:
    assert tuple(vocabulary.WAYS_TO_BUY) == get_args(Buy)
    assert tuple(vocabulary.LAYERS) == LAYERS
