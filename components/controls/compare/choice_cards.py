"""Three cards under the answer: the cheapest, the safest and the fastest way, each with what must be true for it."""

from __future__ import annotations

import streamlit as st

from components.engine.answer import Answer
from components.engine.comparison import Comparison, Pick
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.text import markdown
from components.wording.vocabulary import grade_words

MOST = 2
"""Conditions said on a card; all of them stand in its help. [1]"""


def _whole_answer(answer: Answer) -> str:
    what = "Whole answer" if answer.writes else "Result"
    if answer.e2e_p50_s is None:
        return f"{what}: speed not published"
    slow = f", slow case {numbers.seconds(answer.e2e_p95_s)}" if answer.e2e_p95_s is not None else ""
    return f"{what} in {numbers.seconds(answer.e2e_p50_s)}{slow}"


def _card(title: str, icon: str, pick: Pick, result: Comparison, money: Money) -> None:
    answer = result.answers[pick.index]
    every = "; ".join(pick.must_be_true)
    change = result.change_of(pick.index)
    against = "as today" if change is None else numbers.less_or_more(change)
    st.markdown(
        f"{icon} **{title}**: {markdown(answer.name)}",
        help=markdown(f"{pick.because}. Must be true: {every or 'nothing beyond the prices and figures'}."),
    )
    st.markdown(f"**{markdown(money.compact(answer.cost_usd_per_month.base))}** a month, {against}")
    needs = markdown("; ".join(pick.must_be_true[:MOST])) or NONE
    st.caption(f"{_whole_answer(answer)}  \n{grade_words(answer.grade)}; {answer.known_how}  \nMust be true: {needs}")


def choices(result: Comparison, money: Money) -> None:
    """The cards of what may be chosen; none where no strategy keeps the targets."""
    three = (
        ("Cheapest", ":material/savings:", result.picks.cheapest),
        ("Safest", ":material/verified_user:", result.picks.safest),
        ("Fastest", ":material/bolt:", result.picks.fastest),
    )
    shown = [(title, icon, pick) for title, icon, pick in three if pick is not None]
    if not shown:
        return
    with st.grid(len(shown), min_column_width=230, key="choices"):
        for title, icon, pick in shown:
            with st.container(border=True, height="stretch", key=f"choice_{title.lower()}", gap="xsmall"):
                _card(title, icon, pick, result, money)
