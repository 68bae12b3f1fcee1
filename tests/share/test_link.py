"""A link and a scenario are the same thing; whatever is in an address, a page opens."""

import string
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.scenario import PlanTerms, Prices, Scenario, Strategy, Workload
from components.share import codec, link
from components.share.presets import first_screen, presets
from tests.share.garbage import GARBAGE

CATALOG = load_catalog()
MODELS, CHIPS = sorted(CATALOG.answering), sorted(CATALOG.accelerators)
SELLERS = sorted({p.provider for p in CATALOG.api_prices} | {p.provider for p in CATALOG.rentals})
TEXT = st.text(string.printable + "éß漢~*._&=#%", max_size=60).map(codec.plain)


Kind = type[Strategy] | type[Workload] | type[Prices] | type[PlanTerms]
INPUTS = ["growth", "chips", "speed.h100-sxm", "price.b200.on-demand"]
NAMES = {"chip_hours": CHIPS, "rates": ["EUR", "JPY"], "lows": INPUTS, "highs": INPUTS}
LEAST = {"lows": -1, "highs": -1}


def _values(model: Kind, field: str) -> st.SearchStrategy[object]:
    if field in NAMES:
        return st.dictionaries(st.sampled_from(NAMES[field]), st.floats(LEAST.get(field, 0), 1e6), max_size=4).map(
            lambda found: tuple(found.items())
        )
    known = {"model": MODELS, "student": ["", *MODELS], "route_model": MODELS, "edge_model": MODELS,
             "hardware": CHIPS, "prefill": ["", *CHIPS], "edge_device": CHIPS, "provider": ["", *SELLERS],
             "tier": ["standard", "turbo"], "place": ["usa", "deu"], "preset": sorted(CATALOG.workloads)}  # fmt: skip
    if field == "name":
        return TEXT
    if field in known:
        return st.sampled_from(known[field])
    if words := codec.choices(model, field):
        return st.sampled_from(words)
    default = model.model_fields[field].default
    if isinstance(default, bool):
        return st.booleans()
    low, high = codec.limits(model, field)
    assert low is not None and high is not None, field
    whole = codec._kind(model.model_fields[field])[0] is int
    number: st.SearchStrategy[float] = st.integers(int(low), int(high)) if whole else st.floats(low, high)
    return st.none() | number if default is None else number


def _records(model: Kind) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={f: _values(model, f) for f in model.model_fields}).map(
        model.model_validate
    )


STRATEGIES = _records(Strategy)
SCENARIOS = st.builds(
    Scenario,
    workload=_records(Workload),
    strategies=st.lists(STRATEGIES, min_size=1, max_size=6).map(tuple),
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
    prices=_records(Prices),
    plan=_records(PlanTerms),
    colours=st.permutations(range(6)).flatmap(lambda p: st.integers(0, 6).map(lambda n: tuple(p[:n]))),
)


@given(STRATEGIES, st.sampled_from(["", "custom", *presets()]))
def test_strategy_round_trip(strategy: Strategy, head: str) -> None:
    code = link.strategy_code(strategy, head)
    assume(len(code) <= link.LONGEST_CODE)
    assert link.read_strategy(code) == (strategy, [])


@settings(max_examples=60)
@given(SCENARIOS)
def test_link_round_trip(scenario: Scenario) -> None:
    assert link.read_link("https://host/path?" + link.canonical_query(scenario)) == (scenario, [])


JUNK = st.text(max_size=80) | st.sampled_from(
    ["naive~spec.nan", "naive~price.nan", "naive~price.inf~price.-1", "naive~chips.1e9", "naive~chips.2.5", "custom~~~",
     "naive~name.<script>alert(1)</script>", "naive~name.*3Cb*3E*ff", "support_chat~isl.NaN", "support_chat~preset.x",
     "<script>", "\ud800", "s0=1", "naive~model.gpt-9", "custom~hardware.", "custom~cache.1e400",
     "salary.x", "chip_hours.h100-sxm_2_b9_1", "staff.some", "people.-1", "٣", "²",
     "months.0", "growth.1e99", "lows.growth_-9_x_1_chips_nan", "discount.-1", "seed.x"]
)  # fmt: skip
KEYS = st.sampled_from(["v", "d", "w", "cur", "pr", "pl", "s0", "s1", "s5", "s6", "s99", "embed", "<x>"]) | st.text(
    max_size=5
)


@settings(max_examples=300)
@given(st.dictionaries(KEYS, st.lists(JUNK, max_size=3), max_size=8))
def test_any_query_gives_a_scenario(query: dict[str, list[str]]) -> None:
    scenario, notices = link.parse_query(query)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    for text in [*notices, *(s.name for s in scenario.strategies)]:
        assert "<" not in text
        assert codec.plain(text, 10_000) == text
    assert all(n.endswith(".") for n in notices)


@given(st.text(max_size=300))
def test_any_text_as_link(text: str) -> None:
    scenario, notices = link.read_link(text)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert len(notices) <= link.MOST_NOTICES + 1
    assert all(n.endswith(".") for n in notices)


@pytest.mark.parametrize("junk", GARBAGE)
def test_100_kilobytes_of_garbage_give_a_scenario_and_few_notices(junk: str) -> None:
    scenario, notices = link.parse_query({"w": [junk], **{s: [junk] for s in link.SLOTS}})
    assert link.read_link(junk)[0].strategies
    assert scenario.strategies
    assert 0 < len(notices) <= link.MOST_NOTICES + 1


def test_out_of_range_is_clamped_and_said() -> None:
    strategy, notices = link.read_strategy("naive~cache.7~chips.-3")
    assert strategy is not None
    assert (strategy.cache, strategy.chips) == (0.95, 0)
    assert len(notices) == 2


def test_versions_and_repeats_are_said() -> None:
    for query in (
        {"v": ["0"]},
        {"v": ["99"]},
        {"v": ["x"]},
        {"d": ["2020-01-01"]},
        {"cur": ["DOGE"]},
        {"s6": ["naive"]},
    ):
        scenario, notices = link.parse_query(query)
        assert scenario == first_screen()
        assert len(notices) == 1
    assert "more than once" in link.parse_query({"s0": ["naive", "groq"]})[1][0]


def test_default_link_is_short_enough_for_mail() -> None:
    assert len(link.canonical_query(first_screen())) <= 1800


def test_every_preset_names_known_things() -> None:
    for preset in presets().values():
        assert link.read_strategy(link.strategy_code(preset.strategy, "custom")) == (preset.strategy, []), preset.id
        assert preset.description


def test_an_own_measurement_is_readable_in_the_link_and_bounded() -> None:
    strategy = Strategy(own_tpot_ms=38.5, own_ttft_ms=420, own_concurrency=64, own_isl=1000)
    code = link.strategy_code(strategy, "custom")
    assert code == "custom~own_tpot_ms.38.5~own_ttft_ms.420~own_concurrency.64~own_isl.1000"
    assert link.read_strategy(code) == (strategy, [])
    clamped, notices = link.read_strategy("custom~own_tpot_ms.-5~own_hit.2~own_concurrency.0")
    assert clamped is not None
    assert (clamped.own_tpot_ms, clamped.own_hit, clamped.own_concurrency) == (0.01, 0.99, 1)
    assert len(notices) == 3
    assert link.read_strategy("custom~own_tok_s.fast")[1] == [
        "Strategy: own_tok_s “fast” is not a number; the usual setting is used."
    ]


def test_own_prices_are_readable_in_the_link_and_bounded() -> None:
    prices = Prices(staff="difference", salary=180_000, chip_hours=(("h100-sxm", 2.1), ("b200", 4)))
    code = link.prices_code(prices)
    assert code == "staff.difference~salary.180000~chip_hours.h100-sxm_2.1_b200_4"
    assert link.read_prices(code) == (prices, [])
    assert link.prices_code(Prices()) == ""
    assert "pr=" not in link.canonical_query(first_screen())
    clamped, notices = link.read_prices("pue.0.5~chip_hours.h100-sxm_2_b9_1")
    assert (clamped.pue, clamped.chip_hours) == (1, (("h100-sxm", 2),))
    assert len(notices) == 2


def test_the_plan_is_readable_in_the_link_and_bounded() -> None:
    plan = PlanTerms(months=60, growth=2.5, chips=-0.1, both=0, seed=7)
    code = link.plan_code(plan)
    assert code == "months.60~growth.2.5~chips.-0.1~both.0~seed.7"
    assert link.read_plan(code) == (plan, [])
    assert link.plan_code(PlanTerms()) == ""
    assert "pl=" not in link.canonical_query(first_screen())
    clamped, notices = link.read_plan("months.0~discount.-1~life.3")
    assert (clamped.months, clamped.discount) == (1, 0)
    assert notices == [
        "Plan: months was below its limit; 1 is used.",
        "Plan: discount was below its limit; 0 is used.",
        "Plan: “life.3” is not a setting and was ignored.",
    ]


def test_a_colour_of_the_link_is_each_strategys_own_and_a_wrong_one_is_said() -> None:
    base = link.canonical_query(first_screen())
    count = len(first_screen().strategies)
    assert link.COLOURS + "=" not in base
    assert link.read_link(base)[0].colour_of == tuple(range(count))
    moved, notices = link.read_link(f"{base}&col=20")
    assert not notices
    assert moved.colour_of[:4] == (2, 0, 1, 3), "those without one take the first that is free"
    for wrong in ("00", "9", "abc", "0123456", "\u0663"):
        read, notices = link.read_link(f"{base}&col={wrong}")
        assert read.colours == ()
        assert any("could not be read" in notice for notice in notices), wrong
