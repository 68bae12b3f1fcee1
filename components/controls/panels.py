"""Blocks of the Compare page: the figures in a row, the charts, the table, and the way to every number."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import cost, frontier, latency, savings, theme, volume
from components.charts.drawn import Drawn
from components.controls import why
from components.engine.answer.records import CALIBRATED, Answer
from components.engine.comparison.headline import headline as engine_headline
from components.engine.comparison.records import Comparison
from components.engine.facts.trust import Range
from components.wording import numbers
from components.wording.figures import NONE, Figure, figures_of, said
from components.wording.money import Money
from components.wording.text import markdown

CHART_CONFIG: dict[str, Any] = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": False}
_POINT = "<i style='background:{{0}};clip-path:{0}'></i>"
_STAR = "polygon(50% 0,61% 35%,98% 35%,68% 57%,79% 91%,50% 70%,21% 91%,32% 57%,2% 35%,39% 35%)"
_SWATCH = {
    "box": "<i style='background:{0}'></i>",
    "square": "<i style='background:{0}'></i>",
    "square-open": "<i style='border:2px solid {0}'></i>",
    "circle": "<i style='background:{0};border-radius:50%'></i>",
    "circle-open": "<i style='border:2px solid {0};border-radius:50%'></i>",
    "diamond": _POINT.format("polygon(50% 0,100% 50%,50% 100%,0 50%)"),
    "diamond-open": "<i style='border:2px solid {0};transform:rotate(45deg) scale(.8)'></i>",
    "triangle-up": _POINT.format("polygon(50% 5%,100% 95%,0 95%)"),
    "triangle-up-open": "<b style='color:{0}'>△</b>",
    "cross": _POINT.format(
        "polygon(33% 0,67% 0,67% 33%,100% 33%,100% 67%,67% 67%,67% 100%,33% 100%,33% 67%,0 67%,0 33%,33% 33%)"
    ),
    "cross-open": "<b style='color:{0}'>✚</b>",
    "star": _POINT.format(_STAR),
    "star-open": "<b style='color:{0}'>☆</b>",
    "x": "<b style='color:{0}'>✖</b>",
    "x-thin-open": "<b style='color:{0}'>✕</b>",
    "hatch": "<i style='background:repeating-linear-gradient(135deg,{0} 0 3px,#444 3px 4px)'></i>",
    "line": "<i class='l' style='border-top:3px solid {0}'></i>",
    "dash": "<i class='l' style='border-top:3px dashed {0}'></i>",
    "dot": "<i class='l' style='border-top:3px dotted {0}'></i>",
}
STYLE = """<style>
.fl-legend {display: flex; flex-wrap: wrap; gap: .15rem .9rem; font-size: .75rem; line-height: 1.2;
  margin: -.6rem 0 .2rem}
.fl-legend span {display: inline-flex; align-items: center; gap: .35rem}
.fl-legend i {width: 11px; height: 11px; flex: none; box-sizing: border-box}
.fl-legend b {width: 11px; flex: none; line-height: 11px; text-align: center}
.stMainBlockContainer {padding-top: 4.25rem; padding-bottom: 4rem}
.fl-legend i.l {width: 20px; height: 0}
.st-key-edit_layer button {padding-inline: .45rem}
</style>"""


def chart(figure: dict[str, Any], *, key: str, alt: str) -> None:
    """One figure, without tools that do not survive a change of the data."""
    dark = {"dark": True, "light": False}.get(str(st.context.theme.type))
    st.plotly_chart(Drawn(theme.inked(figure, dark=dark)), key=key, alt=alt, config=CHART_CONFIG)
    _legend(theme.legend(figure))


def _legend(marks: list[theme.Mark]) -> None:
    """What the colours mean, as text that wraps: Plotly would measure it again for every drawing."""
    if marks:
        items = "".join(f"<span>{_SWATCH.get(m.shape, _SWATCH['box']).format(m.colour)}{m.name}</span>" for m in marks)
        st.html(f"<div class='fl-legend'>{items}</div>")


def headline(result: Comparison, money: Money) -> None:
    """The answer in a sentence; amounts and their units stay on one line."""
    words = re.sub(r"(?<=\d) (?=%)", "\u00a0", engine_headline(result.answers, money))
    st.html(STYLE)
    st.subheader(markdown(words), anchor=False)
    volume_words = numbers.requests_per_day(result.requests_per_day)
    st.caption(f"{markdown(result.workload_label)}, {volume_words}; figures as of {result.data_date}")
    calibrated(result)


def as_of(result: Comparison) -> str:
    """The note under a chart: how its figures are known and of when."""
    basis = ", ".join(dict.fromkeys(a.basis for a in result.answers))
    own = [a.name for a in result.answers if a.own is not None]
    calibrated = f"; {', '.join(own)} {CALIBRATED}" if own else ""
    return f"Prices and figures as of {result.data_date}; {basis}{calibrated}"


def calibrated(result: Comparison) -> None:
    """The mark of each strategy that follows an own measurement, with the error before and after."""
    for answer in result.answers:
        if answer.own is not None:
            words = "; ".join(answer.own.sentences)
            st.caption(f"{why.own_badge()} **{markdown(answer.name)}**: {markdown(words)}")


def staffing(result: Comparison, money: Money) -> str:
    """Who is paid to run strategies on own or rented chips; readers ask for the widest part of a small bill."""
    if not any(a.cost_parts_usd_per_month.get("staff") for a in result.answers):
        return ""
    facts = load_catalog().economics
    people, salary = facts["staff_fte_minimum"].base, facts["staff_cost_loaded"].base
    noun, pay = "engineer" if people == 1 else "engineers", money.compact(salary)
    return f". Staff: {numbers.number(people)} {noun} at {pay} a year if you run it"


def _p95(answer: Answer, target_s: float | None) -> tuple[str, str]:
    value = answer.ttft_p95_s.base if answer.ttft_p95_s else None
    words = f"target {numbers.seconds(target_s)}" if target_s else "no target"
    if target_s and answer.meets_ttft is not None:
        words += ", met" if answer.meets_ttft else ", missed"
    return numbers.seconds(value), words


def metrics(result: Comparison, money: Money) -> None:
    """Today's cost, the best cost, what is saved, the price per million tokens and the wait."""
    baseline = result.answers[0]
    best = result.answers[result.best] if result.best is not None else None
    today, then = baseline.cost_usd_per_month, best.cost_usd_per_month if best else None
    saved = today.base - then.base if then else None
    shown = best or baseline
    wait, met = _p95(shown, result.ttft_target_s)

    def amount(usd: float | None) -> str:
        return markdown(money.compact(usd))

    def spread(answer: Answer | None) -> str:
        if answer is None:
            return "none meets the targets"
        low, high = amount(answer.cost_usd_per_month.low), amount(answer.cost_usd_per_month.high)
        return f"{low} to {high}" if low != high else "list price" if answer.kind == "api" else "whole servers"

    blend = markdown(shown.blend.replace("input to output", "in to out"))
    rows = (
        ("Baseline a month", amount(today.base), spread(baseline), f"Compared with: {baseline.name}."),
        ("Best a month", amount(then.base if then else None), spread(best), f"Cheapest that meets the targets: "
         f"{best.name}" if best else "No strategy meets the targets."),
        ("Saving a month", amount(saved), numbers.percent(saved / today.base) if saved and today.base else NONE,
         "Baseline less best."),
        ("Per million tokens", amount(shown.usd_per_mtok_blended), blend,
         f"Input and output blended, {shown.name}."),
        ("First word, p95", wait, met, f"Time to first token (TTFT) that 95 of 100 requests stay under, {shown.name}."),
    )  # fmt: skip
    with st.grid(len(rows), min_column_width=150, key="metrics"):
        for label, value, below, help_ in rows:
            st.metric(label, value, below, delta_color="off", delta_arrow="off", border=True, height="stretch",
                      help=markdown(help_))  # fmt: skip


def main_chart(result: Comparison, money: Money) -> None:
    """Monthly cost by component."""
    figure = cost.monthly_by_component(result.answers, money, note=as_of(result) + staffing(result, money))
    chart(figure, key="cost", alt=cost.alt_text(result.answers, money))


def _saving(result: Comparison, money: Money) -> None:
    names = [a.strategy for a in result.attributions]
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    usual = result.best - 1 if result.best else 0
    index = left.selectbox("Saving of", range(len(names)), min(usual, len(names) - 1), key="saving_of",
                           format_func=lambda i: names[i] if i < len(names) else "")  # fmt: skip
    order_free = right.toggle("Order-free", key="order_free", help="Each layer's mean saving over all orders (Shapley)")
    told = result.attributions[min(index, len(names) - 1)]
    draw = savings.shapley if order_free else savings.waterfall
    chart(draw(told, money, note=as_of(result)), key="saving", alt=savings.alt_text(told, money))


def more_charts(result: Comparison, money: Money) -> None:
    """Latency, savings by layer, cost against speed, cost against volume."""
    targets = (result.ttft_target_s, result.tpot_target_s)
    note, out = as_of(result), frozenset(i for i, a in enumerate(result.answers) if not a.feasible)
    with st.grid(2, min_column_width=330, key="charts"):
        with st.container(border=True):
            chart(latency.against_targets(result.answers, *targets, note=note), key="latency",
                  alt=latency.alt_text(result.answers, *targets))  # fmt: skip
        if result.attributions:
            with st.container(border=True):
                _saving(result, money)
        with st.container(border=True):
            chart(frontier.cost_latency(result.answers, money, note=note), key="front",
                  alt=frontier.alt_text(result.answers, money))  # fmt: skip
        with st.container(border=True):
            chart(volume.cost_against_volume(result.curves, money, out=out, note=note), key="volume",
                  alt=volume.alt_text(result.curves, money, out=out))  # fmt: skip


def _cell(answer: Answer, figure: Figure, money: Money) -> str:
    value = getattr(answer, figure.name)
    return said(figure, value.base if isinstance(value, Range) else value, money)


def _row(answer: Answer, baseline: Answer, money: Money) -> dict[str, str]:
    today, cost_usd = baseline.cost_usd_per_month.base, answer.cost_usd_per_month.base
    priced = cost.priced(answer) and cost.priced(baseline)
    change = cost_usd / today - 1 if answer is not baseline and today and priced else None
    against = ("+" if change > 0 else "") + numbers.percent(change) if change is not None else NONE
    writes = answer.blend != latency.INPUT_ONLY
    per_month = money.compact(cost_usd) if cost.priced(answer) else "not priced"
    known = {
        figure.column.head: _cell(answer, figure, money) if writes or not figure.column.written else NONE
        for figure in figures_of("answer")
        if figure.column is not None
    }
    return (
        {"Strategy": answer.name, "Per month": per_month, "Against baseline": against}
        | known
        | {
            "Known how": answer.known_how,
            "In or out": "meets the targets" if answer.feasible else "; ".join(answer.reasons) or cost.why_not(answer),
        }
    )


def table(result: Comparison, money: Money) -> None:
    """All strategies with all figures, those that are out with their reason."""
    rows = [_row(answer, result.answers[0], money) for answer in result.answers]
    st.dataframe(rows, hide_index=True, key="table", column_config={"Strategy": st.column_config.Column(pinned=True)})


def infeasible(result: Comparison) -> None:
    """Strategies that are out keep their place and say what to change."""
    lines = []
    for answer in result.answers:
        if not answer.feasible:
            words = "; ".join(answer.reasons) or cost.why_not(answer)
            lines.append(f":material/block: **{markdown(answer.name)}** is out: {markdown(words)}.")
    if lines:
        st.markdown("  \n".join(f":small[{line}]" for line in lines))
