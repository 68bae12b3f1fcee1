"""Blocks of the Evidence page: the answer, the errors and the picture."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.catalog.evidence import MeasuredPoint, measured_points
from components.catalog.load import load_catalog
from components.charts import evidence as charts
from components.controls.evidence import cached_evidence
from components.controls.shared.badges import badge
from components.controls.shared.chart import STYLE, chart
from components.engine.evidence import INSIDE, METRICS, Metric, band, device, regime, scores_by
from components.wording.numbers import percent
from components.wording.text import markdown

LABELS: dict[Metric, str] = {metric: charts.WORDS[metric][1] for metric in METRICS}
SHORT: dict[Metric, str] = {"throughput": "Throughput error", "tpot": "Each word, error", "ttft": "First word, error"}
"""Labels that a phone shows in full."""
SLICES: tuple[tuple[str, Callable[[MeasuredPoint], str]], ...] = (
    ("class of chip", device),
    ("kind of operation", regime),
    ("requests in flight", band),
)


def unbroken(words: str) -> str:
    """Figures and their percent sign stay on one line."""
    return words.replace(" %", "\u00a0%")


def chosen_metric() -> Metric:
    """The figure that the reader looks at."""
    metric: Metric = st.session_state.get("evidence_metric") or METRICS[0]
    return metric


def headline() -> None:
    """The answer in a sentence, with its date."""
    found, row = cached_evidence.scored(), cached_evidence.accuracy("throughput")
    st.html(STYLE)
    st.title(
        unbroken(
            f"Trust tokens per second to about {percent(row.median_error)}: half of {row.groups} published benchmarks "
            f"lie closer to the prediction, nine of ten within {percent(row.p90_error)}"
        ),
        anchor=False,
    )
    st.caption(
        f"{badge('modelled')} against {badge('measured')}. A benchmark is one model on one chip from one publisher; "
        f"each was predicted by constants that had not seen it (cross-validated, {row.value_date}). "
        f"{len(measured_points()):,} published points, the latest of {found.last_measured}; "
        f"figures as of {load_catalog().data_date}."
    )


def metrics() -> None:
    """Cross-validated error of each metric, and coverage."""
    cover = cached_evidence.scored().coverage
    with st.grid(4, min_column_width=160, key="evidence_metrics"):
        for metric in METRICS:
            row = cached_evidence.accuracy(metric)
            st.metric(SHORT[metric], percent(row.median_error), f"9 of 10: {percent(row.p90_error)}",
                      delta_color="off", delta_arrow="off", border=True, help=_behind(metric))  # fmt: skip
        st.metric("Points answered", f"{cover.answered:,}", f"of {cover.total:,}", delta_color="off",
                  delta_arrow="off", border=True, help=_unanswered())  # fmt: skip


def _behind(metric: Metric) -> str:
    row, servers = cached_evidence.accuracy(metric), cached_evidence.accuracy(metric, "server")
    return (
        f"{LABELS[metric]}, cross-validated: median over {row.groups} benchmarks of each benchmark's median error, and "
        f"the 90th percentile (p90). Servers alone: {percent(servers.median_error)}. "
        "Every way of counting: Accuracy in full, below."
    )


def _unanswered() -> str:
    reasons = cached_evidence.scored().coverage.reasons
    lines = [f"{count:,} without an answer: {markdown(reason)}." for reason, count in reasons]
    return "  \n".join(lines) or "Every published point has a prediction."


def picture() -> None:
    """Every point, and the error of each slice of them; all with the constants in use."""
    st.segmented_control("Figure", METRICS, default=METRICS[0], format_func=LABELS.__getitem__,
                         key="evidence_metric", label_visibility="collapsed", required=True,
                         persist_state="session")  # fmt: skip
    metric = chosen_metric()
    pairs = cached_evidence.scored().pairs[metric]
    titles = {source.id: source.title for source in load_catalog().sources.values()}
    note = "Constants in use. One mark a measurement; dotted: a perfect prediction; grey: within a quarter"
    left, right = st.columns([3, 2], border=True)
    with left:
        figure = charts.predicted_against_measured(pairs, metric, titles, note=note)
        chart(figure, key="evidence_scatter", alt=charts.scatter_alt(pairs, metric))
    with right:
        _slice(metric, *SLICES[0])
    with st.grid(2, min_column_width=330, key="evidence_slices"):
        for what, key in SLICES[1:]:
            with st.container(border=True):
                _slice(metric, what, key)
    st.caption(_in_use(metric))


def _slice(metric: Metric, what: str, key: Callable[[MeasuredPoint], str]) -> None:
    scores = scores_by(cached_evidence.scored().pairs[metric], key)
    note = f"By {what}, constants in use. Bar: half of the benchmarks (their number); whisker: nine of ten"
    chart(charts.error_bars(scores, what, note=note), key=f"evidence_{what}", alt=charts.bars_alt(scores, what))


def _in_use(metric: Metric) -> str:
    """How the pictures differ from the figures on top."""
    got = cached_evidence.scored().everything[metric]
    if got is None:
        return "No point of this kind has an answer."
    return unbroken(
        f"The four pictures use the constants in use, which were fitted to these measurements, and leave nothing out: "
        f"{percent(got.median)} in half of {got.groups} benchmarks, {percent(got.p90)} in nine of ten. They show where "
        f"the model is weak; the figures on top say how far to trust it. The stated range holds {percent(got.inside)} "
        f"of these {got.points:,} points; by construction it holds {percent(INSIDE)} of measurements that the "
        "constants had not seen."
    )
