"""Why a strategy is as fast as it is: the roofline of each chip, where this workload stands on it, and what it earns.

Every time and byte comes from the functions that compute the answer; here they are only laid over the chip's peaks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.catalog.records import Model
from components.engine.answer.assemble import reasons
from components.engine.comparison.compare_strategies import shown_names
from components.engine.facts.periods import HOURS_PER_MONTH, SECONDS_PER_HOUR
from components.engine.outcome.evaluation import Fleet, Outcome, evaluate, scenario_book
from components.engine.replica.layout import Layout
from components.engine.replica.memory import cache_bytes, least_chips, usable_bytes, weight_bytes
from components.engine.replica.record import HBM, Physics
from components.engine.replica.roofline import Phase, Roof, RooflinePoint, decode_point, format_of, prefill_point, roofs
from components.engine.serving.load_sweep import SpeedCurve, speed_curve
from components.engine.strategy.candidates import ChipRoles, replicas_of
from components.engine.strategy.fleets import EDGE_STACK
from components.engine.strategy.levers import edits_for

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Scenario, Strategy, Workload


class MemoryNeed(NamedTuple):
    """Chips that the model needs for its weights and one request at this context. [1], [B]"""

    chips: int
    weight_bytes: float
    kv_bytes: float
    """One request's cache at its full length."""
    usable_bytes: float
    """Memory of one chip open to weights and caches."""
    tokens: float


@dataclass(frozen=True, slots=True)
class ChipAnswer:
    """One strategy's chip under this workload. None: not published, or the strategy cannot be computed."""

    name: str
    colour: int
    """Number of the strategy's colour on every page; of picked chips, their place after the strategies."""
    picked: bool
    """Added by the reader for comparison, not a strategy of the scenario."""
    chip: Accelerator
    partner: Accelerator | None
    """Chip beside it that keeps weights in SRAM."""
    model: Model
    fmt: str
    """Number format that most arithmetic runs in."""
    roofs: tuple[Roof, ...]
    points: tuple[RooflinePoint, ...]
    why_no_point: str
    need: MemoryNeed | None
    feasible: bool
    reason: str
    chips_per_replica: int | None = None
    sequences: float | None = None
    """Requests whose caches fit in one replica. [1]"""
    tokens_per_s_per_chip: float | None = None
    """Output tokens inside the targets, over all chips that carry load; prompt tokens where there is no output."""
    tokens_per_usd: float | None = None
    tokens_per_joule: float | None = None
    tokens_per_s_per_user: float | None = None
    usd_per_chip_hour: float | None = None
    kw_per_chip: float | None = None
    curve: SpeedCurve | None = None
    """Throughput against speed of one replica that reads its own prompts; None without one."""

    @property
    def peak(self) -> Roof:
        """The roof of the format in use."""
        return next((roof for roof in self.roofs if roof.fmt == self.fmt), self.roofs[0])

    @property
    def ridge(self) -> float:
        """Intensity at which arithmetic takes over from bandwidth. [FLOP/B]"""
        return self.peak.flop_per_s / self.chip.memory_bytes_per_s

    def point(self, phase: Phase) -> RooflinePoint | None:
        """The phase's point, None without one."""
        return next((point for point in self.points if point.phase == phase), None)


def need(book: Book, strategy: Strategy, traffic: Traffic, model: Model, chip: Accelerator) -> MemoryNeed:
    """Chips of one kind that hold the weights and one request, as the engine counts them for any layout."""
    edits = edits_for(book, strategy, traffic, model, chip)
    p, g = replicas_of(book, model, ChipRoles(chip), edits, strategy.stack, (Layout(1),)), book.parameters
    tokens = p.isl + p.osl
    return MemoryNeed(
        int(least_chips(p, g)[0]), float(weight_bytes(p)[0]), float(cache_bytes(p, tokens)[0]),
        float(usable_bytes(p, g)[0]), float(tokens[0]),
    )  # fmt: skip


def _machines(fleet: Fleet) -> tuple[Physics, Physics]:
    """The rows that decode and that read prompts, each of shape (1,)."""
    row = np.array([fleet.chosen])
    decode = fleet.batch.physics.take(row)
    return decode, fleet.batch.pool.take(row) if fleet.batch.pooled[fleet.chosen] else decode


def _points(fleet: Fleet, g: Parameters) -> tuple[tuple[RooflinePoint, ...], str, str]:
    """Points of the fleet's own chip, the format in use, and why points are missing."""
    chip, service = fleet.chip, fleet.computed.service
    (decode, reader), found = _machines(fleet), roofs(chip, g)
    fmt = format_of(found, float(decode.flop_expert_per_s[0]))
    if decode.kind[0] != HBM:
        return (), fmt, "weights stay in SRAM: hops from chip to chip set its pace, not a roofline"
    peak = max(roof.flop_per_s for roof in found if roof.fmt in {fmt, "bf16"})
    points: list[RooflinePoint] = []
    own = fleet.candidate.pool is None or fleet.deployment.pool_chip is chip
    if own and (prompt := prefill_point(reader, g, peak=peak)) is not None:
        points.append(prompt)
    if fleet.deployment.osl > 0:
        batch, m = (float(v[fleet.chosen]) for v in (service.sizing.batch_mean, service.draft_tokens))
        points.append(decode_point(decode, g, batch=max(batch, 1.0), draft_tokens=m, peak=peak))
    other = fleet.deployment.pool_chip
    return tuple(points), fmt, "" if own or other is None else f"{other.name} reads the prompts"


class _Yield(NamedTuple):
    per_chip: float
    per_usd: float | None
    per_joule: float | None
    usd_per_chip_hour: float | None


def _yield(fleet: Fleet, *, priced: bool) -> _Yield:
    """Tokens of the replicas that carry load over their chips, their price and their power."""
    c, d, i = fleet.computed, fleet.deployment, fleet.chosen
    s = c.service
    active, reading = float(s.sizing.replicas_active[i]), float(s.sizing.prefill_active[i])
    groups = [(active * fleet.candidate.layout.chips, fleet.purchase), (active * d.sram_chips, d.sram_purchase),
              (reading * fleet.chips_per_pool_replica, d.pool_purchase)]  # fmt: skip
    chips = sum(count for count, _ in groups)
    rate = active * float(s.sizing.rate_max_per_replica[i]) * (d.osl or d.isl)
    kw = sum(count * terms.kw_per_chip for count, terms in groups if terms is not None)
    usd = sum(count * terms.usd_per_chip_hour for count, terms in groups if terms is not None)
    if not usd:  # owned: everything but staff over the hours of all chips, those in reserve included
        spent = sum(v for name, v in c.cost.parts(i).items() if name != "staff")
        held = chips / active * float(s.replicas[i]) if active else chips
        usd = spent / (held * HOURS_PER_MONTH) * chips
    known = priced and usd > 0
    return _Yield(rate / chips, rate * SECONDS_PER_HOUR / usd if known else None, rate / (kw * 1e3) if kw else None,
                  usd / chips if known else None)  # fmt: skip


def _machine(book: Book, outcome: Outcome, name: str, colour: int, *, picked: bool, priced: bool) -> ChipAnswer | None:
    """What to show of one strategy; None where it runs on no chip of its own."""
    r = outcome.resolved
    own = [d for d in r.deployments if d.chip is not None]
    deployment = next((d for d in own if d.role != "edge"), own[0] if own else None)
    if deployment is None or deployment.chip is None or not isinstance(deployment.model, Model):
        return None
    chip, g = deployment.chip, book.parameters
    fleet = next((f for f in outcome.fleets if f.deployment is deployment), None)
    edge = deployment.role == "edge"
    strategy = r.strategy.model_copy(update={"stack": EDGE_STACK, "weights": "int4"}) if edge else r.strategy
    needed = need(book, strategy, r.traffic, deployment.model, chip) if deployment.sram_chip is None else None
    found, why = roofs(chip, g), "; ".join(reasons(outcome))
    bare = ChipAnswer(
        name=name, colour=colour, picked=picked, chip=chip, partner=deployment.sram_chip, model=deployment.model,
        fmt=found[0].fmt, roofs=found, points=(), why_no_point=why, need=needed, feasible=outcome.works, reason=why,
    )  # fmt: skip
    return bare if fleet is None else _with_figures(bare, fleet, g, priced=priced)


def _with_figures(bare: ChipAnswer, fleet: Fleet, g: Parameters, *, priced: bool) -> ChipAnswer:
    """The same with what the fleet in use comes to."""
    s, i = fleet.computed.service, fleet.chosen
    points, fmt, why = _points(fleet, g)
    gain, tpot = _yield(fleet, priced=priced), float(s.sizing.tpot_p50_s[i])
    return replace(
        bare,
        fmt=fmt,
        points=points,
        why_no_point=why,
        chips_per_replica=fleet.candidate.layout.chips,
        sequences=float(s.batch_capacity[i]),
        tokens_per_s_per_chip=gain.per_chip,
        tokens_per_usd=gain.per_usd,
        tokens_per_joule=gain.per_joule,
        tokens_per_s_per_user=1 / tpot if fleet.deployment.osl > 0 and tpot > 0 else None,
        usd_per_chip_hour=gain.usd_per_chip_hour,
        kw_per_chip=fleet.purchase.kw_per_chip,
        curve=speed_curve(_machines(fleet)[0], g) if fleet.candidate.pool is None else None,
    )


def _with_chip(scenario: Scenario, models: Collection[str], chip: str, price: float | None) -> Strategy:
    """The first strategy that runs on chips of its own, else one whose model could, on another chip that is rented.

    Args: models, ids of those with an architecture.
    """
    runs = [s for s in scenario.strategies if s.buy != "api"]
    could = [s for s in scenario.strategies if s.answering_model in models]
    first = next(iter([*runs, *could]), scenario.strategies[0])
    plain = {"hardware": chip, "chips": 0, "prefill": "", "price": price, "provider": "", "buy": "on-demand", "edge": 0}
    return first.model_copy(update=plain)


def hardware(scenario: Scenario, catalog: Catalog, picked: Sequence[str] = ()) -> tuple[ChipAnswer, ...]:
    """The chip of every strategy that runs on chips, then the picked ones under the first such strategy's levers.

    Args:
        scenario: workload and strategies.
        catalog: the facts as published.
        picked: ids of further accelerators. One without a published rent is computed, and has no figure per dollar.
    """
    book, workload = scenario_book(scenario, catalog), scenario.workload
    chips = book.catalog.accelerators
    known = [key for key in dict.fromkeys(picked) if key in chips]
    tried = [*scenario.strategies, *(_with_chip(scenario, book.catalog.models, key, None) for key in known)]
    outcomes = evaluate(tried, workload, book, scenario.reference_model)
    names = [*shown_names(scenario.strategies), *(chips[key].name for key in known)]
    count, found = len(scenario.strategies), []
    colours = (*scenario.colour_of, *range(count, len(names)))
    for index, (outcome, name) in enumerate(zip(outcomes, names, strict=True)):
        one, priced = outcome, True
        if index >= count and not outcome.fleets:
            one, priced = _unpriced(scenario, known[index - count], workload, book), False
        machine = _machine(book, one, name, colours[index], picked=index >= count, priced=priced)
        if machine is not None:
            found.append(machine)
    return tuple(found)


def _unpriced(scenario: Scenario, chip: str, workload: Workload, book: Book) -> Outcome:
    """A chip that nobody rents out, computed as if it were free."""
    return evaluate([_with_chip(scenario, book.catalog.models, chip, 0.0)], workload, book)[0]
