"""Which strategy may be called the best, the sentence that says so, and the three picks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.catalog.load import load_catalog
from components.engine.answer.records import Answer
from components.engine.comparison import cheaper_but, cheapest, compare, headline
from components.engine.comparison.picks import must_be_true, picks
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
        f"All four layers would cost $41,000 a month instead of $140,000 (71 % less){words}; "
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
    assert "37.000\u00a0€ a month instead of 130.000\u00a0€" in said


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
        other("Sure, dearer than today", 200_000, confidence="high", grade="A"),
        other("Quick", 50_000, grade="?", e2e_p95_s=2.0, extra_errors_per_1000=None, quality_note="not published: run"),
        other("Late", 5_000, feasible=False, e2e_p95_s=1.0),
    )
    found = picks(answers, [Strategy(buy="api" if a.kind == "api" else "on-demand") for a in answers])
    assert [(pick.kind, pick.place) for pick in found] == [("cheapest", 1), ("safest", 2), ("fastest", 4)]
    assert "the seller keeps its price and its speed" in found[0].must_be_true
    assert "its answers are good enough: not published" in found[2].must_be_true


def test_what_must_be_true_names_own_prices_and_times_at_risk() -> None:
    said = must_be_true(Strategy(), replace(TODAY, overrides=("own price 2",), at_risk=("each word takes 1 to 3 s",)))
    assert "you get the prices that you entered" in said
    assert "times stay near the middle of their range (each word takes 1 to 3 s)" in said


def test_the_fastest_is_told_although_no_quality_is_kept() -> None:
    late = replace(TODAY, feasible=False)
    quick = other("Quick", 50_000, grade="?", quality_note="not published")
    assert [pick.kind for pick in picks((late, quick), [Strategy(), Strategy()])] == ["fastest"]


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
    assert [(pick.kind, pick.place) for pick in found[:2]] == [("cheapest", 1), ("safest", 2)]
    assert any("67 to 136 ms" in words for words in found[0].must_be_true)
