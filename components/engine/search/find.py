"""The search: every configuration of the space against the question, the best kept, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.records import Model, TokenModel
from components.engine.answer.targets import spared
from components.engine.facts.workload import effective_workload
from components.engine.search.ask.axes import APART
from components.engine.search.ask.replicas import Question
from components.engine.search.price.offers import offers_of
from components.engine.search.price.served import scales_of, served
from components.engine.search.rank.keep import Kept, OfferedBlock, Spot
from components.engine.search.rank.one_by_one import (
    apart_strategies,
    beside,
    doubtful,
    finite,
    option_faults,
    options,
    platform_strategies,
)
from components.engine.search.rank.option import Option
from components.engine.search.rank.order import PAIRS, Order, front, option_values
from components.engine.search.space import (
    architectures_of,
    chips_of,
    computable,
    lots,
    models_of,
    places_of,
    problems_of,
    share_done,
)
from components.engine.search.tell.found import Counts, Found, Ranked, Relaxation
from components.engine.search.tell.mixes import mixes_of
from components.engine.search.tell.reasons import better_but_for_the_slow_case, cheaper_but, why_of
from components.engine.search.tell.relaxations import closest, relaxations, words_of_none
from components.engine.strategy.quality import model_gap

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.search.ask.limits import Limit
    from components.engine.search.ask.requirements import Objective, Requirements
Progress = Callable[[float, int], None]
"""Called with the share of the space that is done and the configurations evaluated."""
Stop = Callable[[], bool]
ALIKE = (1, 3)
"""Most lines of the list with the same model on the same chip or platform, at first and where lines are left. [1]"""
ALMOST = 3
"""Most lines of cheaper configurations that miss one limit, and of those that may miss one. [1]"""
MOST_BESIDE = 60
"""Configurations on which a second fleet is tried. [1]"""
NOTHING = Counts(0, 0, 0, 0)


def ask_of(q: Requirements, book: Book) -> Question:
    """The question with its traffic and the model that quality is measured by.

    Raises: ValueError with a sentence for a workload or a model that is not known.
    """
    if q.workload.preset not in book.catalog.workloads:
        raise ValueError(f"The workload {q.workload.preset!r} is not known: choose one from the list")
    key = q.baseline.answering_model
    reference = book.catalog.answering.get(key)
    if reference is None or not computable(reference):
        raise ValueError(f"The baseline's model {key!r} cannot be computed: choose one from the list")
    return Question(q, book, effective_workload(q.workload, book.catalog), reference)


def search(
    requirements: Requirements, book: Book, *, progress: Progress | None = None, stop: Stop | None = None
) -> Found:
    """The best configurations for a question, explained.

    Args:
        requirements: workload, limits, objectives.
        book: `open_book(catalog)`.
        progress: called after each slab of the space.
        stop: asked after each slab; True ends the search with what was found so far.
    Returns: always an answer; where nothing fits, `relaxations` and `problems` say what would have to give.
    """
    try:
        ask = ask_of(requirements, book)
    except ValueError as reason:
        return _refused((str(reason),))
    problems = problems_of(ask)
    if problems:
        return _refused(problems)
    (baseline,) = options(ask, [requirements.baseline])
    passed = sweep(ask, Order(requirements, baseline), progress=progress, stop=stop)
    return _answer(passed, baseline, progress, stop)


def _refused(problems: tuple[str, ...]) -> Found:
    return Found(None, (), None, {}, NOTHING, None, (), problems)


@dataclass(frozen=True, slots=True)
class Line:
    """A configuration that may be listed, before its figures are put together."""

    key: tuple[float, ...]
    model: str
    machine: str
    seller: str
    spot: Spot | None = None
    made: Option | None = None


@dataclass(slots=True)
class Passed:
    """One pass over the space."""

    ask: Question
    order: Order
    kept: Kept
    singles: list[Option]
    """Computed one by one."""
    space: int
    stopped: bool

    def ranked(self) -> list[Line]:
        """Everything inside the limits that may be listed, best first."""
        fitting = [o for o in self.singles if not option_faults(self.ask, o)]
        lines = [Line(self.order.key(o), o.strategy.model, *_machine(o), made=o) for o in fitting]
        lines += [Line(key, *self.kept.named(spot), spot=spot) for key, spot in self.kept.best]
        return sorted(lines, key=lambda line: line.key)

    def split(self, baseline: Option | None) -> tuple[list[Line], list[Line]]:
        """`ranked` from the first that may be called the best; and what would be before it but may miss a target."""
        lines = self.ranked()
        best = next(iter(spared(lines, lambda line: line.made is not None and doubtful(line.made, baseline))), None)
        first = lines.index(best) if best is not None else 0
        return lines[first:], lines[:first]

    def option(self, line: Line) -> Option:
        """The configuration of a line, with its figures."""
        assert line.made is not None or line.spot is not None
        return line.made if line.made is not None else self.kept.option(line.spot, undominated=False)  # type: ignore[arg-type]


def _machine(option: Option) -> tuple[str, str]:
    """What serves, and who sells it."""
    return (option.strategy.hardware if option.kind == "accelerators" else option.seller), option.seller


def sweep(ask: Question, order: Order, *, progress: Progress | None = None, stop: Stop | None = None) -> Passed:
    """Price the whole space once."""
    scales = scales_of(ask.book, ask.traffic)
    kept, space, stopped = Kept(ask, order, scales), 0, False
    for slab in lots(ask, len(scales)):
        for lot, done in zip(slab, served(ask.book, ask.traffic, scales, [s.block for s in slab]), strict=True):
            entry = OfferedBlock(lot.block.light(), done, lot.offers, lot.undominated)
            kept.add(entry) if ask.inside_only else kept.add_near_misses(entry)
            space += lot.size
        if progress is not None:
            progress(share_done(ask, slab[-1]), kept.evaluated)
        if stop is not None and stop():
            stopped = True
            break
    singles = [] if stopped else singles_of(ask)
    passed = Passed(ask, order, kept, singles, space + len(singles), stopped)
    if ask.q.route or ask.q.edge:
        more = beside(ask, [passed.option(line).strategy for line in distinct(passed.ranked(), MOST_BESIDE)])
        passed.singles += [o for o in options(ask, more) if o is not None and finite(o)]
        passed.space += len(passed.singles) - len(singles)
    return passed


def singles_of(ask: Question) -> list[Option]:
    """What is computed one by one: platforms, and machines that need a second kind of chip."""
    strategies = [s for model in models_of(ask) for s in platform_strategies(ask, model)]
    apart = [c for c in chips_of(ask) if c.device_class in APART]
    places = places_of(ask)
    strategies += [
        s for model in architectures_of(ask) for chip in apart for s in apart_strategies(ask, model, chip, places)
    ]
    return [o for o in options(ask, strategies) if o is not None and finite(o)]


def distinct(lines: list[Line], shown: int) -> list[Line]:
    """The first of the list, first one of each model and machine, then more of each until it is full; in order."""
    picked: dict[int, None] = {}
    for most in ALIKE:
        counts: dict[tuple[str, ...], int] = {}
        for i, line in enumerate(lines):
            keys = ((line.model, line.machine), (line.machine,), (line.model, line.machine, line.seller))
            room = all(counts.get(k, 0) < limit for k, limit in zip(keys, (most, 2 * most, 1), strict=True))
            if i in picked or (room and len(picked) < shown):
                picked[i] = None
                counts |= {k: counts.get(k, 0) + 1 for k in keys}
    return [lines[i] for i in sorted(picked)]


def _almost(passed: Passed, winner: Option) -> list[tuple[Limit, Option]]:
    """Better than the winner but for one limit, the best of each limit and chip."""
    key = passed.order.key(winner)
    found: list[tuple[tuple[float, ...], Limit, Spot | Option]] = [
        (near.chain, limit, near.spot)
        for limit, nears in passed.kept.near.items()
        for near in nears
        if near.chain < key
    ]
    for option in passed.singles:
        missed = option_faults(passed.ask, option)
        if len(missed) == 1 and passed.order.key(option) < key:
            found.append((passed.order.key(option), next(iter(missed)), option))
    found.sort(key=lambda item: item[0])
    picked: list[tuple[Limit, Option]] = []
    for _, limit, one in found:
        option = one if isinstance(one, Option) else passed.kept.option(one, undominated=True)
        if all((limit, option.strategy.hardware) != (had, o.strategy.hardware) for had, o in picked):
            picked.append((limit, option))
        if len(picked) >= ALMOST:
            break
    return picked


def _fronts(passed: Passed) -> dict[tuple[Objective, Objective], tuple[Option, ...]]:
    """Configurations that no other beats in both objectives, platforms among them."""
    fitting = [o for o in passed.singles if not option_faults(passed.ask, o)]
    found: dict[tuple[Objective, Objective], tuple[Option, ...]] = {}
    for pair in PAIRS:
        points, spots = passed.kept.fronts.get(pair, (np.empty((0, 2)), np.empty((0, 4), dtype=np.intp)))
        own = np.array([[option_values(o)[pair[0]], option_values(o)[pair[1]]] for o in fitting]).reshape(-1, 2)
        both = np.concatenate([points, own])
        both[~np.isfinite(both)] = np.inf
        found[pair] = tuple(
            passed.kept.option(Spot(*(int(v) for v in spots[i])), undominated=True)
            if i < len(spots)
            else fitting[i - len(spots)]
            for i in front(both[:, 0], both[:, 1])
        )
    return found


def _answer(
    passed: Passed, baseline: Option | None, progress: Progress | None = None, stop: Stop | None = None
) -> Found:
    ask, kept = passed.ask, passed.kept
    lines, before = passed.split(baseline)
    listed = [passed.option(line) for line in distinct(lines, ask.q.shown)]
    over = tuple(passed.option(line) for line in distinct(before, ALMOST))
    feasible = kept.feasible + sum(not option_faults(ask, o) for o in passed.singles)
    evaluated = kept.evaluated + len(passed.singles)
    counts = Counts(passed.space, evaluated, passed.space - evaluated, feasible)
    if not listed and passed.stopped:
        early = "The search was stopped before it found anything: let it run longer"
        return Found(None, (), baseline, {}, counts, None, (), (early,), stopped=True)
    notes = _notes(passed)
    if not listed:
        told, words = _relaxed(ask, passed.order, progress, stop)
        return Found(None, (), baseline, {}, counts, None, told, words, notes)
    winner = listed[0]
    why, ranked = why_of(ask, passed.order, winner, listed[1:], best_of_all=not over)
    mixes = mixes_of(ask, [winner, *(o for o in listed[1:] if doubtful(winner, baseline) or not doubtful(o, baseline))])
    ranked += [Ranked(o, better_but_for_the_slow_case(o, winner)) for o in over]
    ranked += [Ranked(o, cheaper_but(ask, limit, o, winner), limit.name) for limit, o in _almost(passed, winner)]
    return Found(
        winner, tuple(ranked), baseline, _fronts(passed), counts, why, (), (), notes, mixes, over, passed.stopped
    )


def _in_place(ask: Question) -> str:
    """What is tried in the place of a baseline that no machine can run; empty where one can."""
    if not isinstance(ask.reference, TokenModel) or ask.q.alternatives == "any":
        return ""
    if ask.q.alternatives == "same":
        return f"{ask.reference.name} is sold per token only: try other models to see what can replace it"
    return f"{ask.reference.name} is sold per token only: every comparable model is tried in its place"


def _notes(passed: Passed) -> tuple[str, ...]:
    """What was left out because a figure is not published."""
    ask, catalog = passed.ask, passed.ask.book.catalog
    hidden = [o for o in passed.singles if None in option_faults(ask, o).values() and o.kind == "api"]
    priceless = [c for c in chips_of(ask) if c.device_class not in APART and offers_of(ask, c, places_of(ask)) is None]
    family, task = ask.reference.family, ask.reference.task
    others = [m for m in catalog.answering.values() if m.family == family and m.task == task and computable(m)]
    silent = [m for m in others if model_gap(m, ask.reference) is None and m.id not in ask.q.models]
    found = [words] if (words := _in_place(ask)) else []
    if hidden:
        found.append(f"{len(hidden)} per-token offers are left out: a figure that a limit needs is not published")
    if priceless:
        found.append(f"{len(priceless)} accelerators have no published price and are left out")
    if silent and ask.q.alternatives == "family" and isinstance(ask.reference, Model):
        names = ", ".join(m.name for m in silent[:3])
        found.append(
            f"{len(silent)} models of the family share no published quality figure: name one to try it ({names})"
        )
    return tuple(found)


def _relaxed(
    ask: Question, order: Order, progress: Progress | None, stop: Stop | None
) -> tuple[tuple[Relaxation, ...], tuple[str, ...]]:
    """What each limit would have to be, the others held, from a pass that leaves nothing out; and the sentences."""
    wide = replace(ask, inside_only=False)
    passed = sweep(wide, order, progress=progress, stop=stop)
    found = relaxations(wide, passed.kept, passed.singles)
    return found, words_of_none(wide, found, "" if found else closest(wide, passed.kept, passed.singles))
