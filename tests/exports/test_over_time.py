"""The plan over time in every file: the engine's own figures, or a sentence that says why there is none."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation
from pypdf import PdfReader

from components.exports import over_time
from components.exports.deck import deck
from components.exports.paper import one_page
from components.exports.snapshot import snapshot
from components.exports.tables import every_table
from tests.exports.packs import pack

PLANNED = ("support-chat", "eu-bank", "mixed", "own figures")
UNPLANNED = ("one alone", "baseline without a price", "nothing works")


@pytest.mark.parametrize("name", PLANNED)
def test_the_slide_draws_the_fans_of_the_draws(name: str) -> None:
    made = pack(name)
    found = made.planned
    assert found is not None
    slides = list(Presentation(io.BytesIO(deck(made))).slides)
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    (chart,) = [one for one in charts if any("P90" in series.name for series in one.plots[0].series)]
    drawn = [[*series.values] for series in chart.plots[0].series]
    assert len(drawn) == 6
    for place, (middle, low, high) in zip(found.base.shown, (drawn[:3], drawn[3:]), strict=True):
        fan, rate = found.futures.fans[place], made.money.rate_per_usd
        for told, usd in ((low, fan.low), (middle, fan.middle), (high, fan.high)):
            assert told == pytest.approx(usd * rate, abs=0.01)
    titles = [slide.shapes.title.text_frame.text.replace("\u00a0", " ") for slide in slides]
    assert over_time.finding(made, found) in titles


@pytest.mark.parametrize("name", UNPLANNED)
def test_without_a_plan_every_file_says_why_and_the_slides_are_left_out(name: str) -> None:
    made = pack(name)
    assert made.planned is None
    assert made.unplanned.startswith("No plan over time: ")
    slides = list(Presentation(io.BytesIO(deck(made))).slides)
    words = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    assert sum(made.unplanned in text for text in words) == 1
    assert made.unplanned in snapshot(made).decode()
    assert every_table(made)["plan"][1] == [(made.unplanned,)]
    (page,) = PdfReader(io.BytesIO(one_page(made))).pages
    assert made.unplanned[:40] in " ".join(page.extract_text().replace("\u200b", "").split())


@pytest.mark.parametrize("name", PLANNED)
def test_the_tables_are_the_engines_plan(name: str) -> None:
    made = pack(name)
    found = made.planned
    assert found is not None
    every = every_table(made)
    heads, rows = every["plan-months"]
    paid = heads.index("paid_usd")
    for path in found.base.paths:
        mine = [row[paid] for row in rows if row[0] == made.name(path.index)]
        assert len(mine) == found.base.terms.months + 1
        assert sum(mine) == pytest.approx(path.total_usd)
    assert [row[2] for row in every["plan-strategies"][1]] == [path.present_usd for path in found.base.paths]
    assert [row[2] for row in every["plan-turns"][1]] == [flip.value for flip in found.flips]


def test_a_choice_that_the_years_overturn_is_said() -> None:
    made = pack("eu-bank")
    found = made.planned
    assert found is not None
    assert found.base.chosen.index != made.best
    assert over_time.sentence(made).startswith(f"{made.name(made.shown)} is cheapest today; over the plan it is ")


def test_turns_come_first_then_what_moves_it_most() -> None:
    made = pack("eu-bank")
    found = made.planned
    assert found is not None
    rows = over_time.turns(made, found)
    turning = [row for row in rows if row.at != over_time.FIXED]
    assert list(rows[: len(turning)]) == turning
    assert rows[0].at.startswith(("below", "above"))
    assert len({row.what for row in rows}) >= 3
    assert not any("times to" in row.likely for row in rows)
