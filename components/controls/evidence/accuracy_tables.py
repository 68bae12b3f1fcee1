"""Tables of the Evidence page: every way of counting errors, the ten worst, other tools, every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.catalog.evidence import peer_errors
from components.catalog.load import load_catalog
from components.charts import evidence as charts
from components.controls.evidence import cached_evidence
from components.controls.evidence.accuracy_panels import LABELS, chosen_metric
from components.engine.evidence import INSIDE, METRICS, Metric, Score, worst_points
from components.wording.numbers import number, percent
from components.wording.text import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.catalog.parameters import StructureRow

MOST_ROWS = 2_000
"""What is sent to the browser at once."""
REGIMES = {
    "all": "all",
    "server": "servers, NVIDIA and TPU",
    "amd": "AMD Instinct",
    "edge": "edge devices and workstations",
    "sram": "Groq and Cerebras",
    "unseen": "a class of chip never measured",
}
"""Rows of the accuracy table in words."""
STRUCTURES = {
    "every": "all parts, as in use",
    "nested": "parts chosen inside each fold",
    "admission": "without the wait for a place, by benchmark and server",
    "path-burst": "without the server's path and the first rush",
    "first-token": "without the rest of the first word, by server and chip",
}
"""Structures of the fit in words, in the order shown."""


def accuracy() -> None:
    """Each way of counting apart: what was never seen, and the constants in use."""
    st.markdown("## Measurements that the constants had not seen (cross-validated)")
    st.caption(
        f"As of {cached_evidence.accuracy('throughput').value_date}. The figures on top are the rows of all; the "
        "ranges on other pages are the errors that nine of ten keep to. A point's own range is set, kind by kind, to "
        f"hold {percent(INSIDE)} of these measurements. Made without a benchmark, such ranges hold of it: "
        + ", ".join(f"{LABELS[metric]} {percent(cached_evidence.held(metric))}" for metric in METRICS)
        + "."
    )
    st.dataframe([_unseen(metric, regime) for metric in METRICS for regime in REGIMES], hide_index=True,
                 key="evidence_unseen", height="content",
                 column_config={"Note": st.column_config.Column(width="large")})  # fmt: skip
    _structures()
    st.markdown("## The constants in use, which were fitted to these measurements")
    st.caption(
        "Smaller errors than above would flatter: the constants know these measurements. Left out by rule: runs whose "
        "first word waited in the client's queue, and speeds that repeat another figure of the same run."
    )
    found = cached_evidence.scored()
    counted = {"as cross-validated": found.as_validated, "nothing left out": found.everything}
    rows = [
        _in_use(metric, words, got)
        for metric in METRICS
        for words, scores in counted.items()
        if (got := scores[metric])
    ]
    st.dataframe(rows, hide_index=True, key="evidence_in_use", height="content")
    for reason, count in found.coverage.reasons:
        st.caption(f"{count:,} of {found.coverage.total:,} points have no answer: {markdown(reason)}.")
    st.download_button("Points with predictions, CSV", cached_evidence.points_csv, key="evidence_csv", mime="text/csv",
                       file_name=f"four-layers-evidence-{load_catalog().data_date}.csv",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _unseen(metric: Metric, regime: str) -> dict[str, str]:
    row = cached_evidence.accuracy(metric, regime)
    note = ""
    if regime == "unseen":
        note = "predicted without its own class"
    elif cached_evidence.borrowed(metric, regime):
        note = "as for a class never measured"
    elif regime == "all":
        note = f"{cached_evidence.validated_figures(metric):,} measured figures"
    return {
        "Figure": LABELS[metric],
        "Where": REGIMES[regime],
        "Half within": percent(row.median_error),
        "9 of 10 within": percent(row.p90_error),
        "Benchmarks": "too few" if cached_evidence.borrowed(metric, regime) else number(row.groups),
        "Note": note,
    }


def _structures() -> None:
    """Whether looking at all measurements when the model was shaped flatters it, and what each part is worth."""
    rows = cached_evidence.structures()
    st.markdown("## The same with the model's own shape put to the test (nested)")
    st.caption(
        "The shape of the model was chosen by people who knew these measurements. Here each fold decides by itself, "
        "from the other measurements alone, which parts to keep. The parts that were never in doubt, and the list to "
        f"choose from, stay ours. As of {rows['every', 'throughput'].value_date}."
    )
    st.dataframe([_structure(name, words, rows) for name, words in STRUCTURES.items()], hide_index=True,
                 key="evidence_structures", height="content",
                 column_config={"Model": st.column_config.Column(width="large")})  # fmt: skip


def _structure(name: str, words: str, rows: Mapping[tuple[str, str], StructureRow]) -> dict[str, str]:
    found = {metric: rows[name, metric] for metric in METRICS}
    any_row = found["throughput"]
    kept = "" if name == "every" else f"{any_row.kept_in} of {any_row.folds}"
    errors = {LABELS[m]: f"{percent(row.median_error)} / {percent(row.p90_error)}" for m, row in found.items()}
    return {"Model": words, **errors, "Folds that keep it": kept}


def _in_use(metric: Metric, words: str, got: Score) -> dict[str, str]:
    return {
        "Figure": LABELS[metric],
        "Counted": words,
        "Half within": percent(got.median),
        "9 of 10 within": percent(got.p90),
        "Benchmarks": number(got.groups),
        "Measured figures": f"{got.points:,}",
        "In the stated range": percent(got.inside),
    }


def _title(group_id: str) -> str:
    """A group's chip and model, by their names where the catalog has them."""
    model, chip = group_id.split("|")[1:]
    catalog = load_catalog()
    names = (
        catalog.accelerators[chip].name if chip in catalog.accelerators else chip,
        catalog.models[model].name if model in catalog.models else model,
    )
    return ", ".join(names)


def worst() -> None:
    """The ten benchmarks that the engine gets most wrong, and what we think is missing."""
    metric = chosen_metric()
    sources = load_catalog().sources
    st.caption(
        f"{LABELS[metric]}, constants in use: the ten benchmarks with the largest median error, what their sources "
        "leave open, and what we think the model lacks."
    )
    rows = [
        {
            "Chip, model": markdown(_title(row.group_id)),
            "Modelled": charts.off_by(row.ratio),
            "Points": row.points,
            "What the source leaves open": "; ".join(row.missing) or "nothing",
            "What we think is missing": "; ".join(row.suspects) or "not yet known",
            "Source": _linked(sources[row.source_id].title, sources[row.source_id].url),
        }
        for row in worst_points(cached_evidence.scored().pairs[metric])
    ]
    if rows:
        st.table(rows)
    else:
        st.caption("No point of this kind has an answer.")


def _linked(title: str, url: str) -> str:
    return f"[{markdown(title)}]({url})" if url else markdown(title)


def peers() -> None:
    """Other tools' errors beside ours, marked by who measured."""
    st.caption(
        "Lower is better. Sets of points differ: a tool is scored on the points that it answers. "
        "Ours are cross-validated."
    )
    st.dataframe([*_ours(), *_theirs()], hide_index=True, key="evidence_peers", height="content",
                 column_config={"Tool": st.column_config.Column(width=190, pinned=True),
                                "On": st.column_config.Column(width=200),
                                "Points": st.column_config.Column(width=110)})  # fmt: skip


def _ours() -> list[dict[str, str]]:
    sources = load_catalog().sources
    return [
        {
            "Tool": "Four Layers",
            "Figure": LABELS[metric],
            "On": REGIMES[regime],
            "Half within": percent(got.median_error),
            "9 of 10 within": percent(got.p90_error),
            "Points": f"{cached_evidence.validated_figures(metric):,}" if regime == "all" else "",
            "Measured by": "this project",
            "Date": got.value_date,
            "Note": f"{got.groups} benchmarks, none seen by the constants that predicted it",
            "Source": sources[got.source_id].title,
        }
        for metric in METRICS
        for regime in ("all", "server")
        if (got := cached_evidence.accuracy(metric, regime))
    ]


def _theirs() -> list[dict[str, str]]:
    words = {"e2e": "Whole answer"} | {str(metric): said for metric, said in LABELS.items()}
    sources = load_catalog().sources
    return [
        {
            "Tool": peer.peer,
            "Figure": words[peer.metric],
            "On": peer.slice,
            "Half within": percent(peer.median_error),
            "9 of 10 within": percent(peer.p90_error),
            "Points": number(peer.points),
            "Measured by": peer.measured_by,
            "Date": peer.value_date,
            "Note": "; ".join(
                filter(None, [f"{peer.points_tried} points tried" if peer.points_tried else "", peer.note])
            ),
            "Source": sources[peer.source_id].title,
        }
        for peer in peer_errors()
    ]


@st.fragment
def figures() -> None:
    """Every figure of data/ with unit, source, date and confidence."""
    search = st.text_input("Search every figure", key="evidence_search", type="search",
                           placeholder="Words such as: h200 memory, llama price 2026-10")  # fmt: skip
    table = cached_evidence.figures(search or "")
    shown = f", the first {MOST_ROWS:,} shown: add a word to narrow" if len(table) > MOST_ROWS else ""
    st.caption(f"{len(table):,} figures{shown}. A figure that no source states is not in the table.")
    st.dataframe(table.head(MOST_ROWS), hide_index=True, key="evidence_figures", height=420,
                 column_config={"Link": st.column_config.LinkColumn("Link", display_text="open")})  # fmt: skip
