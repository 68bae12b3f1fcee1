"""What the question spans: models, machines and places, in slabs; and sentences for questions that make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.records import Model
from components.engine.facts.book import KeptPerBook
from components.engine.facts.trust import CONFIDENCE
from components.engine.scenario import Strategy
from components.engine.search.ask.axes import APART, Choice, lever_choices
from components.engine.search.ask.limits import Bound, Named, OfferFigure, limits_of
from components.engine.search.ask.replicas import Block, Question, block
from components.engine.search.price.limits import bounds, chip_faults, named_faults, named_in, offer_rules
from components.engine.search.price.offers import Offers, machine_trust, offers_of, undominated
from components.engine.strategy.edits import Edits
from components.engine.strategy.model_fit import misfit
from components.engine.strategy.quality import GRADES, model_gap, quality

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, AnsweringModel

SLAB = 3072
"""Replicas computed together. [1]"""


@dataclass(frozen=True, slots=True)
class Lot:
    """A block with its offers inside the limits, and those of them that some replica may prefer."""

    block: Block
    offers: Offers
    undominated: Offers
    size: int
    """Configurations that block and chip span, whatever the limits. [1]"""


def computable(model: AnsweringModel) -> bool:
    """Whether a model can answer somewhere: on machines, or per token where it has no architecture."""
    return not isinstance(model, Model) or bool(model.usable and model.total_params)


def comparable(ask: Question, model: AnsweringModel) -> bool:
    """Whether the model may answer in the place of the reference: same task, computable, quality known and inside.

    A model without a metric in common is tried only where the reader names it.
    """
    if model.task != ask.reference.task or not computable(model):
        return False
    if misfit(ask.book, ask.traffic, model):
        return False
    if model_gap(model, ask.reference) is None and model.id not in ask.q.models:
        return False
    plain = quality(ask.book, Strategy(), model, ask.reference, Edits(), ask.traffic.isl)
    return not ask.inside_only or GRADES.index(plain.grade) <= GRADES.index(ask.q.grade)


def models_of(ask: Question) -> list[AnsweringModel]:
    """The reference, its family or all that can be compared, and those named.

    The family of a model without an architecture runs on no machine: all that can be compared are tried.
    """
    q, every = ask.q, ask.book.catalog.answering
    if q.alternatives == "same":
        others: list[AnsweringModel] = []
    elif q.alternatives == "family" and isinstance(ask.reference, Model):
        others = [m for m in every.values() if m.family == ask.reference.family]
    else:
        metric = ask.reference.quality_metric
        others = [m for m in every.values() if metric and m.quality_metric == metric]
    wanted = {m.id: m for m in [ask.reference, *others, *(every[key] for key in q.models)]}
    return [m for m in wanted.values() if comparable(ask, m)]


def architectures_of(ask: Question) -> list[Model]:
    """Those of the models that machines can run."""
    return [model for model in models_of(ask) if isinstance(model, Model)]


def chips_of(ask: Question) -> list[Accelerator]:
    """Accelerators inside the limits that need no offer to be judged."""
    q = ask.q
    return [
        c
        for c in ask.book.catalog.accelerators.values()
        if (not q.hardware or c.id in q.hardware)
        and (not ask.inside_only or not chip_faults(q, c))
        and (not ask.inside_only or machine_trust(ask.book, c).confidence <= CONFIDENCE.index(q.confidence))
    ]


def places_of(ask: Question) -> tuple[str, ...]:
    """Places tried, the baseline's first."""
    allowed = ask.q.places if ask.q.places and ask.inside_only else tuple(ask.book.tables.places)
    first = ask.q.baseline.place
    return tuple(dict.fromkeys([first, *allowed] if first in allowed else allowed))


def _rests_on(ask: Question) -> tuple[OfferFigure, ...]:
    """What limited figures rest on, beside prices and energy."""
    return tuple(dict.fromkeys(name for limit in bounds(ask.q) if isinstance(limit, Bound) for name in limit.rests_on))


def _inside(ask: Question, offers: Offers) -> tuple[Offers, Offers] | None:
    """Offers inside the limits, and those of them that some replica may prefer."""
    q = ask.q
    rules = list(offer_rules(q).values())
    kept = (offers.confidence <= CONFIDENCE.index(q.confidence)) & np.array(
        [all(allowed(o) for allowed in rules) for o in offers.offers]
    )
    if not kept.any():
        return None
    inside = offers.take(kept)
    return inside, undominated(inside, rests_on=_rests_on(ask), group=inside.committed.astype(np.intp))


_INSIDE: KeptPerBook[tuple[object, ...], tuple[Offers, Offers] | None] = KeptPerBook()


def _offered(ask: Question, chip: Accelerator) -> tuple[int, tuple[Offers, Offers] | None]:
    """Number of all offers of a chip, and those inside the limits."""
    places = places_of(ask)
    offers = offers_of(ask, chip, places)
    if offers is None:
        return 0, None
    named = tuple((limit.name, named_in(ask.q, limit)) for limit in offer_rules(ask.q))
    key = (chip.id, places, named, ask.q.confidence, _rests_on(ask))
    return len(offers.offers), _INSIDE.of(ask.book, key, lambda: _inside(ask, offers))


def _all(ask: Question, found: Block, chip: Accelerator) -> tuple[Offers, Offers] | None:
    """Undominated offers per set of missed limits, wherever the chip stands."""
    offers = offers_of(ask, chip, places_of(ask))
    if offers is None:
        return None
    masks = [offers.committed, *(mask[0] for mask in named_faults(ask.q, found, offers).values())]
    signs = [mask.astype(np.intp) for mask in masks]
    group = sum((sign << i for i, sign in enumerate(signs)), start=offers.confidence << len(signs))
    every = undominated(offers, rests_on=("carbon_kg_per_kwh",), group=np.asarray(group))
    return every, every


def _lot(ask: Question, model: Model, chip: Accelerator, dressing: list[Choice], scales: int) -> Lot | None:
    """One model on one chip; None where nothing is to be tried."""
    count, pair = _offered(ask, chip)
    if not count or (pair is None and ask.inside_only):
        return None
    found = block(ask, model, chip, dressing)
    if found is not None and not ask.inside_only:
        pair = _all(ask, found, chip)
    if found is None or pair is None:
        return None
    return Lot(found, *pair, size=found.size * count * scales)


def _lots(ask: Question, scales: int) -> Iterator[Lot]:
    chips = [c for c in chips_of(ask) if c.device_class not in APART]
    for model in architectures_of(ask) if chips else ():
        dressing = lever_choices(ask.book, ask.q, ask.traffic, model, chips[0], Strategy(model=model.id))
        for chip in chips:
            lot = _lot(ask, model, chip, dressing, scales)
            if lot is not None:
                yield lot


def lots(ask: Question, scales: int) -> Iterator[list[Lot]]:
    """The space of machines, slab by slab."""
    slab: list[Lot] = []
    rows = 0
    for lot in _lots(ask, scales):
        slab.append(lot)
        rows += len(lot.block.code)
        if rows >= SLAB:
            yield slab
            slab, rows = [], 0
    if slab:
        yield slab


def share_done(ask: Question, lot: Lot) -> float:
    """How far through the space a lot stands. [1]"""
    models, chips = [m.id for m in architectures_of(ask)], [c.id for c in chips_of(ask)]
    at = models.index(lot.block.model.id) * len(chips) + chips.index(lot.block.chip.id) + 1
    return at / (len(models) * len(chips))


def _unknown(what: str, asked: tuple[str, ...], known: frozenset[str]) -> list[str]:
    missing = [key for key in asked if key not in known]
    return [f"{what} {', '.join(repr(m) for m in missing)} is not known: choose from the list"] if missing else []


def problems_of(ask: Question) -> tuple[str, ...]:
    """Sentences for limits that contradict each other or can never hold, naming the limit; empty where all is well."""
    q = ask.q
    found: list[str] = []
    if ask.traffic.requests_per_day <= 0:
        found.append("The workload asks for no requests: set requests per day above 0")
    if fault := misfit(ask.book, ask.traffic, ask.reference):
        found.append(fault)
    if q.vendors == () and (q.buys is None or q.buys != ("api",)):
        found.append("No chip maker is allowed: allow at least one, or lift the limit")
    if q.buys == ():
        found.append("No way to buy is allowed: allow at least one of rent, owned, dedicated or per token")
    if q.providers == () and q.buys is not None and "owned" not in q.buys:
        found.append("No cloud or platform is allowed and own machines are not either: allow one of them")
    if q.weights and (len(q.weights) != len(q.objectives) or min(q.weights) < 0 or not any(q.weights)):
        found.append("Weights need one figure of at least 0 per objective, and one above 0")
    if q.accelerators == 0 and q.buys is not None and "api" not in q.buys:
        found.append(
            "No accelerator is allowed and per-token platforms are not either: raise the number of accelerators"
        )
    return (*found, *_unknown_names(ask))


def _unknown_names(ask: Question) -> list[str]:
    """A sentence for each kind of name that is not known."""
    q, catalog = ask.q, ask.book.catalog
    answering = frozenset(key for key, m in catalog.answering.items() if computable(m))
    second = tuple(m for m, share in ((q.route_model, q.route), (q.edge_model, q.edge)) if share)
    found = _unknown("The model", tuple(dict.fromkeys((*q.models, *second))), answering)
    found += _unknown("The device", (q.edge_device,) if q.edge else (), frozenset(catalog.accelerators))
    found += _unknown("The accelerator", q.hardware, frozenset(catalog.accelerators))
    for limit in limits_of(type(q)):
        if isinstance(limit, Named):
            found += _unknown(limit.one, named_in(q, limit) or (), frozenset(limit.known(ask.book)))
    return found
