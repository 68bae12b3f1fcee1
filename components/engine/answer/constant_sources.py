"""The engine's constants that each figure of speed rests on, and the sources that stand behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from components.engine.replica.from_catalog import offset_class
from components.engine.strategy.fleets import EDGE_STACK

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.strategy.records import Deployment


FORMATS = (
    "fp8_efficiency", "fp4_efficiency", "int4_bandwidth", "int4_compute", "bytes_fp4", "bytes_mxfp4", "bytes_int4",
    "bytes_q4_k_m", "bytes_kv4", "kv4_attention", "sparsity_bytes", "sparsity_flop", "sparse_tokens",
    "sparse_index_bytes", "flop_per_byte_unpublished",
)  # fmt: skip


LINKS = ("collective_s", "beyond_domain", "link_share", "nic_share", "nic_bytes_per_s", "pcie_bytes_per_s")


LAUNCHES = (
    "step_overhead_s", "step_factor_datacentre", "step_factor_edge", "layer_overhead_s", "layer_factor_datacentre",
    "layer_factor_edge", "lpu_layer_s", "wafer_layer_s", "wafer_gain",
)  # fmt: skip


DECODE = (
    "mbu", "mfu_decode", "mfu_attention", "ceiling", "expert_tile", "expert_tile_unpacked", "expert_imbalance",
    "expert_efficiency", "acceptance", "draft_cost", "immaturity", "immaturity_months", "sequence_overhead_s",
    "lpx_hop_s", "lpx_mbu", *LAUNCHES, *LINKS, *FORMATS,
)  # fmt: skip
"""One decode step."""


PREFILL = (
    "mfu_prefill", "mfu_attention", "ceiling", "mbu", "chunk_tokens", "expert_prefill_padding", "prefill_layer_s",
    "layer_split_exponent", *LAUNCHES, *LINKS, *FORMATS,
)  # fmt: skip
"""Reading one prompt."""


FIRST_TOKEN = ("server_path_s", *PREFILL, *DECODE)


FURTHER_TOKENS = ("prefill_stall", *PREFILL, *DECODE)


MEMORY = ("memory_usable", "memory_reserve_bytes", "kv_share")
"""How many sequences fit."""


def constant_sources(deployment: Deployment, stack: str, g: Parameters) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """What gives, for names of constants, the source ids of those and of their multipliers on this fleet.

    Args:
        deployment: its chips say which device multipliers hold.
        stack: serving stack of the strategy; users' devices have their own.
        g: constants in use, with the sources they were read with.
    """
    used = EDGE_STACK if deployment.role == "edge" else stack
    chips = (deployment.chip, deployment.pool_chip, deployment.sram_chip)
    keys = {("stack", used): None} | {("device", offset_class(c, used, g)): None for c in chips if c is not None}

    def cited(names: tuple[str, ...]) -> tuple[str, ...]:
        return g.cited(names, keys)

    return cited
