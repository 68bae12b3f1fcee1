"""What a search answers: the winner, the ranked list with reasons, fronts, counts, and what would have to give."""

from __future__ import annotations

from dataclasses import dataclass, field

from components.engine.facts.trust import SAME_COST
from components.engine.search.ask.requirements import Objective
from components.engine.search.rank.one_by_one import doubtful
from components.engine.search.rank.option import Option
from components.engine.search.tell.mixes import Mix


@dataclass(frozen=True, slots=True)
class Counts:
    """Configurations. [1]"""

    space: int
    """All that the question spans."""
    evaluated: int
    """Priced and compared."""
    pruned: int
    """Left out by limits or rules that cannot lose the best."""
    feasible: int
    """Evaluated and inside every limit."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the list."""

    option: Option
    reason: str
    """Why it is not first, in words; for the winner, what it wins on."""
    missed: str | None = None
    """Name of the one limit it misses; None for a configuration inside every limit."""


@dataclass(frozen=True, slots=True)
class LeverWorth:
    """What one choice of the winner is worth."""

    name: str
    usd_per_month: float
    """Cost without it less cost with it. [USD/month]"""
    sentence: str


@dataclass(frozen=True, slots=True)
class Room:
    """How far the winner can move before another configuration of the list is better; None where nothing was found."""

    price_factor: float | None
    """Its own price over today's at which the next one costs the same. [1]"""
    requests_low: float | None
    """It stays the cheapest of the list down to this demand. [1/day]"""
    requests_high: float | None
    ttft_s: float | None
    """Tightest target of the first word that it still meets, resized. [s]"""
    tpot_s: float | None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Why the winner won."""

    headline: str
    binding: str
    """The limit with the least room."""
    levers: tuple[LeverWorth, ...]
    """Largest first."""
    assumes: tuple[str, ...]
    room: Room


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The smallest change of one limit that lets something in."""

    limit: str
    """Name of the limit."""
    sentence: str
    needed: float | None
    """New bound in the unit of the requirement; None for a limit on what is named."""
    option: Option


@dataclass(frozen=True, slots=True)
class Found:
    """The answer."""

    winner: Option | None
    ranked: tuple[Ranked, ...]
    """Winner first; then runners-up inside the limits, then what is better but may miss a target, or misses a limit."""
    baseline: Option | None
    """None where the baseline cannot be built or bought."""
    fronts: dict[tuple[Objective, Objective], tuple[Option, ...]]
    counts: Counts
    why: Why | None
    relaxations: tuple[Relaxation, ...]
    """Where nothing fits, one per limit that is enough by itself."""
    problems: tuple[str, ...] = ()
    """Sentences that name contradictory or impossible limits."""
    notes: tuple[str, ...] = field(default=())
    mixes: tuple[Mix, ...] = ()
    """Base and peak served apart, cheapest first, from the best of the list."""
    passed_over: tuple[Option, ...] = ()
    """Services inside the limits that are better than the winner, but in the slow case miss a target; best first."""
    stopped: bool = False
    """Whether the reader stopped the search: what follows holds for the part that was searched."""

    @property
    def saving(self) -> float | None:
        """Share of the baseline's cost that the winner saves, negative where it costs more; None without either. [1]"""
        if self.winner is None or self.baseline is None or self.baseline.cost_usd_per_month <= 0:
            return None
        return 1 - self.winner.cost_usd_per_month / self.baseline.cost_usd_per_month

    @property
    def times_baseline(self) -> float | None:
        """The winner's cost over the baseline's; None without either. [1]"""
        return None if self.saving is None else 1 - self.saving

    @property
    def tied(self) -> tuple[Option, ...]:
        """Others inside the limits that may be called the best and cost about the same, cheapest first."""
        if self.winner is None:
            return ()
        inside = [r.option for r in self.ranked[1:] if r.missed is None]
        near = [o for o in inside if doubtful(self.winner, self.baseline) or not doubtful(o, self.baseline)]
        usd = self.winner.cost_usd_per_month
        return tuple(o for o in near if usd <= o.cost_usd_per_month <= usd * SAME_COST)

    @property
    def cheaper(self) -> Option | None:
        """The cheapest of what was passed over, where it costs less than the winner."""
        least = min(self.passed_over, key=lambda o: o.cost_usd_per_month, default=None)
        if least is None or self.winner is None or least.cost_usd_per_month >= self.winner.cost_usd_per_month:
            return None
        return least

    def front(self, first: Objective, second: Objective) -> tuple[Option, ...]:
        """Configurations that no other beats in both objectives."""
        return self.fronts.get((first, second)) or self.fronts.get((second, first), ())
