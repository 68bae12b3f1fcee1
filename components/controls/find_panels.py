"""Blocks of the Find page: the answer, why it won, the ranked list, the fronts and what a target costs."""

from __future__ import annotations

import math

import streamlit as st

from components.catalog import units
from components.catalog.load import load_catalog
from components.charts import find as charts
from components.charts.find import Placed
from components.controls import find, panels
from components.controls.find_form import OBJECTIVE_WORDS
from components.controls.results import rate
from components.engine.facts.workload import Traffic, effective_workload
from components.engine.scenario import Scenario
from components.engine.search.ask.limits import TARGETS, Bound, LeftOut, Limit, Named, Unit, Worst, limits_of, value_of
from components.engine.search.ask.requirements import Requirements
from components.engine.search.price.limits import bound_of, named_in
from components.engine.search.tell.found import Found, Ranked
from components.share.found import found_csv

MOST_NAMES = 3
"""Names said of a list. [1]"""


def requirement(asked: Requirements, traffic: Traffic, currency: str) -> str:
    """What is asked, in a sentence."""
    said = [f"{traffic.label}, {units.requests_per_day(traffic.requests_per_day)}"]
    for target in TARGETS:
        target_s = target.target_s(traffic)
        said += [target.said.format(units.seconds(target_s))] if math.isfinite(target_s) else []
    for limit in limits_of(type(asked)):
        words = _said(asked, limit, currency)
        said += [words] if words else []
    return f"{OBJECTIVE_WORDS[asked.objectives[0]].capitalize()} for {', '.join(said)}."


def _said(asked: Requirements, limit: Limit, currency: str) -> str:
    """A limit in the question's sentence; empty where nothing is asked."""
    value = value_of(asked, limit)
    match limit:
        case Bound() if bound_of(asked, limit) is not None and isinstance(value, float | int):
            return limit.said.format(_quantity(value, limit.unit, currency))
        case Worst() if value != limit.scale[-1]:
            return limit.said.format(value)
        case Named() if named := named_in(asked, limit):
            return limit.said.format(", ".join(named[:MOST_NAMES])) + (" and others" if len(named) > MOST_NAMES else "")
        case LeftOut() if value:
            return limit.said
    return ""


def _quantity(value: float, unit: Unit, currency: str) -> str:
    """A bound with its unit."""
    match unit:
        case "USD":
            return units.money(value, currency, rate(currency))
        case "kW":
            return units.power(value)
        case "kWh":
            return units.energy(value)
        case "kg":
            return units.carbon(value)
        case "1":
            return f"{value:,}"
    return f"{value:,.6g} {unit}"


def headline(asked: Requirements, found: Found, scenario: Scenario) -> None:
    """The answer in a sentence."""
    st.html(panels.STYLE)
    traffic = effective_workload(asked.workload, load_catalog())
    best = found.winner
    if best is None:
        words = found.problems[0] if found.problems else "Nothing keeps every limit"
        st.subheader(units.markdown(words) + ".", anchor=False)
    else:
        usd = units.money(best.cost_usd_per_month, scenario.currency, rate(scenario.currency))
        st.subheader(units.markdown(f"{find.name(best)}: {usd} a month{_against(found)}"), anchor=False)
    st.caption(units.markdown(requirement(asked, traffic, scenario.currency)))
    if found.stopped:
        st.warning(
            "The search was stopped: this is the best of the part that was searched.", icon=":material/pan_tool:"
        )


def _against(found: Found) -> str:
    """The saving against what is done today, in words."""
    saving = found.saving
    if saving is None:
        return ""
    if not saving:
        return ", as today"
    if saving < -1:
        return f", {units.factor(found.times_baseline)} today's cost"
    return f", {units.percent(abs(saving))} {'less' if saving > 0 else 'more'} than today"


def metrics(found: Found, scenario: Scenario) -> None:
    """The winner's figures and the size of the search."""
    best, currency = found.winner, scenario.currency
    if best is None:
        return
    with st.grid(5, min_column_width=150, key="find_metrics"):
        st.metric("Cost a month", units.money(best.cost_usd_per_month, currency, rate(currency)), border=True)
        st.metric("First word, p95", units.seconds(best.ttft_p95_s), border=True)
        st.metric("Speed for each user", units.number(best.output_tokens_per_s_per_user, "tok/s"), border=True)
        st.metric("Quality", f"grade {best.grade}", border=True)
        st.metric("Compared", units.number(found.counts.evaluated), border=True,
                  help=f"Of {found.counts.space:,} configurations; the others cannot be the best or miss a limit by "
                  "rules that lose nothing.")  # fmt: skip


def nothing(found: Found) -> None:
    """What is wrong with the question, or what would have to give."""
    for problem in found.problems[1:]:
        st.warning(units.markdown(f"{problem}."), icon=":material/error:")
    if found.relaxations:
        st.markdown("#### One of these changes is enough")
        for relaxation in found.relaxations:
            st.markdown(f"- {units.markdown(relaxation.sentence)}.")


def front(found: Found, scenario: Scenario) -> None:
    """The configurations that no other beats, against cost."""
    best = found.winner
    if best is None:
        return
    options: list[charts.Against] = list(charts.AXES)
    chosen = st.segmented_control("Cost against", options, default="speed", key="find_against", required=True,
                                  format_func=lambda a: charts.AXES[a].words.capitalize(), persist_state="session",
                                  label_visibility="collapsed")  # fmt: skip
    against: charts.Against = chosen or "speed"
    placed = [Placed(o, find.name(o)) for o in found.front("cost", against)]
    today = Placed(found.baseline, "Today") if found.baseline else None
    money = {"currency": scenario.currency, "rate": rate(scenario.currency)}
    figure = charts.front_chart(
        placed, Placed(best, find.name(best)), today, against,
        note="Inside every limit; modelled machines, measured platforms", **money,  # type: ignore[arg-type]
    )  # fmt: skip
    with st.container(border=True):
        panels.chart(figure, key="find_front", alt=charts.front_alt(placed, against, **money))  # type: ignore[arg-type]


def why(found: Found) -> None:
    """Why the winner won and how far it can move."""
    if found.why is None:
        return
    w = found.why
    lines = [f"**{units.markdown(w.headline)}.**", f"Tightest limit: {units.markdown(w.binding)}."]
    lines += [units.markdown(f"{_capital(lever.sentence)}.") for lever in w.levers[:4]]
    lines += [units.markdown(f"{_capital(sentence)}.") for sentence in w.room.sentences]
    st.markdown("  \n".join(lines))
    if w.assumes:
        st.caption("Assumes: " + units.markdown("; ".join(w.assumes)) + ".")


def mixes(found: Found, scenario: Scenario) -> None:
    """Base and peak served apart, where that could be tried."""
    if not found.mixes:
        return
    with st.expander("Base and peak served apart", icon=":material/call_split:"):
        for mix in found.mixes:
            usd = units.money(mix.cost_usd_per_month, scenario.currency, rate(scenario.currency))
            st.markdown(f"- **{usd} a month**: {units.markdown(_capital(mix.sentence))}.")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def ranked(found: Found, scenario: Scenario) -> None:
    """The list, each with its reason and a button to compare it."""
    st.markdown("#### The best, and why the others lost")
    for number, line in enumerate(found.ranked, 1):
        _line(number, line, scenario)
    for note in found.notes:
        st.caption(units.markdown(f"{note}."))
    st.download_button("Results as CSV", lambda: found_csv(found, load_catalog().data_date), key="find_csv",
                       file_name="four-layers-search.csv", mime="text/csv", icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _line(number: int, line: Ranked, scenario: Scenario) -> None:
    o, currency = line.option, scenario.currency
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        usd = units.money(o.cost_usd_per_month, currency, rate(currency))
        figures = (f"{usd} a month", f"first word {units.seconds(o.ttft_p95_s)}",
                   f"{units.number(o.output_tokens_per_s_per_user, 'tok/s')} a user", f"grade {o.grade}",
                   f"{o.confidence} confidence")  # fmt: skip
        left.markdown(f"**{number}. {units.markdown(find.name(o))}**  \n{units.markdown(', '.join(figures))}")
        left.caption(units.markdown(_capital(line.reason)) + ".")
        right.button("Compare", key=f"find_add_{number}", icon=":material/add:", on_click=find.add_to_compare,
                     args=(o,), help="Add to the strategies of the Compare page", width="stretch")  # fmt: skip


def lines(asked: Requirements, found: Found, scenario: Scenario) -> None:
    """What the targets and the grade cost, on demand."""
    if found.winner is None:
        return
    titles = {"ttft": "Cost of the first word", "tpot": "Cost of each word", "quality": "Cost of quality"}
    chosen = st.segmented_control("What a target costs", list(titles), format_func=titles.__getitem__,
                                  key="find_lines", persist_state="session")  # fmt: skip
    if not chosen:
        return
    version, money = load_catalog().version, {"currency": scenario.currency, "rate": rate(scenario.currency)}
    traffic = effective_workload(asked.workload, load_catalog())
    if chosen == "quality":
        figure = charts.quality_chart(find.quality_curve(asked, version), **money)  # type: ignore[arg-type]
    else:
        today = traffic.ttft_limit_s if chosen == "ttft" else traffic.tpot_limit_s
        words = "first word" if chosen == "ttft" else "each word"
        points = find.latency_curve(asked, chosen, version)
        shown = today if math.isfinite(today) else points[-1].target_s if points else 1.0
        figure = charts.latency_chart(points, shown, words=words, **money)  # type: ignore[arg-type]
    with st.container(border=True):
        panels.chart(figure, key="find_line", alt=f"{titles[chosen]}: {figure['layout']['title']['text']}")
