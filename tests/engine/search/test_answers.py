"""What a search says: reasons that hold when tried, relaxations that let something in, sentences for bad questions."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.outcome.variants import evaluate_variants
from components.engine.scenario import Buy, Strategy, Workload
from components.engine.search.ask.limits import TPOT, TTFT
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import ask_of, search
from components.engine.search.rank.one_by_one import option_faults, options
from components.engine.search.tell.found import Found
from components.engine.search.tell.reasons import missed
from components.engine.search.tell.room import _kept

BOOK = open_book(load_catalog())
MACHINES: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr", "owned", "dedicated")
CHIPS = ("h100-sxm", "h200-sxm", "mi300x", "l40s", "b200", "tpu-v6e", "a100-80-sxm")


def question(**change: Any) -> Requirements:
    """A question that takes little time, with enough demand for several machines."""
    usual = {"hardware": CHIPS, "buys": MACHINES, "alternatives": "same", "places": ("usa", "swe")}
    return Requirements(**({"workload": Workload(requests_per_day=3e6)} | usual | change))


@cache
def asked(**change: Any) -> Found:
    return search(question(**change), BOOK)


def limits() -> dict[str, dict[str, Any]]:
    """Limits that today's winner misses, from its own figures."""
    w = asked().winner
    assert w is not None
    return {
        "accelerators": {"accelerators": int(w.accelerators or 0) - 1},
        "power": {"power_kw": (w.power_kw or 0) * 0.8},
        "carbon": {"carbon_kg_per_month": (w.carbon_kg_per_month or 0) * 0.5},
        "throughput": {"throughput_tokens_per_s": (w.throughput_tokens_per_s or 0) * 1.05},
        "grade": {"grade": "A"},
        "places": {"places": ("fra",)},
        "buys": {"buys": tuple(b for b in MACHINES if b != w.strategy.buy)},
        "vendors": {"vendors": tuple({"AMD", "NVIDIA", "Google"} - {vendor(w.strategy.hardware)})},
        "hardware": {"hardware": tuple(c for c in CHIPS if c != w.strategy.hardware)},
        "providers": {"providers": ("Crusoe", "Nebius")},
    }


def vendor(chip: str) -> str:
    return BOOK.catalog.accelerators[chip].vendor


@pytest.mark.parametrize("name", limits())
def test_each_limit_changes_the_answer_and_is_kept(name: str) -> None:
    free, q = asked().winner, question(**limits()[name])
    found = asked(**limits()[name])
    assert free is not None
    assert found.winner is not None, found.problems
    assert found.winner.strategy != free.strategy
    assert found.winner.cost_usd_per_month >= free.cost_usd_per_month * (1 - 1e-9)
    ask = ask_of(q, BOOK)
    for line in found.ranked:
        faults = {limit.name for limit in option_faults(ask, line.option)}
        assert faults == ({line.missed} if line.missed else set()), line
    assert found.counts.feasible < asked().counts.feasible


def test_the_list_is_ordered_and_its_lines_differ() -> None:
    inside = [r.option for r in asked().ranked if r.missed is None]
    assert len(inside) == 12
    assert [o.cost_usd_per_month for o in inside] == sorted(o.cost_usd_per_month for o in inside)
    lines = Counter((o.strategy.model, o.strategy.hardware, o.seller) for o in inside)
    assert max(lines.values()) == 1
    assert len({o.strategy.hardware for o in inside}) == len(CHIPS)


def test_a_loser_that_wins_elsewhere_wins_there() -> None:
    """ "wins above 280,000 requests a day" holds when both are evaluated there."""
    per_day = 1_000_000.0
    workload = Workload(requests_per_day=per_day)
    found = search(Requirements(workload=workload, buys=MACHINES, alternatives="same"), BOOK)
    told = [r for r in found.ranked[1:] if r.missed is None and ("wins above" in r.reason or "wins below" in r.reason)]
    assert told
    assert found.winner is not None
    for line in told:
        words = line.reason.rsplit(" requests a day", 1)[0].rsplit(maxsplit=2)
        number = float(words[-2]) * 1e6 if words[-1] == "million" else float(words[-1].replace(",", ""))
        beyond = number * (1.12 if "above" in line.reason else 1 / 1.12) / per_day
        costs = []
        for option in (found.winner, line.option):
            tried = evaluate_variants(
                option.strategy, workload, BOOK, volume_factor=np.geomspace(0.97, 1.03, 7) * beyond
            )
            costs.append(np.where(tried.works, tried.cost_usd_per_month, np.inf))
        assert (costs[1] < costs[0]).any(), line.reason


def test_a_loser_says_by_how_much() -> None:
    found = asked()
    assert found.winner is not None
    for line in (r for r in found.ranked[1:] if r.missed is None):
        more = line.option.cost_usd_per_month / found.winner.cost_usd_per_month - 1
        said = (f"{more:.0%} dearer", f"{more:.1%} dearer", f"{more + 1:.1f} times the cost")
        assert any(words in line.reason for words in said) or more < 1e-9


def test_a_cheaper_one_misses_exactly_one_limit() -> None:
    free = asked().winner
    assert free is not None
    found = asked(power_kw=(free.power_kw or 0) * 0.8)
    assert found.winner is not None
    beside = [r for r in found.ranked if r.missed]
    assert beside
    for line in beside:
        assert line.option.cost_usd_per_month < found.winner.cost_usd_per_month
        assert "cheaper, but" in line.reason
        assert line.missed != "power" or "its power is" in line.reason


def test_a_missed_target_is_said_in_its_unit() -> None:
    free, ask = asked().winner, ask_of(question(workload=Workload(ttft_ms=500, tpot_ms=20)), BOOK)
    assert free is not None
    late = replace(free, ttft_p95_s=0.64, tpot_p95_s=0.0315)
    assert missed(ask, TTFT, late) == "the first word comes 140 ms too late in the slow case"
    assert missed(ask, TPOT, late) == "each word takes 11.5 ms too long in the slow case"
    assert (
        missed(ask, TTFT, replace(free, ttft_p95_s=None))
        == "its time to the first word in the slow case is not published"
    )


def test_why_names_levers_that_save_what_they_say() -> None:
    found = asked()
    assert found.why is not None
    assert found.winner is not None
    assert found.why.levers
    assert [lever.usd_per_month for lever in found.why.levers] == sorted(
        (lever.usd_per_month for lever in found.why.levers), reverse=True
    )
    lever = next(each for each in found.why.levers if each.name == "weights")
    plain = found.winner.strategy.model_copy(update={"weights": "native", "chips": 0})
    (outcome,) = evaluate([plain], question().workload, BOOK, "llama-3.3-70b")
    assert outcome.cost_usd_per_month - found.winner.cost_usd_per_month == pytest.approx(lever.usd_per_month)
    assert found.why.assumes
    assert "room left" in found.why.binding


def test_the_winner_holds_up_to_the_price_it_is_said_to() -> None:
    found = asked()
    assert found.why is not None
    assert found.winner is not None
    rise = found.why.room.price_factor
    assert rise is not None
    tried = evaluate_variants(
        found.winner.strategy, question().workload, BOOK, volume_factor=np.ones(1), price_factor=np.array([rise])
    )
    assert tried.cost_usd_per_month[0] == pytest.approx(
        min(r.option.cost_usd_per_month for r in found.ranked[1:] if not r.missed)
    )


NONE: dict[str, dict[str, Any]] = {
    "budget": {"budget_usd_per_month": 1.0},
    "ttft": {"workload": Workload(ttft_ms=5)},
    "tpot": {"workload": Workload(tpot_ms=0.2)},
    "power": {"power_kw": 0.001},
    "carbon": {"carbon_kg_per_month": 0.01},
    "throughput": {"throughput_tokens_per_s": 1e9},
    "accelerators": {"accelerators": 1},
    "vendors": {"vendors": ("Raspberry Pi",)},
    "buys": {"buys": ("api",), "vendors": ("AMD",)},
    "confidence": {"confidence": "high"},
    "places": {"places": ("kor",), "buys": ("owned",)},
}  # fmt: skip


@pytest.mark.parametrize("limit", NONE)
def test_where_nothing_fits_a_relaxation_lets_something_in(limit: str) -> None:
    q = question(**NONE[limit])
    found = asked(**NONE[limit])
    assert found.winner is None
    assert not found.ranked
    assert found.problems
    assert all(relaxation.sentence.endswith(" fits") for relaxation in found.relaxations)
    told = {r.limit: r for r in found.relaxations}
    assert told, found.problems
    assert limit in told, (found.problems, found.relaxations)
    option = told[limit].option
    (again,) = options(ask_of(q, BOOK), [option.strategy])
    assert {fault.name for fault in option_faults(ask_of(q, BOOK), again or option)} <= {limit}
    if limit == "budget":
        free = asked().winner
        assert free is not None
        assert told[limit].needed == pytest.approx(free.cost_usd_per_month, rel=1e-3)


def test_a_chip_that_does_not_ship_yet_fits_once_it_is_allowed() -> None:
    catalog = BOOK.catalog
    early = catalog.accelerators["h200-sxm"].model_copy(update={"status": "announced"})
    book = open_book(replace(catalog, accelerators={**catalog.accelerators, early.id: early}))
    found = search(question(hardware=(early.id,)), book)
    assert found.winner is None
    (told,) = found.relaxations
    assert told.limit == "shipping"
    assert told.option.strategy.hardware == early.id
    best = search(question(hardware=(early.id,), shipping_only=False), book).winner
    assert best is not None
    assert best.cost_usd_per_month == pytest.approx(told.option.cost_usd_per_month)


def test_where_one_limit_is_not_enough_the_closest_says_what_it_misses() -> None:
    found = asked(power_kw=0.001, grade="A", budget_usd_per_month=1.0)
    assert not found.relaxations
    assert "power" in found.problems[0]
    assert found.problems[1].startswith("The closest misses ")
    assert "power" in found.problems[1]


def test_what_is_left_out_is_said() -> None:
    found = search(Requirements(), BOOK)
    assert any("per-token offers are left out" in note for note in found.notes)
    assert any("no published price" in note for note in found.notes)


def test_a_relaxation_is_enough_when_it_is_made() -> None:
    q = question(workload=Workload(ttft_ms=5))
    needed = next(r.needed for r in search(q, BOOK).relaxations if r.limit == "ttft")
    assert search(question(workload=Workload(ttft_ms=needed)), BOOK).winner is not None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vendors": ()}, "chip maker"),
        ({"buys": ()}, "way to buy"),
        ({"providers": (), "buys": ("on-demand",)}, "cloud or platform"),
        ({"accelerators": 0, "buys": ("owned",)}, "accelerator"),
        ({"workload": Workload(requests_per_day=0)}, "no requests"),
        ({"workload": Workload(preset="nonsense")}, "workload"),
        ({"baseline": Strategy(model="nonsense")}, "model"),
        ({"models": ("nonsense",)}, "model"),
        ({"hardware": ("nonsense",)}, "accelerator"),
        ({"places": ("atlantis",)}, "place"),
        ({"vendors": ("Acme",)}, "chip maker"),
        ({"providers": ("Acme",)}, "provider"),
        ({"objectives": ("cost", "speed"), "weights": (1.0,)}, "eights"),
        ({"objectives": ("cost",), "weights": (-1.0,)}, "eights"),
    ],
)
def test_a_question_without_sense_gets_a_sentence(change: dict[str, Any], words: str) -> None:
    found = search(question(**change), BOOK)
    assert found.winner is None
    assert len(found.problems) == 1
    assert words in found.problems[0]


def test_limits_outside_their_range_are_refused() -> None:
    for change in ({"budget_usd_per_month": -1}, {"power_kw": float("nan")}, {"grade": "F"}, {"objectives": ()}):
        with pytest.raises(ValidationError):
            question(**change)


def test_a_search_can_be_followed_and_stopped() -> None:
    seen: list[tuple[float, int]] = []
    q = Requirements(cache=0.2, places=("usa",), buys=MACHINES)
    full = search(q, BOOK, progress=lambda share, count: seen.append((share, count)))
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1][0] <= 1
    assert not full.stopped
    part = search(q, BOOK, stop=lambda: True)
    assert part.stopped
    assert part.counts.evaluated < full.counts.evaluated
    assert part.winner is not None


def test_counts_add_up() -> None:
    for found in (asked(), asked(grade="A"), asked(budget_usd_per_month=1.0)):
        c = found.counts
        assert c.space == c.evaluated + c.pruned
        assert 0 <= c.feasible <= c.evaluated


def test_the_default_question_spans_half_a_million() -> None:
    found = search(Requirements(), BOOK)
    assert found.counts.evaluated >= 500_000
    assert found.baseline is not None
    assert found.winner is not None
    assert found.winner.cost_usd_per_month <= found.baseline.cost_usd_per_month


@pytest.mark.parametrize("preset", sorted(BOOK.catalog.workloads))
def test_every_workload_gets_an_answer_or_a_sentence(preset: str) -> None:
    task = "bge-m3" if preset == "embeddings" else "qwen2.5-72b"
    q = question(workload=Workload(preset=preset), baseline=Strategy(model=task), buys=None, breadth="narrow")
    found = search(q, BOOK)
    assert found.winner is not None or found.problems


def test_a_second_fleet_is_tried_where_it_is_allowed() -> None:
    large = Strategy(model="llama-3.1-405b")
    q = question(route=0.9, edge=0.5, grade="E", baseline=large, workload=Workload(requests_per_day=3e7))
    found = search(q, BOOK)
    plain = search(q.model_copy(update={"route": 0.0, "edge": 0.0}), BOOK)
    assert found.winner is not None
    assert plain.winner is not None
    assert found.winner.strategy.route or found.winner.strategy.edge
    assert found.winner.cost_usd_per_month < plain.winner.cost_usd_per_month
    (again,) = options(ask_of(q, BOOK), [found.winner.strategy])
    assert again == found.winner
    assert not option_faults(ask_of(q, BOOK), found.winner)


@pytest.mark.parametrize("lever", ["cache", "defer", "compress", "shorten"])
def test_a_workload_lever_that_is_allowed_never_costs(lever: str) -> None:
    share = {"cache": 0.4, "defer": 0.5, "compress": 0.5, "shorten": 0.5}[lever]
    q = question(grade="E", workload=Workload(requests_per_day=3e7))
    with_it, without = search(q.model_copy(update={lever: share}), BOOK), search(q, BOOK)
    assert with_it.winner is not None
    assert without.winner is not None
    assert with_it.winner.cost_usd_per_month <= without.winner.cost_usd_per_month * (1 + 1e-9)
    if lever in {"defer", "shorten"}:
        assert getattr(with_it.winner.strategy, lever) == share


questions = st.builds(
    Requirements,
    workload=st.builds(
        Workload,
        preset=st.sampled_from(sorted(BOOK.catalog.workloads)),
        requests_per_day=st.sampled_from([None, 1e-3, 1e6, 1e10]),
        isl=st.sampled_from([None, None, 1.0, 3e4, 2e6]),
        osl=st.sampled_from([None, 0.0, 1.0, 2e5]),
        ttft_ms=st.sampled_from([None, None, 0.0, 1e-3, 3.6e6]),
        tpot_ms=st.sampled_from([None, None, 0.0, 5.0, 1e5]),
        peak=st.sampled_from([None, 1.0, 50.0]),
        hours=st.sampled_from([None, 1.0, 168.0]),
    ),
    baseline=st.builds(
        Strategy, model=st.sampled_from(["llama-3.1-8b", "gpt-oss-120b", "deepseek-v3.2", "bge-m3", "gemma-3-27b"]),
        buy=st.sampled_from(["on-demand", "api", "owned"]), place=st.sampled_from(["usa", "kor", "nowhere"]),
    ),
    hardware=st.lists(st.sampled_from(sorted(BOOK.catalog.accelerators)), min_size=6, max_size=12).map(tuple),
    breadth=st.sampled_from(["narrow", "default"]),
    cache=st.sampled_from([0.0, 0.95]),
    defer=st.sampled_from([0.0, 1.0]),
    route=st.sampled_from([0.0, 0.5]),
    edge=st.sampled_from([0.0, 1.0]),
    budget_usd_per_month=st.sampled_from([None, None, None, 1.0, 1e5]),
    grade=st.sampled_from(["A", "C", "E"]),
    places=st.sampled_from([(), (), ("usa",), ("kor", "swe")]),
    vendors=st.sampled_from([None, None, ("AMD", "NVIDIA")]),
    buys=st.sampled_from([None, None, ("api",), ("owned", "spot")]),
    providers=st.sampled_from([None, None, None, (), ("AWS", "GroqCloud")]),
    shipping_only=st.booleans(),
    unpublished=st.booleans(),
    power_kw=st.sampled_from([None, None, None, 0.0, 10.0]),
    carbon_kg_per_month=st.sampled_from([None, None, 1e4]),
    accelerators=st.sampled_from([None, None, None, 0, 16]),
    confidence=st.sampled_from(["low", "low", "medium"]),
    objectives=st.sampled_from([("cost",), ("speed", "cost"), ("energy",), ("quality", "cost")]),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(q=questions, weighted=st.booleans())
def test_any_question_gets_an_answer_or_a_sentence(q: Requirements, weighted: bool) -> None:
    q = q.model_copy(update={"weights": (1.0,) * len(q.objectives)}) if weighted else q
    found = search(q, BOOK)
    assert found.winner is not None or found.problems
    if found.winner is None:
        assert not found.ranked
        return
    ask = ask_of(q, BOOK)
    assert not option_faults(ask, found.winner)
    (again,) = options(ask, [found.winner.strategy])
    assert again is not None
    assert again.cost_usd_per_month == pytest.approx(found.winner.cost_usd_per_month, rel=1e-9)
    assert all(line.reason for line in found.ranked)


def test_a_search_stopped_before_it_found_anything_says_so() -> None:
    found = search(question(budget_usd_per_month=1.0), BOOK, stop=lambda: True)
    assert found.stopped
    assert "stopped" in found.problems[0]


def test_lossless_only_keeps_the_checkpoint() -> None:
    found = search(question(lossy=False), BOOK)
    assert {r.option.strategy.weights for r in found.ranked} <= {"native", "bf16"}
    assert {r.option.strategy.kv for r in found.ranked} == {"bf16"}


def test_a_commitment_is_paid_around_the_clock() -> None:
    found = search(Requirements(buys=("reserved-1yr", "reserved-3yr"), alternatives="same"), BOOK)
    assert found.winner is not None
    assert {r.option.strategy.scale for r in found.ranked} == {"fixed"}


def test_a_speed_that_nobody_published_meets_no_tighter_target() -> None:
    assert np.isinf(_kept(10.0, 1.0, None)).all()
    assert (_kept(10.0, 1.0, 0.01) == 10).all()
    assert (_kept(10.0, math.inf, None) == 10).all()
