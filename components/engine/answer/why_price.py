"""Why this number: what chips and tokens cost, as listed, and what an owned chip comes to in a month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.catalog.records import TokenModel
from components.engine.answer.chosen import HEADS, Chosen, payment_usd_per_month
from components.engine.answer.records import WhyStep
from components.engine.answer.why_step import Trust, calculated
from components.engine.economics.monthly_bill import PAYMENT

if TYPE_CHECKING:
    from components.catalog.records import AnsweringModel
    from components.engine.economics.terms import Purchase, TokenTerms
    from components.engine.facts.trust import Basis
    from components.engine.strategy.records import Deployment


def price_steps(chosen: Chosen) -> list[WhyStep]:
    """Prices of all chips of a fleet; those bought on the same terms once."""
    d, steps = chosen.deployment, []
    for terms, what in ((d.purchase, ""), (d.pool_purchase, "prefill "), (d.sram_purchase, "SRAM ")):
        if terms is not None and (what == "" or terms is not d.purchase):
            steps += _terms(terms, f"{chosen.head}{what}")
    return steps


def _terms(t: Purchase, head: str) -> list[WhyStep]:
    if t.kind in {"owned", "edge"}:
        return _owned(t, head)
    own = t.rule == "own price"
    spread = (
        ()
        if own
        else (("cheapest to dearest offer", f"{t.low_usd_per_chip_hour:.2f} to {t.high_usd_per_chip_hour:.2f} USD/h"),)
    )
    return [
        WhyStep(
            topic="price",
            name=f"{head}price of a chip-hour",
            value=t.usd_per_chip_hour,
            unit="USD/h",
            found="look-up",
            formula=t.rule,
            inputs=(*spread, ("on top for network, storage and egress", f"{t.overhead_share:.0%}")),
            sources=t.sources,
            basis=t.basis,
            confidence=t.confidence,
        )
    ]


def _owned(t: Purchase, head: str) -> list[WhyStep]:
    price = WhyStep(
        topic="price",
        name=f"{head}price of a chip, installed",
        value=t.capex_usd_per_chip,
        unit="USD",
        found="look-up",
        formula=t.rule,
        inputs=(
            ("years", f"{t.years:g}"),
            ("cost of capital", f"{t.cost_of_capital:.1%}"),
            ("value left", f"{t.residual_share:.0%}"),
            ("all-in power", f"{t.kw_per_chip:.2f} kW"),
            ("PUE", f"{t.pue:.2f}"),
            ("electricity", f"{t.usd_per_kwh:.3f} USD/kWh"),
        ),
        sources=t.sources,
        basis=t.basis,
        confidence=t.confidence,
    )
    if not t.capex_usd_per_chip or not t.cost_of_capital:
        return [price]
    return [
        price,
        calculated(
            "price",
            f"{head}payment for a chip",
            value=payment_usd_per_month(t),
            formula=PAYMENT,
            inputs={
                "price": t.capex_usd_per_chip,
                "value left": t.residual_share,
                "rate": math.expm1(math.log1p(t.cost_of_capital) / 12),
                "months": 12 * t.years,
            },
            trust=Trust(sources=t.sources, basis=t.basis, confidence=t.confidence),
        ),
    ]


def token_steps(d: Deployment, api: TokenTerms) -> list[WhyStep]:
    """Prices and speed of a per-token purchase."""
    head = HEADS[d.role]
    prices = (
        ("cache-write" if api.writes_cache else "input", api.usd_per_token_input),
        ("cached input", api.usd_per_token_cached),
        ("output", api.usd_per_token_output),
    )
    listed = [
        WhyStep(
            topic="price",
            name=f"{head}price per million {name} tokens",
            value=usd * 1e6,
            unit="USD/Mtok",
            found="look-up",
            formula=api.rule,
            sources=api.sources,
            basis="measured" if api.confidence == "high" else "modelled",
            confidence=api.confidence,
        )
        for name, usd in prices
    ]
    return [*_token_model(head, d.model), *listed, *_measured_speed(head, api)]


def _token_model(head: str, model: AnsweringModel) -> list[WhyStep]:
    """What is known of a model without an architecture."""
    if not isinstance(model, TokenModel):
        return []
    lacks = "its architecture is not in the tables" if model.open_weight else "its weights are not published"
    return [
        WhyStep(
            topic="model",
            name=f"{head}model",
            value=None,
            unit="",
            found="sentence",
            formula=f"{model.name} by {model.maker} is sold per token only: {lacks}",
            sources=(model.source_id,),
            confidence=model.confidence,
        )
    ]


def _measured_speed(head: str, api: TokenTerms) -> list[WhyStep]:
    speed = api.speed
    basis: Basis = "measured" if speed.tokens_per_s else "modelled"
    source = (speed.source,) if speed.source else ()
    range_ = (
        ("slow end", _maybe(speed.low_tokens_per_s, "tokens/s")),
        ("fast end", _maybe(speed.high_tokens_per_s, "tokens/s")),
    )
    median = f"median, {speed.kind}" if speed.tokens_per_s or speed.ttft_s else "not published"
    late = "p95 is not published: the slow end of measured speed stands in for it"
    return [
        WhyStep(
            topic="speed",
            name=f"{head}{name}",
            value=value,
            unit=unit,
            found="search",
            formula=words,
            inputs=inputs,
            sources=source,
            basis=basis,
            confidence=speed.confidence,
        )
        for name, value, unit, words, inputs in (
            ("speed per user", speed.tokens_per_s, "tokens/s", median, range_),
            ("time to first token", speed.ttft_s, "s", f"{median}; {late}" if speed.ttft_s else median, ()),
        )
    ]


def _maybe(value: float | None, unit: str) -> str:
    return "not published" if value is None else f"{value:,.3g} {unit}"
