"""What is said of the plan over time: a sentence, its range, every strategy, and what would turn the decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from components.engine.plan import PlanAnswer, Unknown, bets, flip_condition, plan_headline, said, saving_range, span
from components.exports.pack import Pack, clean
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.text import capital, shorten

STRATEGY_HEADS = ("Strategy", "Worth today", "In eight of ten futures", "Cheapest in", "Paid back")
TURN_HEADS = ("Input", "In the plan", "Likely range", "Turns at", "Then cheaper", "Knowing it is worth")
MOST_TURNS = 7
"""Rows of the table of what would turn the decision. [1]"""
FIXED = "holds to twice its range"


class PlanLine(NamedTuple):
    """One strategy's way through the plan."""

    name: str
    present: str
    between: str
    cheapest: str
    payback: str


class Turn(NamedTuple):
    """What one input would have to be for another strategy to win, and what knowing it is worth."""

    what: str
    planned: str
    likely: str
    at: str
    instead: str
    worth: str


def sentence(pack: Pack) -> str:
    """The plan's decision, or why there is none."""
    found = pack.planned
    if found is None:
        return pack.unplanned
    words = plan_headline(found.base, pack.money, found.futures)
    if found.base.chosen.index != pack.shown and pack.best is not None:
        then = words.removeprefix("Move to ").removeprefix("Stay with ")
        words = f"{pack.name(pack.shown)} is cheapest today; over the plan it is {then}"
    return clean(f"{words}.", 400)


def basis(pack: Pack, found: PlanAnswer) -> str:
    """What the plan rests on."""
    terms = found.base.terms
    return clean(
        f"{bets(found.base)} Amounts are worth today at {numbers.percent(terms.discount)} a year; "
        f"{found.futures.draws:,} futures drawn, seed {terms.seed}."
    )


def between(pack: Pack, found: PlanAnswer) -> str:
    """What the choice saves in eight of ten futures: "$3.4M to $21M"."""
    ends = saving_range(found.base, found.futures)
    return f"{pack.money.compact(ends.low)} to {pack.money.compact(ends.high)}"


def nearest_turn(pack: Pack, found: PlanAnswer) -> str:
    """The condition nearest to the plan under which another strategy wins, as a sentence."""
    name = found.base.chosen.name
    if not found.flips:
        return clean(f"{name} stays ahead whatever single input changes, even at twice its range.", 300)
    flip = found.flips[0]
    known = {one.key: one for one in found.model.unknowns}
    beyond = "" if flip.likely else ", beyond the range that is thought possible"
    return clean(f"{name} stays ahead unless {flip_condition(flip, known[flip.key], pack.money)}{beyond}.", 400)


def finding(pack: Pack, found: PlanAnswer) -> str:
    """Whether a single input turns the decision, as a title."""
    if not found.flips:
        return "No single input turns the decision, even at twice its range"
    flip = found.flips[0]
    if not flip.likely:
        return "Within its likely range no single input turns the decision"
    one = next(one for one in found.model.unknowns if one.key == flip.key)
    way = f"{'falls below' if flip.below else 'rises above'} {said(one, flip.value, pack.money)}"
    return clean(f"{found.base.chosen.name} stays ahead unless {one.words} {way}", 300)


def in_short(pack: Pack) -> str:
    """The plan in two sentences for the one page."""
    found = pack.planned
    if found is None:
        return pack.unplanned
    return f"{sentence(pack)} Eight of ten futures save {between(pack, found)}. {nearest_turn(pack, found)}"


def strategies(pack: Pack, found: PlanAnswer) -> tuple[PlanLine, ...]:
    """Every strategy of the plan, today's first."""
    money = pack.money
    return tuple(
        PlanLine(
            pack.name(path.index),
            money.compact(path.present_usd),
            f"{money.compact(standing.low_usd)} to {money.compact(standing.high_usd)}",
            numbers.percent(standing.cheapest_share),
            payback(path.payback_month) if path.index else NONE,
        )
        for path, standing in zip(found.base.paths, found.futures.standings, strict=True)
    )


def payback(month: int | None) -> str:
    """A month of payback in words."""
    return "not within the plan" if month is None else "at once" if month == 0 else f"month {month}"


def turns(pack: Pack, found: PlanAnswer) -> tuple[Turn, ...]:
    """Inputs that turn the decision, the nearest first, then those that move it most though they do not turn it."""
    known = {one.key: one for one in found.model.unknowns}
    worth = {one.key: one.usd for one in found.information.worth}
    rows = []
    for key, at, instead in list(_turns(found, pack))[:MOST_TURNS]:
        one = known[key]
        usd = worth.get(key, 0.0)
        rows.append(
            Turn(
                clean(capital(one.words), 90),
                said(one, one.base, pack.money),
                _ends(pack, one),
                at,
                instead,
                pack.money.compact(usd) if usd > 0 else "nothing",
            )
        )
    return tuple(rows)


def _ends(pack: Pack, one: Unknown) -> str:
    """Both ends of an input, their unit once: "70 to 130 %"."""
    low, high = said(one, one.low, pack.money), said(one, one.high, pack.money)
    number, _, unit = low.partition(" ")
    return f"{number if unit and high.endswith(f' {unit}') else low} to {high}"


def _turns(found: PlanAnswer, pack: Pack) -> Iterator[tuple[str, str, str]]:
    known = {one.key: one for one in found.model.unknowns}
    for flip in found.flips:
        way = "below" if flip.below else "above"
        far = "" if flip.likely else " (beyond its range)"
        yield flip.key, f"{way} {said(known[flip.key], flip.value, pack.money)}{far}", clean(flip.instead, 60)
    turned = {flip.key for flip in found.flips}
    for swing in found.sensitivity.swings if found.sensitivity else ():
        if swing.key not in turned:
            yield swing.key, FIXED, NONE


def checks(pack: Pack) -> tuple[str, ...]:
    """What to find out before deciding, with what knowing it would be worth, most first."""
    found = pack.planned
    if found is None:
        return ()
    over = span(found.base.terms.months)
    return tuple(
        clean(f"check {one.words}: knowing it is worth up to {pack.money.compact(one.usd)} over {over}", 200)
        for one in found.information.worth[:2]
        if one.usd > 0
    )


def worth_of_all(pack: Pack, found: PlanAnswer) -> str:
    """Whether looking further is worth anything, as a sentence."""
    if found.information.all_usd <= 0:
        return "Knowing more before deciding would change nothing."
    every = pack.money.compact(found.information.all_usd)
    first = found.information.worth[0]
    if first.usd <= 0:
        return f"No single number is worth checking first; knowing all of them would be worth {every} at most."
    return clean(
        f"Check first: {shorten(first.words, 120)}, worth up to {pack.money.compact(first.usd)}; "
        f"knowing everything would be worth {every} at most.",
        300,
    )
