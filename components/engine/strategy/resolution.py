"""One strategy while it is resolved: what it asks, what was found, and what the findings rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.records import Model
from components.engine.economics.hours import levelled, week_profile
from components.engine.economics.purchase import purchase_terms
from components.engine.economics.terms import Purchase
from components.engine.facts.arrays import one
from components.engine.facts.book import KeptPerBook
from components.engine.serving.demand import Demand
from components.engine.strategy.records import Deployment
from components.engine.strategy.trust import trust_of_chip

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, AnsweringModel, Confidence
    from components.engine.facts.book import Book
    from components.engine.facts.trust import Basis
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy
    from components.engine.strategy.edits import Edits
    from components.engine.strategy.own_measurement import Factors, Own


@dataclass(slots=True)
class Resolution:
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
    own: Own | None = None
    """The strategy's own measurement, where it could be used."""
    carried: Factors | None = None
    """Speed of the main fleet over the modelled one, given from outside; None: by the strategy's own measurement."""

    @property
    def waits(self) -> bool:
        """Whether somebody waits for the answers."""
        return self.strategy.defer < 1

    def model(self, key: str) -> AnsweringModel | None:
        """A usable model, or a reason."""
        found = self.book.catalog.answering.get(key)
        if found is None:
            self.reasons.append(f"the model {key!r} is not known: choose one from the list")
        elif isinstance(found, Model) and not (found.usable and found.total_params):
            self.reasons.append(f"{found.name} cannot be computed: {found.unusable_reason or 'size not published'}")
            return None
        return found

    def chip(self, key: str) -> Accelerator | None:
        """An accelerator, or a reason."""
        found = self.book.catalog.accelerators.get(key)
        if found is None:
            self.reasons.append(f"the accelerator {key!r} is not known: choose one from the list")
        return found


def context_holds(case: Resolution, who: str, context_tokens: int) -> bool:
    """Whether a request as it is sent fits in a context; a reason where it does not.

    Args: who, the model, or the model at a platform; context_tokens, most tokens of one request.
    """
    tokens = case.traffic.isl * case.strategy.compress + case.traffic.osl * case.strategy.shorten
    if tokens <= context_tokens:
        return True
    case.reasons.append(
        f"{who} reads {context_tokens:,} tokens, the request has {tokens:,.0f}: "
        "shorten the prompt or choose a model with a longer context"
    )
    return False


_PEAKS: KeptPerBook[tuple[float, float, float], float] = KeptPerBook()


def peak(book: Book, traffic: Traffic, defer: float) -> float:
    """Busiest hour over the mean once the share `defer` of the work has filled the valleys. [1]"""
    key = (traffic.peak, traffic.hours, defer)
    week = week_profile(traffic.peak, traffic.hours)
    return _PEAKS.of(book, key, lambda: float(levelled(week, np.array([defer])).max()))


def demand_row(
    strategy: Strategy, traffic: Traffic, book: Book, share: float, edits: Edits, *, edge: bool, fleet: int = 0
) -> Demand:
    """What one deployment must serve before its replicas are known, shape (1,).

    Args: fleet, replicas that exist whatever the load; 0 as many as are needed.
    """
    s, t, value, waits = strategy, traffic, book.value, strategy.defer < 1
    watched = waits and not (math.isinf(t.ttft_limit_s) and math.isinf(t.tpot_limit_s))
    return Demand(
        peak_requests_per_s=one(t.requests_per_s * share * peak(book, t, s.defer)),
        dispersion=one(t.dispersion),
        isl_cv=one(t.isl_cv),
        osl_cv=one(t.osl_cv),
        ttft_limit_s=one(t.ttft_limit_s if waits else math.inf),
        tpot_limit_s=one(t.tpot_limit_s if waits else math.inf),
        headroom=one(0.0 if edge else value("headroom")),
        spare_replicas=one(
            value("spare_replicas") if watched and not edge and s.scale != "zero" and not fleet else 0.0
        ),
        fleet=one(fleet),
        static_batch=one(edits.static_batch),
        single_stream=one(edge),
        chunked_prefill=one(edits.chunked),
        cold_start_s=one(value("cold_start") if s.scale == "zero" and not edge else 0.0),
        transfer_bytes_per_s=one(math.inf),
        transfer_bytes=one(0.0),
        reload_s=one(0.0),
    )


def add_deployment(case: Resolution, deployment: Deployment) -> None:
    """Append a deployment and note what it rests on."""
    case.deployments.append(deployment)
    case.sources.append(deployment.model.source_id)
    case.confidence.append(deployment.model.confidence)


def note_trust_of_chip(case: Resolution, chip: Accelerator) -> None:
    """Note how sure the answer can be by its machine."""
    found = trust_of_chip(case.book, chip)
    case.sources.append(chip.source_id)
    case.confidence += found.confidence
    case.basis.append(found.basis)
    case.warnings += found.warnings


def _paid(case: Resolution, purchase: Purchase) -> None:
    case.sources += purchase.sources
    case.confidence.append(purchase.confidence)
    case.basis.append(purchase.basis)
    if purchase.basis == "estimated" and purchase.kind == "rent":
        case.warnings.append(purchase.rule)


def terms_of_chip(case: Resolution, chip: Accelerator, *, other: bool = False) -> Purchase | None:
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
