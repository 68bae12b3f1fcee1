"""What the search reports is what the engine says of the same strategy, one by one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.facts.book import Book
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Buy, Strategy, Workload
from components.engine.search.ask.axes import APART, lever_choices
from components.engine.search.ask.replicas import Question, block
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import ask_of, search
from components.engine.search.price.offers import offers_of
from components.engine.search.price.served import scales_of, served
from components.engine.search.rank.keep import Kept, OfferedBlock, Spot
from components.engine.search.rank.one_by_one import options
from components.engine.search.rank.option import Option
from components.engine.search.rank.order import Order

EXACT = 1e-9
MACHINES: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr", "owned", "dedicated")
FIGURES = (
    "cost_usd_per_month", "ttft_p95_s", "tpot_p95_s", "slow_s", "throughput_tokens_per_s", "accelerators", "power_kw",
    "energy_kwh_per_month", "carbon_kg_per_month", "extra_errors_per_1000",
)  # fmt: skip
WORDS = ("grade", "confidence", "basis", "seller", "kind")
QUESTIONS = {
    "chat": Requirements(grade="E", breadth="wide", cache=0.2, defer=0.3, compress=0.7, shorten=0.8),
    "experts": Requirements(
        grade="E", breadth="wide", baseline=Strategy(model="gpt-oss-120b"), workload=Workload(preset="coding_agent")
    ),
    "prompts": Requirements(
        grade="E", baseline=Strategy(model="bge-m3"), workload=Workload(preset="embeddings", isl=400)
    ),
    "batch": Requirements(
        grade="E", breadth="wide", workload=Workload(preset="doc_summary_batch", ttft_ms=0, tpot_ms=0), defer=1.0
    ),
    "mla": Requirements(
        grade="E", baseline=Strategy(model="deepseek-v3.2"), workload=Workload(preset="reasoning"), alternatives="same"
    ),
}  # fmt: skip


def the_book() -> Book:
    return open_book(load_catalog())


@cache
def the_ask(name: str) -> Question:
    return ask_of(QUESTIONS[name], the_book())


def same(found: Option, told: Option) -> None:
    """Two descriptions of one strategy agree."""
    for name in (*FIGURES, *WORDS):
        mine, its = getattr(found, name), getattr(told, name)
        close = mine == its or (None not in (mine, its) and mine == pytest.approx(its, rel=EXACT, abs=1e-12))
        assert close, (name, mine, its, found.strategy)


def purchasable() -> list[str]:
    book = the_book()
    return [
        c.id
        for c in book.catalog.accelerators.values()
        if c.device_class not in APART and offers_of(the_ask("chat"), c, ("usa",)) is not None
    ]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_sample_over_all_chips_and_purchases_equals_the_engine(name: str) -> None:
    book, ask, draw = the_book(), the_ask(name), np.random.default_rng(20261124)
    scales = scales_of(book, ask.traffic)
    kept = Kept(ask, Order(ask.q, None), scales)
    spots, works = [], []
    model = book.catalog.models[ask.reference.id]
    every = lever_choices(book, ask.q, ask.traffic, model, book.catalog.accelerators["h100-sxm"], Strategy())
    for chip_id in purchasable():
        chip = book.catalog.accelerators[chip_id]
        dressing = [every[i] for i in sorted(draw.choice(len(every), size=min(6, len(every)), replace=False))]
        found, offers = block(ask, model, chip, dressing), offers_of(ask, chip, ("usa", "deu", "swe", "ind"))
        if found is None or not len(found.code) or offers is None:
            continue
        few = found.part(draw.integers(len(found.code), size=3))
        (done,) = served(book, ask.traffic, scales, [few])
        kept.entries.append(OfferedBlock(few.light(), done, offers, offers))
        for row in range(3):
            at = int(draw.integers(len(scales))), int(draw.integers(len(offers.offers)))
            spots.append(Spot(len(kept.entries) - 1, row, *at))
            works.append(bool(done.works[row]))
    told = [kept.option(spot, undominated=False) for spot in spots]
    assert len(told) > 60
    outcomes = evaluate([o.strategy for o in told], ask.q.workload, book, ask.reference.id)
    for option, again, outcome, fits in zip(
        told, options(ask, [o.strategy for o in told]), outcomes, works, strict=True
    ):
        assert again is not None, (option.strategy, outcome.resolved.reasons)
        same(option, again)
        assert outcome.works == fits, option.strategy


@pytest.mark.parametrize("chip_id", ["h100-sxm", "h200-sxm", "gb200-nvl72", "tpu-v6e", "rtx-5090"])
def test_every_purchase_of_a_chip_equals_the_engine(chip_id: str) -> None:
    book, ask = the_book(), the_ask("chat")
    chip, scales = book.catalog.accelerators[chip_id], scales_of(book, ask.traffic)
    found = block(
        ask,
        book.catalog.models[ask.reference.id],
        chip,
        [{"cache": 0.0, "defer": 0.0, "compress": 1.0, "shorten": 1.0}],
    )
    offers = offers_of(ask, chip, ("usa", "nor"))
    assert found is not None
    assert offers is not None
    few = found.part(np.array([0]))
    (done,) = served(book, ask.traffic, scales, [few])
    kept = Kept(ask, Order(ask.q, None), scales, [OfferedBlock(few.light(), done, offers, offers)])
    told = [kept.option(Spot(0, 0, i % len(scales), i), undominated=False) for i in range(len(offers.offers))]
    for option, again in zip(told, options(ask, [o.strategy for o in told]), strict=True):
        assert again is not None, option.strategy
        same(option, again)


@pytest.mark.parametrize(
    "q",
    [
        Requirements(),
        Requirements(buys=MACHINES, objectives=("speed",)),
        Requirements(workload=Workload(preset="coding_agent"), baseline=Strategy(model="gpt-oss-120b"), grade="D"),
    ],
    ids=["default", "fastest", "agent"],
)
def test_everything_reported_equals_the_engine(q: Requirements) -> None:
    book = the_book()
    found, ask = search(q, book), ask_of(q, book)
    assert found.winner is not None
    every = [r.option for r in found.ranked] + [o for points in found.fronts.values() for o in points]
    for option, again in zip(every, options(ask, [o.strategy for o in every]), strict=True):
        assert again is not None
        same(option, again)


def test_the_engine_lets_in_what_the_search_lets_in() -> None:
    """Compare would show the same verdict for every line inside the limits."""
    from components.engine.answer.assemble import answer

    book, q = the_book(), Requirements()
    found = search(q, book)
    lines = [r.option.strategy for r in found.ranked if r.missed is None]
    traffic = effective_workload(q.workload, book.catalog)
    for outcome in evaluate(lines, q.workload, book, "llama-3.3-70b"):
        assert answer(outcome, traffic, book, "").feasible
