"""Models that price lists name and no architecture is known of: bought per token and refused on machines."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.records import ApiPrice
from components.engine.answer import Answer
from components.engine.comparison import Comparison, compare, hardware
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Scenario, Strategy, Workload
from components.engine.search import Requirements, search
from components.engine.strategy import better_bought
from components.engine.strategy.quality import model_gap
from components.engine.strategy.sold import sold_by

CATALOG = load_catalog()
BOOK = open_book(CATALOG)
CURRENT = tuple(row for row in CATALOG.api_prices if row.status == "current")
SHORT = Workload(isl=800, osl=200, requests_per_day=1e5)
GPT = Strategy(name="GPT", model="gpt-4.1", buy="api", provider="OpenAI")
GPT_4O = GPT.model_copy(update={"model": "gpt-4o"})


def bought(row: ApiPrice, **changes: object) -> Strategy:
    """A price row as a strategy."""
    strategy = Strategy(model=row.answering_id, buy="api", provider=row.provider, tier=row.tier)
    return strategy.model_copy(update=changes)


@cache
def told(*strategies: Strategy, workload: Workload = SHORT) -> Comparison:
    return compare(Scenario(workload=workload, strategies=strategies), CATALOG)


def answered(strategy: Strategy, workload: Workload = SHORT) -> Answer:
    return evaluate_one(strategy, workload, CATALOG)


def test_every_current_price_is_reachable() -> None:
    """Open and closed ones; embeddings on their own work."""
    embeds = {key for key, model in CATALOG.answering.items() if model.task == "embed"}
    work = {True: Workload(preset="embeddings", isl=300), False: SHORT}
    for embedding, workload in work.items():
        rows = [row for row in CURRENT if (row.answering_id in embeds) == embedding]
        outcomes = evaluate([bought(row) for row in rows], workload, BOOK)
        for row, outcome in zip(rows, outcomes, strict=True):
            assert outcome.priced, (row, outcome.resolved.reasons)
            assert math.isfinite(outcome.cost_usd_per_month), row


def test_each_token_model_is_in_a_current_list_and_says_of_its_weights_what_the_lists_say() -> None:
    rows: dict[str, set[bool]] = {}
    for row in CURRENT:
        rows.setdefault(row.answering_id, set()).add(row.open_weight)
    assert not CATALOG.models.keys() & CATALOG.token_models.keys()
    for model in CATALOG.token_models.values():
        assert rows.get(model.id) == {model.open_weight}, model.id
        assert (model.quality_value is None) == (model.quality_metric == ""), model.id
    assert len(CATALOG.token_models) >= 60


@given(
    row=st.sampled_from(CURRENT),
    requests=st.floats(1e3, 1e8),
    isl=st.floats(10, 3000),
    osl=st.floats(1, 900),
    reuse=st.floats(0, 0.9),
    defer=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_law_the_bill_is_tokens_times_prices(
    row: ApiPrice, requests: float, isl: float, osl: float, reuse: float, defer: float
) -> None:
    """Cached tokens at their own price where it is lower, waiting work less the discount of the list."""
    if CATALOG.answering[row.answering_id].task == "embed":
        return
    workload = Workload(isl=isl, osl=osl, reuse=reuse, requests_per_day=requests)
    (outcome,) = evaluate([bought(row, defer=defer)], workload, BOOK)
    (deployment,) = outcome.resolved.deployments
    api = deployment.api
    assert api is not None
    usd_in, usd_out = row.input_usd_per_mtok, row.output_usd_per_mtok
    cached = usd_in if row.cached_input_usd_per_mtok is None else row.cached_input_usd_per_mtok
    if row.cached_input_usd_per_mtok is None:
        cached = api.usd_per_token_cached * 1e6
    hit = reuse * BOOK.value("prefix_hit_api") if cached < usd_in else 0.0
    share = api.batch_discount if row.batch_discount is None else row.batch_discount
    paid = effective_workload(workload, CATALOG).requests_per_month * (1 - share * defer)
    expected = paid * (isl * ((1 - hit) * usd_in + hit * cached) + osl * usd_out) / 1e6
    assert outcome.cost_usd_per_month == pytest.approx(expected, rel=1e-9)


def test_a_list_price_by_hand() -> None:
    """GPT-4.1 at 2 USD in, 0.5 cached, 8 out: 100,000 x 30.4375 requests, nothing seen before."""
    bill = answered(GPT, Workload(isl=1000, osl=250, reuse=0, requests_per_day=1e5))
    assert bill.cost_usd_per_month.base == pytest.approx(1e5 * 365.25 / 12 * (1000 * 2 + 250 * 8) / 1e6)


@pytest.mark.parametrize("model", sorted(CATALOG.token_models))
def test_on_machines_it_is_refused_in_one_sentence(model: str) -> None:
    refused = answered(Strategy(model=model))
    assert not refused.feasible
    (reason,) = refused.reasons
    assert reason.startswith(f"{CATALOG.token_models[model].name} is sold per token only; its ")
    assert reason.endswith("buy it per token, or choose a model that machines can run")


def test_the_sentence_says_what_is_not_published() -> None:
    assert (
        "GPT-5 is sold per token only; its weights are not published: " in answered(Strategy(model="gpt-5")).reasons[0]
    )
    opened = answered(Strategy(model="inkling"))
    assert "Inkling is sold per token only; its architecture is not in the tables: " in opened.reasons[0]


def test_a_smaller_model_may_be_closed_where_all_is_bought_per_token_and_not_on_machines_or_devices() -> None:
    routed = answered(GPT.model_copy(update={"route": 0.3, "route_model": "gpt-4.1-nano"}))
    assert routed.feasible
    assert routed.cost_usd_per_month.base < answered(GPT).cost_usd_per_month.base
    beside = answered(Strategy(route=0.3, route_model="gpt-4.1-nano"))
    assert beside.reasons == (
        "GPT-4.1 nano is sold per token only; its weights are not published: "
        "route to a model that machines can run, or buy everything per token",
    )
    held = answered(Strategy(edge=0.3, edge_model="gpt-4.1-nano"))
    assert held.reasons[0].endswith("not published: choose a model that devices can run")


def test_speed_is_the_measured_one_or_is_not_published() -> None:
    timed = answered(Strategy(model="glm-5.3-flash", buy="api", provider="Together AI"))
    assert timed.output_tokens_per_s_per_user == pytest.approx(98)
    assert timed.basis == "measured"
    silent = answered(GPT)
    assert silent.feasible
    assert silent.ttft_p95_s is None
    assert silent.tpot_p95_s is None
    assert silent.unproven == ("the first word", "each word")
    assert "no measured speed of GPT-4.1 at OpenAI is published" in silent.warnings


def test_the_ledger_says_what_is_known_of_the_model_and_cites_it() -> None:
    steps = {step.name: step for step in answered(GPT).ledger}
    assert steps["model"].formula == "GPT-4.1 by OpenAI is sold per token only: its weights are not published"
    assert steps["model"].sources == (CATALOG.token_models["gpt-4.1"].source_id,)
    assert steps["speed per user"].formula == steps["time to first token"].formula == "not published"
    assert steps["price per million output tokens"].value == 8


def test_energy_carbon_and_chips_are_not_published() -> None:
    found = answered(GPT)
    assert (found.power_kw, found.energy_kwh_per_month, found.carbon_kg_per_month) == (None, None, None)
    assert found.accelerators is None
    assert hardware(Scenario(strategies=(GPT,)), CATALOG) == ()
    assert hardware(Scenario(strategies=(GPT,)), CATALOG, ("h100-sxm",)) == ()
    opened = Strategy(buy="api", provider="GroqCloud")
    (chip,) = hardware(Scenario(strategies=(GPT, opened)), CATALOG, ("h100-sxm",))
    assert chip.model.id == opened.model


def test_a_request_longer_than_the_list_allows_is_refused_at_that_platform() -> None:
    refused = answered(Strategy(model="gpt-4o", buy="api", provider="OpenAI"), Workload(isl=150_000, osl=200))
    assert refused.reasons[0].startswith("GPT-4o at OpenAI reads 128,000 tokens, the request has 150,200: shorten")


def test_a_dearer_price_for_long_prompts_is_said_where_prompts_are_long() -> None:
    row = next(row for row in CURRENT if row.dearer_when_long and (row.context_window_tokens or 0) > 200_000)
    said = f"{row.provider} lists a dearer price for long prompts: the one for short ones is used"
    assert said in answered(bought(row), Workload(isl=100_000, osl=200)).warnings
    assert said not in answered(bought(row)).warnings


def test_quality_needs_a_score_that_both_have() -> None:
    """MMLU-Pro: Llama 3.3 70B 68.9, GPT-4o 72.6, GPT-4.1 81.8, Llama 4 Maverick 80.5; GPT-5.4 has none."""
    llama, maverick = Strategy(), Strategy(model="llama-4-maverick-400b-a17b", hardware="b200")
    newer = Strategy(model="gpt-5.4", buy="api", provider="OpenAI")
    grades = [a.grade for a in told(llama, GPT, newer).answers]
    assert grades == ["A", "A", "?"]
    unknown = told(llama, newer).answers[1]
    assert unknown.extra_errors_per_1000 is None
    assert "share no published metric" in unknown.quality_note
    today = told(GPT_4O, llama, maverick).answers
    assert [a.grade for a in today] == ["A", "D", "A"]
    assert today[1].extra_errors_per_1000 == pytest.approx(37)


def test_a_model_keeps_its_own_level_wherever_it_is_sold_closed_and_is_not_known_open() -> None:
    azure = Strategy(model="gpt-5.4", buy="api", provider="Azure AI Foundry")
    assert told(azure.model_copy(update={"provider": "OpenAI"}), azure).answers[1].grade == "A"
    glm = Strategy(model="glm-5.3", buy="api", provider="Together AI")
    assert told(glm.model_copy(update={"provider": "Z.ai"}), glm).answers[1].grade == "?"


def test_an_unknown_quality_never_wins_unless_asked() -> None:
    nano = Strategy(name="nano", model="gpt-5-nano", buy="api", provider="OpenAI", defer=1)
    dear = Strategy(name="GPT-4o", model="gpt-4o", buy="api", provider="OpenAI", defer=1)
    cheap = told(dear, nano)
    assert cheap.answers[1].cost_usd_per_month.base < cheap.answers[0].cost_usd_per_month.base
    assert cheap.best == 0
    assert told(dear, nano, workload=SHORT.model_copy(update={"grade": "any"})).best == 1


def test_what_is_known_of_a_score_is_said() -> None:
    assert "GPT-5: the score is with thinking, which takes more output tokens than the workload states" in (
        answered(Strategy(model="gpt-5", buy="api")).warnings
    )


@pytest.mark.parametrize(
    ("base", "other", "label"),
    [
        (Strategy(), GPT, "Model and bought stack (OpenAI)"),
        (GPT, Strategy(), "Model and own servers"),
        (GPT, GPT.model_copy(update={"model": "gpt-4.1-mini"}), "Model"),
        (GPT, GPT.model_copy(update={"student": "gpt-4.1-mini"}), "Model"),
        (GPT_4O, GPT_4O.model_copy(update={"provider": "Azure AI Foundry"}), "Bought stack (Azure AI Foundry)"),
        (GPT, Strategy(model="claude-opus-5", buy="api", provider="Anthropic"), "Model and bought stack (Anthropic)"),
    ],
)
def test_a_model_and_its_seller_are_one_step_where_they_have_no_price_apart(
    base: Strategy, other: Strategy, label: str
) -> None:
    (found,) = told(base, other).attributions
    moved = [step for step in found.steps if step.waterfall]
    assert [step.label for step in moved] == [label]
    assert moved[0].waterfall == pytest.approx(found.saving_usd_per_month)


def test_whose_chips_a_closed_platform_runs_is_not_known_so_stack_and_hardware_are_one() -> None:
    (found,) = told(GPT, GPT.model_copy(update={"provider": "Azure AI Foundry"})).attributions
    assert ("stack", "hardware") in [step.layers for step in found.steps]


def test_a_baseline_without_a_published_time_is_not_said_to_miss_its_targets() -> None:
    workload = Workload(requests_per_day=3e6)
    maverick = Strategy(name="Maverick", model="llama-4-maverick-400b-a17b", hardware="b200")
    assert told(GPT_4O, maverick, workload=workload).headline.endswith("; no time is published for GPT.")
    few = told(GPT_4O, maverick, workload=Workload(requests_per_day=1000))
    assert few.headline.endswith(" for GPT, which publishes no time.")


def test_sellers_are_told_the_maker_first() -> None:
    assert sold_by(CATALOG, "claude-opus-5")[0] == ("Anthropic", "standard")
    assert sold_by(CATALOG, "gemini-2.5-pro") == (("Google Gemini API", "standard"),)
    assert sold_by(CATALOG, "nothing") == ()


def test_a_better_way_to_buy_is_offered_only_where_there_is_no_price() -> None:
    assert better_bought(CATALOG, Strategy()) is None
    assert better_bought(CATALOG, GPT) is None
    assert better_bought(CATALOG, GPT.model_copy(update={"provider": ""})) is None
    assert better_bought(CATALOG, Strategy(model="gpt-4.1")) == ("OpenAI", "standard")
    assert better_bought(CATALOG, GPT.model_copy(update={"model": "claude-opus-5"})) == ("Anthropic", "standard")
    assert better_bought(CATALOG, Strategy(model="nova-2-lite", buy="api")) == ("AWS Bedrock", "global")


def test_a_wrong_tier_says_which_one_there_is() -> None:
    named = answered(Strategy(model="claude-opus-5", buy="api", provider="AWS Bedrock"))
    assert "AWS Bedrock sells it as tier global" in named.reasons[0]
    unnamed = answered(Strategy(model="nova-2-lite", buy="api"))
    assert "choose AWS Bedrock as tier global" in unnamed.reasons[0]


def asked(baseline: Strategy, **changes: object) -> Requirements:
    fixed = {"workload": Workload(requests_per_day=1e6), "baseline": baseline, "hardware": ("b200",)}
    return Requirements.model_validate(fixed | changes)


def test_the_search_for_a_closed_baseline_says_where_to_look() -> None:
    found = search(asked(GPT), BOOK)
    assert found.winner is not None
    assert found.winner.strategy.model in CATALOG.models
    assert "GPT-4.1 is sold per token only: every comparable model is tried in its place" in found.notes
    assert found.baseline is not None
    assert found.baseline.strategy.model == "gpt-4.1"
    alone = search(asked(GPT, alternatives="same"), BOOK)
    assert alone.winner is None
    assert "GPT-4.1 is sold per token only: try other models to see what can replace it" in alone.notes


def test_the_search_replaces_a_closed_baseline_only_by_what_shares_its_score() -> None:
    found = search(asked(GPT, alternatives="any", unpublished=True, confidence="low"), BOOK)
    assert found.winner is not None
    options = [found.winner, *(each.option for each in found.ranked if not each.missed)]
    reference = CATALOG.answering["gpt-4.1"]
    assert {o.kind for o in options} >= {"accelerators"}
    for option in options:
        assert option.grade != "?", option
        assert model_gap(CATALOG.answering[option.strategy.model], reference) is not None


def test_a_named_model_of_unknown_quality_is_tried_and_never_inside_the_grade() -> None:
    found = search(asked(GPT, models=("gpt-5.4-nano",), unpublished=True, confidence="low"), BOOK)
    shown = [] if found.winner is None else [found.winner, *(each.option for each in found.ranked if not each.missed)]
    assert all(option.strategy.model != "gpt-5.4-nano" for option in shown)
