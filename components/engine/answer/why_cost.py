"""Why this number: each part of the monthly cost from hours, prices and counts, over all fleets and purchases."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from components.engine.answer.chosen import WHOSE, ChipGroup, Chosen, only, payment_usd_per_month
from components.engine.answer.spreads import Spread, cost_range
from components.engine.answer.why_step import calculated
from components.engine.economics import monthly_bill as bill
from components.engine.economics.monthly_bill import PARTS, Part
from components.engine.economics.per_token import BATCH_PRICE, CACHED_TOKENS, FEE, INPUT_TOKENS, OUTPUT_TOKENS
from components.engine.economics.staff import STAFF
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import DAYS_PER_MONTH, HOURS_PER_MONTH
from components.engine.outcome.evaluation import servers_of

if TYPE_CHECKING:
    from components.engine.answer.records import WhyStep
    from components.engine.economics.terms import TokenTerms
    from components.engine.outcome.evaluation import Outcome


@dataclass(slots=True)
class Account:
    """What each part of the cost is a sum of."""

    formulas: dict[Part, list[Formula]] = field(default_factory=dict)
    inputs: dict[Part, dict[str, float]] = field(default_factory=dict)

    def add(self, part: Part, formula: Formula, values: tuple[float, ...], whose: str = "") -> None:
        """One more term of a part; values in the order of the formula's symbols."""
        named = formula.of(whose)
        self.formulas.setdefault(part, []).append(named)
        given = {symbol.name: value for symbol, value in zip(named.symbols, values, strict=True)}
        self.inputs.setdefault(part, {}).update(given)


def cost_steps(outcome: Outcome) -> list[WhyStep]:
    """The total, then its parts; none without a price."""
    parts = {name: outcome.parts_usd_per_month[name] for name in PARTS if outcome.parts_usd_per_month.get(name)}
    if not outcome.parts_usd_per_month:
        return []
    account = _account(outcome)
    symbols = tuple(Symbol(name.replace("_", " "), "USD/month") for name in parts)
    text = " + ".join(symbol.name for symbol in symbols) or "0"
    total = Formula(text, "USD/month", symbols, "docs/engine.md#money")
    sums = {symbol.name: usd for symbol, usd in zip(symbols, parts.values(), strict=True)}
    return [
        calculated("cost", "Total", value=outcome.cost_usd_per_month, formula=total, inputs=sums),
        *(
            calculated(
                "cost",
                name,
                value=usd,
                formula=reduce(Formula.plus, account.formulas[name]),
                inputs=account.inputs[name],
            )
            for name, usd in parts.items()
        ),
    ]


def range_steps(outcome: Outcome, unknown: tuple[Spread, ...]) -> list[WhyStep]:
    """The cheap and the dear end of the total, from what each unknown may change; none where all is known."""
    if not unknown:
        return []
    usd, symbols = outcome.cost_usd_per_month, tuple(Symbol(s.cause, "USD/month") for s in unknown)
    both = cost_range(usd, unknown)
    squares = " + ".join(f"{symbol.name}^2" for symbol in symbols)
    ends = (
        ("Total, cheap end", both.low, f"max(total - ({squares})^0.5, 0)", [-s.low_usd for s in unknown]),
        ("Total, dear end", both.high, f"total + ({squares})^0.5", [s.high_usd for s in unknown]),
    )
    total = Symbol("total", "USD/month")
    return [
        calculated(
            "cost",
            name,
            value=value,
            formula=Formula(text, "USD/month", (total, *symbols), "docs/engine.md#ranges"),
            inputs={"total": usd} | {symbol.name: change for symbol, change in zip(symbols, changes, strict=True)},
        )
        for name, value, text, changes in ends
    ]


def _account(outcome: Outcome) -> Account:
    account = Account()
    for deployment in outcome.resolved.deployments:
        if deployment.api is not None:
            requests = deployment.requests_per_day * DAYS_PER_MONTH
            _tokens(account, deployment.api, requests, WHOSE[deployment.role])
    for fleet in outcome.fleets:
        _fleet(account, Chosen.of(fleet))
    if outcome.fleets:
        _staff(account, outcome)
    extra = sum(outcome.resolved.extra_usd_per_day.values())
    if extra:
        account.add("support_overheads", bill.BESIDE_THE_MODEL, (extra, DAYS_PER_MONTH))
    return account


def _staff(account: Account, outcome: Outcome) -> None:
    """People follow the servers of all fleets together."""
    servers, owned = servers_of(outcome.fleets)
    t = outcome.fleets[0].batch.team
    paid, growth, already = only(t.usd_per_person_year), only(t.growth), only(t.already)
    values = (paid, only(t.first_chip), only(servers), growth, only(t.first_server), only(owned), already)
    account.add("staff", STAFF, values)


def _tokens(account: Account, api: TokenTerms, requests: float, whose: str) -> None:
    batch = 1 - api.batch_discount * api.deferred_share
    rows: tuple[tuple[Part, Formula, tuple[float, ...]], ...] = (
        ("api_input", INPUT_TOKENS, (requests, api.isl, api.cached_share, api.usd_per_token_input)),
        ("api_cached", CACHED_TOKENS, (requests, api.isl, api.cached_share, api.usd_per_token_cached)),
        ("api_output", OUTPUT_TOKENS, (requests, api.osl, api.usd_per_token_output)),
    )
    for part, formula, values in rows:
        if batch == 1:
            account.add(part, formula, values, whose)
        else:
            account.add(part, formula.times(BATCH_PRICE), (*values, batch), whose)
    if api.usd_per_month:
        account.add("api_fee", FEE, (api.usd_per_month,), whose)


def _fleet(account: Account, chosen: Chosen) -> None:
    role = WHOSE[chosen.deployment.role]
    for group in chosen.groups:
        whose = " ".join(word for word in (role, group.whose) if word)
        _group(account, group, whose)
        t = group.purchase
        if t.usd_per_kwh:
            kwh = group.kwh_per_month(chosen.batch.plan.idle_power_share)
            account.add("power", bill.POWER, (kwh, t.usd_per_kwh), whose)
        if t.overhead_share and group.compute_usd_per_month:
            overheads = (group.compute_usd_per_month, t.overhead_share)
            account.add("support_overheads", bill.OVERHEADS, overheads, whose)


def _group(account: Account, group: ChipGroup, whose: str) -> None:
    t = group.purchase
    chips, replicas = group.chips, group.replicas
    if t.kind == "owned":
        payment, work = payment_usd_per_month(t), (group.busy_h, HOURS_PER_MONTH)
        account.add("compute_busy", bill.BUSY_OWNED, (chips, payment, *work), whose)
        account.add("compute_idle", bill.IDLE_OWNED, (payment, group.bought, chips, *work), whose)
        account.add("support_overheads", bill.UPKEEP, (group.bought, t.capex_usd_per_chip, t.maintenance_share), whose)
        account.add("facility", bill.FACILITY, (replicas, chips, t.kw_per_chip, t.colo_usd_per_kw_month), whose)
    elif t.kind == "edge":
        if t.capex_usd_per_chip:
            account.add("devices", bill.DEVICES, (replicas * chips, payment_usd_per_month(t)), whose)
    else:
        paid = (group.paid_h, t.paid_hours_factor, group.busy_h)
        account.add("compute_busy", bill.BUSY_RENTED, (group.busy_h, chips, t.usd_per_chip_hour), whose)
        account.add("compute_idle", bill.IDLE_RENTED, (*paid, chips, t.usd_per_chip_hour), whose)
