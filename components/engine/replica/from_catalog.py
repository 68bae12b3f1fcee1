"""From catalog records to rows of physics: what a replica is made of, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Index, Vec, column, one
from components.engine.replica.formats import (
    LOCAL_STACKS,
    Format,
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
    disaggregated: bool = False
    """Prompts are read in a pool of their own."""
    overlap: bool = False
    """Two-batch overlap of compute and collectives, where there is more than one chip."""
    lpu: Accelerator | None = None
    """Keeps weights in SRAM beside the chip."""
    lpus: int = 0
    """Of those per replica. [1]"""

    @property
    def beside(self) -> Accelerator:
        """What sets the pace of the weights: the LPUs, or the chip itself."""
        return self.lpu or self.chip


class Machines(NamedTuple):
    """The parts of replicas that neither layout nor requests change; each has n rows, or one."""

    size: ModelSize
    precision: Precision
    chip: ChipRates
    times: StackTimes
    sram: SramSide

    def take(self, rows: Index) -> Machines:
        """The machines that an index selects, once for each place in it."""
        size, precision, chip, times, sram = self
        return Machines(size.take(rows), precision.take(rows), chip.take(rows), times.take(rows), sram.take(rows))


def is_edge(chip: Accelerator, stack: str) -> bool:
    """Whether launches cost what they cost on a device of one's own."""
    return chip.family in EDGE_FAMILIES or stack in LOCAL_STACKS


def machine_kind(chip: Accelerator, stack: str) -> str:
    """Where launches cost alike: "datacentre" or "edge"."""
    return "edge" if is_edge(chip, stack) else "datacentre"


def offset_class(chip: Accelerator, stack: str, constants: Parameters) -> str:
    """Key of a card's offsets: those used alone under llama.cpp were fitted apart from the same silicon in servers.

    Source: docs/engine.md#offsets, the classes that begin with "edge".
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


def replicas(
    specs: Sequence[ReplicaSpec], layouts: Sequence[Layout], tokens: RequestTokens, constants: Parameters
) -> Physics:
    """Replicas as modelled, no measurement of their own.

    Args: specs, layouts, tokens: one for each row, or one for all rows.
    """
    local, overlap = (s.stack in LOCAL_STACKS for s in specs), (s.overlap for s in specs)
    columns = layout_columns(layouts, local=column(local), overlap=column(overlap))
    return of_machines(machines(specs, constants), columns, tokens)


def of_machines(parts: Machines, layout: LayoutColumns, tokens: RequestTokens) -> Physics:
    """Replicas as modelled; of machines, layouts and tokens, each has a row for each replica, or one for all."""
    return Physics.joined(parts.size, parts.precision, parts.chip, layout, parts.times, parts.sram, tokens, AS_MODELLED)


def machines(specs: Sequence[ReplicaSpec], constants: Parameters) -> Machines:
    """Everything of replicas but their layouts and requests, shape (number of specs,)."""
    return Machines(
        ModelSize.stack([model_size(spec.model, constants) for spec in specs]),
        precisions(specs, constants),
        chip_rates(specs, constants),
        stack_times(specs, constants),
        sram_sides(specs, constants),
    )


AS_MODELLED = OwnFactors(step_factor=one(1.0), prefill_factor=one(1.0))


def layout_columns(layouts: Sequence[Layout], *, local: Vec, overlap: Vec) -> LayoutColumns:
    """Layouts as arrays of shape (number of layouts,).

    Args:
        local: 1 for a stack whose pipeline stages take turns, shape (1,) or of the layouts.
        overlap: 1 where compute and collectives overlap once there is more than one chip, of the same shape.
    """
    chips, tp, dp, ep, pp = np.array([(c.chips, c.tp, c.dp, c.ep, c.pp) for c in layouts], dtype=np.float64).T
    return LayoutColumns(
        chips=chips, tp=tp, dp=dp, ep=ep, pp=pp, layer_split=(pp > 1) * local, overlap=(chips > 1) * overlap
    )


class _Formats(NamedTuple):
    """Formats of one replica."""

    rest: Format
    expert: Format
    bytes_rest: float
    flop_16_per_s: float


def _formats(spec: ReplicaSpec, constants: Parameters) -> _Formats:
    model, chip = spec.model, spec.chip
    expert_fmt, rest_fmt = stored_formats(model, spec.weights, spec.stack)
    if spec.stack in LOCAL_STACKS and chip.peak_fp16_accumulate_tflop_per_s is not None:
        chip = chip.model_copy(update={"peak_bf16_tflop_per_s": chip.peak_fp16_accumulate_tflop_per_s})
    rest = weight_format(chip, rest_fmt, constants)
    expert = rest if expert_fmt == rest_fmt else weight_format(chip, expert_fmt, constants)
    head_share = min(model.vocab * model.hidden / max(_params_rest_read(model), 1.0), 1.0)
    bytes_rest = bytes_with_head(rest.bytes_per_weight, rest_fmt, spec.stack, head_share)
    return _Formats(rest, expert, bytes_rest, peak_16(chip, constants)[0])


def precisions(specs: Sequence[ReplicaSpec], constants: Parameters) -> Precision:
    """Formats of weights and cache on a chip, shape (number of specs,)."""
    g, found = constants, [_formats(spec, constants) for spec in specs]
    experts = (f.expert if spec.model.is_moe else f.rest for f, spec in zip(found, specs, strict=True))
    return Precision(
        bytes_rest=column(f.bytes_rest for f in found),
        bytes_expert=column(f.bytes_per_weight for f in experts),
        bytes_kv=column(kv_bytes(spec.kv, g) for spec in specs),
        weight_bytes_factor=column(1.0 for _ in specs),
        linear_flop_factor=column(1.0 for _ in specs),
        weight_mbu_factor=column(f.expert.mbu_factor for f in found),
        attention_flop_factor=column(g.kv4_attention if spec.kv == "int4" else 1.0 for spec in specs),
        flop_16_per_s=column(f.flop_16_per_s for f in found),
        flop_rest_per_s=column(f.rest.flop_per_s for f in found),
        flop_expert_per_s=column(f.expert.flop_per_s for f in found),
        expert_tile_factor=column(f.expert.tile_factor for f in found),
    )


def chip_rates(specs: Sequence[ReplicaSpec], constants: Parameters) -> ChipRates:
    """Memory and links of chips, shape (number of specs,).

    A card without a scale-up domain meets its neighbours over PCIe; others meet other domains over the network.
    """
    chips = [spec.chip for spec in specs]
    links = [chip.link_bytes_per_s or constants.pcie_bytes_per_s for chip in chips]
    beyond = constants.nic_bytes_per_s
    return ChipRates(
        kind=column(KIND.get(spec.beside.device_class, MachineKind.HBM) for spec in specs),
        memory_bytes=column(chip.memory_bytes for chip in chips),
        memory_bytes_per_s=column(chip.memory_bytes_per_s for chip in chips),
        link_bytes_per_s=column(links),
        nic_bytes_per_s=column(
            link if chip.scale_up_domain_chips == 1 else beyond for chip, link in zip(chips, links, strict=True)
        ),
        domain_chips=column(chip.scale_up_domain_chips for chip in chips),
    )


def sram_sides(specs: Sequence[ReplicaSpec], constants: Parameters) -> SramSide:
    """What keeps weights in SRAM: the chip itself, or as many LPUs beside it; shape (number of specs,)."""
    g, chips = constants, [spec.beside for spec in specs]
    layer_s = {"lpu-v1": g.lpu_layer_s, "wafer": g.wafer_layer_s}
    beside = [chip.device_class == "lpu-3" for chip in chips]
    return SramSide(
        layer_time_s=column(layer_s.get(chip.device_class, 0.0) for chip in chips),
        speed_gain=column(g.wafer_gain if chip.device_class == "wafer" else 1.0 for chip in chips),
        sram_chips=column(spec.lpus for spec in specs),
        sram_bytes_per_s=column(c.memory_bytes_per_s if lpx else 0.0 for c, lpx in zip(chips, beside, strict=True)),
        sram_mbu=column(g.lpx_mbu if lpx else 0.0 for lpx in beside),
        sram_hop_s=column(g.lpx_hop_s if lpx else 0.0 for lpx in beside),
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


def stack_times(specs: Sequence[ReplicaSpec], constants: Parameters) -> StackTimes:
    """Efficiencies and overheads of stacks on chips, shape (number of specs,)."""
    g = constants
    edge = [is_edge(spec.chip, spec.stack) for spec in specs]
    devices = [offset_class(spec.chip, spec.stack, g) for spec in specs]
    local = [spec.stack in LOCAL_STACKS for spec in specs]
    step = [g.step_overhead_s * (g.step_factor_edge if e else g.step_factor_datacentre) for e in edge]
    layer = [g.layer_overhead_s * (g.layer_factor_edge if e else g.layer_factor_datacentre) for e in edge]

    def by_device(base: float, name: str) -> Vec:
        return column(base * g.offset("device", device, name) for device in devices)

    def by_stack(name: str) -> Vec:
        return column(g.offset("stack", spec.stack, name) for spec in specs)

    return StackTimes(
        mbu=np.minimum(by_device(g.mbu, "mbu"), g.ceiling),
        mfu_prefill=np.minimum(by_device(g.mfu_prefill, "mfu_prefill") * by_stack("mfu_prefill"), g.ceiling),
        mfu_decode=np.minimum(by_device(g.mfu_decode, "mfu_decode"), g.ceiling),
        step_overhead_s=column(step),
        layer_overhead_s=column(layer) * by_stack("layer_overhead_s"),
        sequence_overhead_s=g.sequence_overhead_s * by_stack("sequence_overhead_s"),
        prefill_layer_overhead_s=column(g.prefill_layer_s for _ in specs),
        server_path_s=column(g.server_path_s for _ in specs),
        prefill_stall=g.prefill_stall * by_stack("prefill_stall") * column(not s.disaggregated for s in specs),
        burst=column(g.burst for _ in specs),
        immaturity=column(_immaturity(spec, g) for spec in specs),
        expert_tile_tokens=column(0.0 if own else g.expert_tile for own in local),
    )


def _immaturity(spec: ReplicaSpec, constants: Parameters) -> float:
    """Slowness of what is new, fading with its age; none where a stack of one's own is not tuned to anything. [1]"""
    if spec.stack in LOCAL_STACKS:
        return 0.0
    fading = exp(-max(spec.age_months, 0.0) / constants.immaturity_months)
    return constants.immaturity * constants.offset("stack", spec.stack, "immaturity") * fading
