"""All strategies with all figures, and why some are out."""

from __future__ import annotations

import streamlit as st

from components.charts import cost
from components.controls.shared.present import present_table
from components.engine.answer import Answer
from components.engine.comparison import Comparison
from components.engine.facts import Range
from components.wording import numbers
from components.wording.figures import NONE, Column, Figure, figures_of, said
from components.wording.money import Money
from components.wording.text import markdown

QUALITY = "Quality"
"""Head of the column of grades, which stands beside the cost."""


PRESENTED = ("Strategy", "Per month", "Against baseline", QUALITY, "slow case", "Basis")
"""Ends of the heads of the columns that a projector has room for."""


def _cell(answer: Answer, figure: Figure, money: Money) -> str:
    value = getattr(answer, figure.name)
    return said(figure, value.base if isinstance(value, Range) else value, money)


def _head(column: Column, answer: Answer) -> str:
    """Of a column: an embedding has no first word."""
    return column.head if answer.writes or not column.unwritten else column.unwritten


def _row(index: int, result: Comparison, money: Money) -> dict[str, str]:
    answer, change = result.answers[index], result.change_of(index)
    priced = answer.priced and result.answers[0].priced
    against = numbers.against(change) if change is not None and priced else NONE
    per_month = money.compact(answer.cost_usd_per_month.base) if answer.priced else "not priced"
    known = {
        _head(figure.column, answer): _cell(answer, figure, money)
        for figure in figures_of("answer")
        if figure.column is not None and (answer.writes or not figure.column.written)
    }
    return (
        {"Strategy": answer.name, "Per month": per_month, "Against baseline": against, QUALITY: known.pop(QUALITY)}
        | known
        | {
            "Basis": answer.known_how,
            "Qualifies": "meets the targets" if answer.feasible else "; ".join(answer.reasons) or cost.why_not(answer),
        }
    )


def table(result: Comparison, money: Money) -> None:
    """All strategies with all figures, those that are out with their reason."""
    rows = [_row(index, result, money) for index in range(len(result.answers))]
    heads = [head for head in rows[0] if head.endswith(PRESENTED)] if rows else []
    present_table("All strategies", heads, [[row.get(head, NONE) for head in heads] for row in rows])
    st.dataframe(rows, hide_index=True, key="table", column_config={"Strategy": st.column_config.Column(pinned=True)})


def infeasible(result: Comparison) -> None:
    """Strategies that are out keep their place and say what to change."""
    lines = []
    for answer in result.answers:
        if not answer.feasible:
            words = "; ".join(answer.reasons) or cost.why_not(answer)
            lines.append(f":material/block: **{markdown(answer.name)}** does not qualify: {markdown(words)}.")
    if lines:
        st.markdown("  \n".join(f":small[{line}]" for line in lines))
