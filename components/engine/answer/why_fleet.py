"""Why this number, for one fleet of machines: model, hardware and energy, and all other steps in their order."""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING

from components.engine.answer.chosen import Chosen, only
from components.engine.answer.constant_sources import MEMORY, constant_sources
from components.engine.answer.records import WhyStep
from components.engine.answer.why_capacity import capacity_steps
from components.engine.answer.why_own import own_steps
from components.engine.answer.why_price import price_steps
from components.engine.answer.why_speed import speed_steps
from components.engine.answer.why_step import Trust, calculated
from components.engine.economics.energy import CARBON, ELECTRICITY
from components.engine.facts.formula import Formula
from components.engine.replica.decode import kv_replication
from components.engine.replica.memory import (
    CACHE,
    CACHE_MIXED,
    WEIGHTS,
    WEIGHTS_DENSE,
)

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.facts.trust import Basis
    from components.engine.outcome.evaluation import Fleet, Outcome


def fleet_steps(fleet: Fleet, outcome: Outcome, book: Book) -> list[WhyStep]:
    """All steps of one fleet."""
    chosen = Chosen.of(fleet)
    cited = constant_sources(fleet.deployment, outcome.resolved.strategy.stack, book.parameters)
    return [
        *_model(chosen),
        *_hardware(fleet, chosen),
        *speed_steps(chosen, book.parameters, outcome.resolved.ttft_limit_s, cited),
        *own_steps(fleet, outcome),
        *capacity_steps(chosen, book.parameters, Trust(sources=cited(MEMORY))),
        *price_steps(chosen),
        *_energy(chosen),
    ]


def _model(chosen: Chosen) -> list[WhyStep]:
    m, p = chosen.deployment.model, chosen.batch.physics
    trust = Trust(sources=(m.source_id,), confidence=m.confidence)
    dense = only(p.params_expert) == 0 and only(p.dp) == 1
    kept = only(p.weight_bytes_factor)
    inputs = {"bytes per parameter": only(p.bytes_rest), "part kept": kept}
    inputs |= {"parameters": only(p.params_total)} if dense else {
        "shared parameters": only(p.params_total - p.params_expert),
        "copies": only(p.dp),
        "expert parameters": only(p.params_expert),
        "bytes per expert parameter": only(p.bytes_expert),
    }  # fmt: skip
    weights = calculated(
        "model",
        f"{chosen.head}weights",
        value=only(chosen.service.weight_bytes),
        formula=WEIGHTS_DENSE if dense else WEIGHTS,
        inputs=inputs,
        also=(("model", m.name),),
        trust=trust,
    )
    return [weights, _cache(chosen, trust)]


def _cache(chosen: Chosen, trust: Trust) -> WhyStep:
    """One request's cache at its full length."""
    p = chosen.batch.physics
    tokens, window = only(p.isl + p.osl), only(p.window_tokens)
    inputs = {
        "growing": only(p.kv_elems_full * p.bytes_kv),
        "tokens": tokens,
        "copies": only(kv_replication(p)),
    }
    mixed = {
        "index": only(p.index_bytes_per_token),
        "windowed": only(p.kv_elems_window * p.bytes_kv),
        "state": only(p.fixed_bytes_per_seq),
    }
    plain = not any(mixed.values())
    return calculated(
        "model",
        f"{chosen.head}cache of one request",
        value=only(chosen.service.kv_bytes),
        formula=CACHE if plain else CACHE_MIXED,
        inputs=inputs if plain else inputs | mixed | {"tokens in window": min(tokens, window)},
        trust=trust,
    )


def _hardware(fleet: Fleet, chosen: Chosen) -> list[WhyStep]:
    chip, p = chosen.deployment.chip, chosen.batch.physics
    if chip is None:
        return []
    cut = fleet.candidate.layout
    basis: Basis = "announced" if chip.status == "announced" else "modelled"
    reread = "as published" if chip.reread else "not re-read from the data sheet"
    return [
        WhyStep(
            topic="hardware",
            name=f"{chosen.head}chips per replica",
            value=float(cut.chips),
            unit=chip.name,
            found="search",
            formula=f"the cheapest count that meets the targets; {reread}",
            inputs=(
                ("memory", f"{chip.memory_gb:g} GB"),
                ("bandwidth", f"{chip.memory_bandwidth_gb_per_s / 1e3:g} TB/s"),
                ("matrix peak in use", f"{only(p.flop_rest_per_s) / 1e12:,.0f} TFLOP/s"),
                ("layout", f"tensor {cut.tp}, data {cut.dp}, expert {cut.ep}, pipeline {cut.pp}"),
            ),
            sources=(chip.source_id,),
            basis=basis,
            confidence=chip.confidence,
        )
    ]


def _energy(chosen: Chosen) -> list[WhyStep]:
    t = chosen.deployment.purchase
    if t is None:
        return []
    formulas: list[Formula] = []
    inputs: dict[str, float] = {}
    for group in chosen.groups:
        formula, terms = ELECTRICITY.of(group.whose), group.terms
        values = (
            group.chips,
            only(terms.kw_per_chip),
            only(terms.pue),
            group.busy_h,
            only(chosen.batch.plan.idle_power_share),
            group.powered_h,
        )
        formulas.append(formula)
        inputs |= {symbol.name: value for symbol, value in zip(formula.symbols, values, strict=True)}
    trust = Trust(sources=t.sources)
    kwh = chosen.kwh_per_month
    return [
        calculated(
            "energy",
            f"{chosen.head}electricity",
            value=kwh,
            formula=reduce(Formula.plus, formulas),
            inputs=inputs,
            trust=trust,
        ),
        _carbon(chosen, kwh, t.carbon_kg_per_kwh, trust),
    ]


def _carbon(chosen: Chosen, kwh: float, kg_per_kwh: float, trust: Trust) -> WhyStep:
    name = f"{chosen.head}carbon"
    if math.isnan(kg_per_kwh):
        return WhyStep(
            topic="energy",
            name=name,
            value=None,
            unit=CARBON.unit,
            found="look-up",
            formula="the grid of this place is not known",
            sources=trust.sources,
        )
    inputs = {"electricity": kwh, "intensity": kg_per_kwh}
    return calculated("energy", name, value=chosen.carbon_kg_per_month, formula=CARBON, inputs=inputs, trust=trust)
