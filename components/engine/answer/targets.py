"""What is said of an answer's targets: missed and by what, not published, or crossed in the slow case; and who may be
called the best all the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from components.engine.answer.latency import meets
from components.engine.serving.peak import Binding, within_target
from components.wording.numbers import seconds

if TYPE_CHECKING:
    from components.engine.facts.trust import Range
    from components.engine.outcome.evaluation import Fleet, Outcome
    from components.engine.strategy.records import Resolved


class _Target(NamedTuple):
    words: str
    time: Range | None
    limit_s: float


def _first(*, writes: bool) -> str:
    """What the user waits for: an embedding has no first word."""
    return "the first word" if writes else "a result"


def _targets(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[_Target, ...]:
    """Targets that are set."""
    first = _Target(_first(writes=writes), ttft, r.ttft_limit_s)
    each = (_Target("each word", tpot, r.tpot_limit_s),) if writes else ()
    return tuple(target for target in (first, *each) if not math.isinf(target.limit_s))


def unproven(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[str, ...]:
    """Targets without a published time, as "the first word".

    Args:
        ttft: p95 with its range, None where not published. [s]
        tpot: likewise.
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


class Promised(Protocol):
    """What compares by its targets in the slow case: an answer, or a configuration of the search."""

    @property
    def kind(self) -> str:
        """Machines, or "api" for a service paid per token."""

    @property
    def at_risk(self) -> tuple[str, ...]:
        """Targets kept at the base and missed at the slow end, in words."""


def risky(promised: Promised) -> bool:
    """Whether a bought service may miss a target in the slow case.

    A fleet of one's own can be given another server where the model was too hopeful; a service cannot.
    """
    return promised.kind == "api" and bool(promised.at_risk)


def slow_case(promised: Promised) -> str:
    """The target that is crossed: "in the slow case each word takes 67 to 136 ms against 100 ms"; empty where none."""
    return f"in the slow case {promised.at_risk[0]}" if promised.at_risk else ""


T = TypeVar("T")


def spared(fit: Sequence[T], doubtful: Callable[[T], bool]) -> tuple[T, ...]:
    """What may be called the best: those not doubtful, in order, as long as one is left; else all.

    Args:
        fit: what meets the targets.
        doubtful: whether it is `risky`; what one has today is not, its times are known.
    """
    return tuple(each for each in fit if not doubtful(each)) or tuple(fit)


def _span(time: Range) -> str:
    """ "67 to 136 ms", the unit once where both ends have the same."""
    low, high = seconds(time.low), seconds(time.high)
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if high.endswith(f" {unit}") else f"{low} to {high}"


def missed_by_platform(ttft: Range | None, tpot: Range | None, r: Resolved, *, writes: bool) -> tuple[str, ...]:
    """Why a per-token platform that is measured slower than the targets is out.

    Args: as `unproven`.
    """
    if meets(ttft, r.ttft_limit_s) is False and ttft is not None:
        what = "time to the first word" if writes else "time to a result"
        return (f"the slow end of measured {what} is {ttft.base:.2g} s against a target of "
                f"{r.ttft_limit_s:.2g} s: choose a faster platform or a longer target",)  # fmt: skip
    if meets(tpot, r.tpot_limit_s) is False and tpot is not None:
        return (f"the slow end of measured speed is {1 / tpot.base:.0f} tokens/s per user, the target needs "
                f"{1 / r.tpot_limit_s:.0f}: choose a faster platform or a longer target",)  # fmt: skip
    return ()


def missed_by_fleet(fleet: Fleet, outcome: Outcome) -> tuple[str, ...]:
    """The target that a fleet misses, and what would help; a fleet on users' devices is named as such."""
    s, i, r = fleet.computed.service, fleet.chosen, outcome.resolved
    sizing, code, edge = s.sizing, s.binding[i], fleet.deployment.role == "edge"
    where = f"on the users' device ({fleet.chip.name}) " if edge else ""
    if code == Binding.FLEET:
        asked, there = fleet.batch.demand.peak_requests_per_s[i], sizing.replicas_active[i]
        return (
            f"the busiest hour brings {asked:.3g} requests/s, a fleet of {there:.0f} carries {asked / s.load[i]:.3g} "
            f"inside the targets: {math.ceil(there * s.load[i]):.0f} servers would do",
        )
    if not s.meets_ttft[i] or code == Binding.TTFT:
        alone = code == Binding.TTFT and not edge
        takes_s = max(sizing.ttft_p95_s[i], sizing.ttft_alone_s[i]) if code == Binding.TTFT else sizing.ttft_p95_s[i]
        what = _first(writes=fleet.deployment.osl > 0)
        return (
            f"{where}{what} takes {seconds(float(takes_s))} in the slow case against a target of "
            f"{seconds(r.ttft_limit_s)}"
            f"{', even alone on the machine with this set-up' if alone else ''}: {_ttft_cure(fleet, outcome)}",
        )
    if not s.meets_tpot[i] or code == Binding.TPOT:
        takes_s = max(sizing.tpot_p95_s[i], sizing.tpot_alone_s[i])
        cure = DEVICE_CURE if edge else "more chips per replica, fewer bits or faster memory would help"
        return (
            f"{where}each further word takes {takes_s * 1e3:.3g} ms in the slow case against a target of "
            f"{r.tpot_limit_s * 1e3:.3g} ms: {cure}",
        )
    return ()


DEVICE_CURE = "choose a faster device or a smaller model on it, or answer this share on servers"


def _ttft_cure(fleet: Fleet, outcome: Outcome) -> str:
    if fleet.deployment.role == "edge":
        return f"{DEVICE_CURE}, or shorten the prompt"
    if outcome.resolved.strategy.batching == "static":
        return "use continuous batching, since a static batch makes each request wait for the one before"
    if outcome.resolved.scaling == "zero":
        return "keep at least one replica running"
    return "use a faster chip, more chips per replica, a prefix cache or a longer target"
