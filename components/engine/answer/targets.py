"""What can be said of an answer's targets beside "kept": not published, or crossed in the slow case."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from components.engine.serving.peak import within_target
from components.wording.numbers import seconds

if TYPE_CHECKING:
    from components.engine.facts.trust import Range
    from components.engine.strategy.records import Resolved


class _Target(NamedTuple):
    words: str
    time: Range | None
    limit_s: float


def _targets(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[_Target, ...]:
    """Targets that are set."""
    first = _Target("the first word" if writes else "a result", ttft, r.ttft_limit_s)
    each = (_Target("each word", tpot, r.tpot_limit_s),) if writes else ()
    return tuple(target for target in (first, *each) if not math.isinf(target.limit_s))


def unproven(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[str, ...]:
    """Targets without a published time, as "the first word".

    Args:
        ttft, tpot: p95 with its range, None where not published. [s]
        r: the strategy and its limits.
        writes: whether the workload has an answer in words.
    """
    return tuple(t.words for t in _targets(ttft, tpot, r, writes=writes) if t.time is None)


def at_risk(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[str, ...]:
    """Targets kept at the base and missed at the slow end: "each word takes 67 to 136 ms against 100 ms".

    Args: as `unproven`.
    """
    return tuple(
        f"{t.words} takes {_span(t.time)} against {seconds(t.limit_s)}"
        for t in _targets(ttft, tpot, r, writes=writes)
        if t.time is not None and within_target(t.time.base, t.limit_s) and not within_target(t.time.high, t.limit_s)
    )


def _span(time: Range) -> str:
    """ "67 to 136 ms", the unit once where both ends have the same."""
    low, high = seconds(time.low), seconds(time.high)
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if high.endswith(f" {unit}") else f"{low} to {high}"
