"""Why this number: one decode step, the time to the first token and the time per token of one fleet."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.chosen import Chosen, only
from components.engine.answer.constant_sources import DECODE, FIRST_TOKEN, FURTHER_TOKENS
from components.engine.answer.why_step import Trust, calculated
from components.engine.facts.formula import Formula
from components.engine.facts.normal import Z95
from components.engine.replica import decode
from components.engine.replica.prefill import prefill_alone_s
from components.engine.replica.record import HBM, LPX
from components.engine.serving.continuous import TPOT_P95, TPOT_STEADY, TTFT_P95, TTFT_P95_STATIC
from components.engine.serving.decode_table import best_draft_tokens, token_time_s
from components.engine.serving.peak import POLICY
from components.engine.serving.queues import BATCH_P95, WAIT_P95, batch_quantile, wait_quantile_s

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.answer.records import WhyStep
    from components.engine.facts.arrays import Vec
    from components.engine.replica.record import Physics


Cited = Callable[[tuple[str, ...]], tuple[str, ...]]
"""Names of constants to the source ids of those and of their multipliers on a fleet."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """One fleet's replica at peak, arrays of one row."""

    chosen: Chosen
    g: Parameters
    cited: Cited
    model: decode.StepModel
    """The step of what decodes, as a function of the batch."""

    def trust(self, constants: tuple[str, ...]) -> Trust:
        """The sources that stand behind some constants of the engine."""
        return Trust(sources=self.cited(constants))

    @property
    def p(self) -> Physics:
        """What decodes."""
        return self.chosen.batch.physics

    @property
    def single(self) -> bool:
        """Whether one user is served at a time."""
        return only(self.chosen.batch.demand.single_stream) > 0

    @property
    def static(self) -> bool:
        """Whether batches are fixed."""
        return not self.single and only(self.chosen.batch.demand.static_batch) > 0 and only(self.p.osl) > 0

    @property
    def most(self) -> Vec:
        """Sequences that memory and server hold. [1]"""
        return POLICY.most_sequences(np.maximum(self.chosen.service.batch_capacity, 1.0), self.p.dp)

    @property
    def batch(self) -> Vec:
        """Sequences of the step that is shown: the fixed batch, else the mean at peak, at least one. [1]"""
        if self.static:
            held = np.maximum(np.floor(np.maximum(self.chosen.service.batch_capacity, 1.0)), 1.0)
            return np.clip(self.chosen.batch.demand.static_batch, 1.0, held)
        return np.ones(1) if self.single else np.maximum(self.chosen.service.sizing.batch_mean, 1.0)

    def token_s(self, batch: Vec) -> float:
        """Time per token at a batch size, at the best draft depth. [s]"""
        return only(token_time_s(self.model, batch)) if only(self.p.osl) > 0 else 0.0


def speed_steps(chosen: Chosen, g: Parameters, limit_s: float, cited: Cited) -> list[WhyStep]:
    """Decode step, waiting, time to first token and time per output token.

    Args: limit_s, target of the p95 of the time to first token; inf without one [s]; cited, sources of constants.
    """
    s = Speeds(chosen, g, cited, decode.StepModel.from_physics(chosen.batch.physics, g))
    first = [_decode_step(s)] if only(s.p.osl) > 0 else []
    wait = _wait(s)
    assert wait.value is not None
    steps = [*first, wait, _ttft(s, wait.value, limit_s)]
    if only(s.p.osl) <= 0:
        return steps
    if s.single or s.static:
        return [*steps, _tpot_steady(s)]
    together = [_batch_p95(s)] if only(_batch_p95_of(s)) > 0 else []
    return [*steps, *together, _tpot(s)]


def _decode_step(s: Speeds) -> WhyStep:
    drafts = np.maximum(best_draft_tokens(s.model, s.batch), 0.0)
    p, parts = replace(s.p, draft_tokens=drafts), s.model.step(s.batch, drafts)
    formula, inputs = _step_parts(p, parts, s)
    inputs["maturity"] = 1 + only(p.immaturity)
    factors = (
        (decode.DRAFTING, 1 + only(p.draft_cost) * only(drafts)),
        (decode.OWN_STEP, only(p.step_factor)),
    )
    for symbol, value in factors:
        if value != 1:
            formula, inputs[symbol.name] = formula.times(symbol), value
    return calculated(
        "speed",
        f"{s.chosen.head}one decode step at peak",
        value=only(parts.total_s),
        formula=formula,
        inputs=inputs,
        also=(
            ("sequences together", f"{only(s.batch):,.3g}"),
            ("drafted tokens", f"{only(drafts):.0f}"),
            ("tokens per step", f"{only(parts.tokens_per_step):.3g}"),
        ),
        trust=s.trust(DECODE),
    )


def _step_parts(p: Physics, parts: decode.DecodeStep, s: Speeds) -> tuple[Formula, dict[str, float]]:
    """The formula of the machine's kind and its parts. [s]"""
    kind = only(p.kind)
    if kind == HBM:
        names = ("read", "multiply", "attention", "links", "launches")
        values = (parts.weights_s, parts.compute_s, parts.attention_s, parts.collectives_s, parts.overhead_s)
        formula = decode.DECODE_STEP_OVERLAPPED if only(p.overlap) > 0 else decode.DECODE_STEP
        return formula, {name: only(value) for name, value in zip(names, values, strict=True)}
    model = s.model
    if kind == LPX:
        tokens = s.batch * (p.draft_tokens + 1)
        experts = model.sram_experts_s * decode.expert_load(p, s.g).touched(tokens)
        inputs = {"attention": parts.attention_s, "hops": model.sram_s, "feed-forward": experts}
        return decode.DECODE_STEP_BESIDE, {name: only(value) for name, value in inputs.items()}
    return decode.DECODE_STEP_PIPELINE, {"pipeline": only(model.sram_s), "multiply": only(parts.compute_s)}


def _queue(s: Speeds) -> dict[str, float]:
    """Inputs of the wait: what is served, how it is spread, by how many, how loaded."""
    d, service, p = s.chosen.batch.demand, s.chosen.service, s.p
    spread = only(d.dispersion) + only(d.isl_cv) ** 2
    load = min(only(service.sizing.rho), POLICY.rho_backlog)
    if s.single:
        prompt, answer = only(service.sizing.prefill_occupancy_s), only(service.sizing.decode_occupancy_s)
        uneven = (only(d.isl_cv) * prompt) ** 2 + (only(d.osl_cv) * answer) ** 2
        together = max(prompt + only(p.osl) * s.token_s(s.batch), 1e-12)
        spread = only(d.dispersion) + uneven / together**2
        return {"service": together, "spread": spread, "servers": only(service.sizing.replicas_active), "load": load}
    if s.static:
        return {"service": _cycle_s(s), "spread": only(d.dispersion / s.batch), "servers": 1.0, "load": load}
    servers = max(only(service.sizing.prefill_active), 1.0)
    return {"service": only(service.sizing.prefill_occupancy_s), "spread": spread, "servers": servers, "load": load}


def _cycle_s(s: Speeds) -> float:
    """Time of one static batch: its prompts, then its longest answer. [s]"""
    service = s.chosen.service
    return only(s.batch) * (only(service.sizing.prefill_occupancy_s) + only(service.sizing.decode_occupancy_s))


def _wait(s: Speeds) -> WhyStep:
    inputs = _queue(s)
    q = {name: np.array([value]) for name, value in inputs.items()}
    wait = wait_quantile_s(0.95, q["load"], q["service"], q["spread"], q["servers"])
    name = f"{s.chosen.head}wait in the queue, p95"
    return calculated("speed", name, value=only(wait), formula=WAIT_P95, inputs=inputs, trust=s.trust(FIRST_TOKEN))


def _ttft(s: Speeds, queue_s: float, limit_s: float) -> WhyStep:
    chosen, d, service = s.chosen, s.chosen.batch.demand, s.chosen.service
    machine = chosen.prompt_machine
    inputs = {
        "server path": only(s.p.server_path_s),
        "prefill alone": only(prefill_alone_s(machine, s.g)),
        "handover": only(d.transfer_bytes / d.transfer_bytes_per_s + d.reload_s),
        "first step": s.token_s(s.batch),
        "queue": queue_s,
    }
    formula = TTFT_P95
    if not s.static:
        inputs["admission"] = only(d.admission_steps)
    else:
        formula = TTFT_P95_STATIC
        prompt = only(service.sizing.prefill_occupancy_s)
        inputs |= {"batch": only(s.batch), "prompt": prompt, "cycle": _cycle_s(s), "load": _queue(s)["load"]}
    own = () if only(machine.prefill_factor) == 1 else (
        ("own measurement", f"{only(machine.prefill_factor):.3g} x the modelled prefill"),
    )  # fmt: skip
    return calculated(
        "speed",
        f"{chosen.head}time to first token, p95",
        value=only(service.sizing.ttft_p95_s),
        formula=formula,
        inputs=inputs,
        also=(
            *own,
            ("prompt tokens computed", f"{only(s.p.new_isl):,.0f} of {only(s.p.isl):,.0f}"),
            ("share of time in prefill at peak", f"{only(service.sizing.rho):.0%}"),
            ("target", "none" if math.isinf(limit_s) else f"{limit_s:g} s"),
        ),
        trust=s.trust(FIRST_TOKEN),
    )


def _batch_p95_of(s: Speeds) -> Vec:
    mean, dispersion = s.chosen.service.sizing.batch_mean, s.chosen.batch.demand.dispersion
    return np.minimum(batch_quantile(mean, dispersion, Z95, 0.95), s.most)


def _batch_p95(s: Speeds) -> WhyStep:
    mean, dispersion = only(s.chosen.service.sizing.batch_mean), only(s.chosen.batch.demand.dispersion)
    return calculated(
        "speed",
        f"{s.chosen.head}sequences together, p95",
        value=only(_batch_p95_of(s)),
        formula=BATCH_P95,
        inputs={"mean": mean, "dispersion": dispersion, "most": only(s.most)},
        trust=s.trust(FURTHER_TOKENS),
    )


def _tpot(s: Speeds) -> WhyStep:
    service, p, batch = s.chosen.service, s.p, _batch_p95_of(s)
    prompt = only(service.sizing.prefill_occupancy_s)
    whole = 0.0 if s.chosen.pooled or only(s.chosen.batch.demand.chunked_prefill) > 0 else prompt
    return calculated(
        "speed",
        f"{s.chosen.head}time per output token, p95",
        value=only(service.sizing.tpot_p95_s),
        formula=TPOT_P95,
        inputs={
            "token": s.token_s(batch),
            "stall": 0.0 if s.chosen.pooled else only(p.prefill_stall),
            "prompt": prompt,
            "batch": only(batch),
            "answer": only(p.osl),
            "whole prompt": whole,
        },
        trust=s.trust(FURTHER_TOKENS),
    )


def _tpot_steady(s: Speeds) -> WhyStep:
    parts = s.model.step(s.batch, np.maximum(best_draft_tokens(s.model, s.batch), 0.0))
    return calculated(
        "speed",
        f"{s.chosen.head}time per output token, p95",
        value=only(s.chosen.service.sizing.tpot_p95_s),
        formula=TPOT_STEADY,
        inputs={"step": only(parts.total_s), "tokens per step": only(parts.tokens_per_step)},
        trust=s.trust(DECODE),
    )
