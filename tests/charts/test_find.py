"""Charts of a search: the front, and what targets and grades cost."""

from components.catalog.load import load_catalog
from components.charts.find import Placed, finding, front_alt, front_chart, latency_chart, quality_chart
from components.engine.outcome.evaluate import open_book
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.tell.words import machine
from components.engine.search.trade_offs import LatencyPoint, QualityPoint
from components.wording.money import Money

BOOK = open_book(load_catalog())
FOUND = search(Requirements(hardware=("h100-sxm", "b200"), alternatives="same"), BOOK)
FRONT = [Placed(o, machine(BOOK, o)) for o in FOUND.front("cost", "speed")]
assert FOUND.winner is not None
WINNER = Placed(FOUND.winner, machine(BOOK, FOUND.winner))


def test_the_front_the_winner_and_today_are_marked() -> None:
    today = Placed(FOUND.baseline, "Today") if FOUND.baseline else None
    figure = front_chart(FRONT, WINNER, today, "speed", money=Money("EUR", 0.9))
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    assert names == ["Not beaten on both", "Today", "The best"]
    best = figure["data"][-1]
    assert best["y"][0] == WINNER.option.cost_usd_per_month * 0.9
    assert best["x"][0] == WINNER.option.output_tokens_per_s_per_user
    assert "EUR" in figure["layout"]["yaxis"]["title"]["text"]
    assert WINNER.name in front_alt(FRONT, "speed")


def test_the_title_counts_what_is_drawn() -> None:
    assert finding([], "energy").startswith("No configuration")
    assert finding([WINNER], "speed").startswith("One configuration")
    assert finding(FRONT, "speed") == f"{len(FRONT)} configurations trade cost for speed"


def test_a_target_without_an_answer_is_not_drawn() -> None:
    dear = FRONT[-1].option
    points = (LatencyPoint(0.1, None), LatencyPoint(0.5, dear), LatencyPoint(1.0, WINNER.option))
    figure = latency_chart(points, 1.0, words="first word")
    assert list(figure["data"][0]["x"]) == [0.5, 1.0]
    assert figure["layout"]["shapes"][0]["x0"] == 1.0
    assert "tightest target" in figure["layout"]["title"]["text"]
    assert (
        "Nothing fits" in latency_chart((LatencyPoint(0.1, None),), 1.0, words="first word")["layout"]["title"]["text"]
    )


def test_grades_that_cost_the_same_are_said_to() -> None:
    same = (QualityPoint("A", WINNER.option), QualityPoint("B", WINNER.option))
    assert "saves nothing" in quality_chart(same)["layout"]["title"]["text"]
    split = (QualityPoint("A", FRONT[-1].option), QualityPoint("B", FRONT[0].option))
    if FRONT[-1].option.cost_usd_per_month != FRONT[0].option.cost_usd_per_month:
        dear, cheap = sorted(split, key=lambda p: -(p.option.cost_usd_per_month if p.option else 0))
        words = quality_chart((QualityPoint("A", dear.option), QualityPoint("B", cheap.option)))["layout"]["title"][
            "text"
        ]
        assert words.startswith("Grade B costs")
    assert "Nothing fits" in quality_chart((QualityPoint("A", None),))["layout"]["title"]["text"]
