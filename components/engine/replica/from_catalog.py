"""From catalog records to a row of physics: layout, overheads and offsets of one replica."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf
from typing import TYPE_CHECKING

from components.engine.replica.formats import (
    LOCAL_STACKS,
    bytes_with_head,
    kv_bytes,
    peak_16,
    stored_formats,
    weight_format,
)
from components.engine.replica.record import HBM, LPU_V1, LPX, WAFER

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Model


KIND = {"lpu-v1": LPU_V1, "lpu-3": LPX, "wafer": WAFER}


EDGE_FAMILIES = ("edge-soc", "edge-gpu", "cpu")


@dataclass(frozen=True, slots=True)
class PhysicsRow:
    """One row for `Physics.of`, with what must be said about it."""

    fields: dict[str, float]
    notes: tuple[str, ...]
    estimated: bool


def is_edge(chip: Accelerator, stack: str) -> bool:
    """Whether launches cost what they cost on a device of one's own."""
    return chip.family in EDGE_FAMILIES or stack in LOCAL_STACKS


def machine_kind(chip: Accelerator, stack: str) -> str:
    """Where launches cost alike: "datacentre" or "edge"."""
    return "edge" if is_edge(chip, stack) else "datacentre"


def offset_class(chip: Accelerator, stack: str, g: Parameters) -> str:
    """Key of a card's offsets: those used alone under llama.cpp were fitted apart from the same silicon in servers.

    Source: engine design, section 7, the rows that begin with "edge".
    """
    if chip.family not in {"gpu", "edge-gpu"} or not is_edge(chip, stack):
        return chip.device_class
    if chip.memory_type.startswith("HBM"):
        key = "edge-hbm"
    elif chip.device_class == "edge-gpu":
        key = "edge-rdna" if chip.family == "gpu" else "edge-jetson"
    else:
        key = f"edge-{chip.device_class}"
    return key if ("device", key, "mbu") in g.offsets else chip.device_class


def physics_row(  # noqa: PLR0913 one keyword for each physical quantity
    *,
    model: Model,
    chip: Accelerator,
    weights: str,
    kv: str,
    chips: int,
    g: Parameters,
    isl: float,
    new_isl: float,
    osl: float,
    tp: int = 0,
    dp: int = 1,
    ep: int = 1,
    pp: int = 1,
    stack: str = "vllm",
    age_months: float = 24.0,
    draft_tokens: float = 0.0,
    acceptance: float | None = None,
    disaggregated: bool = False,
    overlap: bool = False,
    two_four_sparsity: bool = False,
    partner: Accelerator | None = None,
    partner_chips: int = 0,
) -> PhysicsRow:
    """Describe one replica.

    Args:
        model, chip: catalog records; beside LPUs `chip` is the GPU and `partner` the LPU.
        weights, kv: formats, "native" for the checkpoint's own.
        chips, tp, dp, ep, pp: layout; tp 0 takes chips / (dp pp).
        isl, new_isl, osl: prompt, its part outside the prefix cache, output. [tokens]
        age_months: months since the later of model and chip release.
        draft_tokens: m; -1 lets the engine choose.
    """
    expert_fmt, rest_fmt = stored_formats(model, weights, stack)
    if stack in LOCAL_STACKS and chip.peak_fp16_accumulate_tflop_per_s is not None:
        chip = chip.model_copy(update={"peak_bf16_tflop_per_s": chip.peak_fp16_accumulate_tflop_per_s})
    expert, rest = weight_format(chip, expert_fmt, g), weight_format(chip, rest_fmt, g)
    f16, estimated = peak_16(chip, g)
    notes = tuple(dict.fromkeys(n for n in (expert.note, rest.note) if n))
    fields = _model_fields(model, g) | _stack_fields(chip, stack, g, disaggregated=disaggregated)
    machine = chip if partner is None else partner
    gap = 1.0 if rest_fmt != "int4" and expert.mbu_factor == 1 else expert.mbu_factor
    fields |= {
        "kind": KIND.get(machine.device_class, HBM),
        "bytes_rest": bytes_with_head(rest.bytes_per_weight, rest_fmt, stack, fields),
        "bytes_expert": expert.bytes_per_weight if model.is_moe else rest.bytes_per_weight,
        "bytes_kv": kv_bytes(kv, g),
        "weight_bytes_factor": g.sparsity_bytes if two_four_sparsity else 1.0,
        "linear_flop_factor": g.sparsity_flop if two_four_sparsity else 1.0,
        "weight_mbu_factor": gap,
        "attention_flop_factor": g.kv4_attention if kv == "int4" else 1.0,
        "step_factor": 1.0,
        "prefill_factor": 1.0,
        "memory_bytes": chip.memory_bytes,
        "memory_bytes_per_s": chip.memory_bytes_per_s,
        "flop_16_per_s": f16,
        "flop_rest_per_s": rest.flop_per_s,
        "flop_expert_per_s": expert.flop_per_s,
        "link_bytes_per_s": chip.link_bytes_per_s or g.pcie_bytes_per_s,
        "nic_bytes_per_s": _beyond_bytes_per_s(chip, g),
        "domain_chips": float(chip.scale_up_domain_chips),
        "chips": float(chips),
        "tp": float(tp or max(1, chips // (dp * pp))),
        "dp": float(dp),
        "ep": float(ep),
        "pp": float(pp),
        "layer_split": 1.0 if stack in LOCAL_STACKS and pp > 1 else 0.0,
        "immaturity": 0.0
        if stack in LOCAL_STACKS
        else g.immaturity * g.offset("stack", stack, "immaturity") * exp(-max(age_months, 0.0) / g.immaturity_months),
        "overlap": float(overlap),
        "expert_tile_tokens": 0.0 if stack in LOCAL_STACKS else g.expert_tile,
        "draft_tokens": float(draft_tokens),
        "acceptance": g.acceptance if acceptance is None else acceptance,
        "draft_cost": g.draft_cost,
        "isl": float(isl),
        "new_isl": float(new_isl),
        "osl": float(osl),
    }
    del fields["head_params"]
    return PhysicsRow(fields | _sram_fields(machine, partner_chips, g), notes, estimated)


def _beyond_bytes_per_s(chip: Accelerator, g: Parameters) -> float:
    """A card without a scale-up domain meets its neighbours over PCIe; others meet other domains over the network."""
    return (chip.link_bytes_per_s or g.pcie_bytes_per_s) if chip.scale_up_domain_chips == 1 else g.nic_bytes_per_s


def _sram_fields(machine: Accelerator, partner_chips: int, g: Parameters) -> dict[str, float]:
    layer = {"lpu-v1": g.lpu_layer_s, "wafer": g.wafer_layer_s}.get(machine.device_class, 0.0)
    beside = machine.device_class == "lpu-3"
    return {
        "layer_time_s": layer,
        "speed_gain": g.wafer_gain if machine.device_class == "wafer" else 1.0,
        "sram_chips": float(partner_chips),
        "sram_bytes_per_s": machine.memory_bytes_per_s if beside else 0.0,
        "sram_mbu": g.lpx_mbu if beside else 0.0,
        "sram_hop_s": g.lpx_hop_s if beside else 0.0,
    }


@lru_cache(maxsize=512)
def _model_numbers(model_id: str, model: Model, sparse_tokens: float, index_bytes: float) -> dict[str, float]:
    del model_id
    total = model.total_params or 0.0
    active = model.active_params or total
    expert, active_expert = float(model.expert_params), float(model.active_expert_params)
    growing = model.kv_bytes_per_token_bf16 / 2
    return {
        "params_total": total,
        "params_rest_read": max(total - expert - model.embedding_params, 0.0),
        "params_expert": expert,
        "head_params": float(model.vocab * model.hidden),
        "active_rest": max(active - active_expert, 0.0),
        "active_expert": active_expert,
        "layers": float(model.layers),
        "moe_layers": float(model.moe_layers),
        "hidden": float(model.hidden),
        "heads": float(model.heads),
        "head_dim": float(model.head_dim),
        "kv_heads": 1.0 if model.is_mla else float(model.kv_heads),
        "full_layers": float(model.full_attention_layers),
        "window_layers": float(model.window_layers),
        "window_tokens": float(model.window_tokens or inf),
        "mla_rank": float(model.kv_lora_rank or 0) if model.is_mla else 0.0,
        "mla_rope": float(model.qk_rope_head_dim or 0) if model.is_mla else 0.0,
        "experts": float(model.experts or 1),
        "experts_per_token": float(model.experts_per_token or 1),
        "kv_elems_full": growing,
        "kv_elems_window": max(model.kv_bytes_per_token_all_layers_bf16 / 2 - growing, 0.0),
        "sparse_tokens": sparse_tokens if model.sparse_attention else inf,
        "index_bytes_per_token": index_bytes * model.layers if model.sparse_attention else 0.0,
        "fixed_bytes_per_seq": model.kv_fixed_bytes_per_sequence_bf16 if model.linear_layers else 0.0,
    }


def _model_fields(model: Model, g: Parameters) -> dict[str, float]:
    return _model_numbers(model.id, model, g.sparse_tokens, g.sparse_index_bytes)


def _stack_fields(chip: Accelerator, stack: str, g: Parameters, *, disaggregated: bool) -> dict[str, float]:
    kind = machine_kind(chip, stack)
    device = offset_class(chip, stack, g)
    on_device = {n: g.offset("device", device, n) for n in ("mbu", "mfu_prefill", "mfu_decode")}
    return {
        "mbu": min(g.mbu * on_device["mbu"], g.ceiling),
        "mfu_prefill": min(
            g.mfu_prefill * on_device["mfu_prefill"] * g.offset("stack", stack, "mfu_prefill"), g.ceiling
        ),
        "mfu_decode": min(g.mfu_decode * on_device["mfu_decode"], g.ceiling),
        "step_overhead_s": g.step_overhead_s * getattr(g, f"step_factor_{kind}"),
        "layer_overhead_s": g.layer_overhead_s
        * getattr(g, f"layer_factor_{kind}")
        * g.offset("stack", stack, "layer_overhead_s"),
        "sequence_overhead_s": g.sequence_overhead_s * g.offset("stack", stack, "sequence_overhead_s"),
        "prefill_layer_overhead_s": g.prefill_layer_s,
        "server_path_s": g.server_path_s * g.offset("stack", stack, "server_path_s"),
        "prefill_stall": 0.0 if disaggregated else g.prefill_stall * g.offset("stack", stack, "prefill_stall"),
        "burst": g.burst * g.offset("stack", stack, "burst"),
    }
