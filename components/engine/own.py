"""One own measurement beats any model: a factor on the step and one on the prefill that make the engine reproduce it.

What is missing from the model of one deployment (its kernels, its host, its settings) is the same at its other
operating points more than it differs, so the factors hold wherever that deployment is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from components.catalog import units
from components.engine.closed_loop import ClosedLoop, Pool, closed_loop
from components.engine.physics import HBM, Physics, Vec
from components.engine.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.step import decode_step

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters

Metric = Literal["tpot", "ttft", "throughput"]
WORDS: dict[Metric, str] = {
    "tpot": "time per output token", "ttft": "time to first token", "throughput": "output tokens/s per chip",
}  # fmt: skip
LOWEST, HIGHEST = 0.05, 20.0
"""Factors tried. A measurement outside is one of something else, or in another unit. [1]"""
STEPS = 60
CLOSE = 1e-6
"""Logarithm of the miss at which a factor is found. [1]"""
NUDGE, HEARD = 1.1, 0.1
"""A rise of the prefill time that moves the TTFT by less than this share of itself is not heard in it. [1]"""
REACHED = 1e-3
"""Share by which the engine may miss a measurement that it is said to reproduce. [1]"""


class Measurement(NamedTuple):
    """What was measured at one operating point of one replica; None was not."""

    tpot_s: float | None
    """Mean. [s]"""
    ttft_s: float | None
    """Mean. [s]"""
    tokens_per_s: float | None
    """Output, per chip. [1/s]"""
    concurrency: float
    """Requests in flight per replica. [1]"""

    def of(self, metric: Metric) -> float | None:
        """The measured value of a metric. [s, 1/s]"""
        return {"tpot": self.tpot_s, "ttft": self.ttft_s, "throughput": self.tokens_per_s}[metric]


class Machine(NamedTuple):
    """The measured replica at the measured lengths; fields of shape (1,)."""

    physics: Physics
    pool: Physics | None = None
    """One replica of its prefill pool."""
    transfer_s: float = 0.0
    """To hand one prompt's cache over. [s]"""


class Factors(NamedTuple):
    """Measured over modelled time of the step and of the prefill; 1 as modelled. [1]"""

    step: float = 1.0
    prefill: float = 1.0


AS_MODELLED = Factors()


@dataclass(frozen=True, slots=True)
class Check:
    """One measured figure beside the engine's, before and after its factors. [s, 1/s]"""

    metric: Metric
    measured: float
    before: float
    after: float

    @property
    def error_before(self) -> float:
        """Signed, as a share of the measured value. [1]"""
        return self.before / self.measured - 1

    @property
    def error_after(self) -> float:
        """Signed, as a share of the measured value. [1]"""
        return self.after / self.measured - 1

    @property
    def sentence(self) -> str:
        """ "time per output token: model said 41 ms, you measured 38 ms: error +8 % before, 0 % after"."""
        return (
            f"{WORDS[self.metric]}: model said {_value(self.metric, self.before)}, you measured "
            f"{_value(self.metric, self.measured)}: error {_signed(self.error_before)} before, "
            f"{_signed(self.error_after)} after"
        )


def _value(metric: Metric, value: float) -> str:
    return units.number(value) if metric == "throughput" else units.seconds(value)


def _signed(share: float) -> str:
    near = round(share, 3)
    return ("+" if near > 0 else "") + units.percent(near)


@dataclass(frozen=True, slots=True)
class Own:
    """A strategy's measurement and what follows from it."""

    factors: Factors
    checks: tuple[Check, ...]
    concurrency: float
    chips: float
    """Of the measured replica. [1]"""
    isl: float
    new_isl: float
    osl: float
    """Lengths at which it was taken. [tokens]"""
    hidden: bool = False
    """Whether the TTFT was waiting rather than reading, so that it says little of the prefill."""
    warnings: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was measured, with the error before and after."""
        return tuple(check.sentence for check in self.checks)

    def informs(self, metric: Metric) -> bool:
        """Whether what decides a metric was measured: TTFT needs its own, the others TPOT or throughput."""
        given = {check.metric for check in self.checks}
        return "ttft" in given and not self.hidden if metric == "ttft" else bool(given & {"tpot", "throughput"})


def with_factors(p: Physics, factors: Factors) -> Physics:
    """The same machines at a measured speed."""
    one = np.ones_like(p.kind)
    return replace(p, step_factor=factors.step * one, prefill_factor=factors.prefill * one)


def modelled(machine: Machine, concurrency: float, factors: Factors, g: Parameters) -> ClosedLoop:
    """The closed loop of the measured replica with some factors; arrays of shape (1,)."""
    p, pool = with_factors(machine.physics, factors), None
    one = np.ones(1)
    if machine.pool is not None:
        beside = with_factors(machine.pool, factors)
        pool = Pool(
            prefill_occupancy_s(beside, g), prefill_alone_s(beside, g), one, beside.chips, machine.transfer_s * one
        )
    return closed_loop(p, concurrency * one, g, pool=pool)


def _found(loop: ClosedLoop) -> dict[Metric, float]:
    values = {"tpot": loop.tpot_s, "ttft": loop.ttft_s, "throughput": loop.output_tokens_per_s_per_chip}
    return {metric: float(values[metric][0]) for metric in WORDS}


def _root(miss: Callable[[float], float]) -> float:
    """The factor nearest 1 at which a rising `miss` is 0, by regula falsi (Illinois) on its logarithm.

    Where several do, the load hides what the factor scales, and nothing speaks for going further from 1 than needed.
    Where none in the bounds does, the bound on its side.
    """
    now = miss(1.0)
    if abs(now) <= CLOSE:
        return 1.0
    bound, wanted = (LOWEST, CLOSE) if now > 0 else (HIGHEST, -CLOSE)
    near, far, at_near, at_far = 0.0, log(bound), now - wanted, miss(bound) - wanted
    if at_near * at_far > 0:
        return bound
    middle, side = far, 0
    for _ in range(STEPS):
        middle = (near * at_far - far * at_near) / (at_far - at_near)
        value = miss(exp(middle)) - wanted
        if abs(value) <= CLOSE / 10:
            break
        if value * at_far > 0:
            far, at_far, at_near = middle, value, at_near / (2 if side > 0 else 1)
        else:
            near, at_near, at_far = middle, value, at_far / (2 if side < 0 else 1)
        side = 1 if value * at_far > 0 else -1
    return exp(middle)


def _solved(machine: Machine, m: Measurement, g: Parameters) -> Factors:
    """The factors that reproduce a measurement, or the nearest in bounds.

    TPOT sets the step, TTFT the prefill; without a TPOT, throughput sets the step, and alone, since it cannot tell the
    two apart, both alike. A factor that nothing was measured for stays 1.
    """
    decode: Metric = "tpot" if m.tpot_s is not None else "throughput"

    def miss(metric: Metric, step: float, prefill: float) -> float:
        value, wanted = _found(modelled(machine, m.concurrency, Factors(step, prefill), g))[metric], m.of(metric)
        return log(value / wanted) * (-1 if metric == "throughput" else 1) if wanted else 0.0

    if m.of(decode) is None:
        return Factors(1.0, _root(lambda prefill: miss("ttft", 1.0, prefill)))
    if m.ttft_s is not None:

        def step_for(prefill: float) -> float:
            return _root(lambda step: miss(decode, step, prefill))

        prefill = _root(lambda factor: miss("ttft", step_for(factor), factor))
        return Factors(step_for(prefill), prefill)
    if decode == "tpot":
        return Factors(_root(lambda step: miss(decode, step, 1.0)), 1.0)
    both = _root(lambda factor: miss(decode, factor, factor))
    return Factors(both, both)


def fit(machine: Machine, m: Measurement, g: Parameters) -> Own | str:
    """Fit the factors to a measurement.

    Args:
        machine: the measured replica, its isl, new_isl and osl those of the measurement; osl > 0.
        m: at least one figure.
        g: constants of the engine.
    Returns: the factors with the error before and after, or the sentence why no factor reproduces the measurement.
    """
    p = machine.physics
    before = _found(modelled(machine, m.concurrency, AS_MODELLED, g))
    if not all(np.isfinite(list(before.values()))):
        return (
            f"own measurement not used: a request of {p.isl[0] + p.osl[0]:,.0f} tokens does not fit the replica it is "
            "said to be measured on: check its lengths and the chips per replica"
        )
    factors = _solved(machine, m, g)
    after = _found(modelled(machine, m.concurrency, factors, g))
    checks = tuple(Check(k, value, before[k], after[k]) for k in WORDS if (value := m.of(k)) is not None)
    for check in checks:
        sought = check.metric != "throughput" or m.tpot_s is None
        if sought and abs(check.error_after) > REACHED:
            return (
                f"own measurement not used: nothing between a twentieth and twenty times the modelled speed gives a "
                f"{WORDS[check.metric]} of {_value(check.metric, check.measured)} (the model says "
                f"{_value(check.metric, check.before)}): check the figures, their units and the requests in flight"
            )
    isl, new_isl, osl = float(p.isl[0]), float(p.new_isl[0]), float(p.osl[0])
    hidden, warnings = _hidden(machine, m, factors, g), _too_fast(machine, m, factors, g)
    if hidden:
        warnings += (
            f"at {m.concurrency:,.0f} requests in flight the first token mostly waits for a place, which says little "
            "of reading prompts: measure with fewer in flight",
        )
    return Own(factors, checks, m.concurrency, float(p.chips[0]), isl, new_isl, osl, hidden, warnings)


def _hidden(machine: Machine, m: Measurement, factors: Factors, g: Parameters) -> bool:
    """Whether a measured TTFT hardly hears the prefill time."""
    if m.ttft_s is None:
        return False
    slower = Factors(factors.step, factors.prefill * NUDGE)
    now, then = (_found(modelled(machine, m.concurrency, f, g))["ttft"] for f in (factors, slower))
    return log(then / now) < HEARD * log(NUDGE)


def _too_fast(machine: Machine, m: Measurement, factors: Factors, g: Parameters) -> tuple[str, ...]:
    """Sentences where the measurement beats what bandwidth and arithmetic at their peak allow."""
    p = with_factors(machine.physics, factors)
    if p.kind[0] != HBM:
        return ()
    batch = np.maximum(modelled(machine, m.concurrency, factors, g).batch, 1.0)
    plain = replace(p, draft_tokens=np.zeros_like(p.kind), ep=np.ones_like(p.kind))
    step = decode_step(plain, batch, g)
    floor_s = max(
        float(step.weights_s[0] * p.mbu[0] * p.weight_mbu_factor[0]), float(_multiply_s(p, batch)[0] * p.pp[0])
    )
    found = []
    if step.total_s[0] < floor_s:
        found.append(
            f"your measurement is faster than the memory and arithmetic of the chips allow ({floor_s * 1e3:.3g} ms a "
            "step): check that model, number format and chips are those that were measured"
        )
    reads = p if machine.pool is None else with_factors(machine.pool, factors)
    if prefill_occupancy_s(reads, g)[0] < _multiply_s(reads, reads.new_isl)[0]:
        found.append(
            "your time to first token is faster than the arithmetic of the chips allows: check the prompt length and "
            "how much of it the prefix cache held"
        )
    return tuple(found)


def _multiply_s(p: Physics, tokens: Vec) -> Vec:
    """Matrix products of so many tokens at the full published peak of all chips. [s]"""
    per_token = p.active_rest / p.flop_rest_per_s + p.active_expert / p.flop_expert_per_s
    return np.asarray(2 * per_token * tokens / (p.chips * p.linear_flop_factor))
