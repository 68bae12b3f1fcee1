"""A strategy on a workload becomes deployments: levers checked, prices and layouts looked up, demand in numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.catalog.records import Model, TokenModel
from components.engine.economics.extras import extras
from components.engine.facts.book import Book, KeptPerBook
from components.engine.facts.trust import BASES, CONFIDENCE, Basis
from components.engine.facts.workload import Traffic, effective_workload
from components.engine.strategy.fleets import edge, fleet, per_token
from components.engine.strategy.levers import ignored_on_api, strategy_faults, unsuited
from components.engine.strategy.model_fit import misfit, sold_only
from components.engine.strategy.own_apply import measurement
from components.engine.strategy.own_measurement import not_used
from components.engine.strategy.own_prices import own_figures
from components.engine.strategy.quality import quality, quality_bought
from components.engine.strategy.records import Resolved, Role
from components.engine.strategy.resolution import Resolution, context_holds

if TYPE_CHECKING:
    from components.catalog.records import AnsweringModel
    from components.engine.scenario import Strategy, Workload
    from components.engine.strategy.own_measurement import Factors
    from components.engine.strategy.quality import Quality


_TRAFFIC: KeptPerBook[Workload, Traffic] = KeptPerBook()


def resolve(
    book: Book,
    strategy: Strategy,
    workload: Workload,
    reference_model: str | None = None,
    carried: Factors | None = None,
) -> Resolved:
    """Check a strategy and turn it into deployments with candidate replicas.

    Args:
        strategy: levers and purchase.
        workload: what is asked; gaps come from its preset.
        book: the facts, lever tables and constants.
        reference_model: id of the model that quality is compared with; the strategy's own if not given.
        carried: speed of the main fleet over the modelled one; the strategy's own measurement decides if not given.
    Returns: always a result; `feasible` is False with `reasons` where it cannot be served or bought so.
    Raises: KeyError for an unknown workload preset.
    """
    traffic = _TRAFFIC.of(book, workload, lambda: effective_workload(workload, book.catalog))
    case = Resolution(book, strategy, traffic, carried=carried)
    case.reasons += strategy_faults(book, strategy, traffic)
    case.warnings += unsuited(strategy, workload.preset)
    answering = case.model(strategy.answering_model)
    if strategy.fleet and strategy.scale != "fixed" and strategy.buy != "api":
        case.warnings.append("servers that exist anyway are paid all month: scaling is left out")
    if answering is not None:
        _deploy_all(case, answering)
    return _result(case, answering, reference_model)


def _deploy_all(case: Resolution, answering: AnsweringModel) -> None:
    """Main, routed and edge shares of what the response cache leaves."""
    s = case.strategy
    left = 1 - s.cache
    shares: list[tuple[Role, float, str]] = [
        ("main", left * (1 - s.edge) * (1 - s.route), answering.id),
        ("routed", left * (1 - s.edge) * s.route, s.route_model),
        ("edge", left * s.edge, s.edge_model),
    ]
    if s.buy == "api":
        case.warnings += ignored_on_api(s)
        if measurement(s) is not None:
            case.warnings.append(not_used("a per-token platform is already shown at its measured speed"))
    for role, share, key in shares:
        model = case.model(key) if share > 0 else None
        if model is None or not (_can_do(case, model) and _context_holds(case, model)):
            continue
        if s.buy == "api" and role != "edge":
            per_token(case, role, model, share)
        elif isinstance(model, TokenModel):
            case.reasons.append(sold_only(model, role))
        elif isinstance(model, Model):
            (edge(case, model, share) if role == "edge" else fleet(case, role, model, share))


def _can_do(case: Resolution, model: AnsweringModel) -> bool:
    fault = misfit(case.book, case.traffic, model)
    case.reasons += [fault] if fault else []
    return not fault


def _context_holds(case: Resolution, model: AnsweringModel) -> bool:
    """Whether a request is within the model's own context; a token model's is its seller's to say."""
    return not isinstance(model, Model) or context_holds(case, model.name, model.context_tokens)


def _graded(case: Resolution, answering: AnsweringModel, reference: AnsweringModel) -> Quality:
    """Quality of what runs on machines, or of what a platform sells."""
    s, isl = case.strategy, case.traffic.isl * case.strategy.compress
    if s.buy != "api":
        return quality(case.book, s, answering, reference, case.main_edits, isl)
    provider = next((d.api.provider for d in case.deployments if d.api is not None), s.provider)
    return quality_bought(case.book, s, provider, answering, reference, isl)


def _result(case: Resolution, answering: AnsweringModel | None, reference_model: str | None) -> Resolved:
    """Everything together, with quality and trust."""
    s, t, book = case.strategy, case.traffic, case.book
    if not case.deployments and not case.reasons:
        case.reasons.append("nothing is left to serve: lower the cached, routed or edge share")
    graded = None
    if answering is not None:
        reference = book.catalog.answering.get(reference_model or s.model, answering)
        graded = _graded(case, answering, reference)
        case.sources += graded.sources
    basis: Basis = max(case.basis, key=BASES.index, default="modelled")
    return Resolved(
        strategy=s,
        feasible=not case.reasons,
        reasons=tuple(dict.fromkeys(case.reasons)),
        warnings=tuple(dict.fromkeys(case.warnings)),
        overrides=own_figures(book, s, case.deployments),
        deployments=tuple(case.deployments),
        cached_share=s.cache,
        extra_usd_per_day=extras(s, t, book),
        scaling="fixed" if s.fleet else s.scale,
        deferred_share=s.defer,
        cold_start_s=book.value("cold_start"),
        scale_lag_s=book.value("node_provisioning"),
        ttft_limit_s=t.ttft_limit_s if case.waits else math.inf,
        tpot_limit_s=t.tpot_limit_s if case.waits else math.inf,
        traffic=t,
        quality=graded,
        grade=graded.grade if graded else "?",
        extra_errors_per_1000=graded.extra_errors_per_1000 if graded else None,
        quality_note=graded.note if graded else "",
        basis=basis,
        confidence=max(case.confidence, key=CONFIDENCE.index, default="medium"),
        sources=tuple(dict.fromkeys(source for source in case.sources if source)),
        own=case.own,
        edits=tuple(case.sentences),
    )
