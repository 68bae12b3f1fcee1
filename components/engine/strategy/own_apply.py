"""The own measurement of a strategy, fitted on its main fleet and put into the replicas of that fleet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import one
from components.engine.facts.book import KeptPerBook
from components.engine.strategy.own_fit import MeasuredReplica, fit, with_factors
from components.engine.strategy.own_measurement import AS_MODELLED, Measurement, NotUsed, Own, not_used

if TYPE_CHECKING:
    from components.engine.scenario import Strategy
    from components.engine.strategy.records import Candidate, Candidates
    from components.engine.strategy.resolution import Resolution


def measurement(strategy: Strategy) -> Measurement | None:
    """What the reader measured, in SI; None where nothing is given."""
    tpot, ttft, tokens = strategy.own_tpot_ms, strategy.own_ttft_ms, strategy.own_tok_s
    if tpot is None and ttft is None and tokens is None:
        return None
    return Measurement(
        None if tpot is None else tpot / 1e3, None if ttft is None else ttft / 1e3, tokens, strategy.own_concurrency
    )


def measured(case: Resolution, found: Candidates, lpus: int = 0) -> Candidates:
    """The main fleet's candidates with the factors of the strategy's measurement, or those the case carries.

    A mixture of two strategies, made to attribute a saving, was never measured: it carries the factors of the side that
    its serving stack comes from (`components.engine.comparison.compare_strategies`).
    Args: lpus, chips in each replica that keep weights in SRAM. [1]
    """
    factors = case.carried
    if factors is None:
        case.own = _fitted(case, found, lpus)
        factors = AS_MODELLED if case.own is None else case.own.factors
    if factors == AS_MODELLED:
        return found
    pool = None if found.pool is None else with_factors(found.pool, factors)
    return replace(found, physics=with_factors(found.physics, factors), pool=pool)


_FITS: KeptPerBook[tuple[Measurement, bytes, bytes, float, float], Own | NotUsed] = KeptPerBook()


def _fitted(case: Resolution, found: Candidates, lpus: int) -> Own | None:
    """The measurement as the engine understands it; None, with a warning, where it cannot be used."""
    m = measurement(case.strategy)
    if m is None:
        return None
    s = case.strategy
    wanted = s.own_chips or s.chips
    row = next((i for i, cut in enumerate(found.layouts) if not wanted or cut.chips + lpus == wanted), None)
    fault = _fault(wanted, found) if row is None or not wanted else _unfit(found[row])
    if row is None or fault:
        case.warnings.append(not_used(fault))
        return None
    machine = _machine(s, found[row])
    pool = b"" if machine.pool is None else machine.pool.key()
    key = (m, machine.physics.key(), pool, machine.transfer_s, machine.admission_steps)
    own = _FITS.of(case.book, key, lambda: fit(machine, m, case.book.parameters))
    if isinstance(own, str):
        case.warnings.append(own)
        return None
    case.warnings += own.warnings
    return own


def _fault(wanted: int, found: Candidates) -> str:
    """What keeps the measured replica from being known among those that the engine may choose."""
    counts = ", ".join(str(cut.chips) for cut in found.layouts)
    if wanted:
        return f"it was taken on {wanted} chips per server, this strategy can use {counts}"
    return _unfit(found[0]) if len(found) == 1 else f"say on how many chips per server it was taken ({counts})"


def _unfit(candidate: Candidate) -> str:
    """What keeps a replica from being compared with a measurement."""
    if candidate.demand.static_batch[0]:
        return "it needs continuous batching"
    return "" if candidate.physics.osl[0] else "this workload writes no answer"


def _machine(strategy: Strategy, candidate: Candidate) -> MeasuredReplica:
    """The replica with the lengths of the measurement; a prefill pool counts one replica beside it."""
    p, d, pool = candidate.physics, candidate.demand, candidate.pool
    isl = one(strategy.own_isl) if strategy.own_isl else p.isl
    computed = p.new_isl / p.isl if strategy.own_hit is None else 1 - strategy.own_hit
    new_isl = np.maximum(isl * computed, 1.0)
    osl = one(strategy.own_osl) if strategy.own_osl else p.osl
    handed = d.transfer_bytes / d.transfer_bytes_per_s * isl / p.isl
    return MeasuredReplica(
        replace(p, isl=isl, new_isl=new_isl, osl=osl),
        None if pool is None else replace(pool, isl=isl, new_isl=new_isl, osl=osl),
        float(handed[0]),
        float(d.admission_steps[0]),
    )
