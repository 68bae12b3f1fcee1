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
from components.engine.search.ask.requirements import Requirements
from components.engine.search.tell.found import Found, Ranked
from components.share.found import found_csv


def requirement(asked: Requirements, traffic: Traffic, currency: str) -> str:
    """What is asked, in a sentence."""
    said = [f"{traffic.label}, {units.requests_per_day(traffic.requests_per_day)}"]
    if math.isfinite(traffic.ttft_limit_s):
        said.append(f"first word within {units.seconds(traffic.ttft_limit_s)}")
    if math.isfinite(traffic.tpot_limit_s):
        said.append(f"each word within {units.seconds(traffic.tpot_limit_s)} for 95 of 100 requests")
    said.append(f"grade {asked.grade} or better")
    said += _bounds(asked, currency)
    for words in (asked.vendors, asked.providers, asked.buys, asked.places):
        if words:
            said.append(f"only {', '.join(words[:3])}" + (" and others" if len(words) > 3 else ""))
    if asked.shipping_only:
        said.append("shipping hardware")
    return f"{OBJECTIVE_WORDS[asked.objectives[0]].capitalize()} for {', '.join(said)}."


def _bounds(asked: Requirements, currency: str) -> list[str]:
    """The limits of number, in words; those that are switched off are left out."""
    usd, kw, kg = asked.budget_usd_per_month, asked.power_kw, asked.carbon_kg_per_month
    tokens = asked.throughput_tokens_per_s
    said = {
        f"at most {units.money(usd or 0, currency, rate(currency))} a month": usd is not None,
        f"at most {units.power(kw)} of power": kw is not None,
        f"at most {units.carbon(kg)} a month": kg is not None,
        f"at most {asked.accelerators or 0:,} accelerators": asked.accelerators is not None,
        f"at least {tokens:,.0f} tokens/s": tokens > 0,
        f"figures of at least {asked.confidence} confidence": asked.confidence != "low",
    }
    return [words for words, given in said.items() if given]


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
