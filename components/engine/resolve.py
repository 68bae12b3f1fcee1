"""A strategy on a workload becomes deployments: levers checked and turned into numbers, prices and layouts looked up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from components.engine import levers
from components.engine.answer import BASES, Basis
from components.engine.book import Book, Settings, book_of
from components.engine.deployment import Candidate, Deployment, Layout, Purchase, Resolved, Role, TokenTerms
from components.engine.hours import levelled, week_profile
from components.engine.machine import LPU_GPU, WAFER_POOL, base_row, candidates, dressed, sequence_bytes, stored_bytes
from components.engine.overrides import own_figures
from components.engine.purchase import edge_terms, purchase_terms
from components.engine.quality import quality
from components.engine.tokens import token_terms
from components.engine.traffic import Traffic, effective_workload

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Confidence, Model
    from components.engine.levers import Edits
    from components.engine.scenario import Strategy, Workload

DAY_S = 86400.0
ONE = Layout(1)
CONFIDENCE: tuple[Confidence, ...] = ("high", "medium", "low")


@dataclass(slots=True)
class Case:
    """One strategy while it is resolved."""

    book: Book
    strategy: Strategy
    traffic: Traffic
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    basis: list[Basis] = field(default_factory=list)
    confidence: list[Confidence] = field(default_factory=list)
    main_edits: Edits | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody waits for the answers."""
        return self.strategy.defer < 1

    def model(self, key: str) -> Model | None:
        """A usable model, or a reason."""
        found = self.book.catalog.models.get(key)
        if found is None:
            self.reasons.append(f"the model {key!r} is not known: choose one from the list")
        elif not found.usable or not found.total_params:
            self.reasons.append(f"{found.name} cannot be computed: {found.unusable_reason or 'size not published'}")
            return None
        return found

    def chip(self, key: str) -> Accelerator | None:
        """An accelerator, or a reason."""
        found = self.book.catalog.accelerators.get(key)
        if found is None:
            self.reasons.append(f"the accelerator {key!r} is not known: choose one from the list")
        return found


def resolve(
    strategy: Strategy,
    workload: Workload,
    catalog: Catalog,
    parameters: Parameters,
    settings: Settings | None = None,
    reference_model: str | None = None,
) -> Resolved:
    """Check a strategy and turn it into deployments with candidate replicas.

    Args:
        strategy: levers and purchase.
        workload: what is asked; gaps come from its preset.
        catalog: the facts.
        parameters: constants of the engine.
        settings: own figures and the day of the plan.
        reference_model: id of the model that quality is compared with; the strategy's own if not given.
    Returns: always a result; `feasible` is False with `reasons` where it cannot be served or bought so.
    Raises: KeyError for an unknown workload preset.
    """
    book = book_of(catalog, parameters, settings)
    traffic = book.once(("traffic", workload), lambda: effective_workload(workload, catalog))
    case = Case(book, strategy, traffic)
    reasons, warnings = levers.strategy_faults(book, strategy, traffic)
    case.reasons += reasons
    case.warnings += warnings + levers.habit_warnings(strategy, workload.preset)
    answering = case.model(strategy.student or strategy.model)
    if answering is not None:
        _deploy_all(case, answering)
    return _result(case, answering, reference_model)


def _deploy_all(case: Case, answering: Model) -> None:
    """Main, routed and edge shares of what the response cache leaves."""
    s = case.strategy
    left = 1 - s.cache
    shares: list[tuple[Role, float, str]] = [
        ("main", left * (1 - s.edge) * (1 - s.route), answering.id),
        ("routed", left * (1 - s.edge) * s.route, s.route_model),
        ("edge", left * s.edge, s.edge_model),
    ]
    if s.buy == "api":
        case.warnings += levers.ignored_on_api(s)
    for role, share, key in shares:
        model = case.model(key) if share > 0 else None
        if model is None or not _context_holds(case, model):
            continue
        if role == "edge":
            _edge(case, model, share)
        elif s.buy == "api":
            _api(case, role, model, share)
        else:
            _fleet(case, role, model, share)


def _context_holds(case: Case, model: Model) -> bool:
    tokens = case.traffic.isl * case.strategy.compress + case.traffic.osl * case.strategy.shorten
    if tokens > model.context_tokens:
        case.reasons.append(
            f"{model.name} reads {model.context_tokens:,} tokens, the request has {tokens:,.0f}: "
            "shorten the prompt or choose a model with a longer context"
        )
        return False
    return True


def _peak(case: Case) -> float:
    """Busiest hour over the mean once deferred work has filled the valleys. [1]"""
    t, share = case.traffic, case.strategy.defer
    key = ("peak", t.peak, t.hours, share)
    return case.book.once(key, lambda: float(levelled(week_profile(t.peak, t.hours), np.array([share])).max()))


def _demand(case: Case, share: float, edits: Edits, *, edge: bool) -> dict[str, float]:
    """The demand row of one deployment."""
    t, s, value = case.traffic, case.strategy, case.book.value
    watched = case.waits and not (math.isinf(t.ttft_limit_s) and math.isinf(t.tpot_limit_s))
    return {
        "peak_requests_per_s": t.requests_per_day * share / DAY_S * _peak(case),
        "dispersion": t.dispersion,
        "isl_cv": t.isl_cv,
        "osl_cv": t.osl_cv,
        "ttft_limit_s": t.ttft_limit_s if case.waits else math.inf,
        "tpot_limit_s": t.tpot_limit_s if case.waits else math.inf,
        "headroom": 0.0 if edge else value("headroom"),
        "spare_replicas": value("spare_replicas") if watched and not edge and s.scale != "zero" else 0.0,
        "static_batch": edits.static_batch,
        "single_stream": float(edge),
        "chunked_prefill": float(edits.chunked),
        "cold_start_s": value("cold_start") if s.scale == "zero" and not edge else 0.0,
        "transfer_bytes_per_s": math.inf,
        "transfer_bytes": 0.0,
        "reload_s": 0.0,
    }


def _add(case: Case, role: Role, share: float, model: Model, **parts: object) -> None:
    """Append a deployment and note what it rests on."""
    defaults = {
        "chip": None, "pool_chip": None, "candidates": (), "purchase": None, "pool_purchase": None, "api": None,
        "peak": _peak(case), "hours": case.traffic.hours, "requests_per_day": case.traffic.requests_per_day * share,
    }  # fmt: skip
    case.deployments.append(Deployment(role=role, share=share, model=model, **(defaults | parts)))  # type: ignore[arg-type]
    case.sources.append(model.source_id)
    case.confidence.append(model.confidence)


def _stand_on(case: Case, chip: Accelerator) -> None:
    """What a machine says about how sure the answer can be."""
    case.sources.append(chip.source_id)
    case.confidence.append(chip.confidence)
    case.basis.append("announced" if chip.status == "announced" else "modelled")
    case.warnings += levers.hardware_warnings(case.book, chip)
    classes = case.book.once("classes", lambda: {k for scope, k, _ in case.book.parameters.offsets if scope == "device"})
    if chip.device_class not in classes:
        case.confidence.append("low")
        case.warnings.append(f"no measurement calibrates {chip.name}: speeds carry the mean of other machines")


def _paid(case: Case, purchase: Purchase) -> None:
    case.sources += purchase.sources
    case.confidence.append(purchase.confidence)
    case.basis.append(purchase.basis)
    if purchase.basis == "estimated" and purchase.kind == "rent":
        case.warnings.append(purchase.rule)


def _bought(case: Case, chip: Accelerator, *, other: bool = False) -> Purchase | None:
    """Terms of a chip as the strategy buys it, or reasons; a further kind of chip never takes the own price."""
    s = case.strategy
    plain = s.model_copy(update={"price": None, "provider": ""}) if other and (s.price is not None or s.provider) else s
    purchase, faults = purchase_terms(case.book, chip, plain)
    if faults and other and s.buy in {"owned", "dedicated"}:
        rented, missing = purchase_terms(case.book, chip, plain.model_copy(update={"buy": "on-demand"}))
        if not missing:
            case.warnings.append(f"{chip.name} has no published {s.buy} price: rented on demand beside the rest")
            purchase, faults = rented, ()
    case.reasons += faults
    if faults:
        return None
    _paid(case, purchase)
    return purchase


def _cast(case: Case, chip: Accelerator) -> tuple[Accelerator, Accelerator | None, str]:
    """The chip that decodes, the LPU beside it, and the id of the prefill pool's chip."""
    s = case.strategy
    if chip.device_class == "lpu-3":
        host = case.chip(s.prefill or LPU_GPU)
        return (host or chip), chip, host.id if s.disagg and host is not None else ""
    if chip.device_class == "wafer":
        if not s.prefill:
            case.warnings.append(f"{chip.name} has no published prefill rate: {WAFER_POOL} reads the prompts")
        return chip, None, s.prefill or WAFER_POOL
    if s.disagg or s.prefill:
        return chip, None, s.prefill or chip.id
    return chip, None, ""


def _lpus(case: Case, lpu: Accelerator, host: Accelerator, model: Model, edits: Edits) -> int:
    """LPUs beside one replica's GPUs: whole racks that hold the weights. [1]"""
    rack = lpu.chips_per_system or lpu.scale_up_domain_chips
    weights = stored_bytes(dressed(case.book, base_row(case.book, model, host, edits, case.strategy.stack, ONE), edits))
    racks = max(math.ceil(weights / (rack * lpu.memory_bytes)), int(case.book.value("lpx_racks")))
    given = case.strategy.chips
    if given and given < racks * rack:
        case.reasons.append(
            f"{model.name} needs {racks * rack} x {lpu.name} for its weights, not {given}: "
            f"raise chips per replica to {racks * rack}"
        )
    return max(given, racks * rack)


def _fleet(case: Case, role: Role, model: Model, share: float) -> None:
    """A deployment on machines that are rented or owned."""
    s, book = case.strategy, case.book
    named = case.chip(s.hardware)
    if named is None:
        return
    chip, lpu, pool_key = _cast(case, named)
    edits = levers.edits_for(book, s, case.traffic, model, chip)
    pool_chip = case.chip(pool_key) if pool_key and (edits.disagg or chip.device_class == "wafer") else None
    if pool_chip is not None and edits.osl:
        edits.disagg = True
    else:
        edits.disagg, pool_chip = False, None
    if role == "main":
        case.main_edits = edits
        case.sentences += edits.sentences
    case.warnings += edits.warnings
    partner = (lpu, _lpus(case, lpu, chip, model, edits)) if lpu is not None else None
    chips = 0 if lpu is not None or role == "routed" else s.chips
    rows, fault = candidates(
        book, model, chip, edits, stack=s.stack, chips=chips, demand=_demand(case, share, edits, edge=False),
        pool_chip=pool_chip, partner=partner,
    )  # fmt: skip
    if fault:
        case.reasons.append(fault)
    _add_fleet(case, role, model, share, edits, rows, (named, chip, pool_chip), partner)


def _add_fleet(
    case: Case, role: Role, model: Model, share: float, edits: Edits, rows: tuple[Candidate, ...],
    chips: tuple[Accelerator, Accelerator, Accelerator | None], partner: tuple[Accelerator, int] | None,
) -> None:  # fmt: skip
    """Price the chips of a fleet and add it."""
    named, chip, pool_chip = chips
    for each in {c.id: c for c in (named, chip, pool_chip) if c is not None}.values():
        _stand_on(case, each)
    purchase = _bought(case, chip, other=chip is not named)
    sram = _bought(case, named) if partner is not None else None
    pool: Purchase | None = None
    if pool_chip is not None:
        pool = purchase if pool_chip is chip else _bought(case, pool_chip, other=True)
    _add(
        case, role, share, model, chip=chip, pool_chip=pool_chip, candidates=rows, purchase=purchase,
        pool_purchase=pool, isl=edits.isl, new_isl=edits.new_isl, osl=edits.osl,
        sram_chip=partner[0] if partner else None, sram_chips=partner[1] if partner else 0, sram_purchase=sram,
    )  # fmt: skip


def _edge(case: Case, model: Model, share: float) -> None:
    """Users' own devices: one stream each, 4-bit builds where the checkpoint is wider."""
    s, book = case.strategy, case.book
    chip = case.chip(s.edge_device)
    if chip is None:
        return
    weights = "native" if model.native_precision in levers.BITS and levers.BITS[model.native_precision] == 4 else "int4"
    plain = s.model_copy(
        update={"weights": weights, "kv": "bf16", "sparsity": "none", "pruned": 0, "batching": "continuous",
                "spec": "none", "disagg": False, "prefill": "", "ep": False, "offload": False, "chips": 1,
                "stack": "llama.cpp", "route": 0},
    )  # fmt: skip
    edits = levers.edits_for(book, plain, case.traffic, model, chip)
    rows, fault = candidates(
        book, model, chip, edits, stack="llama.cpp", chips=1, demand=_demand(case, share, edits, edge=True),
        pool_chip=None,
    )  # fmt: skip
    if fault:
        case.reasons.append(levers.edge_fault(model, chip, _need_bytes(case, model, chip, edits)))
    purchase = edge_terms(book, chip, s.place)
    _stand_on(case, chip)
    case.sentences.append(f"{share:.0%} of requests on users' {chip.name} with {model.name}, one at a time")
    _add(
        case, "edge", share, model, chip=chip, candidates=rows, purchase=purchase, isl=edits.isl,
        new_isl=edits.new_isl, osl=edits.osl,
    )  # fmt: skip


def _need_bytes(case: Case, model: Model, chip: Accelerator, edits: Edits) -> float:
    row = dressed(case.book, base_row(case.book, model, chip, edits, "llama.cpp", ONE), edits)
    return stored_bytes(row) + sequence_bytes(row, edits.isl + edits.osl)


def _api(case: Case, role: Role, model: Model, share: float) -> None:
    """A per-token purchase."""
    s, t = case.strategy, case.traffic
    isl, osl = t.isl * s.compress, t.osl * s.shorten
    kept = case.book.value("compressed_hit_factor") if s.compress < 1 else 1.0
    plain = s if role == "main" else s.model_copy(update={"price_in": None, "price_cached": None, "price_out": None})
    terms, faults = token_terms(case.book, plain, model.id, isl=isl, osl=osl, reuse=t.reuse * kept)
    case.reasons += faults
    if terms is not None:
        _note_terms(case, terms, model)
    _add(case, role, share, model, api=terms, isl=isl, new_isl=isl, osl=osl)


def _note_terms(case: Case, terms: TokenTerms, model: Model) -> None:
    case.sources += terms.sources
    case.confidence += [terms.confidence, terms.speed.confidence]
    case.basis.append("measured" if terms.speed.tokens_per_s is not None else "modelled")
    if terms.speed.tokens_per_s is None:
        case.warnings.append(f"no measured speed of {model.name} at {terms.provider} is published")
    if case.strategy.defer and not terms.batch_discount:
        case.warnings.append(f"{terms.provider} publishes no batch price for {model.name}: deferring saves nothing")


def _extras(case: Case) -> dict[str, float]:
    """Router, compressor and response cache. [USD/day]"""
    s, t, value = case.strategy, case.traffic, case.book.value
    asked = t.requests_per_day
    served = asked * (1 - s.cache)
    found: dict[str, float] = {}
    if s.cache:
        found["response cache"] = asked * value("cache_usd_per_request")
    if s.route:
        found["router"] = served * (1 - s.edge) * value("router_usd_per_request")
    if s.compress < 1:
        found["compressor"] = served * t.isl / 1e6 * value("compressor_usd_per_mtok")
    return found


def _result(case: Case, answering: Model | None, reference_model: str | None) -> Resolved:
    """Everything together, with quality and trust."""
    s, t, book = case.strategy, case.traffic, case.book
    if not case.deployments and not case.reasons:
        case.reasons.append("nothing is left to serve: lower the cached, routed or edge share")
    graded = None
    if answering is not None:
        reference = book.catalog.models.get(reference_model or s.model, answering)
        graded = quality(book, s, answering, reference, case.main_edits, t.isl * s.compress)
        case.sources += graded.sources
    basis: Basis = max(case.basis, key=BASES.index, default="modelled")
    return Resolved(
        strategy=s,
        feasible=not case.reasons,
        reasons=tuple(dict.fromkeys(case.reasons)),
        warnings=tuple(dict.fromkeys(case.warnings)),
        overrides=own_figures(book, s, case.deployments),
        deployments=tuple(case.deployments),
        requests_per_day=t.requests_per_day,
        cached_share=s.cache,
        extra_usd_per_day=_extras(case),
        scaling=s.scale,
        deferred_share=s.defer,
        cold_start_s=book.value("cold_start"),
        scale_lag_s=book.value("node_provisioning"),
        scale_headroom=book.value("autoscale_headroom"),
        ttft_limit_s=t.ttft_limit_s if case.waits else math.inf,
        tpot_limit_s=t.tpot_limit_s if case.waits else math.inf,
        grade=graded.grade if graded else "A",
        extra_errors_per_1000=graded.extra_errors_per_1000 if graded else None,
        quality_note=graded.note if graded else "",
        basis=basis,
        confidence=max(case.confidence, key=CONFIDENCE.index, default="medium"),
        sources=tuple(dict.fromkeys(source for source in case.sources if source)),
        edits=tuple(case.sentences),
    )
