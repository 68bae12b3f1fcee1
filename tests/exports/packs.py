"""Comparisons that exports must stand: every starting point, and scenarios at the edges."""

from __future__ import annotations

import datetime
from functools import cache, partial

from components.catalog.load import load_catalog
from components.engine.plan import plan_answer
from components.engine.scenario import Prices, Scenario, Strategy, Workload
from components.exports.pack import Pack, pack_of
from components.share.presets import first_screen
from components.share.starting_points import starts

DAY = datetime.date(2026, 11, 28)
LINK = "https://four.example/compare?w=support_chat&s0=plain"
DRAWS = 400
"""Of the plans: few, for speed."""
HARD_NAMES = (
    "=1+1",
    "@SUM(A1)",
    "-2+3 <b>bold</b> & \"quotes\" 'and' $ # \\ _x_ *y* `z` ~ [a](b)",
    "\U0001f680 rocket \u0645\u0631\u062d\u0628\u0627 \u202eright to left\u202c \u4f60\u597d",
    "+" + "W" * 59,
    "</script><script>alert(1)</script>",
)


def _named() -> Scenario:
    first = first_screen()
    named = tuple(s.model_copy(update={"name": n}) for s, n in zip(first.strategies, HARD_NAMES, strict=True))
    return first.model_copy(update={"strategies": named})


EDGES: dict[str, Scenario] = {
    "hard names": _named(),
    "one alone": Scenario(strategies=(Strategy(),)),
    "per token alone": Scenario(
        strategies=(Strategy(buy="api", provider="DeepInfra"), Strategy(buy="api", provider="GroqCloud")),
        currency="EUR",
    ),
    "nothing works": Scenario(
        workload=Workload(ttft_ms=1, tpot_ms=0.1), strategies=(Strategy(name="a"), Strategy(name="b", chips=1)),
        currency="JPY",
    ),
    "no price": Scenario(strategies=(Strategy(name="today"), Strategy(name="unpriced", hardware="groq-3-lpu"))),
    "baseline without a price": Scenario(
        strategies=(Strategy(name="unpriced", hardware="groq-3-lpu"), Strategy(name="then"))
    ),
    "own figures": Scenario(
        strategies=(
            Strategy(name="today", price=2.1, own_tpot_ms=30.0, own_chips=4, own_concurrency=32),
            Strategy(name="bought", buy="owned", price=30_000, hardware="h200-sxm", place="deu"),
            Strategy(name="tokens", buy="api", provider="DeepInfra", price_in=0.2, price_out=0.5, api_fee=1000),
        ),
        currency="INR",
        prices=Prices(salary=90_000, overhead=0.1, rates=(("INR", 80.0),)),
    ),
    "mixed": Scenario(
        strategies=(
            Strategy(name="routed", route=0.3, cache=0.2, scale="hourly"),
            Strategy(name="edge", buy="api", provider="GroqCloud", model="gpt-oss-120b", edge=0.2, defer=0.5),
            Strategy(name="pools", hardware="h200-sxm", buy="owned", disagg=True, place="deu"),
        ),
        currency="GBP",
    ),
    "no price for tokens": Scenario(
        strategies=(
            Strategy(name="today"),
            Strategy(name="x", buy="api", provider="GroqCloud", model="deepseek-v3.2", edge=0.2),
        )
    ),
    "free": Scenario(
        strategies=(
            Strategy(name="given", buy="api", provider="DeepInfra", price_in=0, price_cached=0, price_out=0),
            Strategy(name="paid", buy="api", provider="DeepInfra"),
        ),
        prices=Prices(staff="none"),
    ),
    "no traffic": Scenario(workload=Workload(requests_per_day=0), strategies=(Strategy(), Strategy(weights="fp8"))),
}  # fmt: skip
NAMES = (*starts(), *EDGES)


@cache
def pack(name: str) -> Pack:
    """One of `NAMES` by name."""
    scenario = EDGES[name] if name in EDGES else starts()[name].scenario
    return pack_of(scenario, load_catalog(), link=LINK, made=DAY, planner=partial(plan_answer, draws=DRAWS))
