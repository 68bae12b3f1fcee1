"""Why a plan's figures are what they are: each step with its formula, its inputs and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.catalog.own import OWN_SOURCE
from components.engine.answer.records import WhyStep
from components.engine.facts.formula import Formula, Symbol
from components.engine.plan.cash_flow import starts_at
from components.engine.plan.months import base_world, run
from components.engine.plan.terms import FIGURES, MONTHS_PER_YEAR
from components.engine.plan.uncertain import said

if TYPE_CHECKING:
    from components.engine.plan.futures import DrawModel
    from components.engine.plan.paths import BasePlan
    from components.wording.money import Money

GROWTH = Formula(
    "requests * growth ^ ((month - 1) / 12) * season",
    "requests/day",
    (
        Symbol("requests", "requests/day", "of today"),
        Symbol("growth", "", "a year"),
        Symbol("month", ""),
        Symbol("season", "", "over the first month's"),
    ),
    "docs/engine.md#plan",
)
WORTH = Formula(
    "payment / (1 + discount) ^ (month / 12)",
    "USD",
    (Symbol("payment", "USD", "at the end of the month"), Symbol("discount", "%", "a year", 100), Symbol("month", "")),
    "docs/engine.md#plan",
)
SAVING = Formula(
    "staying - moving",
    "USD",
    (Symbol("staying", "USD", "worth today"), Symbol("moving", "USD", "worth today")),
    "docs/engine.md#plan",
)


def why_plan(model: DrawModel, plan: BasePlan, money: Money) -> tuple[WhyStep, ...]:
    """The steps from today's requests to the saving, then every uncertain input with its range."""
    return (*_course(model, plan), *_worth(model, plan, money), *_ranges(model, money))


def _source(model: DrawModel, field: str) -> tuple[str, ...]:
    book, given = model.case.looked_up.book, getattr(model.case.terms.stated, field)
    return (OWN_SOURCE,) if given is not None else (book.source(FIGURES[field]),)


def _course(model: DrawModel, plan: BasePlan) -> list[WhyStep]:
    t, found = plan.terms, model.case.looked_up
    last, best = t.months, plan.chosen
    ratio = float(best.volume[-1]) / t.growth ** ((last - 1) / MONTHS_PER_YEAR)
    requests = found.requests_per_day
    steps = [
        WhyStep(
            topic="demand", name=f"requests in month {last}", value=requests * float(best.volume[-1]),
            unit="requests/day", found="formula", formula=GROWTH.printed,
            inputs=(("requests", f"{requests:,.10g}"), ("growth", f"{t.growth:.10g}"), ("month", str(last)),
                    ("season", f"{ratio:.10g}")),
            sources=_source(model, "growth"), basis="estimated", confidence="low",
        ),
        WhyStep(
            topic="price", name="price of chips a year later", value=None, unit="", found="look-up",
            formula=f"{1 + t.chips:.3g} times today's, rented or bought", sources=_source(model, "chips"),
            basis="estimated", confidence="low",
        ),
        WhyStep(
            topic="price", name="price per token a year later", value=None, unit="", found="look-up",
            formula=f"{1 + t.tokens:.3g} times today's for the same model", sources=_source(model, "tokens"),
            basis="estimated", confidence="low",
        ),
    ]  # fmt: skip
    for path in dict.fromkeys([plan.today.name, best.name]):
        one = next(p for p in plan.paths if p.name == path)
        steps.append(
            WhyStep(
                topic="cost", name=f"{one.name}, month 1", value=float(one.running_usd[0]), unit="USD/month",
                found="look-up", formula="the bill of the Compare page; its steps stand there",
            )
        )  # fmt: skip
        steps.append(_last_month(model, one.index, one.name, last, float(one.running_usd[-1])))
    return steps


def _last_month(model: DrawModel, index: int, name: str, last: int, usd: float) -> WhyStep:
    """The bill of the last month by the table of costs at its load."""
    way = next(way for way in model.case.ways if way.index == index)
    ran = run(way, base_world(model.case.terms), model.case.terms)
    load = float(ran.held[-1, 0])
    return WhyStep(
        topic="cost", name=f"{name}, month {last}", value=usd, unit="USD/month", found="look-up",
        formula=f"the engine's bill at {load:.3g} times today's requests, at the prices of the month; machines that "
        "are held are paid at the price of the month in which they were taken",
    )  # fmt: skip


def _worth(model: DrawModel, plan: BasePlan, money: Money) -> list[WhyStep]:
    t, best, today = plan.terms, plan.chosen, plan.today
    last = float(today.cash_usd[-1])
    steps = [
        WhyStep(
            topic="cost", name=f"worth today of the last payment of {today.name}",
            value=last / (1 + t.discount) ** (t.months / MONTHS_PER_YEAR), unit="USD", found="formula",
            formula=WORTH.printed,
            inputs=(("payment", f"{last:,.10g} USD"), ("discount", f"{t.discount * 100:.10g} %"),
                    ("month", str(t.months))),
            sources=_source(model, "discount"),
        ),
        WhyStep(
            topic="cost", name=f"worth today of all payments of {today.name}", value=today.present_usd, unit="USD",
            found="look-up", formula="the sum over all months (net present value, numpy-financial)",
        ),
    ]  # fmt: skip
    if plan.best:
        way = model.case.ways[plan.best]
        paid = f"its months, {money.exact(t.move_usd)} for the move, today's strategy until month {best.alone_from - 1}"
        if way.bought:
            paid += f", machines paid when ordered {starts_at(way)} months ahead"
            paid += f", less {money.exact(best.resale_usd)} of sales"
        steps += [
            WhyStep(
                topic="cost", name=f"worth today of all payments of {best.name}", value=best.present_usd, unit="USD",
                found="look-up", formula=f"the sum over all months of {paid}",
            ),
            WhyStep(
                topic="cost", name="saved as planned", value=best.saving_usd, unit="USD", found="formula",
                formula=SAVING.printed,
                inputs=(("staying", f"{today.present_usd:,.10g} USD"), ("moving", f"{best.present_usd:,.10g} USD")),
            ),
            WhyStep(
                topic="cost", name="most money out", value=best.peak_funding_usd, unit="USD", found="search",
                formula="the largest sum of payments beyond those of staying, over all months",
            ),
        ]  # fmt: skip
    return steps


def _ranges(model: DrawModel, money: Money) -> list[WhyStep]:
    """Every input with low, base and high; its figures and the reason of its shape."""
    steps = []
    for one in model.unknowns:
        low, base, high = (said(one, value, money) for value in (one.low, one.base, one.high))
        whose = "low, base, high, yours" if one.own else "low, base, high"
        steps.append(
            WhyStep(
                topic="quality" if one.kind in {"hit", "platform_hit"} else "speed" if one.kind == "speed" else "price",
                name=one.words, value=None, unit="", found="sentence",
                formula=f"{low}, {base}, {high} ({whose}); {shape_words(one.shape)}",
                sources=tuple(filter(None, (OWN_SOURCE if one.own else one.figure_source, one.source_id))),
                basis="estimated",
                confidence="medium" if one.confidence == "medium" else "low",
            )
        )  # fmt: skip
    return steps


def shape_words(shape: str) -> str:
    """A shape in words, with what its ends leave out."""
    match shape:
        case "triangular":
            return "a triangle"
        case "log-triangular":
            return "a triangle on the logarithm"
        case "lognormal-80":
            return "log-normal, one in ten beyond either end"
    return "log-normal, one in twenty beyond either end"
