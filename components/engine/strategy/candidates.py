"""Candidate replicas of one fleet: physics and demand rows for every layout worth trying."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from components.engine.facts.book import month_of
from components.engine.replica import layout as layouts
from components.engine.replica.from_catalog import PhysicsRow, physics_row
from components.engine.replica.layout import Layout
from components.engine.replica.record import HBM, LPX
from components.engine.strategy.records import Candidate

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.strategy.levers import Edits


LPU_GPU = "rubin-vr-nvl72"
"""GPU beside Groq 3 LPUs unless another is named: the pairing the vendor sells."""


WAFER_POOL = "trainium2"
"""Prefill machines beside wafers unless others are named: the pairing announced."""


Fields = dict[str, float]


class ChipRoles(NamedTuple):
    """The kinds of chip in one deployment."""

    chip: Accelerator
    """Decodes; beside LPUs, the GPU."""
    pool: Accelerator | None = None
    """Reads prompts in a pool of its own."""
    partner: tuple[Accelerator, int] | None = None
    """LPUs in each replica."""


def replica_row(
    book: Book, model: Model, chip: Accelerator, edits: Edits, stack: str, cut: Layout,
    partner: tuple[Accelerator, int] | None = None,
) -> PhysicsRow:  # fmt: skip
    """A replica without tokens and drafts."""
    lpu, lpus = partner if partner is not None else (None, 0)
    return physics_row(
        model=model, chip=chip, weights=edits.weights, kv=edits.kv, chips=cut.chips, g=book.parameters, isl=1,
        new_isl=1, osl=1, tp=cut.tp, dp=cut.dp, ep=cut.ep, pp=cut.pp, stack=stack,
        age_months=book.months - max(month_of(model.release), month_of(chip.release)),
        disaggregated=edits.disagg, overlap=edits.ep and cut.chips > 1, two_four_sparsity=edits.two_four,
        partner=lpu, partner_chips=lpus,
    )  # fmt: skip


def base_row(
    book: Book, model: Model, chip: Accelerator, edits: Edits, stack: str, cut: Layout,
    partner: tuple[Accelerator, int] | None = None,
) -> PhysicsRow:  # fmt: skip
    """`replica_row`, kept per distinct machine."""
    lpu, lpus = partner if partner is not None else (None, 0)
    key = (
        "row", model.id, chip.id, edits.weights, edits.kv, edits.two_four, edits.disagg, edits.ep, stack, cut,
        lpu.id if lpu else "", lpus,
    )  # fmt: skip

    return book.once(key, lambda: replica_row(book, model, chip, edits, stack, cut, partner))


PRUNED_WHOLE = ("params_total", "params_rest_read", "params_expert", "active_rest", "active_expert")


PRUNED_DEPTH = ("layers", "moe_layers", "full_layers", "window_layers", "kv_elems_full", "kv_elems_window")


def row_with_levers(book: Book, row: PhysicsRow, edits: Edits) -> Fields:
    """The row with this strategy's tokens, drafts and pruning."""
    return apply_levers(book, dict(row.fields), edits)


def apply_levers(book: Book, fields: dict[str, Any], edits: Edits) -> dict[str, Any]:
    """Put a strategy's tokens, drafts and pruning on the fields of one machine, or on arrays of many; returns them."""
    fields["isl"], fields["new_isl"], fields["osl"] = edits.isl, edits.new_isl, edits.osl
    fields["server_path_s"] = fields["server_path_s"] + edits.server_extra_s
    fields["draft_tokens"] = edits.draft_tokens
    if edits.acceptance is not None and edits.draft_cost is not None:
        fields["acceptance"], fields["draft_cost"] = edits.acceptance, edits.draft_cost
    if edits.pruned:
        depth = 1 - edits.pruned * book.value("pruned_depth_share")
        for name in PRUNED_WHOLE:
            fields[name] = fields[name] * (1 - edits.pruned)
        for name in PRUNED_DEPTH:
            fields[name] = fields[name] * depth
        fields["hidden"] = fields["hidden"] * math.sqrt((1 - edits.pruned) / depth)
    return fields


def stored_bytes(fields: Fields) -> float:
    """Weights that a replica stores. [B]"""
    rest = (fields["params_total"] - fields["params_expert"]) * fields["bytes_rest"] * fields["dp"]
    return (rest + fields["params_expert"] * fields["bytes_expert"]) * fields["weight_bytes_factor"]


def sequence_bytes(fields: dict[str, Any], tokens: float) -> float:
    """Cache of one sequence, without copies by tensor parallelism; fields of numbers or of arrays. [B]"""
    growing = fields["kv_elems_full"] * fields["bytes_kv"] + fields["index_bytes_per_token"]
    window = fields["kv_elems_window"] * fields["bytes_kv"] * np.minimum(tokens, fields["window_tokens"])
    return growing * tokens + window + fields["fixed_bytes_per_seq"]  # type: ignore[no-any-return]


def usable_bytes(book: Book, fields: Fields) -> float:
    """Memory of one chip open to weights and caches, as the engine counts it. [B]"""
    memory = fields["memory_bytes"]
    if fields["kind"] not in (HBM, LPX):
        return memory
    return book.parameters.memory_usable * memory - min(book.parameters.memory_reserve_bytes, memory / 4)


def least_chips(book: Book, fields: Fields) -> int:
    """Chips that hold the weights and one sequence; the GPU beside LPUs holds only the sequence. [1]"""
    own = 0.0 if fields["kind"] == LPX else stored_bytes(fields)
    cache = sequence_bytes(fields, fields["isl"] + fields["osl"])
    share = book.parameters.kv_share if fields["kind"] in (HBM, LPX) else 1.0
    return max(math.ceil((own + cache / share) / usable_bytes(book, fields)), 1)


def _fits(book: Book, fields: Fields) -> bool:
    """Whether the weights with their copies and one sequence fit in this layout."""
    own = 0.0 if fields["kind"] == LPX else stored_bytes(fields)
    copies = max(1.0, fields["tp"] / fields["kv_heads"])
    share = book.parameters.kv_share if fields["kind"] in (HBM, LPX) else 1.0
    room = share * (fields["chips"] * usable_bytes(book, fields) - own)
    return room >= copies * sequence_bytes(fields, fields["isl"] + fields["osl"])


def chip_counts(book: Book, chip: Accelerator, first: Fields, least: int) -> tuple[int, ...]:
    """Chip counts to try on one kind of machine."""
    if chip.device_class == "lpu-v1":
        return (least,)
    if chip.device_class == "wafer":
        cache = sequence_bytes(first, first["isl"] + first["osl"]) * book.value("wafer_batch")
        full = math.ceil((stored_bytes(first) + cache) / first["memory_bytes"])
        return tuple(sorted({least, max(full, least), 2 * max(full, least)}))
    return layouts.counts(chip, least, one_device=chip.family in {"cpu", "edge-soc"})


def _sentence(model: Model, chip: Accelerator, edits: Edits, least: int, given: int) -> str:
    fmt = (model.native_precision if edits.weights == "native" else edits.weights).upper()
    head = f"{model.name} needs {least} x {chip.name} at {fmt} for its weights and one request"
    if chip.family in {"cpu", "edge-soc"}:
        return f"{head}, and only one can be used: choose a smaller model or another machine"
    return f"{head}, not {given}: raise chips per replica to {least}"


def layouts_for(
    book: Book, model: Model, chip: Accelerator, edits: Edits, stack: str, chips: int,
    partner: tuple[Accelerator, int] | None = None,
) -> tuple[list[tuple[Layout, Fields]], str]:  # fmt: skip
    """Layouts with their rows, or the sentence why none holds the model."""
    first = row_with_levers(book, base_row(book, model, chip, edits, stack, Layout(1), partner), edits)
    least = least_chips(book, first)
    if chips and chips < least:
        return [], _sentence(model, chip, edits, least, chips)
    wanted = (chips,) if chips else chip_counts(book, chip, first, least)
    experts = edits.ep and model.is_moe
    cuts = [layouts.parallel(model, chip, n, experts=experts) for n in wanted]
    rows = [
        (cut, row_with_levers(book, base_row(book, model, chip, edits, stack, cut, partner), edits)) for cut in cuts
    ]
    fitting = [(cut, fields) for cut, fields in rows if _fits(book, fields)]
    if not fitting and experts:
        wider = layouts.parallel(model, chip, max([*wanted, least]) * 2, experts=False)
        fields = row_with_levers(book, base_row(book, model, chip, edits, stack, wider, partner), edits)
        fitting = [(wider, fields)] if not chips and _fits(book, fields) else []
    if not fitting:
        return [], _sentence(model, chip, edits, max(2 * max(wanted, default=least), least), chips or 1)
    return fitting, ""


def transfer(book: Book, fields: dict[str, Any], pool: dict[str, Any], *, same: bool) -> tuple[Any, Any]:
    """Cache handed from prefill to decode, and the rate of the link; fields of numbers or of arrays. [B], [B/s]

    Each rank moves its own part: inside one scale-up domain over the chips' links, otherwise over network cards.
    """
    g = book.parameters
    inside = same & (fields["chips"] + pool["chips"] <= fields["domain_chips"])
    rate = np.where(inside, g.link_share * fields["link_bytes_per_s"], g.nic_share * fields["nic_bytes_per_s"])
    ranks = np.minimum(fields["tp"], pool["tp"]) * np.maximum(fields["dp"], 1.0)
    return sequence_bytes(fields, fields["isl"]), rate * ranks


def candidates(
    book: Book, model: Model, cast: ChipRoles, edits: Edits, *, stack: str, chips: int, demand: Fields
) -> tuple[tuple[Candidate, ...], str]:
    """Every replica worth trying; second: the sentence why there is none."""
    chip, pool_chip = cast.chip, cast.pool
    rows, fault = layouts_for(book, model, chip, edits, stack, chips, cast.partner)
    if fault:
        return (), fault
    pools: list[tuple[Layout, Fields]] = []
    if pool_chip is not None:
        pools, fault = layouts_for(book, model, pool_chip, edits, stack, 0)
        if fault:
            return (), fault
    found: list[Candidate] = []
    for cut, fields in rows:
        need = dict(demand)
        host = book.value("host_link_gb_per_s") * 1e9 * fields["chips"]
        need["reload_s"] = edits.reload_tokens * fields["kv_elems_full"] * fields["bytes_kv"] / host
        if not pools:
            found.append(Candidate(cut, fields, need))
            continue
        same = pool_chip is chip
        pool_cut, pool = min(pools, key=lambda pair: abs(pair[0].chips - (cut.chips if same else 0)))
        need["transfer_bytes"], need["transfer_bytes_per_s"] = transfer(book, fields, pool, same=same)
        found.append(Candidate(cut, fields, need, pool, pool_cut))
    return tuple(found), ""
