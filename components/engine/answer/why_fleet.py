"""Why this number, for one fleet of machines: model, hardware, speed, capacity, price and energy."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.constant_sources import DECODE, FIRST_TOKEN, FURTHER_TOKENS, MEMORY, constant_sources
from components.engine.answer.records import WhyStep
from components.engine.answer.why_own import own_steps
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.trust import Basis
from components.engine.replica.decode import decode_step

if TYPE_CHECKING:
    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.outcome.evaluation import Fleet, Outcome


PLAN = "planning-estimate"


ROLE = {"main": "", "routed": "routed share: ", "edge": "edge share: "}


def fleet_steps(fleet: Fleet, outcome: Outcome, book: Book) -> list[WhyStep]:
    """All steps of one fleet."""
    return [
        *_model(fleet, outcome),
        *_hardware(fleet),
        *_speed(fleet, outcome, book),
        *own_steps(fleet, outcome),
        *_capacity(fleet, outcome, book),
        *_price(fleet),
        *_energy(fleet, outcome),
    ]


def _model(fleet: Fleet, outcome: Outcome) -> list[WhyStep]:
    p, s, m = fleet.candidate.physics, fleet.computed.service, fleet.deployment.model
    head, growing = ROLE[fleet.deployment.role], p.kv_elems_full[0] * p.bytes_kv[0]
    moe = (
        (("expert parameters", f"{p.params_expert[0] / 1e9:,.3g} B at {p.bytes_expert[0]:.3g} B"),) if m.is_moe else ()
    )
    return [
        WhyStep(
            "model",
            f"{head}weights",
            float(s.weight_bytes[fleet.chosen]) / 1e9,
            "GB",
            f"{p.params_total[0] / 1e9:,.4g} B parameters x {p.bytes_rest[0]:.3g} B each",
            (("model", m.name), *moe),
            (m.source_id,),
            "modelled",
            m.confidence,
        ),
        WhyStep(
            "model",
            f"{head}cache of one request",
            float(s.kv_bytes[fleet.chosen]) / 1e6,
            "MB",
            f"{growing / 1e3:,.4g} kB/token x {(p.isl + p.osl)[0]:,.0f} tokens, windows capped",
            (),
            (m.source_id,),
            "modelled",
            m.confidence,
        ),
    ]


def _hardware(fleet: Fleet) -> list[WhyStep]:
    chip, p = fleet.deployment.chip, fleet.candidate.physics
    if chip is None:
        return []
    cut, head = fleet.candidate.layout, ROLE[fleet.deployment.role]
    basis: Basis = "announced" if chip.status == "announced" else "modelled"
    spec = (
        ("memory", f"{chip.memory_gb:g} GB"),
        ("bandwidth", f"{chip.memory_bandwidth_gb_per_s / 1e3:g} TB/s"),
        ("matrix peak in use", f"{p.flop_rest_per_s[0] / 1e12:,.0f} TFLOP/s"),
        ("layout", f"tensor {cut.tp}, data {cut.dp}, expert {cut.ep}, pipeline {cut.pp}"),
    )
    words = "not re-read from the data sheet" if not chip.reread else "as published"
    return [
        WhyStep(
            "hardware",
            f"{head}chips per replica",
            float(cut.chips),
            chip.name,
            f"cheapest that meets the targets; {words}",
            spec,
            (chip.source_id,),
            basis,
            chip.confidence,
        )
    ]


def _speed(fleet: Fleet, outcome: Outcome, book: Book) -> list[WhyStep]:
    s, i, head = fleet.computed.service, fleet.chosen, ROLE[fleet.deployment.role]
    row = replace(fleet.candidate.physics, draft_tokens=np.maximum(s.draft_tokens[i : i + 1], 0.0))
    batch = np.maximum(s.sizing.batch_mean[i : i + 1], 1.0)
    parts = decode_step(row, batch, book.parameters)
    shown = tuple(
        (name, f"{float(getattr(parts, field)[0]) * 1e3:,.3g} ms")
        for name, field in (
            ("reading weights", "weights_s"),
            ("multiplying", "compute_s"),
            ("attention and cache", "attention_s"),
            ("links between chips", "collectives_s"),
            ("launches and host", "overhead_s"),
        )
    )
    drafts = (
        ("drafted tokens", f"{row.draft_tokens[0]:.0f}"),
        ("tokens per step", f"{float(parts.tokens_per_step[0]):.3g}"),
    )
    cited = constant_sources(fleet.deployment, outcome.resolved.strategy.stack, book.parameters)
    limit = outcome.resolved.ttft_limit_s
    machine = fleet.candidate.pool or row
    read = "" if machine.prefill_factor[0] == 1 else f" x {machine.prefill_factor[0]:.3g} by your measurement"
    own = "" if row.step_factor[0] == 1 else f" x {row.step_factor[0]:.3g} by your measurement"
    steps = [
        WhyStep(
            "speed",
            f"{head}time to first token, p95",
            float(s.sizing.ttft_p95_s[i]),
            "s",
            f"server path + prefill alone{read} + first step + p95 of the queue",
            (
                ("prompt tokens computed", f"{row.new_isl[0]:,.0f} of {row.isl[0]:,.0f}"),
                ("alone on the machine", f"{float(s.sizing.ttft_alone_s[i]):.3g} s"),
                ("share of time in prefill at peak", f"{float(s.sizing.rho[i]):.0%}"),
                ("target", "none" if math.isinf(limit) else f"{limit:g} s"),
            ),
            cited(FIRST_TOKEN),
        ),
    ]
    if fleet.deployment.osl > 0:
        steps.insert(
            0,
            WhyStep(
                "speed",
                f"{head}one decode step at peak",
                float(parts.total_s[0]) * 1e3,
                "ms",
                "((read^3 + multiply^3)^(1/3) + attention + links + launches) x maturity x draft" + own,
                (("sequences together", f"{float(batch[0]):,.3g}"), *shown, *drafts),
                cited(DECODE),
            ),
        )
        steps.append(
            WhyStep(
                "speed",
                f"{head}time per output token, p95",
                float(s.sizing.tpot_p95_s[i]) * 1e3,
                "ms",
                "step / tokens per step + share of prefill that decode waits for, at the p95 batch",
                (),
                cited(FURTHER_TOKENS),
            )
        )
    return steps


def _capacity(fleet: Fleet, outcome: Outcome, book: Book) -> list[WhyStep]:
    s, h, i = fleet.computed.service, fleet.computed.hours, fleet.chosen
    d, head = fleet.candidate.demand, ROLE[fleet.deployment.role]
    steps = [
        WhyStep(
            "capacity",
            f"{head}requests a replica can take",
            float(s.sizing.rate_max_per_replica[i]),
            "requests/s",
            "largest rate inside memory and every target",
            (("sequences that fit in memory", f"{float(s.batch_capacity[i]):,.0f}"),),
            constant_sources(fleet.deployment, outcome.resolved.strategy.stack, book.parameters)(MEMORY),
        ),
        WhyStep(
            "capacity",
            f"{head}replicas",
            float(s.replicas[i]),
            "replicas",
            f"{d.peak_requests_per_s[0]:,.3g} requests/s at peak / ({float(s.sizing.rate_max_per_replica[i]):,.3g} x "
            f"{1 - d.headroom[0]:.0%}), rounded up, + {d.spare_replicas[0]:.0f} spare",
            (),
            (PLAN,),
        ),
        WhyStep(
            "capacity",
            f"{head}replica-hours paid",
            float(h.paid[i]),
            "h/month",
            {
                "fixed": f"replicas x {HOURS_PER_MONTH:.1f} h",
                "hourly": "replicas needed hour by hour, with start-up",
                "zero": "replicas needed hour by hour, none when idle",
            }[outcome.resolved.scaling],
            (("busy share", f"{float(h.busy_share[i]):.0%}"),),
        ),
    ]
    if s.prefill_replicas[i] > 0:
        steps.append(
            WhyStep(
                "capacity",
                f"{head}prefill replicas",
                float(s.prefill_replicas[i]),
                "replicas",
                "fewest whose queue keeps the TTFT target, + spare",
            )
        )
    return steps


def _price(fleet: Fleet) -> list[WhyStep]:
    d, head = fleet.deployment, ROLE[fleet.deployment.role]
    steps = []
    for terms, what in ((d.purchase, ""), (d.pool_purchase, "prefill "), (d.sram_purchase, "SRAM ")):
        if terms is not None and (what == "" or terms is not d.purchase):
            steps += _terms(terms, f"{head}{what}")
    return steps


def _terms(t: Purchase, head: str) -> list[WhyStep]:
    if t.kind in {"owned", "edge"}:
        return [
            WhyStep(
                "price",
                f"{head}price of a chip, installed",
                t.capex_usd_per_chip,
                "USD",
                t.rule,
                (
                    ("years", f"{t.years:g}"),
                    ("cost of capital", f"{t.cost_of_capital:.1%}"),
                    ("value left", f"{t.residual_share:.0%}"),
                    ("all-in power", f"{t.kw_per_chip:.2f} kW"),
                    ("PUE", f"{t.pue:.2f}"),
                    ("electricity", f"{t.usd_per_kwh:.3f} USD/kWh"),
                ),
                t.sources,
                t.basis,
                t.confidence,
            )
        ]
    own = t.rule == "own price"
    spread = (
        ()
        if own
        else (("cheapest to dearest offer", f"{t.low_usd_per_chip_hour:.2f} to {t.high_usd_per_chip_hour:.2f} USD/h"),)
    )
    return [
        WhyStep(
            "price",
            f"{head}price of a chip-hour",
            t.usd_per_chip_hour,
            "USD/h",
            t.rule,
            (*spread, ("on top for network, storage and egress", f"{t.overhead_share:.0%}")),
            t.sources,
            t.basis,
            t.confidence,
        )
    ]


def _energy(fleet: Fleet, outcome: Outcome) -> list[WhyStep]:
    e, i, t = fleet.computed.energy, fleet.chosen, fleet.deployment.purchase
    if t is None:
        return []
    head, unknown = ROLE[fleet.deployment.role], math.isnan(t.carbon_kg_per_kwh)
    return [
        WhyStep(
            "energy",
            f"{head}electricity",
            float(e.kwh_per_month[i]),
            "kWh/month",
            "chips x all-in kW x PUE x (busy hours + idle share x idle hours)",
            (("all-in power per chip", f"{t.kw_per_chip:.2f} kW"), ("PUE", f"{t.pue:.2f}")),
            t.sources,
        ),
        WhyStep(
            "energy",
            f"{head}carbon",
            None if unknown else float(e.carbon_kg_per_month[i]),
            "kg CO2e/month",
            "the grid of this place is not known"
            if unknown
            else f"kWh x {t.carbon_kg_per_kwh:.3g} kg/kWh, in use only",
            (),
            t.sources,
        ),
    ]
