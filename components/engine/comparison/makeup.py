"""What a saving is made of: idle machines, people, upkeep, and the price of the work itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np

from components.engine.answer.records import Answer
from components.engine.comparison.records import Attribution, Comparison, Kind, Makeup, Turn, VolumeCurves
from components.engine.comparison.volume import crossings
from components.engine.economics.monthly_bill import Part
from components.wording import numbers
from components.wording.money import DOLLARS, Money

KIND: Mapping[Part, Kind] = {
    "compute_busy": "work",
    "compute_idle": "idle",
    "power": "upkeep",
    "facility": "upkeep",
    "staff": "people",
    "support_overheads": "upkeep",
    "devices": "work",
    "api_input": "work",
    "api_cached": "work",
    "api_output": "work",
    "api_fee": "work",
}
"""Every part of a bill: the work is machines while busy, tokens with their fee, and users' devices."""
WORDS: Mapping[Kind, str] = {"idle": "idle machines", "people": "people", "upkeep": "upkeep", "work": "work itself"}
UPKEEP = "power, space, network, storage, repairs, and what runs beside the model"
"""What upkeep holds."""
WORTH_SAYING = 0.005
"""Share of the saving below which a kind of cost is left out of the sentence. [1]"""


def makeups(answers: Sequence[Answer], told: Sequence[Attribution], curves: VolumeCurves) -> tuple[Makeup, ...]:
    """What each saving is made of, in the order of the attributions.

    Args: answers, baseline first; attributions; cost of the same strategies against volume.
    """
    return tuple(
        Makeup(
            index=each.index,
            baseline_usd_per_month=_by_kind(answers[0]),
            strategy_usd_per_month=_by_kind(answers[each.index]),
            turn=last_turn(curves, each.index),
        )
        for each in told
    )


def _by_kind(answer: Answer) -> dict[Kind, float]:
    found: dict[Kind, float] = dict.fromkeys(get_args(Kind), 0.0)
    for part, kind in KIND.items():
        found[kind] += answer.cost_parts_usd_per_month.get(part, 0.0)
    return found


def last_turn(curves: VolumeCurves, index: int) -> Turn | None:
    """The largest volume at which the cheaper of the baseline and a strategy changes; None where none was found.

    Machines are whole, so the two may change places several times; beyond the last turn the order holds as far as
    volumes are modelled.
    """
    base, other = curves.cost_usd_per_month[0], curves.cost_usd_per_month[index]
    found = crossings(curves.requests_per_day, base, other)
    if not len(found):
        return None
    known = np.isfinite(base) & np.isfinite(other) & (base != other)
    saves = (base > other)[known]
    return Turn(float(found[-1]), cheaper_above=index if saves[-1] else 0)


def makeup_sentence(result: Comparison, index: int, money: Money = DOLLARS) -> str:
    """What a saving is made of, and above which volume that turns; empty where it has no price.

    "Of the $46K saved: $21K idle machines, $21K people, $3.5K upkeep. The work itself: $1.9K against $1.4K."
    """
    found = next((makeup for makeup in result.makeups if makeup.index == index), None)
    if found is None:
        return ""
    saving, say = found.saving_usd_per_month, money.compact
    work = f"{say(found.baseline_usd_per_month['work'])} against {say(found.strategy_usd_per_month['work'])}"
    lead = f"the {say(abs(saving))} {'saved' if saving >= 0 else 'more'}"
    apart = _apart(found, money)
    first = f"Of {lead}: {apart}. The work itself: {work}." if apart else f"Of {lead}, all is the work itself: {work}."
    return f"{first} {_turn(found.turn, result)}".rstrip()


def _apart(found: Makeup, money: Money) -> str:
    """Idle machines, people and upkeep, largest first, then what goes the other way."""
    sign = 1 if found.saving_usd_per_month >= 0 else -1
    amounts = {kind: sign * usd for kind, usd in found.saving_by_kind.items() if kind != "work"}
    floor = WORTH_SAYING * abs(found.saving_usd_per_month)
    largest = sorted((k for k, usd in amounts.items() if abs(usd) > floor), key=lambda k: -abs(amounts[k]))
    toward = [f"{money.compact(amounts[k])} {WORDS[k]}" for k in largest if amounts[k] > 0]
    other = "more" if sign > 0 else "less"
    against = [f"{money.compact(-amounts[k])} {other} for {WORDS[k]}" for k in largest if amounts[k] < 0]
    return ", ".join(toward) + (f"{', but ' if toward else ''}{' and '.join(against)}" if against else "")


def _turn(turn: Turn | None, result: Comparison) -> str:
    if turn is None:
        return ""
    cheaper = result.answers[turn.cheaper_above].name
    return f"Above {numbers.requests_per_day(turn.requests_per_day)} {cheaper} is the cheaper of the two."
