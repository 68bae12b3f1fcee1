"""Charts of a search: the front, and what targets and grades cost."""

import pytest

from components.catalog.load import load_catalog
from components.charts.find import Placed, finding, front_alt, front_chart, latency_chart, quality_chart
from components.charts.theme import Figure
from components.engine.outcome.evaluation import open_book
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.tell.words import machine
from components.engine.search.trade_offs import LatencyPoint, QualityPoint
from components.wording.money import Money


@pytest.fixture(scope="module")
def front() -> list[Placed]:
    """Nothing found is both cheaper and faster; the cheapest first."""
    book = open_book(load_catalog())
    found = search(Requirements(hardware=("h100-sxm", "b200"), alternatives="same"), book)
    assert found.winner is not None
    points = [Placed(o, machine(book, o)) for o in found.front("cost", "speed")]
    assert points[0].option.strategy == found.winner.strategy
    assert len(points) > 2
    return points


def test_the_front_the_winner_and_today_are_marked(front: list[Placed]) -> None:
    winner, today = front[0], Placed(front[1].option, "Today")
    figure = front_chart(front, winner, today, "speed", money=Money("EUR", 0.9))
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    assert names == ["Not beaten on both", "Today", "The best"]
    best = figure["data"][-1]
    assert best["y"][0] == winner.option.cost_usd_per_month * 0.9
    assert best["x"][0] == winner.option.output_tokens_per_s_per_user
    assert "EUR" in figure["layout"]["yaxis"]["title"]["text"]
    assert winner.name in front_alt(front, "speed")


def test_the_title_counts_what_is_drawn(front: list[Placed]) -> None:
    assert finding([], "energy").startswith("No configuration")
    assert finding(front[:1], "speed").startswith("One configuration")
    assert finding(front, "speed") == f"{len(front)} configurations trade cost for speed"


def _title(figure: Figure) -> str:
    return str(figure["layout"]["title"]["text"])


def test_a_target_without_an_answer_is_not_drawn(front: list[Placed]) -> None:
    cheap, dear = front[0].option, front[-1].option
    points = (LatencyPoint(0.1, None), LatencyPoint(0.5, dear), LatencyPoint(1.0, cheap))
    figure = latency_chart(points, 1.0, words="first word")
    assert list(figure["data"][0]["x"]) == [0.5, 1.0]
    assert figure["layout"]["shapes"][0]["x0"] == 1.0
    assert "tightest target" in _title(figure)
    assert "Nothing fits" in _title(latency_chart((LatencyPoint(0.1, None),), 1.0, words="first word"))


def test_grades_that_cost_the_same_are_said_to(front: list[Placed]) -> None:
    cheap, dear = front[0].option, front[-1].option
    assert "saves nothing" in _title(quality_chart((QualityPoint("A", cheap), QualityPoint("B", cheap))))
    assert dear.cost_usd_per_month > cheap.cost_usd_per_month
    assert _title(quality_chart((QualityPoint("A", dear), QualityPoint("B", cheap)))).startswith("Grade B costs")
    assert "Nothing fits" in _title(quality_chart((QualityPoint("A", None),)))
