"""Which strategy may be called the best, the sentence that says so, and the three picks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.catalog.load import load_catalog
from components.engine.answer.records import Answer
from components.engine.comparison import cheaper_but, cheapest, compare, headline, must_be_true, picks
from components.engine.facts.trust import Range
from components.engine.scenario import Strategy
from components.share.link import read_link_strictly
from components.wording.money import Money
from tests.charts.make import answer

TODAY = answer("Today", {"compute_busy": 140_268.0}, e2e_p95_s=10.4)


def other(name: str, usd: float, **changes: object) -> Answer:
    return answer(name, {"compute_busy": usd}, **changes)


def test_a_lower_band_is_not_the_best_until_the_reader_lets_it() -> None:
    answers = (TODAY, other("FP4", 30_000, grade="C"), other("FP8", 40_000, grade="B"), other("Box", 20_000, grade="?"))
    assert cheapest(answers) == 2
    assert cheapest(answers, "A") == 0
    assert cheapest(answers, "C") == 1
    assert cheapest(answers, "any") == 3
    assert cheaper_but(answers) == "Box costs $20,000 a month, but its quality is not known."
    assert cheaper_but(answers, floor="any") == ""


def test_a_baseline_of_a_lower_grade_sets_its_own_band() -> None:
    answers = (replace(TODAY, grade="D"), other("D too", 30_000, grade="D"), other("E", 20_000, grade="E"))
    assert cheapest(answers) == 1
    assert cheapest((replace(TODAY, grade="?"), *answers[1:])) == 0
    assert cheapest((replace(TODAY, grade="D"),), "B") is None


def test_what_publishes_no_time_is_not_the_best_where_a_target_is_set() -> None:
    answers = (TODAY, other("Platform", 1_000, kind="api", unproven=("each word",), meets_tpot=None))
    assert cheapest(answers) == 0
    assert cheaper_but(answers) == "Platform costs $1,000 a month, but no time is published for each word."


@pytest.mark.parametrize(
    ("new_s", "words"),
    [
        (7.8, ", and answers get faster (7.8 s instead of 10 s in the slow case)"),
        (10.5, ", answers as fast as today"),
        (12.0, ", answers take 12 s instead of 10 s in the slow case"),
        (21.0, ", but answers take 21 s instead of 10 s in the slow case"),
    ],
)
def test_the_headline_says_cost_speed_and_grade(new_s: float, words: str) -> None:
    new = other("All four layers", 40_600, e2e_p95_s=new_s, grade="B", extra_errors_per_1000=8.0)
    assert headline((TODAY, new)) == (
        f"All four layers would cost $40,600 a month instead of $140,000 (71 % less){words}; "
        "quality grade B instead of A, up to 8 more errors in 1,000."
    )


def test_the_headline_speaks_of_results_where_no_word_is_written_and_of_no_time_where_nobody_waits() -> None:
    new = other("New", 40_600, e2e_p95_s=30.0, writes=False)
    assert ", but results take 30 s" in headline((TODAY, new))
    assert " take " not in headline((TODAY, replace(new, awaited=False)))


def test_costs_within_five_percent_are_a_tie() -> None:
    one, two, three = other("One", 40_000), other("Two", 41_900), other("Three", 42_100)
    said = headline((TODAY, one, two, three))
    assert said.startswith("One and Two cost about the same: $40,000 a month instead of $140,000 (71 % less)")
    near = headline((other("Today", 41_000), one))
    assert near.startswith("One and Today cost about the same: $40,000 a month")
    assert headline((one, two)) == "One and Two cost about the same: $40,000 a month."


def test_the_headline_marks_own_prices_and_the_slow_case_of_a_platform() -> None:
    mine = other("Mine", 40_000, overrides=("own price 2",))
    assert "; at your own prices" in headline((TODAY, mine))
    slow = other("Shop", 40_000, kind="api", at_risk=("each word takes 67 to 136 ms against 100 ms",))
    assert "; in the slow case each word takes 67 to 136 ms against 100 ms" in headline(
        (replace(TODAY, feasible=False), slow)
    )
    unknown = other("Shop", 40_000, grade="?", quality_note="not published")
    assert "; its quality is not known (not published)" in headline((TODAY, unknown), floor="any")


def test_the_headline_says_money_in_the_readers_currency() -> None:
    said = headline((TODAY, other("New", 40_600)), Money("EUR", 0.9, "de_DE"))
    assert "36.500\u00a0€ a month instead of 126.000\u00a0€" in said


def test_nothing_that_may_be_the_best_says_why() -> None:
    late = other("Late", 1_000, feasible=False, reasons=("too slow",))
    assert "each one says below what to change" in headline((late,))
    assert "allow a lower grade" in headline((replace(TODAY, grade="C"),), floor="A")
    assert "published time" in headline((replace(TODAY, unproven=("each word",)),))
    assert "no other strategy shown meets the targets" in headline((TODAY, late))
    assert "has quality grade C" in headline((replace(other("Cheap", 9.0), grade="C"), TODAY), floor="A")


def test_three_picks() -> None:
    answers = (
        TODAY,
        other("Shop", 10_000, kind="api", e2e_p95_s=20.0),
        other("Sure", 60_000, confidence="high", e2e_p95_s=8.0),
        other("Quick", 50_000, grade="?", e2e_p95_s=2.0, quality_note="not published"),
        other("Late", 5_000, feasible=False, e2e_p95_s=1.0),
    )
    found = picks(answers, [Strategy(buy="api" if a.kind == "api" else "on-demand") for a in answers])
    chosen = [pick.index for pick in (found.cheapest, found.safest, found.fastest) if pick is not None]
    assert chosen == [1, 2, 3]
    assert found.cheapest is not None
    assert found.cheapest.must_be_true == ("the price list holds",)
    assert found.fastest is not None
    assert found.fastest.because == "2.0 s for a whole answer in the slow case"
    assert found.fastest.must_be_true == ("its answers are good enough for you: not published",)


def test_no_picks_where_nothing_works() -> None:
    found = picks((replace(TODAY, feasible=False),), [Strategy()])
    assert (found.cheapest, found.safest, found.fastest) == (None, None, None)


def test_every_lever_that_the_workload_must_allow_is_named() -> None:
    strategy = Strategy(
        cache=0.2, route=0.3, edge=0.4, defer=0.5, compress=0.7, shorten=0.8, scale="hourly", buy="spot"
    )
    said = " | ".join(must_be_true(strategy, replace(TODAY, extra_errors_per_1000=14.0, confidence="low")))
    for words in ("20 % of the questions come again", "30 % of the questions are easy", "40 % of the questions can be",
                  "50 % of the work can wait", "70 % of each prompt", "80 % of each answer", "when demand falls",
                  "machines being taken away", "no more than 14 extra errors", "low confidence"):  # fmt: skip
        assert words in said
    assert must_be_true(Strategy(), TODAY) == ()


def test_where_devices_answer_everything_nothing_is_asked_of_servers() -> None:
    strategy = Strategy(edge=1.0, buy="owned", scale="hourly", route=0.3, shorten=0.8)
    said = " | ".join(must_be_true(strategy, TODAY))
    assert "100 % of the questions can be answered on users' own devices" in said
    assert "80 % of each answer is enough" in said
    for words in ("servers", "machines", "smaller model"):
        assert words not in said
    assert must_be_true(Strategy(edge=1.0, buy="api"), TODAY) == must_be_true(Strategy(edge=1.0), TODAY)


def test_a_range_that_crosses_the_target_is_said() -> None:
    result = compare(read_link_strictly("w=support_chat&s0=h100-default&s1=platform"), load_catalog())
    platform = result.answers[1]
    assert platform.tpot_p95_s is not None
    assert isinstance(platform.tpot_p95_s, Range)
    assert platform.tpot_p95_s.base < 0.1 < platform.tpot_p95_s.high
    assert platform.at_risk == ("each word takes 67 to 136 ms against 100 ms",)


def test_a_service_that_may_miss_a_target_is_not_the_best_while_another_is_left() -> None:
    slow = ("each word takes 67 to 136 ms against 100 ms",)
    shop = other("Shop", 10_000, kind="api", at_risk=slow)
    own = other("Own", 40_000, at_risk=slow)
    assert cheapest((TODAY, shop, own)) == 2
    assert "Shop costs $10,000 a month, but in the slow case each word takes" in cheaper_but((TODAY, shop, own))
    assert cheapest((replace(TODAY, feasible=False), shop)) == 1
    assert cheapest((shop, own)) == 0, "what one has today is known to keep its targets"
    found = picks((TODAY, shop, own), [Strategy(), Strategy(buy="api"), Strategy()])
    assert found.cheapest is not None
    assert found.cheapest.index == 1
    assert any("67 to 136 ms" in words for words in found.cheapest.must_be_true)
