"""Goldens and laws of the replica's physics: decode step, prefill, memory, formats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import Parameters, load_parameters
from components.engine.replica.decode import decode_step, expert_load, tokens_per_step
from components.engine.replica.from_catalog import offset_class
from components.engine.replica.layout import parallel, tensor_width
from components.engine.replica.memory import batch_capacity, usable_bytes, weight_bytes
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
USABLE = sorted(key for key, model in CATALOG.models.items() if model.usable and model.task == "generate")
CHIPS = sorted(CATALOG.accelerators)
IDEAL = replace(
    G, mbu=1.0, mfu_prefill=1.0, mfu_decode=1.0, mfu_attention=1.0, expert_tile=0.0, expert_imbalance=0.0,
    fp8_efficiency=1.0, step_overhead_s=0.0, layer_overhead_s=0.0, sequence_overhead_s=0.0, collective_s=0.0,
    link_share=1e9, immaturity=0.0, ceiling=1.0, offsets={},
)  # fmt: skip
"""Every efficiency 1, every overhead 0: the roofline."""


def machine(model: str, chip: str, chips: int = 8, g: Parameters = G, **more: Any) -> Physics:
    given_: dict[str, Any] = {"weights": "native", "kv": "bf16", "isl": 1024, "new_isl": 1024, "osl": 1024} | more
    return one_replica(model=CATALOG.models[model], chip=CATALOG.accelerators[chip], chips=chips, g=g, **given_)


def vec(*values: float) -> np.ndarray:
    return np.array(values)


def test_golden_the_roofline_of_the_scaling_book() -> None:
    """Austin et al., "How to Scale Your Model", ch. 8 (2025-02-04): Llama 3 70B int8 on 8 x TPU v5e, batch 32 at 8,192
    tokens: 70 GB of weights and 32 x 8,192 x 160 kB of cache over 8 x 0.81 TB/s, "17 ms". Its cache is int8, and so is
    its output projection."""
    p = machine("llama-3-70b", "tpu-v5e", g=IDEAL, weights="int8", kv="fp8", isl=8192, new_isl=8192, osl=0)
    p = replace(p, bytes_rest=vec(1.0))
    got = decode_step(p, vec(32.0), IDEAL).total_s[0]
    assert got == pytest.approx(17e-3, rel=0.03)


def test_golden_deepseek_decodes_its_production_day() -> None:
    """DeepSeek, "Inference System Overview" (2025-03-01): EP144 decode on H800, mean cache 4,989 tokens, 14,800 output
    tokens/s a node of eight at 20 to 22 tokens/s a user, so 88 sequences a GPU. Not fitted; two-batch overlap is on."""
    h800 = CATALOG.accelerators["h100-sxm"].model_copy(update={"id": "h800", "link_gb_per_s": 200.0})
    row = one_replica(
        model=CATALOG.models["deepseek-v3"], chip=h800, weights="fp8", kv="bf16", chips=144, tp=1, dp=144, ep=144, g=G,
        isl=4989, new_isl=0, osl=0.001, stack="other", disaggregated=True, overlap=True,
    )  # fmt: skip
    step = decode_step(row, vec(88.0 * 144), G)
    assert 88 / step.total_s[0] == pytest.approx(14_800 / 8, rel=0.20)


def test_golden_speculation_by_hand() -> None:
    """a = 0.5, m = 2: 1 + 1/2 + 1/4 tokens a step."""
    assert tokens_per_step(vec(2.0), vec(0.5))[0] == pytest.approx(1.75)
    assert tokens_per_step(vec(0.0), vec(0.5))[0] == 1


def test_golden_a_mixture_touches_few_experts_at_first_and_all_in_the_end() -> None:
    """8 of 256 experts a token: one token 1/32, two 1 - (31/32)^2."""
    load = expert_load(machine("deepseek-v3", "b200"), G)
    assert load.touched(vec(1.0))[0] == pytest.approx(1 / 32)
    assert load.touched(vec(2.0))[0] == pytest.approx(1 - (31 / 32) ** 2)
    assert load.touched(vec(1e4))[0] == pytest.approx(1)


@settings(max_examples=1_000)
@given(model=st.sampled_from(USABLE), batch=st.floats(1, 2000), more=st.floats(1.01, 8))
def test_law_a_larger_batch_is_never_faster_a_step_nor_slower_in_all(model: str, batch: float, more: float) -> None:
    p = machine(model, "b200")
    small, large = (decode_step(p, vec(b), G).total_s[0] for b in (batch, batch * more))
    assert large >= small
    assert batch * more / large >= batch / small * (1 - 1e-9)


@given(chip=st.sampled_from(CHIPS), factor=st.floats(1, 4), batch=st.floats(1, 500))
def test_law_more_bandwidth_or_arithmetic_is_never_slower(chip: str, factor: float, batch: float) -> None:
    p = machine("qwen3-30b-a3b", chip)
    quick = replace(p, memory_bytes_per_s=p.memory_bytes_per_s * factor)
    strong = replace(
        p, **{n: getattr(p, n) * factor for n in ("flop_16_per_s", "flop_rest_per_s", "flop_expert_per_s")}
    )
    for better in (quick, strong):
        assert decode_step(better, vec(batch), G).total_s[0] <= decode_step(p, vec(batch), G).total_s[0]
        assert prefill_alone_s(better, G)[0] <= prefill_alone_s(p, G)[0]


@given(model=st.sampled_from(USABLE), chip=st.sampled_from(["h100-sxm", "mi355x", "tpu-v6e"]), batch=st.floats(1, 500))
def test_law_nothing_is_faster_than_its_roofline(model: str, chip: str, batch: float) -> None:
    real, ideal = machine(model, chip), machine(model, chip, g=IDEAL)
    assert decode_step(real, vec(batch), G).total_s[0] >= decode_step(ideal, vec(batch), IDEAL).total_s[0] * 0.8


@given(k=st.floats(1e-6, 1e6), batch=st.floats(1, 500))
def test_law_the_unit_of_bytes_does_not_matter(k: float, batch: float) -> None:
    p = machine("deepseek-v3", "h200-sxm")
    scaled = {n: getattr(p, n) * k for n in ("bytes_rest", "bytes_expert", "bytes_kv", "memory_bytes_per_s",
                                             "index_bytes_per_token", "fixed_bytes_per_seq")}  # fmt: skip
    same = decode_step(replace(p, **scaled), vec(batch), G)
    assert same.weights_s == pytest.approx(decode_step(p, vec(batch), G).weights_s)
    assert same.attention_s == pytest.approx(decode_step(p, vec(batch), G).attention_s)


def test_prefix_hits_spare_arithmetic_and_not_memory() -> None:
    cold, warm = machine("llama-3.3-70b", "h100-sxm", isl=8000, new_isl=8000), machine(
        "llama-3.3-70b", "h100-sxm", isl=8000, new_isl=320)  # fmt: skip
    assert prefill_occupancy_s(warm, G)[0] < prefill_occupancy_s(cold, G)[0] / 8
    assert batch_capacity(warm, G) == batch_capacity(cold, G)
    assert prefill_alone_s(machine("llama-3.3-70b", "h100-sxm", isl=8, new_isl=0), G)[0] == 0


def test_weights_and_the_chips_they_need() -> None:
    """70.55 B parameters: 141 GB at 16 bits, 70.6 at 8; an H100 leaves 0.98 x 80 GB and a reserve for them."""
    assert weight_bytes(machine("llama-3.3-70b", "h100-sxm"))[0] == pytest.approx(141.1e9, rel=1e-3)
    assert batch_capacity(machine("llama-3.3-70b", "h100-sxm", chips=2), G)[0] > 1
    assert batch_capacity(machine("llama-3.3-70b", "h100-sxm", chips=1, weights="fp8"), G)[0] > 1
    assert batch_capacity(machine("llama-3.3-70b", "h100-sxm", chips=1), G)[0] == 0


@pytest.mark.parametrize(
    ("chip", "weights", "gains"),
    [
        ("h100-sxm", "fp4", False),
        ("a100-80-sxm", "fp8", False),
        ("h100-sxm", "fp8", True),
        ("b200", "fp4", True),
    ],
)
def test_a_format_without_units_shrinks_weights_only(chip: str, weights: str, gains: bool) -> None:
    wide = one_replica(model=CATALOG.models["llama-3.3-70b"], chip=CATALOG.accelerators[chip], chips=8, g=G, kv="bf16",
                       weights="bf16", isl=1, new_isl=1, osl=1)  # fmt: skip
    slim = one_replica(model=CATALOG.models["llama-3.3-70b"], chip=CATALOG.accelerators[chip], chips=8, g=G, kv="bf16",
                       weights=weights, isl=1, new_isl=1, osl=1)  # fmt: skip
    assert slim.bytes_rest < wide.bytes_rest
    assert bool(slim.flop_rest_per_s > wide.flop_rest_per_s) is gains


@pytest.mark.parametrize("chip", CHIPS)
def test_every_accelerator_gives_finite_positive_times(chip: str) -> None:
    p = machine("llama-3.1-8b", chip, chips=1)
    step = decode_step(p, vec(1.0), G)
    assert np.isfinite(step.total_s).all()
    assert (step.total_s > 0).all()
    assert np.isfinite(prefill_alone_s(p, G)).all()


@pytest.mark.parametrize(
    ("chip", "stack", "key"),
    [
        ("rtx-4090", "llama.cpp", "edge-ada"), ("rtx-4090", "vllm", "ada"), ("a100-80-pcie", "llama.cpp", "edge-hbm"),
        ("a40", "llama.cpp", "edge-ampere"), ("rx-7900-xt", "llama.cpp", "edge-rdna"),
        ("b200", "sglang", "blackwell-hbm"), ("dgx-spark-gb10", "vllm", "edge-jetson"),
        ("rtx-5090", "llama.cpp", "blackwell-gddr"), ("epyc-9755", "vllm", "cpu"),
    ],
)  # fmt: skip
def test_a_card_used_alone_has_offsets_of_its_own(chip: str, stack: str, key: str) -> None:
    assert offset_class(CATALOG.accelerators[chip], stack, G) == key
    assert ("device", key, "mbu") in G.offsets


def test_machines_with_weights_in_sram_keep_their_published_pace() -> None:
    """Groq LPU v1: 80 layers of about 40 us are some 310 tokens/s a user, 240 to 300 published, whatever the batch."""
    p = machine("llama-2-70b", "groq-lpu-v1", chips=576)
    assert 1 / decode_step(p, vec(1.0), G).total_s[0] == pytest.approx(1 / (80 * G.lpu_layer_s), rel=1e-3)
    assert 250 < 1 / decode_step(p, vec(1.0), G).total_s[0] < 350
    assert decode_step(p, vec(8.0), G).total_s == decode_step(p, vec(1.0), G).total_s


@pytest.mark.parametrize(
    ("stack", "chips", "cut"), [("vllm", 4, (4, 1)), ("vllm", 16, (8, 2)), ("llama.cpp", 4, (1, 4))]
)
def test_servers_split_tensors_over_the_bus_of_a_host_and_local_stacks_layers(
    stack: str, chips: int, cut: tuple[int, int]
) -> None:
    """TensorRT-LLM's performance overview v0.14 serves with TP2 and TP8 over PCIe; llama.cpp splits by layers."""
    card = CATALOG.accelerators["l40s"]
    got = parallel(CATALOG.models["llama-3.3-70b"], card, chips, experts=False, width=tensor_width(card, stack, G))
    assert (got.tp, got.pp) == cut


@pytest.mark.parametrize(("memory_gb", "reserved_gib"), [(16, 2.9), (24, 2.9), (80, 10.0), (141, 12.5), (192, 32.0)])
def test_a_card_keeps_back_no_more_than_a_server_does_by_default(memory_gb: float, reserved_gib: float) -> None:
    """SGLang's server_args.py, one rank: 2.9 GiB below 35 GiB, 10 below 90, 12.5 below 160, else 32."""
    p = machine("llama-3.1-8b", "l4", 1)
    kept = memory_gb * 1e9 - usable_bytes(replace(p, memory_bytes=np.array([memory_gb * 1e9])), G)[0]
    assert 0 < kept < reserved_gib * 2**30
