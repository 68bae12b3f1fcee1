"""What is said of a comparison beyond its headline: key figures, what must be true, risks, next checks, assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from components.engine.answer import Answer, WhyStep
from components.engine.comparison import Pick, cheaper_but
from components.exports import over_time
from components.exports.pack import Pack, clean, ends
from components.wording import numbers
from components.wording.money import DOLLARS
from components.wording.text import capital
from components.wording.vocabulary import grade_words

MOST_RISKS = 6
MOST_CHECKS = 6
TARGETS = {"tpot_ms": "a word every {}", "ttft_ms": "the first word within {}"}


class Key(NamedTuple):
    """One figure large, with what it is under it."""

    value: str
    what: str
    detail: str


class Assumed(NamedTuple):
    """One assumption."""

    strategy: str
    what: str
    value: str
    basis: str
    confidence: str
    source: str


def key_figures(pack: Pack) -> tuple[Key, ...]:
    """What is paid, what would be paid, what that saves, how fast and how sure."""
    shown, answers = pack.shown, pack.result.answers
    keys = [Key(pack.cost(0), "a month today", f"{pack.name(0)}; range {pack.cost_range(0)}")]
    if shown:
        keys.append(Key(pack.cost(shown), "a month then", f"{pack.name(shown)}; range {pack.cost_range(shown)}"))
        keys += _saved(pack)
    then = answers[shown]
    if then.e2e_p95_s is not None:
        what = "whole answer, slow case" if then.writes else "a result, slow case"
        now = f"today {numbers.seconds(answers[0].e2e_p95_s)}; " if shown else ""
        keys.append(Key(numbers.seconds(then.e2e_p95_s), what, f"{now}{grade_words(then.grade)}; {then.known_how}"))
    return tuple(keys)


def _saved(pack: Pack) -> Iterator[Key]:
    share = pack.saved(pack.shown)
    if share is None:
        return
    today, then = pack.result.answers[0], pack.result.answers[pack.shown]
    usd = today.cost_usd_per_month.base - then.cost_usd_per_month.base
    words = "saved a month" if usd >= 0 else "more a month"
    span = f"range {ends(numbers.percent(share.low), numbers.percent(share.high))}"
    yield Key(pack.money.compact(abs(usd)), words, f"{numbers.percent(abs(share.base))}; {span}")


def choices(pack: Pack) -> tuple[tuple[str, Pick], ...]:
    """The cheapest, the safest and the fastest way, of those that exist."""
    three = pack.result.picks
    every = (("Cheapest", three.cheapest), ("Safest", three.safest), ("Fastest", three.fastest))
    return tuple((word, pick) for word, pick in every if pick is not None)


def risks(pack: Pack) -> tuple[str, ...]:
    """What may turn out otherwise, the weightiest first."""
    return tuple(dict.fromkeys(clean(capital(words), 230) for words in _risks(pack)))[:MOST_RISKS]


def _risks(pack: Pack) -> Iterator[str]:
    answers, shown = pack.result.answers, pack.shown
    then = answers[shown]
    if pack.best is None:
        yield from _faults(pack)
    share = pack.saved(shown)
    if share is not None and share.low <= 0:
        yield f"within the ranges nothing may be saved: {pack.saving()}"
    yield from (f"{pack.name(shown)}: in the slow case {words}" for words in then.at_risk)
    for cause, low, high in _widest(pack, then)[:1]:
        least, most = (pack.money.compact(then.cost_usd_per_month.base + usd) for usd in (low, high))
        yield f"the least sure figure is the {cause}: alone it moves the bill from {least} to {most} a month"
    yield from (f"{pack.name(shown)}: {words}" for words in then.warnings)
    yield from _around(pack)


def _around(pack: Pack) -> Iterator[str]:
    """What lies beside the answer: a dear target, a cheaper way that may not be the best, another volume."""
    if pack.target_price is not None:
        name, found = pack.target_price
        now, looser = (numbers.seconds(ms / 1e3) for ms in (found.now_ms, found.looser_ms))
        yield (
            f"the target of {TARGETS[found.target].format(now)} is dear: at {looser} {name} costs "
            f"{pack.money.compact(found.usd_per_month_looser)} instead of {pack.money.compact(found.usd_per_month_now)}"
        )
    cheaper = cheaper_but(pack.result.answers, pack.money, pack.result.floor)
    if cheaper:
        yield cheaper.rstrip(".")
    for flip in pack.result.curves.crossovers[:1]:
        yield (
            f"the cheapest changes at {numbers.requests_per_day(flip.requests_per_day)}: {flip.cheaper_below} below, "
            f"{flip.cheaper_above} above"
        )


def _faults(pack: Pack) -> Iterator[str]:
    """Why each strategy does not qualify, and what to change."""
    for i, answer in enumerate(pack.result.answers):
        if answer.reasons:
            yield f"{pack.name(i)} does not qualify: {'; '.join(answer.reasons)}"


def _widest(pack: Pack, answer: Answer) -> list[tuple[str, float, float]]:
    """What each unknown may change, the widest first: cause, low and high end. [USD/month]"""
    return sorted(((_cause(pack, s.cause), s.low_usd, s.high_usd) for s in answer.spreads), key=lambda s: s[1] - s[2])


def _cause(pack: Pack, cause: str) -> str:
    """What moves a bill, a chip by its name: "price of B200 (HGX/DGX), on-demand"."""
    key, _, terms = cause.removeprefix("price of ").partition(" ")
    chip = pack.catalog.accelerators.get(key)
    return f"price of {chip.name}, {terms}" if chip else cause


def next_checks(pack: Pack) -> tuple[str, ...]:
    """What to find out before the decision: conditions of the recommended way, then the figures that move it most."""
    found: list[str] = []
    for word, pick in choices(pack):
        if pick.index == pack.shown:
            found += [f"confirm that {words}" for words in pick.must_be_true]
            break
        del word
    found += over_time.checks(pack)
    then = pack.result.answers[pack.shown]
    for cause, low, high in _widest(pack, then)[:2]:
        found.append(f"pin down the {cause}: its two ends lie {pack.money.compact(high - low)} a month apart")
    if then.basis != "measured":
        found.append(f"measure {pack.name(pack.shown)} on your own traffic: its figures are {then.known_how}")
    return tuple(dict.fromkeys(clean(capital(words), 200) for words in found))[:MOST_CHECKS]


def recommendation(pack: Pack) -> str:
    """What to do, in a sentence."""
    if pack.best is None:
        return "No strategy shown can be recommended as set: change a target, the quality asked for or a strategy"
    if pack.best == 0:
        return f"Stay with {pack.name(0)}: nothing shown that meets the targets costs less"
    return f"Move to {pack.name(pack.best)}: {pack.cost(pack.best)} a month instead of {pack.cost(0)}"


def assumptions(pack: Pack) -> tuple[Assumed, ...]:
    """Demand, prices, people and quality that the answers rest on; what several share stands once."""
    found: dict[tuple[str, str, str], list[str]] = {}
    kept: dict[tuple[str, str, str], Assumed] = {}
    for index, answer in enumerate(pack.result.answers):
        for one in _of_answer(pack, answer):
            key = one.what, one.value, one.source
            found.setdefault(key, []).append(pack.name(index))
            kept[key] = one
    everybody = len(pack.result.answers)
    return tuple(
        one._replace(strategy="all" if len(found[key]) == everybody else ", ".join(found[key]))
        for key, one in kept.items()
    )


def _of_answer(pack: Pack, answer: Answer) -> Iterator[Assumed]:
    for step in answer.ledger:
        if step.topic in {"demand", "price"} and step.unit:
            yield _assumed(pack, step)
    for sentence in answer.overrides:
        yield Assumed("", "Own figure", clean(sentence, 160), "estimated", "medium", "yours")
    yield Assumed("", "Quality", f"{grade_words(answer.grade)}. {clean(answer.quality_note, 160)}", "estimated", "low",
                  "see the step “Expected extra errors”")  # fmt: skip


def _assumed(pack: Pack, step: WhyStep) -> Assumed:
    said = DOLLARS.quantity(step.value, step.unit)
    if step.topic == "price":
        said = pack.money.quantity(step.value, step.unit)
    more = "; ".join(f"{name} {value}" for name, value in step.inputs[:2]) if step.topic == "demand" else step.formula
    source = step.sources[-1] if step.sources else ""
    words = pack.source(source) if source else "as entered"
    return Assumed("", capital(step.name), clean(f"{said} ({more})", 200), step.basis, step.confidence, words)
