"""From catalog records to rows of physics: what a replica is made of, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Vec, one
from components.engine.replica.formats import (
    LOCAL_STACKS,
    bytes_with_head,
    kv_bytes,
    peak_16,
    stored_formats,
    weight_format,
)
from components.engine.replica.layout import Layout
from components.engine.replica.record import (
    ChipRates,
    LayoutColumns,
    MachineKind,
    ModelSize,
    OwnFactors,
    Physics,
    Precision,
    RequestTokens,
    SramSide,
    StackTimes,
)

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Model


KIND = {"lpu-v1": MachineKind.LPU_V1, "lpu-3": MachineKind.LPX, "wafer": MachineKind.WAFER}


EDGE_FAMILIES = ("edge-soc", "edge-gpu", "cpu")


@dataclass(frozen=True, slots=True)
class ReplicaSpec:
    """What a replica is built from, but for its layout and its requests."""

    model: Model
    chip: Accelerator
    """Decodes; beside LPUs, the GPU."""
    weights: str
    """Format, "native" for the checkpoint's own."""
    kv: str
    stack: str = "vllm"
    age_months: float = 24.0
    """Since the later of model and chip release. [months]"""
    two_four: bool = False
    """Weights with 2:4 sparsity."""
    disaggregated: bool = False
    """Prompts are read in a pool of their own."""
    overlap: bool = False
    """Two-batch overlap of compute and collectives, where there is more than one chip."""
    lpu: Accelerator | None = None
    """Keeps weights in SRAM beside the chip."""
    lpus: int = 0
    """Of those per replica. [1]"""


class Machine(NamedTuple):
    """The parts of a replica that neither its layout nor its requests change; fields of shape (1,)."""

    size: ModelSize
    precision: Precision
    chip: ChipRates
    times: StackTimes
    sram: SramSide


def is_edge(chip: Accelerator, stack: str) -> bool:
    """Whether launches cost what they cost on a device of one's own."""
    return chip.family in EDGE_FAMILIES or stack in LOCAL_STACKS


def machine_kind(chip: Accelerator, stack: str) -> str:
    """Where launches cost alike: "datacentre" or "edge"."""
    return "edge" if is_edge(chip, stack) else "datacentre"


def offset_class(chip: Accelerator, stack: str, constants: Parameters) -> str:
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
    return key if ("device", key, "mbu") in constants.offsets else chip.device_class


def replicas(spec: ReplicaSpec, layouts: Sequence[Layout], tokens: RequestTokens, constants: Parameters) -> Physics:
    """One replica per layout, as modelled: no measurement of its own.

    Args: tokens, fields of shape (1,).
    Returns: fields of shape (number of layouts,).
    """
    columns = layout_columns(layouts, spec.stack, overlap=spec.overlap)
    return of_machine(machine(spec, constants), columns, tokens)


def of_machine(parts: Machine, layout: LayoutColumns, tokens: RequestTokens) -> Physics:
    """Replicas of one machine, as modelled; rows of the layouts, of the tokens, or of both."""
    return Physics.joined(parts.size, parts.precision, parts.chip, layout, parts.times, parts.sram, tokens, AS_MODELLED)


def machine(spec: ReplicaSpec, constants: Parameters) -> Machine:
    """Everything of a replica but its layout and its requests."""
    beside = spec.lpu or spec.chip
    return Machine(
        model_size(spec.model, constants),
        precision(spec, constants),
        chip_rates(spec.chip, KIND.get(beside.device_class, MachineKind.HBM), constants),
        stack_times(spec, constants),
        sram_side(beside, spec.lpus, constants),
    )


AS_MODELLED = OwnFactors(step_factor=one(1.0), prefill_factor=one(1.0))


def request_tokens(
    constants: Parameters,
    *,
    isl: float,
    new_isl: float,
    osl: float,
    draft_tokens: float = 0.0,
    acceptance: float | None = None,
    draft_cost: float | None = None,
) -> RequestTokens:
    """Tokens of one request and its draft; fields of shape (1,).

    Args:
        isl, new_isl, osl: prompt, its part outside the prefix cache, output. [tokens]
        draft_tokens: m; -1 lets the engine choose.
        acceptance, draft_cost: the calibrated ones where not given.
    """
    return RequestTokens(
        isl=one(isl),
        new_isl=one(new_isl),
        osl=one(osl),
        draft_tokens=one(draft_tokens),
        acceptance=one(constants.acceptance if acceptance is None else acceptance),
        draft_cost=one(constants.draft_cost if draft_cost is None else draft_cost),
    )


def layout_columns(layouts: Sequence[Layout], stack: str, *, overlap: bool) -> LayoutColumns:
    """Layouts of one stack as arrays of shape (n,); `overlap` where there is more than one chip."""
    chips, tp, dp, ep, pp = np.array([(c.chips, c.tp, c.dp, c.ep, c.pp) for c in layouts], dtype=np.float64).T
    split = pp > 1 if stack in LOCAL_STACKS else np.zeros_like(pp)
    return LayoutColumns(
        chips=chips,
        tp=tp,
        dp=dp,
        ep=ep,
        pp=pp,
        layer_split=np.asarray(split, dtype=np.float64),
        overlap=np.asarray(chips > 1, dtype=np.float64) if overlap else np.zeros_like(chips),
    )


def precision(spec: ReplicaSpec, constants: Parameters) -> Precision:
    """Formats of weights and cache on a chip; fields of shape (1,)."""
    model, chip = spec.model, spec.chip
    expert_fmt, rest_fmt = stored_formats(model, spec.weights, spec.stack)
    if spec.stack in LOCAL_STACKS and chip.peak_fp16_accumulate_tflop_per_s is not None:
        chip = chip.model_copy(update={"peak_bf16_tflop_per_s": chip.peak_fp16_accumulate_tflop_per_s})
    expert, rest = weight_format(chip, expert_fmt, constants), weight_format(chip, rest_fmt, constants)
    head = model.vocab * model.hidden / max(_params_rest_read(model), 1.0)
    return Precision(
        bytes_rest=one(bytes_with_head(rest.bytes_per_weight, rest_fmt, spec.stack, min(head, 1.0))),
        bytes_expert=one(expert.bytes_per_weight if model.is_moe else rest.bytes_per_weight),
        bytes_kv=one(kv_bytes(spec.kv, constants)),
        weight_bytes_factor=one(constants.sparsity_bytes if spec.two_four else 1.0),
        linear_flop_factor=one(constants.sparsity_flop if spec.two_four else 1.0),
        weight_mbu_factor=one(expert.mbu_factor),
        attention_flop_factor=one(constants.kv4_attention if spec.kv == "int4" else 1.0),
        flop_16_per_s=one(peak_16(chip, constants)[0]),
        flop_rest_per_s=one(rest.flop_per_s),
        flop_expert_per_s=one(expert.flop_per_s),
    )


def chip_rates(chip: Accelerator, kind: MachineKind, constants: Parameters) -> ChipRates:
    """Memory and links of a chip; fields of shape (1,).

    A card without a scale-up domain meets its neighbours over PCIe; others meet other domains over the network.
    """
    link = chip.link_bytes_per_s or constants.pcie_bytes_per_s
    return ChipRates(
        kind=one(kind),
        memory_bytes=one(chip.memory_bytes),
        memory_bytes_per_s=one(chip.memory_bytes_per_s),
        link_bytes_per_s=one(link),
        nic_bytes_per_s=one(link if chip.scale_up_domain_chips == 1 else constants.nic_bytes_per_s),
        domain_chips=one(chip.scale_up_domain_chips),
    )


def sram_side(chip: Accelerator, lpus: int, constants: Parameters) -> SramSide:
    """What keeps weights in SRAM: `chip` itself, or as many LPUs beside a GPU; fields of shape (1,)."""
    layer_s = {"lpu-v1": constants.lpu_layer_s, "wafer": constants.wafer_layer_s}.get(chip.device_class, 0.0)
    beside = chip.device_class == "lpu-3"
    return SramSide(
        layer_time_s=one(layer_s),
        speed_gain=one(constants.wafer_gain if chip.device_class == "wafer" else 1.0),
        sram_chips=one(lpus),
        sram_bytes_per_s=one(chip.memory_bytes_per_s if beside else 0.0),
        sram_mbu=one(constants.lpx_mbu if beside else 0.0),
        sram_hop_s=one(constants.lpx_hop_s if beside else 0.0),
    )


def model_size(model: Model, constants: Parameters) -> ModelSize:
    """Parameters, layers and cache of a model; fields of shape (1,)."""
    return _model_size(model, constants.sparse_tokens, constants.sparse_index_bytes)


def _params_rest_read(model: Model) -> float:
    """Weights read in each step that are neither experts nor an untied input embedding. [1]"""
    return max((model.total_params or 0.0) - model.expert_params - model.embedding_params, 0.0)


@lru_cache(maxsize=512)
def _model_size(model: Model, sparse_tokens: float, index_bytes: float) -> ModelSize:
    total = model.total_params or 0.0
    growing = model.kv_bytes_per_token_bf16 / 2
    sparse = model.sparse_attention
    return ModelSize(
        params_total=one(total),
        params_rest_read=one(_params_rest_read(model)),
        params_expert=one(model.expert_params),
        active_rest=one(max((model.active_params or total) - model.active_expert_params, 0.0)),
        active_expert=one(model.active_expert_params),
        layers=one(model.layers),
        moe_layers=one(model.moe_layers),
        hidden=one(model.hidden),
        heads=one(model.heads),
        head_dim=one(model.head_dim),
        kv_heads=one(1.0 if model.is_mla else model.kv_heads),
        full_layers=one(model.full_attention_layers),
        window_layers=one(model.window_layers),
        window_tokens=one(model.window_tokens or inf),
        mla_rank=one(model.kv_lora_rank or 0 if model.is_mla else 0),
        mla_rope=one(model.qk_rope_head_dim or 0 if model.is_mla else 0),
        experts=one(model.experts or 1),
        experts_per_token=one(model.experts_per_token or 1),
        kv_elems_full=one(growing),
        kv_elems_window=one(max(model.kv_bytes_per_token_all_layers_bf16 / 2 - growing, 0.0)),
        sparse_tokens=one(sparse_tokens if sparse else inf),
        index_bytes_per_token=one(index_bytes * model.layers if sparse else 0.0),
        fixed_bytes_per_seq=one(model.kv_fixed_bytes_per_sequence_bf16 if model.linear_layers else 0.0),
    )


def stack_times(spec: ReplicaSpec, constants: Parameters) -> StackTimes:
    """Efficiencies and overheads of a stack on a chip; fields of shape (1,)."""
    g, stack, edge = constants, spec.stack, is_edge(spec.chip, spec.stack)
    device = offset_class(spec.chip, stack, g)

    def share(base: float, name: str, by_stack: float = 1.0) -> Vec:
        """A share of a peak with the device's offset, below the ceiling."""
        return one(min(base * g.offset("device", device, name) * by_stack, g.ceiling))

    def by_stack(base: float, name: str) -> Vec:
        return one(base * g.offset("stack", stack, name))

    return StackTimes(
        mbu=share(g.mbu, "mbu"),
        mfu_prefill=share(g.mfu_prefill, "mfu_prefill", g.offset("stack", stack, "mfu_prefill")),
        mfu_decode=share(g.mfu_decode, "mfu_decode"),
        step_overhead_s=one(g.step_overhead_s * (g.step_factor_edge if edge else g.step_factor_datacentre)),
        layer_overhead_s=by_stack(
            g.layer_overhead_s * (g.layer_factor_edge if edge else g.layer_factor_datacentre), "layer_overhead_s"
        ),
        sequence_overhead_s=by_stack(g.sequence_overhead_s, "sequence_overhead_s"),
        prefill_layer_overhead_s=one(g.prefill_layer_s),
        server_path_s=by_stack(g.server_path_s, "server_path_s"),
        prefill_stall=one(0.0) if spec.disaggregated else by_stack(g.prefill_stall, "prefill_stall"),
        burst=by_stack(g.burst, "burst"),
        immaturity=_immaturity(spec, g),
        expert_tile_tokens=one(0.0 if stack in LOCAL_STACKS else g.expert_tile),
    )


def _immaturity(spec: ReplicaSpec, constants: Parameters) -> Vec:
    """Slowness of what is new, fading with its age; none where a stack of one's own is not tuned to anything."""
    if spec.stack in LOCAL_STACKS:
        return one(0.0)
    fading = exp(-max(spec.age_months, 0.0) / constants.immaturity_months)
    return one(constants.immaturity * constants.offset("stack", spec.stack, "immaturity") * fading)
