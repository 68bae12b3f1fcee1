"""Three cards under the answer: the cheapest, the safest and the fastest way, each with what must be true for it."""

from __future__ import annotations

import streamlit as st

from components.engine.answer import Answer
from components.engine.comparison import Comparison, Pick
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.text import markdown

TITLES = {"cheapest": "Cheapest", "safest": "Safest", "fastest": "Fastest"}
ICONS = {"cheapest": ":material/savings:", "safest": ":material/verified_user:", "fastest": ":material/bolt:"}
WHAT = {
    "cheapest": "The lowest monthly cost among those that keep the targets.",
    "safest": "The best quality grade, then the surest figures, among those that cost no more than today.",
    "fastest": "The shortest whole answer in the slow case, 95 of 100 requests.",
}
MOST = 3
"""Conditions said on a card; all of them stand in its help. [1]"""


def _whole_answer(answer: Answer) -> str:
    if answer.e2e_p50_s is None:
        return "speed of an answer not published"
    slow = f", slow case {numbers.seconds(answer.e2e_p95_s)}" if answer.e2e_p95_s is not None else ""
    return f"whole answer {numbers.seconds(answer.e2e_p50_s)}{slow}"


def _quality(answer: Answer) -> str:
    return f"quality {answer.grade}" if answer.extra_errors_per_1000 is not None else "quality not comparable"


def _against(answer: Answer, baseline: Answer) -> str:
    """The cost beside today's: "71 % less"."""
    today = baseline.cost_usd_per_month.base
    if answer is baseline or not today:
        return "today"
    change = answer.cost_usd_per_month.base / today - 1
    return f"{numbers.percent(abs(change))} {'less' if change <= 0 else 'more'}"


def _card(pick: Pick, result: Comparison, money: Money) -> None:
    answer = result.answers[pick.place]
    st.markdown(
        f":small[{ICONS[pick.kind]} **{TITLES[pick.kind]}**: {markdown(answer.name)}]  \n"
        f"**{markdown(money.compact(answer.cost_usd_per_month.base))}** a month, "
        f"{_against(answer, result.answers[0])}",
        help=WHAT[pick.kind],
    )
    needs = "; ".join(pick.must_be_true[:MOST]) or NONE
    st.caption(f"{_whole_answer(answer)} · {_quality(answer)} · {answer.known_how}  \nMust be true: {markdown(needs)}")


def choices(result: Comparison, money: Money) -> None:
    """The three cards; none where no strategy keeps the targets."""
    if not result.picks:
        return
    with st.grid(len(result.picks), min_column_width=230, key="choices"):
        for pick in result.picks:
            with st.container(border=True, height="stretch", key=f"choice_{pick.kind}"):
                _card(pick, result, money)
