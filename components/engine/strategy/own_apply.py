"""The own measurement of a strategy, fitted on its main fleet and put into the rows of that fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.replica.record import Physics
from components.engine.strategy.own_fit import MeasuredReplica, fit
from components.engine.strategy.own_measurement import AS_MODELLED, Measurement, Own, not_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.engine.scenario import Strategy
    from components.engine.strategy.records import Candidate
    from components.engine.strategy.resolution import Resolution


def measurement(strategy: Strategy) -> Measurement | None:
    """What the reader measured, in SI; None where nothing is given."""
    tpot, ttft, tokens = strategy.own_tpot_ms, strategy.own_ttft_ms, strategy.own_tok_s
    if tpot is None and ttft is None and tokens is None:
        return None
    return Measurement(
        None if tpot is None else tpot / 1e3, None if ttft is None else ttft / 1e3, tokens, strategy.own_concurrency
    )


def measured_rows(case: Resolution, rows: Sequence[Candidate], lpus: int = 0) -> None:
    """Give the main fleet's candidates the factors of the strategy's measurement, or those the case carries.

    A mixture of two strategies, made to attribute a saving, was never measured: it carries the factors of the side that
    its serving stack comes from (`components.engine.comparison.compare_strategies`).
    Args: lpus, chips in each replica that keep weights in SRAM. [1]
    """
    factors = case.carried
    if factors is None:
        found = _fitted(case, rows, lpus)
        case.own = found
        factors = AS_MODELLED if found is None else found.factors
    if factors != AS_MODELLED:
        for candidate in rows:
            for fields in (candidate.physics, candidate.pool):
                if fields is not None:
                    fields["step_factor"], fields["prefill_factor"] = factors
                    fields["server_path_s"] *= factors.prefill


def _fitted(case: Resolution, rows: Sequence[Candidate], lpus: int) -> Own | None:
    """The measurement as the engine understands it; None, with a warning, where it cannot be used."""
    m = measurement(case.strategy)
    if m is None or not rows:
        return None
    s = case.strategy
    wanted = s.own_chips or s.chips
    one = next((c for c in rows if not wanted or c.layout.chips + lpus == wanted), None)
    fault = _fault(wanted, rows) if one is None or not wanted else _unfit(one)
    if one is None or fault:
        case.warnings.append(not_used(fault))
        return None
    key = ("own", m, s.own_isl, s.own_osl, s.own_hit, *one.physics.items(), *(one.pool or {}).items())
    found = case.book.once(key, lambda: fit(_machine(s, one), m, case.book.parameters))
    if isinstance(found, str):
        case.warnings.append(found)
        return None
    case.warnings += found.warnings
    return found


def _fault(wanted: int, rows: Sequence[Candidate]) -> str:
    """What keeps the measured replica from being known among those that the engine may choose."""
    counts = ", ".join(str(c.layout.chips) for c in rows)
    if wanted:
        return f"it was taken on {wanted} chips per server, this strategy can use {counts}"
    return _unfit(rows[0]) if len(rows) == 1 else f"say on how many chips per server it was taken ({counts})"


def _unfit(one: Candidate) -> str:
    """What keeps a replica from being compared with a measurement."""
    if one.demand["static_batch"]:
        return "it needs continuous batching"
    return "" if one.physics["osl"] else "this workload writes no answer"


def _machine(strategy: Strategy, one: Candidate) -> MeasuredReplica:
    """The replica with the lengths of the measurement; a prefill pool counts one replica beside it."""
    isl = strategy.own_isl or one.physics["isl"]
    computed = one.physics["new_isl"] / one.physics["isl"] if strategy.own_hit is None else 1 - strategy.own_hit
    lengths = {"isl": isl, "new_isl": max(isl * computed, 1.0), "osl": strategy.own_osl or one.physics["osl"]}
    handed = one.demand["transfer_bytes"] / one.demand["transfer_bytes_per_s"] * isl / one.physics["isl"]
    pool = None if one.pool is None else Physics.of([one.pool | lengths])
    return MeasuredReplica(Physics.of([one.physics | lengths]), pool, handed)
