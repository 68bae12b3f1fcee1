"""One own measurement beats any model: a factor on the step and one on the prefill that make the engine reproduce it.

What is missing from the model of one deployment (its kernels, its host, its settings) is the same at its other
operating points more than it differs, so the factors hold wherever that deployment is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.replica.decode import decode_step
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import HBM, Physics
from components.engine.serving.closed_loop import ClosedLoop, Conditions, Pool, closed_loop
from components.engine.strategy.own_measurement import (
    AS_MODELLED,
    WORDS,
    Check,
    Factors,
    Measurement,
    Metric,
    NotUsed,
    Own,
    not_used,
    shown,
)

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


LOWEST, HIGHEST = 0.05, 20.0
"""Factors tried. A measurement outside is one of something else, or in another unit. [1]"""


CLOSE = 1e-6
"""Logarithm of the miss at which a factor is found. [1]"""


NUDGE, LEAST_SENSITIVITY = 1.1, 0.1
"""A rise of the prefill time that moves the TTFT by less than this share of itself is not heard in it. [1]"""


REACHED = 1e-3
"""Share by which the engine may miss a measurement that it is said to reproduce. [1]"""


class MeasuredReplica(NamedTuple):
    """The measured replica at the measured lengths; fields of shape (1,)."""

    physics: Physics
    pool: Physics | None = None
    """One replica of its prefill pool."""
    transfer_s: float = 0.0
    """To hand one prompt's cache over. [s]"""
    admission_steps: float = 1.0
    """Decode steps that a new request waits for its place. [1]"""


def with_factors(p: Physics, factors: Factors) -> Physics:
    """The same machines at a measured speed; the server's path to the prefill counts as part of it.

    A first token that comes sooner than the usual path alone would otherwise ask for a prefill of no time at all.
    """
    one = np.ones_like(p.kind)
    return replace(
        p,
        step_factor=factors.step * one,
        prefill_factor=factors.prefill * one,
        server_path_s=p.server_path_s * factors.prefill,
    )


def modelled(machine: MeasuredReplica, concurrency: float, factors: Factors, g: Parameters) -> ClosedLoop:
    """The closed loop of the measured replica with some factors; arrays of shape (1,)."""
    p, pool = with_factors(machine.physics, factors), None
    one = np.ones(1)
    if machine.pool is not None:
        beside = with_factors(machine.pool, factors)
        pool = Pool(
            prefill_occupancy_s(beside, g), prefill_alone_s(beside, g), one, beside.chips, machine.transfer_s * one
        )
    return closed_loop(
        p, concurrency * one, g, pool=pool, conditions=Conditions(admission_factor=machine.admission_steps)
    )


def _found(loop: ClosedLoop) -> dict[Metric, float]:
    values = {"tpot": loop.tpot_s, "ttft": loop.ttft_s, "throughput": loop.output_tokens_per_s_per_chip}
    return {metric: float(values[metric][0]) for metric in WORDS}


def _root(miss: Callable[[float], float]) -> float:
    """The factor nearest 1 at which a rising `miss` is 0, found on its logarithm.

    Where several do, the load hides what the factor scales, and nothing speaks for going further from 1 than needed.
    Where none in the bounds does, the bound on its side.
    Source: Brent 1973, as in scipy.optimize.brentq.
    """
    from scipy.optimize import brentq

    now = miss(1.0)
    if abs(now) <= CLOSE:
        return 1.0
    bound, wanted = (LOWEST, CLOSE) if now > 0 else (HIGHEST, -CLOSE)
    if (now - wanted) * (miss(bound) - wanted) > 0:
        return bound

    def gap(log_factor: float) -> float:
        value = miss(exp(log_factor)) - wanted
        return 0.0 if abs(value) <= CLOSE / 10 else value  # close enough ends the search: a flat load hides the rest

    return exp(brentq(gap, 0.0, log(bound), xtol=CLOSE / 1000))


def _solved(machine: MeasuredReplica, m: Measurement, g: Parameters) -> Factors:
    """The factors that reproduce a measurement, or the nearest in bounds.

    TPOT sets the step, throughput where there is no TPOT; TTFT sets the prefill. A factor that nothing was measured
    for stays 1, but where prompts bound a throughput so that no step explains it: then one factor scales both.
    """
    decode: Metric = "tpot" if m.tpot_s is not None else "throughput"

    def miss(metric: Metric, step: float, prefill: float) -> float:
        value, wanted = _found(modelled(machine, m.concurrency, Factors(step, prefill), g))[metric], m.of(metric)
        return log(value / wanted) * (-1 if metric == "throughput" else 1) if wanted else 0.0

    def step_for(prefill: float) -> float:
        return _root(lambda step: miss(decode, step, prefill))

    if m.of(decode) is None:
        return Factors(1.0, _root(lambda prefill: miss("ttft", 1.0, prefill)))
    prefill = 1.0 if m.ttft_s is None else _root(lambda factor: miss("ttft", step_for(factor), factor))
    step = step_for(prefill)
    if m.ttft_s is None and decode == "throughput" and abs(miss(decode, step, 1.0)) > REACHED:
        step = prefill = _root(lambda factor: miss(decode, factor, factor))
    return Factors(step, prefill)


def _checks(
    machine: MeasuredReplica, m: Measurement, factors: Factors, g: Parameters, *, prefill: bool = True
) -> tuple[Check, ...]:
    """Every measured figure; `prefill` says whether its factor was sought. Beside a TPOT, throughput is compared."""
    before, after = (_found(modelled(machine, m.concurrency, f, g)) for f in (AS_MODELLED, factors))
    used = {"tpot": True, "ttft": prefill, "throughput": m.tpot_s is None}
    return tuple(Check(k, value, before[k], after[k], used[k]) for k in WORDS if (value := m.of(k)) is not None)


def _missed(checks: tuple[Check, ...]) -> Check | None:
    """The first figure that the factors were to reproduce and do not."""
    return next((c for c in checks if c.used and abs(c.error_after) > REACHED), None)


class _Attempt(NamedTuple):
    factors: Factors
    checks: tuple[Check, ...]
    fault: str
    """Why it cannot be; empty if it can."""


def _attempt(machine: MeasuredReplica, m: Measurement, used: Measurement, g: Parameters) -> _Attempt:
    """The factors for the figures `used` of a measurement, every figure of it checked."""
    factors = _solved(machine, used, g)
    checks = _checks(machine, m, factors, g, prefill=used.ttft_s is not None)
    missed = _missed(checks)
    fault = _impossible(machine, m.concurrency, factors, g) if missed is None else _unreached(missed)
    return _Attempt(factors, checks, fault)


def fit(machine: MeasuredReplica, m: Measurement, g: Parameters) -> Own | NotUsed:
    """Fit the factors to a measurement.

    Args:
        machine: the measured replica, its isl, new_isl and osl those of the measurement; osl > 0.
        m: at least one figure.
        g: constants of the engine.
    Returns: the factors with the error before and after, or the sentence why no factor reproduces the measurement or
        why the chips cannot be that fast. A TTFT of which that is true is left out, with a warning, where another
        figure remains.
    """
    p = machine.physics
    if not np.isfinite(modelled(machine, m.concurrency, AS_MODELLED, g).tpot_s[0]):
        return not_used(
            f"a request of {p.isl[0] + p.osl[0]:,.0f} tokens does not fit the replica it is "
            "said to be measured on: check its lengths and the chips per replica"
        )
    used, warnings = m, tuple[str, ...]()
    factors, checks, fault = _attempt(machine, m, m, g)
    if fault and m.ttft_s is not None and (m.tpot_s or m.tokens_per_s):
        used, whole = m._replace(ttft_s=None), fault
        factors, checks, fault = _attempt(machine, m, used, g)
        warnings = (f"{whole}; the time to first token stays as modelled",)
    if fault:
        return not_used(fault)
    told = used.ttft_s is not None and _sensitive(machine, m, factors, g)
    if used.ttft_s is not None and not told:
        warnings += (
            f"at {m.concurrency:,.0f} requests in flight the first token mostly waits for a place, which says little "
            "of reading prompts: measure with fewer in flight",
        )
    return Own(
        factors=factors,
        checks=checks,
        concurrency=m.concurrency,
        chips=float(p.chips[0]),
        isl=float(p.isl[0]),
        new_isl=float(p.new_isl[0]),
        osl=float(p.osl[0]),
        tells_prefill=told,
        warnings=warnings,
    )


def _unreached(check: Check) -> str:
    return (
        f"nothing between a twentieth and twenty times the modelled speed gives a {WORDS[check.metric]} of "
        f"{shown(check.metric, check.measured)} (the model says {shown(check.metric, check.before)}): check the "
        "figures, their units and the requests in flight"
    )


def _sensitive(machine: MeasuredReplica, m: Measurement, factors: Factors, g: Parameters) -> bool:
    """Whether the TTFT at the measured point hears the prefill time."""
    slower = Factors(factors.step, factors.prefill * NUDGE)
    now, then = (_found(modelled(machine, m.concurrency, f, g))["ttft"] for f in (factors, slower))
    return log(then / now) >= LEAST_SENSITIVITY * log(NUDGE)


def _impossible(machine: MeasuredReplica, concurrency: float, factors: Factors, g: Parameters) -> str:
    """Why chips whose bandwidth and arithmetic reach their peak could not be that fast; empty if they could."""
    p = with_factors(machine.physics, factors)
    if p.kind[0] != HBM:
        return ""
    batch = np.maximum(modelled(machine, concurrency, factors, g).batch, 1.0)
    plain = replace(p, draft_tokens=np.zeros_like(p.kind), ep=np.ones_like(p.kind))
    step = decode_step(plain, batch, g)
    floor_s = max(
        float(step.weights_s[0] * p.mbu[0] * p.weight_mbu_factor[0]), float(_multiply_s(p, batch)[0] * p.pp[0])
    )
    if step.total_s[0] < floor_s:
        return (
            f"it is faster than the memory and arithmetic of the chips allow ({floor_s * 1e3:.3g} ms a step): check "
            "that model, number format, speculation and chips are those that were measured"
        )
    reads = p if machine.pool is None else with_factors(machine.pool, factors)
    if prefill_occupancy_s(reads, g)[0] < _multiply_s(reads, reads.new_isl)[0]:
        return (
            "prompts would be read faster than the arithmetic of the chips allows: check the prompt length and how "
            "much of it the prefix cache held"
        )
    return ""


def _multiply_s(p: Physics, tokens: Vec) -> Vec:
    """Matrix products of so many tokens at the full published peak of all chips. [s]"""
    per_token = p.active_rest / p.flop_rest_per_s + p.active_expert / p.flop_expert_per_s
    return np.asarray(2 * per_token * tokens / (p.chips * p.linear_flop_factor))
