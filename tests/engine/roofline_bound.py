"""The floor under a decode step: what bandwidth and arithmetic alone take, without a single overhead."""

from __future__ import annotations

import numpy as np

from components.engine.facts.arrays import Vec


def decode_step_s(
    batch: Vec,
    *,
    active_params: float,
    weight_bytes: Vec | float,
    kv_bytes_per_seq: float,
    flop_per_s: float,
    hbm_bytes_per_s: float,
) -> Vec:
    """Floor on one decode step, hence on TPOT: read the KV cache, then read or multiply the weights.

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
