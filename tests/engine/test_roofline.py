"""The floor of a decode step: one golden per branch, its laws, and the engine above it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.facts.arrays import Vec
from components.engine.replica.decode import cache_bytes_read, decode_step, expert_load
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
USABLE = sorted(key for key, model in CATALOG.models.items() if model.usable and model.task == "generate")
LLAMA3_70B_ON_V5E_8 = {"active_params": 70e9, "weight_bytes": 70e9, "kv_bytes_per_seq": 8192 * 160e3,
                       "flop_per_s": 8 * 1.97e14, "hbm_bytes_per_s": 8 * 8.1e11}  # fmt: skip


def decode_step_s(
    batch: Vec,
    *,
    active_params: float,
    weight_bytes: Vec | float,
    kv_bytes_per_seq: float,
    flop_per_s: float,
    hbm_bytes_per_s: float,
) -> Vec:
    """Floor on one decode step, hence on TPOT, without the engine: read the cache, then read or multiply weights.

    t = B kv / W + max(2 B N / C, weights / W)
    Args:
        batch: B, sequences decoded together, shape (n,). [1]
        active_params: N, parameters used per token: all if dense, shared plus routed if MoE. [1]
        weight_bytes: weights read per step, summed over the replica's chips. [B]
        kv_bytes_per_seq: KV cache of one sequence at its mean length. [B]
        flop_per_s: C, dense (no sparsity) peak of the replica times its MFU. [FLOP/s]
        hbm_bytes_per_s: W, memory bandwidth of the replica times its MBU. [B/s]
    Returns: seconds per step, shape (n,). [s]    Raises: ValueError naming the argument that is not > 0.
    Accuracy: a bound, without collectives or launches; the source calls it often within 1.5x of real.
    Source: Austin et al., "How to Scale Your Model", ch. 8, 2025-02-04, jax-ml.github.io/scaling-book/applied-inference
    """
    given = {
        "batch": batch, "active_params": active_params, "weight_bytes": weight_bytes, "flop_per_s": flop_per_s,
        "kv_bytes_per_seq": kv_bytes_per_seq, "hbm_bytes_per_s": hbm_bytes_per_s,
    }  # fmt: skip
    for name, value in given.items():
        if not np.all(np.asarray(value) > 0):
            raise ValueError(f"{name} must be positive, not {value}")
    kv_read_s, matmul_s = batch * kv_bytes_per_seq / hbm_bytes_per_s, 2 * batch * active_params / flop_per_s
    return np.asarray(kv_read_s + np.maximum(matmul_s, weight_bytes / hbm_bytes_per_s))


def test_golden_llama3_70b_on_v5e_reads_memory() -> None:
    """Scaling book ch. 8 (2025-02-04): int8, batch 32, 8,192 tokens: 112e9 / (8 * 8.1e11), "17ms"."""
    got = decode_step_s(np.array([32.0]), **LLAMA3_70B_ON_V5E_8)
    assert got == pytest.approx(112e9 / (8 * 8.1e11), rel=5e-3)


def test_golden_a_large_batch_of_short_contexts_multiplies() -> None:
    """By hand: 2 x 1,000 x 70e9 FLOP / (8 x 1.97e14) = 88.8 ms, above 10.8 ms of weights."""
    short = LLAMA3_70B_ON_V5E_8 | {"kv_bytes_per_seq": 1e-9}
    assert decode_step_s(np.array([1000.0]), **short) == pytest.approx(0.0888, rel=1e-3)


@pytest.mark.parametrize("name", sorted(LLAMA3_70B_ON_V5E_8))
def test_a_quantity_that_is_not_positive_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        decode_step_s(np.array([1.0]), **(LLAMA3_70B_ON_V5E_8 | {name: 0.0}))


@given(batch=st.floats(1, 4096), k=st.floats(1e-6, 1e6))
def test_law_the_answer_does_not_depend_on_the_unit_of_bytes(batch: float, k: float) -> None:
    scaled = {name: v * k if "bytes" in name else v for name, v in LLAMA3_70B_ON_V5E_8.items()}
    one = np.array([batch])
    assert decode_step_s(one, **scaled) == pytest.approx(decode_step_s(one, **LLAMA3_70B_ON_V5E_8))


@pytest.mark.parametrize("chip", ["h100-sxm", "b200", "mi355x", "tpu-v6e", "l40s", "apple-m4-max"])
@pytest.mark.parametrize("weights", ["native", "bf16", "fp8", "int4", "fp4"])
@given(model=st.sampled_from(USABLE), batch=st.floats(1, 2000), chips=st.sampled_from([1, 2, 8]))
def test_law_the_engine_is_never_faster(chip: str, weights: str, model: str, batch: float, chips: int) -> None:
    """Offsets and all: a step takes at least what the peaks of its chips allow."""
    row = one_replica(
        model=CATALOG.models[model], chip=CATALOG.accelerators[chip], weights=weights, kv="bf16", chips=chips, g=G,
        isl=1024, new_isl=1024, osl=1024,
    )  # fmt: skip
    p, one = row, np.array([batch])
    floor = decode_step_s(
        one,
        active_params=(p.active_rest + p.active_expert)[0],
        weight_bytes=p.params_rest_read * p.bytes_rest
        + p.params_expert * p.bytes_expert * expert_load(p, G).touched(one),
        kv_bytes_per_seq=cache_bytes_read(p, p.isl + p.osl / 2)[0],
        flop_per_s=chips * max(p.flop_rest_per_s[0], p.flop_expert_per_s[0]),
        hbm_bytes_per_s=chips * p.memory_bytes_per_s[0],
    )
    assert decode_step(p, one, G).total_s[0] >= floor[0]
