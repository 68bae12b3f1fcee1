"""Blocks of the Evidence page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.catalog.evidence import MeasuredPoint, claim_scenarios, measured_points, peer_errors
from components.catalog.load import load_catalog
from components.catalog.records import Claim
from components.catalog.units import NOT_PUBLISHED, markdown, number, percent
from components.charts import evidence as charts
from components.controls import evidence, panels
from components.controls.why import badge
from components.engine import validation
from components.engine.validation import METRICS, Metric

MOST_ROWS = 10_000
VERDICTS = {
    "supported": ("green", "supported"),
    "supported-with-conditions": ("blue", "with conditions"),
    "contradicted": ("red", "contradicted"),
    "unsupported": ("orange", "no evidence found"),
}
LABELS: dict[Metric, str] = {metric: charts.WORDS[metric][1] for metric in METRICS}
SLICES: tuple[tuple[str, Callable[[MeasuredPoint], str]], ...] = (
    ("class of chip", validation.device),
    ("kind of operation", validation.regime),
    ("requests in flight", validation.band),
)


def headline() -> None:
    """The answer in a sentence, with its date."""
    found, row = evidence.proof(), evidence.accuracy("throughput")
    server = evidence.accuracy("tpot", "server")
    st.html(panels.STYLE)
    st.caption("Evidence: should I believe it?")
    st.subheader(
        f"Tokens per second within {percent(row.median_error)} at the median over {row.groups} groups of published "
        f"measurements; time per word on servers within {percent(server.median_error)}".replace(" %", "\u00a0%"),
        anchor=False,
    )
    st.caption(
        f"{badge('modelled')} against {badge('measured')}. Cross-validated: each group of measurements is "
        f"predicted by constants that were not fitted to it ({row.value_date}). {len(measured_points()):,} points, the "
        f"latest of {found.last_measured}; figures as of {load_catalog().data_date}."
    )


def metrics() -> None:
    """Error of each metric and coverage."""
    found = evidence.proof()
    cover = found.coverage
    with st.grid(4, min_column_width=200, key="evidence_metrics"):
        for metric in METRICS:
            row, server = evidence.accuracy(metric), evidence.accuracy(metric, "server")
            said = f"p90 {percent(row.p90_error)}; servers ± {percent(server.median_error)}"
            st.metric(LABELS[metric], f"± {percent(row.median_error)}", said, delta_color="off", delta_arrow="off",
                      border=True, help=_fit(metric))  # fmt: skip
        st.metric("Points answered", f"{cover.answered:,}", f"of {cover.total:,}", delta_color="off",
                  delta_arrow="off", border=True, help="The others have a stated reason, below.")  # fmt: skip
    for reason, count in cover.reasons:
        st.caption(f"No answer for {count:,}: {markdown(reason)}")


def _fit(metric: Metric) -> str:
    """What the constants in use give on the points themselves."""
    found = evidence.proof()
    said = []
    for words, got in (("figures left out by rule aside", found.by_rule[metric]),
                       ("nothing left out", found.everything[metric])):  # fmt: skip
        if got:
            said.append(
                f"{words}: {percent(got.median)}, p90 {percent(got.p90)} ({got.points:,} points, {got.groups} groups, "
                f"{percent(got.inside)} inside the 80 % range)"
            )
    lead = "Shown: cross-validated, median over groups of each group's median."
    return f"{lead} With the constants in use, which were fitted to these points: {'; '.join(said)}." if said else lead


def picture() -> None:
    """Every point, and the error of each slice of them."""
    if not evidence.proof().coverage.answered:
        return
    chosen = st.segmented_control("Figure", METRICS, default=METRICS[0], format_func=LABELS.__getitem__,
                                  key="evidence_metric", label_visibility="collapsed", required=True,
                                  persist_state="session")  # fmt: skip
    metric: Metric = chosen or METRICS[0]
    pairs = evidence.proof().pairs[metric]
    titles = {source.id: source.title for source in load_catalog().sources.values()}
    note = "One mark a measurement, with the constants in use; dotted: a perfect prediction; grey: within a quarter"
    left, right = st.columns([3, 2], border=True)
    with left:
        figure = charts.predicted_against_measured(pairs, metric, titles, note=note)
        panels.chart(figure, key="evidence_scatter", alt=charts.scatter_alt(pairs, metric))
    with right:
        _slice(metric, *SLICES[0])
    with st.grid(2, min_column_width=330, key="evidence_slices"):
        for what, key in SLICES[1:]:
            with st.container(border=True):
                _slice(metric, what, key)


def _slice(metric: Metric, what: str, key: Callable[[MeasuredPoint], str]) -> None:
    scores = validation.by(evidence.proof().pairs[metric], key)
    figure = charts.error_bars(scores, what, note=f"By {what}. Bar: median over groups (number); whisker: p90")
    panels.chart(figure, key=f"evidence_{what}", alt=charts.bars_alt(scores, what))


def worst() -> None:
    """The ten groups that the engine gets most wrong, and what their sources leave open."""
    metric: Metric = st.session_state.get("evidence_metric") or METRICS[0]
    sources = load_catalog().sources
    st.caption(f"{LABELS[metric]}: the ten groups with the largest median error, and what we think is missing.")
    rows = [
        {
            "Chip, model": markdown(", ".join(reversed(row.group_id.split("|")[1:]))),
            "Median error": f"{percent(row.error)}, {charts.off_by(row.ratio)}",
            "Points": row.points,
            "What is missing": "; ".join(row.missing) or "nothing that the source could state",
            "Source's remark": markdown(row.note or NOT_PUBLISHED),
            "Source": markdown(sources[row.source_id].title),
        }
        for row in validation.worst(evidence.proof().pairs[metric])
    ]
    if rows:
        st.table(rows)
    else:
        st.caption("No point of this kind has an answer.")


def peers() -> None:
    """Other tools' errors beside ours, marked by who measured."""
    sources = load_catalog().sources
    rows = [
        {
            "Tool": "Four Layers",
            "Figure": LABELS[metric],
            "Slice": "all, cross-validated",
            "Median": percent(got.median_error),
            "p90": percent(got.p90_error),
            "Points": number(len(evidence.proof().pairs[metric]) or None),
            "Measured by": "this project",
            "Date": got.value_date,
            "Note": f"{got.groups} groups of measurements",
            "Source": sources[got.source_id].title,
        }
        for metric in METRICS
        if (got := evidence.accuracy(metric))
    ]
    words = {"e2e": "Whole answer"} | {str(metric): said for metric, said in LABELS.items()}
    for peer in peer_errors():
        rows.append(
            {
                "Tool": peer.peer,
                "Figure": words[peer.metric],
                "Slice": peer.slice,
                "Median": percent(peer.median_error),
                "p90": percent(peer.p90_error),
                "Points": number(peer.points),
                "Measured by": peer.measured_by,
                "Date": peer.value_date,
                "Note": "; ".join(
                    filter(None, [f"{peer.points_tried} points tried" if peer.points_tried else "", peer.note])
                ),
                "Source": sources[peer.source_id].title,
            }
        )
    st.caption("Lower is better. Sets of points differ: a tool is scored on the points that it answers.")
    st.dataframe(rows, hide_index=True, key="evidence_peers", height="content")


def claims() -> None:
    """Claims heard in meetings: what the source says, the verdict, and what the engine reaches."""
    st.caption(
        "What the primary source says, and how close the engine comes under the friendliest conditions. "
        f"Factors are {badge('modelled')}; a scenario opens in a new tab, yours stays here."
    )
    for claim in sorted(load_catalog().claims, key=lambda claim: claim.id not in claim_scenarios()):
        _claim(claim)


def _claim(claim: Claim) -> None:
    scenario, got = claim_scenarios().get(claim.id), evidence.reached().get(claim.id)
    colour, verdict = VERDICTS[claim.verdict]
    engine = f", engine reaches **{markdown(got)}**" if got else ""
    value = f" ({markdown(claim.claimed_value)}{engine})" if claim.claimed_value else ""
    with st.expander(f":{colour}-badge[{verdict}] {markdown(claim.claim)}{value}"):
        source = load_catalog().sources[claim.source_id]
        st.markdown(f"**The source says.** {markdown(claim.what_the_source_says)}")
        st.markdown(f"**Conditions.** {markdown(claim.conditions or NOT_PUBLISHED)}")
        st.caption(f"[{markdown(source.title)}]({source.url}), {claim.value_date}, {claim.confidence} confidence")
        if scenario and got:
            st.markdown(f"**The engine reaches {markdown(got)}**: {markdown(scenario.means)}. {badge('modelled')}")
            st.link_button("Open this scenario", f"./compare?{scenario.query}", key=f"claim_{claim.id}",
                           icon=":material/open_in_new:")  # fmt: skip


@st.fragment
def figures() -> None:
    """Every figure of data/ with unit, source, date and confidence."""
    search = st.text_input("Search every figure", key="evidence_search", type="search",
                           placeholder="Words such as: h200 memory, llama price 2026-10")  # fmt: skip
    table = evidence.figures(search or "")
    st.caption(f"{len(table):,} figures. A figure that no source states is not published and not in the table.")
    st.dataframe(table.head(MOST_ROWS), hide_index=True, key="evidence_figures", height=420,
                 column_config={"Link": st.column_config.LinkColumn("Link", display_text="open")})  # fmt: skip
