"""The kinds of deployment: machines that are rented or owned, users' devices, and per-token platforms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.catalog.records import TokenModel
from components.engine.economics.per_token import token_terms
from components.engine.economics.purchase import edge_terms
from components.engine.economics.terms import Purchase, TokenTerms
from components.engine.replica.layout import Layout
from components.engine.replica.memory import cache_bytes, weight_bytes
from components.engine.scenario import TOKEN_TERMS, Strategy
from components.engine.strategy.candidates import (
    ChipRoles,
    Unfit,
    candidates,
    replicas_of,
)
from components.engine.strategy.lever_edits import BITS
from components.engine.strategy.levers import edge_fault, edits_for, reset_on_device
from components.engine.strategy.own_apply import measured
from components.engine.strategy.records import Candidates, Deployment, Role
from components.engine.strategy.resolution import (
    add_deployment,
    context_holds,
    demand_row,
    note_trust_of_chip,
    terms_of_chip,
)

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, AnsweringModel, Model
    from components.engine.serving.demand import Demand
    from components.engine.strategy.edits import Edits
    from components.engine.strategy.resolution import Resolution


ONE = Layout(1)


EDGE_STACK = "llama.cpp"


def _roles(case: Resolution, chip: Accelerator) -> tuple[Accelerator, Accelerator | None, str]:
    """The chip that decodes, the LPU beside it, and the id of the prefill pool's chip."""
    s, partner = case.strategy, case.book.tables.partner(chip.device_class)
    if chip.device_class == "lpu-3":
        host = case.chip(s.prefill or partner)
        return (host or chip), chip, host.id if s.disagg and host is not None else ""
    if chip.device_class == "wafer":
        if not s.prefill:
            case.warnings.append(f"{chip.name} has no published prefill rate: {partner} reads the prompts")
        return chip, None, s.prefill or partner
    if s.disagg or s.prefill:
        return chip, None, s.prefill or chip.id
    return chip, None, ""


def _lpus(case: Resolution, lpu: Accelerator, host: Accelerator, model: Model, edits: Edits) -> int:
    """LPUs beside one replica's GPUs: whole racks that hold the weights. [1]"""
    rack = lpu.chips_per_system or lpu.scale_up_domain_chips
    single = replicas_of(case.book, model, ChipRoles(host), edits, case.strategy.stack, (ONE,))
    racks = max(
        math.ceil(float(weight_bytes(single)[0]) / (rack * lpu.memory_bytes)), int(case.book.value("lpx_racks"))
    )
    given = case.strategy.chips
    if given and given < racks * rack:
        case.reasons.append(
            f"{model.name} needs {racks * rack} x {lpu.name} for its weights, not {given}: "
            f"raise chips per replica to {racks * rack}"
        )
    return max(given, racks * rack)


def fleet(case: Resolution, role: Role, model: Model, share: float) -> None:
    """A deployment on machines that are rented or owned."""
    s, book = case.strategy, case.book
    named = case.chip(s.hardware)
    if named is None:
        return
    chip, lpu, pool_key = _roles(case, named)
    edits = edits_for(book, s, case.traffic, model, chip)
    pool_chip = case.chip(pool_key) if pool_key and (edits.machine.disagg or chip.device_class == "wafer") else None
    if pool_chip is not None and edits.osl:
        edits = edits.on(disagg=True)
    else:
        edits, pool_chip = edits.on(disagg=False), None
    if role == "main":
        case.main_edits = edits
        case.sentences += edits.sentences
    case.warnings += edits.warnings
    partner = (lpu, _lpus(case, lpu, chip, model, edits)) if lpu is not None else None
    chips = 0 if lpu is not None or role == "routed" else s.chips
    given = s.fleet if role == "main" else 0
    roles, demand = ChipRoles(chip, pool_chip, partner), _demand(case, share, edits, edge=False, fleet=given)
    found = candidates(book, model, roles, edits, stack=s.stack, chips=chips, demand=demand)
    replicas = _or_reason(case, found)
    if replicas is not None and role == "main":
        replicas = measured(case, replicas, partner[1] if partner else 0)
    _add_fleet(case, role, model, share, edits, replicas, named, roles)


def _demand(case: Resolution, share: float, edits: Edits, *, edge: bool, fleet: int = 0) -> Demand:
    return demand_row(case.strategy, case.traffic, case.book, share, edits, edge=edge, fleet=fleet)


def _or_reason(case: Resolution, found: Candidates | Unfit) -> Candidates | None:
    """The replicas; None, with a reason on the case, where none holds the model."""
    if isinstance(found, Unfit):
        case.reasons.append(found.reason)
        return None
    return found


def _add_fleet(
    case: Resolution,
    role: Role,
    model: Model,
    share: float,
    edits: Edits,
    replicas: Candidates | None,
    named: Accelerator,
    roles: ChipRoles,
) -> None:
    """Price the chips of a fleet and add it."""
    chip, pool_chip, partner = roles
    for each in {c.id: c for c in (named, chip, pool_chip) if c is not None}.values():
        note_trust_of_chip(case, each)
    purchase = terms_of_chip(case, chip, other=chip is not named)
    sram = terms_of_chip(case, named) if partner is not None else None
    pool: Purchase | None = None
    if pool_chip is not None:
        pool = purchase if pool_chip is chip else terms_of_chip(case, pool_chip, other=True)
    add_deployment(case, Deployment(
        role, share, case.traffic, model, edits.isl, edits.new_isl, edits.osl,
        chip=chip, pool_chip=pool_chip, candidates=replicas, purchase=purchase, pool_purchase=pool,
        sram_chip=partner[0] if partner else None, sram_chips=partner[1] if partner else 0, sram_purchase=sram,
    ))  # fmt: skip


def edge(case: Resolution, model: Model, share: float) -> None:
    """Users' own devices: one stream each, 4-bit builds where the checkpoint is wider."""
    s, book = case.strategy, case.book
    chip = case.chip(s.edge_device)
    if chip is None:
        return
    weights = "native" if BITS.get(str(model.native_precision)) == 4 else "int4"
    device = {"weights": weights, "prefill": "", "chips": 1, "stack": EDGE_STACK}
    plain = s.model_copy(update=reset_on_device() | device)
    edits = edits_for(book, plain, case.traffic, model, chip)
    demand = _demand(case, share, edits, edge=True)
    found = candidates(book, model, ChipRoles(chip), edits, stack=EDGE_STACK, chips=1, demand=demand)
    if isinstance(found, Unfit):
        case.reasons.append(edge_fault(model, chip, _need_bytes(case, model, chip, edits)))
    purchase, faults = edge_terms(book, chip, s.place)
    case.reasons += faults
    note_trust_of_chip(case, chip)
    case.sentences.append(f"{share:.0%} of requests on users' {chip.name} with {model.name}, one at a time")
    add_deployment(case, Deployment(
        "edge", share, case.traffic, model, edits.isl, edits.new_isl, edits.osl,
        chip=chip, purchase=purchase, candidates=None if isinstance(found, Unfit) else found,
    ))  # fmt: skip


def _need_bytes(case: Resolution, model: Model, chip: Accelerator, edits: Edits) -> float:
    single = replicas_of(case.book, model, ChipRoles(chip), edits, EDGE_STACK, (ONE,))
    return float((weight_bytes(single) + cache_bytes(single, single.isl + single.osl))[0])


def per_token(case: Resolution, role: Role, model: AnsweringModel, share: float) -> None:
    """A per-token purchase."""
    s, t = case.strategy, case.traffic
    isl, osl = t.isl * s.compress, t.osl * s.shorten
    kept = case.book.value("compressed_hit_factor") if s.compress < 1 else 1.0
    plain = (
        s
        if role == "main"
        else s.model_copy(update={name: Strategy.model_fields[name].default for name in TOKEN_TERMS})
    )
    terms, faults = token_terms(case.book, plain, model.id, isl=isl, osl=osl, reuse=t.reuse * kept)
    case.reasons += faults
    if terms is not None:
        _note_terms(case, terms, model)
    add_deployment(case, Deployment(role, share, case.traffic, model, isl, isl, osl, api=terms))


def _note_terms(case: Resolution, terms: TokenTerms, model: AnsweringModel) -> None:
    case.sources += terms.sources
    case.confidence += [terms.confidence, terms.speed.confidence]
    case.basis.append("measured" if terms.speed.tokens_per_s is not None else "modelled")
    if terms.context_tokens is not None:
        context_holds(case, f"{model.name} at {terms.provider}", terms.context_tokens)
    if isinstance(model, TokenModel) and model.notes:
        case.warnings.append(f"{model.name}: {model.notes}")
    if terms.dearer_when_long and terms.isl > case.book.value("quality_long_prompt_tokens"):
        case.warnings.append(f"{terms.provider} lists a dearer price for long prompts: the one for short ones is used")
    if terms.speed.tokens_per_s is None:
        case.warnings.append(f"no measured speed of {model.name} at {terms.provider} is published")
    if case.strategy.defer and not terms.batch_discount:
        case.warnings.append(f"{terms.provider} publishes no batch price for {model.name}: deferring saves nothing")
