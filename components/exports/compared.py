"""The comparison as one table of words: a row per strategy, the same in every export."""

from __future__ import annotations

from typing import NamedTuple

from components.engine.answer import Answer
from components.exports.pack import Pack, clean
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.vocabulary import grade_word

HEADS = (
    "Strategy", "Cost a month", "Against today", "First word", "Each word", "Whole answer", "Quality",
    "How it is known", "Qualifies",
)  # fmt: skip


class Line(NamedTuple):
    """One strategy; times are the slow case (p95)."""

    name: str
    cost: str
    against: str
    ttft: str
    tpot: str
    e2e: str
    quality: str
    known: str
    qualifies: str


def compared(pack: Pack) -> tuple[Line, ...]:
    """All strategies, baseline first."""
    return tuple(_line(pack, i, answer) for i, answer in enumerate(pack.result.answers))


def _line(pack: Pack, index: int, answer: Answer) -> Line:
    change = pack.result.change_of(index)
    both = answer.priced and pack.result.answers[0].priced
    each = answer.tpot_p95_s.base if answer.tpot_p95_s else None
    return Line(
        pack.name(index),
        pack.cost(index),
        numbers.against(change) if change is not None and both else NONE,
        numbers.seconds(answer.ttft_p95_s.base if answer.ttft_p95_s else None),
        numbers.seconds(each) if answer.writes else NONE,
        numbers.seconds(answer.e2e_p95_s),
        grade_word(answer.grade),
        answer.known_how,
        clean("; ".join(answer.reasons), 160) or ("yes" if answer.feasible else "no"),
    )
