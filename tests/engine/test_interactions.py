"""Published interactions of levers, reproduced by the closed form: direction strictly, size within a stated tolerance.

Published sizes are read from data/optimizations.csv. Throughput of a replica is b o / (b S + o t(b) / tau): every
answer bears its own prompt. `pytest -rP` on this file prints what the engine reaches beside each published size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.outcome.evaluation import open_book
from components.engine.replica.decode import StepModel, decode_step
from components.engine.replica.memory import batch_capacity
from components.engine.replica.prefill import prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.scenario import Strategy, Workload
from components.engine.serving.decode_table import token_time_s
from components.engine.strategy.lever_edits import pruning_factors
from components.engine.strategy.resolve import resolve
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
BOOK = open_book(CATALOG)
FACTS = {fact.variant: fact for fact in CATALOG.optimizations}


def published(variant: str, *reached: float) -> float:
    """The published size; prints what is reached beside it."""
    value = FACTS[variant].effect_value
    assert value is not None
    print(f"{variant}: published {value:.3g}x, reached {', '.join(f'{gain:.3g}x' for gain in reached)}")
    return value


class Rate(NamedTuple):
    """Of one replica. [tokens/s], [s]"""

    mixed: float
    """Prompts and answers on the same chips."""
    decode: float
    prompt_s: float


def replica(share: float = 0.0, **more: Any) -> Physics:
    row: dict[str, Any] = {"model": "llama-3.1-8b", "chip": "h200-sxm", "weights": "bf16", "kv": "bf16", "chips": 1,
           "isl": 2048, "osl": 128} | more  # fmt: skip
    row.setdefault("new_isl", row["isl"])
    row |= {"model": CATALOG.models[row["model"]], "chip": CATALOG.accelerators[row["chip"]]}
    return one_replica(g=G, **row).multiplied(pruning_factors(BOOK, share) if share else ())


def rate(p: Physics, batch: float) -> Rate:
    b = np.array([batch])
    step, prompt = decode_step(p, b, G), prefill_occupancy_s(p, G)
    token_s = step.total_s / step.tokens_per_step
    return Rate(float((b / (token_s + b * prompt / p.osl))[0]), float((b / token_s)[0]), float(prompt[0]))


def full(p: Physics) -> float:
    """Batch that fills the memory. [sequences]"""
    return float(batch_capacity(p, G)[0])


# pruning x FP8


def test_pruning_and_fp8_overlap() -> None:
    """Published 2.0x and 2.2x alone, 2.6x together, far below their product.

    Nemotron 3 Nano pruned from 31.6 to 22 B on one H100 at 32,768 in and 1,024 out: the gain is room for caches, and
    memory is freed once. Each within 20 %. Cache in 16 bits.
    """
    how: dict[str, Any] = {"model": "nemotron-3-nano-30b-a3b", "chip": "h100-sxm", "isl": 32768, "osl": 1024}
    share = 1 - 22e9 / 31.6e9
    plain, thin, fp8, both = (
        rate(p, full(p)).mixed
        for p in (replica(**how), replica(share, **how), replica(weights="fp8", **how),
                  replica(share, weights="fp8", **how))
    )  # fmt: skip
    pruned, quantized, together = thin / plain, fp8 / plain, both / plain
    assert max(pruned, quantized) < together < 0.8 * pruned * quantized
    assert pruned == pytest.approx(published("structured-moe-30b-to-22b", pruned), rel=0.2)
    assert quantized == pytest.approx(published("fp8-moe-hybrid", quantized), rel=0.2)
    assert together == pytest.approx(published("prune-x-fp8-moe", together), rel=0.2)


# speculation x batch


def _drafted(batch: float, depth: int, **more: Any) -> float:
    how: dict[str, Any] = {"chip": "h100-sxm", "isl": 300, "osl": 300} | more
    return rate(replica(draft_tokens=depth, **how), batch).decode / rate(replica(**how), batch).decode


def test_speculation_fades_with_the_batch() -> None:
    """Published 2.36x at batch 1 and 1.38x at 64 (EAGLE-3, 8 B, H100), compared at a depth of 4.

    Within 15 %. The depth is not published; 4 is the depth at which the engine gains most at batch 1.
    """
    gains = [_drafted(b, 4) for b in (1, 16, 64, 256)]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == pytest.approx(published("eagle-3-sglang-bs1", gains[0]), rel=0.15)
    assert gains[2] == pytest.approx(published("eagle-3-sglang-bs64", gains[2]), rel=0.15)


def test_a_static_draft_loses_at_load() -> None:
    """Published 0.71x (Llama 3 70B, 4 x H100, high load; batch, depth unpublished), compared at 256 and a depth of 4.

    Within 15 % at that batch; a depth of 2 loses less.
    """
    how: dict[str, Any] = {"model": "llama-3-70b", "chips": 4}
    assert _drafted(1, 4, **how) > 1.5
    shallow, deep = _drafted(256, 2, **how), _drafted(256, 4, **how)
    assert deep < shallow < 1
    assert deep == pytest.approx(published("draft-model-high-qps", deep), rel=0.15)


# INT4 weight-only x batch


@pytest.mark.parametrize(("model", "chips"), [("llama-3.1-8b", 1), ("llama-3.3-70b", 2)])
def test_weight_only_int4_helps_alone_and_fades_with_the_batch(model: str, chips: int) -> None:
    """Direction. Published at batch 1: 1.33x (8 B), 1.93x per chip (70 B, one against two chips); within 2x."""
    gains = [_int4(model, chips, b) for b in (1, 8, 64)]
    assert gains[0] > 1
    assert gains == sorted(gains, reverse=True)
    assert gains[2] < 0.6 * gains[0]
    assert gains[0] < 2 * published("awq-8b-bs1" if chips == 1 else "awq-70b-bs1", gains[0])


def _int4(model: str, chips: int, batch: float) -> float:
    packed, plain = replica(model=model, weights="int4"), replica(model=model, chips=chips)
    return rate(packed, batch).mixed / (rate(plain, batch).mixed / chips)


@pytest.mark.parametrize(
    ("model", "chips", "variant"), [("llama-3.1-8b", 1, "awq-8b-bs64"), ("llama-3.3-70b", 2, "awq-70b-bs64")]
)
def test_weight_only_int4_hurts_at_64(model: str, chips: int, variant: str) -> None:
    """Published 0.83x (8 B) and 0.88x per chip (70 B) at batch 64: within 21 %.

    A loss on the small model; per chip, a large one gains from a chip that needs no partner.
    """
    got = _int4(model, chips, 64)
    assert got == pytest.approx(published(variant, got), rel=0.21)
    assert got < 1 or chips > 1


def test_weight_only_int4_never_speeds_up_prompts() -> None:
    """Quantization x phase: FP8 reads prompts faster, INT4 weights pay for their unpacking.

    The most that is published is 0.75 of the rate of BF16 where prompts outweigh answers (row awq-8b-bs8).
    """
    plain, packed, fp8 = (rate(replica(weights=w), 1).prompt_s for w in ("bf16", "int4", "fp8"))
    assert plain < packed < plain / 0.75
    assert fp8 < 0.7 * plain


# FP4 over FP8


def _fp4(batch: float, **more: Any) -> float:
    return rate(replica(weights="fp4", **more), batch).decode / rate(replica(weights="fp8", **more), batch).decode


def test_fp4_over_fp8_runs_from_below_one_to_over_three() -> None:
    """Published 0.71x to 8x by operating point.

    Below 1: a Hopper multiplies FP4 weights in 16 bits, at batch 256. Over 3: DeepSeek R1 on 4 x B200, where FP8
    weights leave room for few requests and FP4 weights for many (published: 8x, V3.2 on 2 x GB300).
    """
    how: dict[str, Any] = {"model": "llama-3.3-70b", "chips": 2}
    assert _fp4(256, chip="h100-sxm", **how) < 1
    assert 1 < _fp4(1, chip="h100-sxm", **how) < 2
    cliff: dict[str, Any] = {"model": "deepseek-r1", "chip": "b200", "chips": 4, "isl": 2048, "osl": 1024}
    wide, narrow = (replica(weights=w, **cliff) for w in ("fp4", "fp8"))
    assert rate(wide, full(wide)).mixed / rate(narrow, full(narrow)).mixed > 3


def test_fp4_on_a_dense_model_gains_what_is_published() -> None:
    """Published 1.35x at 76 and 1.13x at 139 tokens/s per user (70 B, B200).

    Compared at equal batch, not at equal speed, since the layouts behind the published figures are unknown: within
    25 % of the larger.
    """
    gains = [_fp4(b, model="llama-3.3-70b", chip="b200", chips=2) for b in (1, 8, 64, 256)]
    assert gains == pytest.approx([published("fp4-vs-fp8-llama70b-b200-76tps", *gains)] * 4, rel=0.25)


def test_fp4_reads_prompts_faster_the_less_is_spent_on_links() -> None:
    """Published 1.8x on 2 and 1.14x on 4 x GB300 (V3.2), compared on 2, 4 and 8 (R1)."""
    gains = []
    for chips in (2, 4, 8):
        how: dict[str, Any] = {"model": "deepseek-r1", "chip": "gb300-nvl72", "chips": chips}
        gains.append(rate(replica(weights="fp8", **how), 1).prompt_s / rate(replica(weights="fp4", **how), 1).prompt_s)
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == pytest.approx(published("nvfp4-prefill", *gains), rel=0.25)


def test_fp4_on_a_chip_where_it_was_also_published_slower_is_a_gain_with_a_warning() -> None:
    """Published 0.71x to 2.29x by model on MI355X (70 B: 0.71x at 76 tokens/s per user): kernels are not modelled.

    The engine stays between the published sizes, compared at batch 64, and says that a loss was published.
    """
    known = [f.effect_value or 1 for v, f in FACTS.items() if v.startswith("fp4-vs-fp8-") and "-mi355x-" in v]
    gain = _fp4(64, model="llama-3.3-70b", chip="mi355x", chips=2)
    assert published("fp4-vs-fp8-llama70b-mi355x-76tps", gain) == min(known) < 1 < gain < max(known)
    for hardware, warned in (("mi355x", True), ("b200", False)):
        found = resolve(BOOK, Strategy(hardware=hardware, chips=2, weights="fp4"), Workload(preset="support_chat"))
        assert any("a loss is not modelled" in words for words in found.warnings) is warned


# prefix cache x agents


@pytest.mark.parametrize(("model", "chip", "chips"), [("llama-3.3-70b", "h100-sxm", 4), ("deepseek-v3.2", "b200", 8)])
def test_a_prefix_cache_cuts_an_agent_s_prompts_about_26_fold(model: str, chip: str, chips: int) -> None:
    """Expected about 26-fold in tokens, less in machine time.

    The coding agent reuses 96 % of its prompts, all of it kept by a store outside the replica. New tokens still attend
    to the whole prompt of 117 thousand, so time falls less than tokens: the size holds for tokens within 10 %.
    """
    agent = CATALOG.workloads["coding_agent"]
    isl, reuse = agent.input_tokens_mean.base, agent.prefix_reuse_share.base
    assert isl is not None
    assert reuse is not None
    new = isl * (1 - reuse * BOOK.value("prefix_hit_offload"))
    assert isl / new == pytest.approx(26, rel=0.1)
    how: dict[str, Any] = {"model": model, "chip": chip, "chips": chips, "weights": "fp8", "isl": isl, "osl": 441}
    cut = rate(replica(**how), 1).prompt_s / rate(replica(new_isl=new, **how), 1).prompt_s
    assert 0.5 * isl / new < cut < isl / new
    assert rate(replica(new_isl=new, **how), 16).decode == pytest.approx(rate(replica(**how), 16).decode)


# multi-token prediction


def test_multi_token_prediction_gains_as_much_as_was_published_and_by_load() -> None:
    """Runs with and without it beside one another gain 1.04x to 2.27x, a half of them 1.28x to 1.57x (InferenceMAX)."""
    gains: list[float] = []
    for model, chip in (("deepseek-r1", "b200"), ("glm-5", "mi355x"), ("qwen3-next-80b-a3b", "h200-sxm")):
        plain = replica(model=model, chip=chip, chips=8, weights="fp8", isl=1024, osl=1024)
        drafted = replace(
            plain,
            draft_tokens=np.array([-1.0]),
            acceptance=np.array([BOOK.value("acceptance_mtp")]),
            draft_cost=np.array([BOOK.value("draft_cost_mtp")]),
        )
        for batch in (1.0, 4.0, 16.0, 64.0, 256.0):
            b = np.array([batch])
            slow, fast = (token_time_s(StepModel.from_physics(p, G), b)[0] for p in (plain, drafted))
            gains.append(float(slow / fast))
    assert min(gains) > 1.04
    assert max(gains) < 2.27
    assert 1.28 < float(np.median(gains)) < 1.75
    assert max(gains) / min(gains) > 1.3
