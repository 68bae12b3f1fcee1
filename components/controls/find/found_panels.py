"""Blocks of the Find page: the answer, why it won, the ranked list, the fronts and what a target costs."""

from __future__ import annotations

import math

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import find as charts
from components.charts.find import Placed
from components.controls.find import question_and_answer
from components.controls.find.limits_form import OBJECTIVE_WORDS, place_words
from components.controls.shared.chart import STYLE, chart
from components.engine.answer import slow_case
from components.engine.facts import Traffic, effective_workload
from components.engine.search import (
    TARGETS,
    Bound,
    Found,
    LeftOut,
    Limit,
    Named,
    Ranked,
    Requirements,
    Unit,
    Worst,
    bound_of,
    limits_of,
    named_in,
    value_of,
)
from components.share.found import found_csv
from components.wording import numbers
from components.wording.figures import NONE, Against
from components.wording.money import Money
from components.wording.text import capital, markdown
from components.wording.vocabulary import grade_words

MOST_NAMES = 3
"""Names said of a list. [1]"""


def requirement(asked: Requirements, traffic: Traffic, money: Money) -> str:
    """What is asked, in a sentence."""
    said = [f"{traffic.label}, {numbers.requests_per_day(traffic.requests_per_day)}"]
    for target in TARGETS:
        target_s = target.target_s(traffic)
        asks = math.isfinite(target_s) and not (target.needs_output and not traffic.osl)
        said += [target.said_for(traffic).format(numbers.seconds(target_s))] if asks else []
    for limit in limits_of(type(asked)):
        words = _said(asked, limit, money)
        said += [words] if words else []
    return f"{OBJECTIVE_WORDS[asked.objectives[0]].capitalize()} for {', '.join(said)}."


def _said(asked: Requirements, limit: Limit, money: Money) -> str:
    """A limit in the question's sentence; empty where nothing is asked."""
    value = value_of(asked, limit)
    match limit:
        case Bound() if bound_of(asked, limit) is not None and isinstance(value, float | int):
            return limit.said.format(_quantity(value, limit.unit, money))
        case Worst() if value != limit.scale[-1]:
            return limit.said.format(value)
        case Named() if limit.name == "places" and asked.places:
            return limit.said.format(place_words(asked.places))
        case Named() if named := named_in(asked, limit):
            return limit.said.format(", ".join(named[:MOST_NAMES])) + (" and others" if len(named) > MOST_NAMES else "")
        case LeftOut() if value:
            return limit.said
    return ""


def _quantity(value: float, unit: Unit, money: Money) -> str:
    """A bound with its unit."""
    match unit:
        case "USD":
            return money.compact(value)
        case "kW":
            return numbers.power(value)
        case "kWh":
            return numbers.energy(value)
        case "kg":
            return numbers.carbon(value)
        case "1":
            return f"{value:,}"
    return f"{value:,.6g} {unit}"


def headline(asked: Requirements, found: Found, money: Money) -> None:
    """The answer in a sentence."""
    st.html(STYLE)
    traffic = effective_workload(asked.workload, load_catalog())
    best = found.winner
    if best is None:
        words = found.problems[0] if found.problems else "Nothing keeps every limit"
        st.title(markdown(words) + ".", anchor=False)
    else:
        st.title(markdown(_winner(found, money)), anchor=False)
    st.caption(markdown(f"{requirement(asked, traffic, money)} {_cheaper_but(found, money)}".rstrip()))
    if found.stopped:
        st.warning(
            "The search was stopped: this is the best of the part that was searched.", icon=":material/pan_tool:"
        )


def _winner(found: Found, money: Money) -> str:
    """The winner with its cost; another that costs the same is named beside it, a price nobody publishes is said."""
    best = found.winner
    assert best is not None
    usd, name = money.compact(best.cost_usd_per_month), question_and_answer.name(best)
    if found.tied:
        name = f"{name} and {question_and_answer.name(found.tied[0])} cost the same"
    estimated = ", at an estimated price" if best.basis == "estimated" else ""
    risk = f"; {slow_case(best)}" if best.at_risk else ""
    return f"{name}: {usd} a month{_against(found)}{estimated}{risk}"


def _cheaper_but(found: Found, money: Money) -> str:
    """The cheapest service that costs less than the winner and may miss a target, as Compare says it."""
    least = found.cheaper
    if least is None:
        return ""
    usd = money.compact(least.cost_usd_per_month)
    return f"{question_and_answer.name(least)} costs {usd} a month, but {slow_case(least)}."


def _against(found: Found) -> str:
    """The saving against what is done today, in words."""
    saving = found.saving
    if saving is None:
        return ""
    if not saving:
        return ", as today"
    if saving < -1:
        return f", {numbers.factor(found.times_baseline)} today's cost"
    return f", {numbers.less_or_more(-saving)} than today"


def _writes(asked: Requirements) -> bool:
    """Whether the workload has answers in words."""
    return effective_workload(asked.workload, load_catalog()).osl > 0


def _first(asked: Requirements) -> str:
    """What the user waits for."""
    return "First word" if _writes(asked) else "Result"


def metrics(asked: Requirements, found: Found, money: Money) -> None:
    """The winner's figures and the size of the search."""
    best = found.winner
    if best is None:
        return
    with st.grid(5, min_column_width=150, key="find_metrics"):
        st.metric("Cost a month", money.compact(best.cost_usd_per_month), border=True)
        st.metric(_first(asked), numbers.seconds(best.ttft_p95_s), border=True,
                  help="The slow case: 95 of 100 come sooner.")  # fmt: skip
        speed = numbers.number(best.output_tokens_per_s_per_user, "tok/s") if _writes(asked) else NONE
        st.metric("Speed for each user", speed, border=True)
        st.metric("Quality", capital(grade_words(best.grade)), border=True)
        st.metric("Compared", numbers.number(found.counts.evaluated), border=True,
                  help=f"Of {found.counts.space:,} configurations; the others cannot be the best or miss a limit by "
                  "rules that lose nothing.")  # fmt: skip


def nothing(found: Found) -> None:
    """What is wrong with the question, or what would have to give."""
    for problem in found.problems[1:]:
        st.warning(markdown(f"{problem}."), icon=":material/error:")
    if found.relaxations:
        st.markdown("## One of these changes is enough")
        for relaxation in found.relaxations:
            st.markdown(f"- {markdown(relaxation.sentence)}.")


def front(asked: Requirements, found: Found, money: Money) -> None:
    """The configurations that no other beats, against cost."""
    best = found.winner
    if best is None:
        return
    options: list[Against] = [axis for axis in charts.AXES if axis != "speed" or _writes(asked)]
    chosen = st.segmented_control("Cost against", options, default=options[0], key="find_against", required=True,
                                  format_func=str.capitalize, persist_state="session",
                                  label_visibility="collapsed")  # fmt: skip
    against: Against = chosen or options[0]
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


def ranked(asked: Requirements, found: Found, money: Money) -> None:
    """The list, each with its reason and a button to compare it."""
    st.markdown("## The best, and why the others lost")
    for number, line in enumerate(found.ranked, 1):
        _line(asked, number, line, money)
    for note in found.notes:
        st.caption(markdown(f"{note}."))
    st.download_button("Results as CSV", lambda: found_csv(found, load_catalog().data_date), key="find_csv",
                       file_name="four-layers-search.csv", mime="text/csv", icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _line(asked: Requirements, number: int, line: Ranked, money: Money) -> None:
    o = line.option
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        usd = money.compact(o.cost_usd_per_month)
        wait, speed = numbers.seconds(o.ttft_p95_s), numbers.number(o.output_tokens_per_s_per_user, "tok/s")
        seen = [f"first word {wait}", f"{speed} a user"] if _writes(asked) else [f"result {wait}"]
        figures = (f"{usd} a month", *seen, grade_words(o.grade), f"{o.confidence} confidence")
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
    if not _writes(asked):
        titles = {"ttft": "Cost of a faster result", "quality": "Cost of quality"}
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
        words = ("first word" if _writes(asked) else "result") if chosen == "ttft" else "each word"
        points = question_and_answer.latency_curve(asked, chosen, version)
        shown = today if math.isfinite(today) else points[-1].target_s if points else 1.0
        figure = charts.latency_chart(points, shown, words=words, money=money)
    with st.container(border=True):
        chart(figure, key="find_line", alt=f"{titles[chosen]}: {figure['layout']['title']['text']}")
