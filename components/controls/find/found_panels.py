"""Blocks of the Find page: the answer, why it won, the ranked list, the fronts and what a target costs."""

from __future__ import annotations

import math

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import find as charts
from components.charts.find import Placed
from components.controls.find import question_and_answer
from components.controls.find.limits_form import OBJECTIVE_WORDS
from components.controls.shared.chart import STYLE, chart
from components.engine.facts import Traffic, effective_workload
from components.engine.search import Found, Ranked, Requirements
from components.share.found import found_csv
from components.wording import numbers
from components.wording.figures import Against
from components.wording.money import Money
from components.wording.text import capital, markdown


def requirement(asked: Requirements, traffic: Traffic, money: Money) -> str:
    """What is asked, in a sentence."""
    said = [f"{traffic.label}, {numbers.requests_per_day(traffic.requests_per_day)}"]
    if math.isfinite(traffic.ttft_limit_s):
        said.append(f"first word within {numbers.seconds(traffic.ttft_limit_s)}")
    if math.isfinite(traffic.tpot_limit_s):
        said.append(f"each word within {numbers.seconds(traffic.tpot_limit_s)} for 95 of 100 requests")
    said.append(f"grade {asked.grade} or better")
    said += _bounds(asked, money)
    for words in (asked.vendors, asked.providers, asked.buys, asked.places):
        if words:
            said.append(f"only {', '.join(words[:3])}" + (" and others" if len(words) > 3 else ""))
    if asked.shipping_only:
        said.append("shipping hardware")
    return f"{OBJECTIVE_WORDS[asked.objectives[0]].capitalize()} for {', '.join(said)}."


def _bounds(asked: Requirements, money: Money) -> list[str]:
    """The limits of number, in words; those that are switched off are left out."""
    usd, kw, kg = asked.budget_usd_per_month, asked.power_kw, asked.carbon_kg_per_month
    tokens = asked.throughput_tokens_per_s
    said = {
        f"at most {money.compact(usd or 0)} a month": usd is not None,
        f"at most {numbers.power(kw)} of power": kw is not None,
        f"at most {numbers.carbon(kg)} a month": kg is not None,
        f"at most {asked.accelerators or 0:,} accelerators": asked.accelerators is not None,
        f"at least {tokens:,.0f} tokens/s": tokens > 0,
        f"figures of at least {asked.confidence} confidence": asked.confidence != "low",
    }
    return [words for words, given in said.items() if given]


def headline(asked: Requirements, found: Found, money: Money) -> None:
    """The answer in a sentence."""
    st.html(STYLE)
    traffic = effective_workload(asked.workload, load_catalog())
    best = found.winner
    if best is None:
        words = found.problems[0] if found.problems else "Nothing keeps every limit"
        st.subheader(markdown(words) + ".", anchor=False)
    else:
        usd = money.compact(best.cost_usd_per_month)
        st.subheader(markdown(f"{question_and_answer.name(best)}: {usd} a month{_against(found)}"), anchor=False)
    st.caption(markdown(requirement(asked, traffic, money)))
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
        return f", {numbers.factor(found.times_baseline)} today's cost"
    return f", {numbers.percent(abs(saving))} {'less' if saving > 0 else 'more'} than today"


def metrics(found: Found, money: Money) -> None:
    """The winner's figures and the size of the search."""
    best = found.winner
    if best is None:
        return
    with st.grid(5, min_column_width=150, key="find_metrics"):
        st.metric("Cost a month", money.compact(best.cost_usd_per_month), border=True)
        st.metric("First word, p95", numbers.seconds(best.ttft_p95_s), border=True)
        st.metric("Speed for each user", numbers.number(best.output_tokens_per_s_per_user, "tok/s"), border=True)
        st.metric("Quality", f"grade {best.grade}", border=True)
        st.metric("Compared", numbers.number(found.counts.evaluated), border=True,
                  help=f"Of {found.counts.space:,} configurations; the others cannot be the best or miss a limit by "
                  "rules that lose nothing.")  # fmt: skip


def nothing(found: Found) -> None:
    """What is wrong with the question, or what would have to give."""
    for problem in found.problems[1:]:
        st.warning(markdown(f"{problem}."), icon=":material/error:")
    if found.relaxations:
        st.markdown("#### One of these changes is enough")
        for relaxation in found.relaxations:
            st.markdown(f"- {markdown(relaxation.sentence)}.")


def front(found: Found, money: Money) -> None:
    """The configurations that no other beats, against cost."""
    best = found.winner
    if best is None:
        return
    options: list[Against] = list(charts.AXES)
    chosen = st.segmented_control("Cost against", options, default="speed", key="find_against", required=True,
                                  format_func=str.capitalize, persist_state="session",
                                  label_visibility="collapsed")  # fmt: skip
    against: Against = chosen or "speed"
    placed = [Placed(o, question_and_answer.name(o)) for o in found.front("cost", against)]
    today = Placed(found.baseline, "Today") if found.baseline else None
    figure = charts.front_chart(
        placed, Placed(best, question_and_answer.name(best)), today, against,
        note="Inside every limit; modelled machines, measured platforms", money=money,
    )  # fmt: skip
    with st.container(border=True):
        chart(figure, key="find_front", alt=charts.front_alt(placed, against, money))


def why(found: Found) -> None:
    """Why the winner won and how far it can move."""
    if found.why is None:
        return
    w = found.why
    lines = [f"**{markdown(w.headline)}.**", f"Tightest limit: {markdown(w.binding)}."]
    lines += [markdown(f"{capital(lever.sentence)}.") for lever in w.levers[:4]]
    lines += [markdown(f"{capital(sentence)}.") for sentence in w.room.sentences]
    st.markdown("  \n".join(lines))
    if w.assumes:
        st.caption("Assumes: " + markdown("; ".join(w.assumes)) + ".")


def mixes(found: Found, money: Money) -> None:
    """Base and peak served apart, where that could be tried."""
    if not found.mixes:
        return
    with st.expander("Base and peak served apart", icon=":material/call_split:"):
        for mix in found.mixes:
            usd = money.compact(mix.cost_usd_per_month)
            st.markdown(f"- **{usd} a month**: {markdown(capital(mix.sentence))}.")


def ranked(found: Found, money: Money) -> None:
    """The list, each with its reason and a button to compare it."""
    st.markdown("#### The best, and why the others lost")
    for number, line in enumerate(found.ranked, 1):
        _line(number, line, money)
    for note in found.notes:
        st.caption(markdown(f"{note}."))
    st.download_button("Results as CSV", lambda: found_csv(found, load_catalog().data_date), key="find_csv",
                       file_name="four-layers-search.csv", mime="text/csv", icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _line(number: int, line: Ranked, money: Money) -> None:
    o = line.option
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        usd = money.compact(o.cost_usd_per_month)
        figures = (f"{usd} a month", f"first word {numbers.seconds(o.ttft_p95_s)}",
                   f"{numbers.number(o.output_tokens_per_s_per_user, 'tok/s')} a user", f"grade {o.grade}",
                   f"{o.confidence} confidence")  # fmt: skip
        left.markdown(f"**{number}. {markdown(question_and_answer.name(o))}**  \n{markdown(', '.join(figures))}")
        left.caption(markdown(capital(line.reason)) + ".")
        right.button("Compare", key=f"find_add_{number}", icon=":material/add:",
                     on_click=question_and_answer.add_to_compare, args=(o,),
                     help="Add to the strategies of the Compare page", width="stretch")  # fmt: skip


def lines(asked: Requirements, found: Found, money: Money) -> None:
    """What the targets and the grade cost, on demand."""
    if found.winner is None:
        return
    titles = {"ttft": "Cost of the first word", "tpot": "Cost of each word", "quality": "Cost of quality"}
    chosen = st.segmented_control("What a target costs", list(titles), format_func=titles.__getitem__,
                                  key="find_lines", persist_state="session")  # fmt: skip
    if not chosen:
        return
    version = load_catalog().version
    traffic = effective_workload(asked.workload, load_catalog())
    if chosen == "quality":
        figure = charts.quality_chart(question_and_answer.quality_curve(asked, version), money=money)
    else:
        today = traffic.ttft_limit_s if chosen == "ttft" else traffic.tpot_limit_s
        words = "first word" if chosen == "ttft" else "each word"
        points = question_and_answer.latency_curve(asked, chosen, version)
        shown = today if math.isfinite(today) else points[-1].target_s if points else 1.0
        figure = charts.latency_chart(points, shown, words=words, money=money)
    with st.container(border=True):
        chart(figure, key="find_line", alt=f"{titles[chosen]}: {figure['layout']['title']['text']}")
