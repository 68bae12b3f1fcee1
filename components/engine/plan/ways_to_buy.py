"""Ways to buy the same service: one strategy's model, machine and levers under every purchase there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.engine.answer.assemble import answer
from components.engine.answer.targets import risky
from components.engine.comparison.chips import need
from components.engine.comparison.choice import keeps_quality, meets_targets, worst_grade
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate
from components.engine.scenario import OWN, TOKEN_TERMS, Buy, Strategy
from components.engine.strategy.fleets import EDGE_STACK
from components.wording.vocabulary import grade_words

if TYPE_CHECKING:
    from components.engine.answer.records import Answer
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.outcome.evaluation import Outcome
    from components.engine.scenario import Scenario

Family = Literal["token", "rent", "commit", "own", "device", "mix"]
"""What is paid for: tokens, hours as needed, hours agreed for long, machines, users' devices, or two of these."""


class Words(NamedTuple):
    """A way to buy as it is said."""

    label: str
    """In a list: "Rented on demand"."""
    doing: str
    """At the start of a sentence, before "costs" or "wins": "Renting on demand"."""
    family: Family


MACHINES: Mapping[Buy, Words] = {
    "on-demand": Words("Rented on demand", "Renting on demand", "rent"),
    "spot": Words("Spot, with replacements", "Renting spot machines", "rent"),
    "dedicated": Words("Dedicated on a platform", "Dedicated capacity", "rent"),
    "reserved-1yr": Words("Reserved for 1 year", "Reserving for a year", "commit"),
    "reserved-3yr": Words("Reserved for 3 years", "Reserving for three years", "commit"),
    "owned": Words("Owned, in a rented hall", "Owning", "own"),
}
"""Ways to pay for machines, in the order in which they are shown."""
RENTED: tuple[Buy, ...] = ("on-demand", "spot", "dedicated")
"""Hours of these can be given back when the load falls."""
API, HALL, EDGE, MIX, CHOSEN = "api", "own-hall", "edge", "mix", "chosen"
NO_PRICE = 5
"""The gravest doubt. [1]"""
PER_TOKEN = Words("Per token (API)", "Paying per token", "token")
IN_OWN_HALL = Words("Owned, in an own hall", "Owning with an own hall", "own")
ON_DEVICES = Words("Users' own devices", "Running on users' devices", "device")


class Doubt(NamedTuple):
    """Why a way may not be called the cheapest."""

    rank: int
    """0 none, then the worse the higher: quality, risk, unknown speed, a missed target, no price."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to buy, computed at today's volume."""

    key: str
    """A way of `MACHINES`, "api", "edge", "sram" with a platform's name, or "chosen"."""
    words: Words
    seller: str
    """Who is paid, empty where it is the market."""
    outcome: Outcome
    answer: Answer
    doubt: Doubt

    @property
    def strategy(self) -> Strategy:
        """What was computed."""
        return self.outcome.resolved.strategy


def plain(strategy: Strategy, buy: Buy) -> Strategy:
    """The strategy with its machines bought otherwise; terms of its own stay with its own way to buy.

    As many machines as are needed, each way at its best: rented hours follow the load, what is agreed for long and
    what is owned is paid around the clock.
    """
    scale = "fixed" if buy not in RENTED else "hourly" if strategy.scale == "fixed" else strategy.scale
    rest: dict[str, object] = {"buy": buy, "fleet": 0, "scale": scale}
    if buy != strategy.buy:
        rest |= {"provider": "", "tier": "standard", "price": None} | dict.fromkeys(TOKEN_TERMS)
    return strategy.model_copy(update=rest)


def per_token(strategy: Strategy, provider: str, tier: str = "standard") -> Strategy:
    """The same model bought per token: an own measurement is of machines."""
    if strategy.buy == "api" and (provider, tier) == (strategy.provider, strategy.tier):
        return strategy
    rest: dict[str, object] = {"buy": "api", "provider": provider, "tier": tier, "price": None}
    unmeasured = {name: Strategy.model_fields[name].default for name in OWN}
    return strategy.model_copy(update=rest | dict.fromkeys(TOKEN_TERMS) | unmeasured)


def on_devices(strategy: Strategy, traffic: Traffic, book: Book) -> Strategy:
    """All requests on users' devices: by the same model where the device holds it, else by the strategy's small one."""
    device, model = (
        book.catalog.accelerators.get(strategy.edge_device), book.catalog.models.get(strategy.answering_model)
    )  # fmt: skip
    small = Strategy(weights="int4").model_copy(update={"stack": EDGE_STACK})
    fits = (
        device is not None and model is not None and model.usable and bool(model.total_params)
        and need(book, small, traffic, model, device).chips == 1
    )  # fmt: skip
    answering = strategy.answering_model if fits else strategy.edge_model
    return plain(strategy, "on-demand").model_copy(update={"edge": 1.0, "edge_model": answering, "route": 0.0})


def sellers(strategy: Strategy, book: Book) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who sells the model per token, in which tier: platforms on chips that others sell, and on chips of their own.

    A platform on chips of its own that lists no price of the model stands with its standard tier.
    """
    rows = book.catalog.api_prices
    sold = sorted(
        {(r.provider, r.tier) for r in rows if r.model_id == strategy.answering_model and r.status == "current"}
    )
    if strategy.buy == "api" and strategy.provider and (strategy.provider, strategy.tier) not in sold:
        sold.append((strategy.provider, strategy.tier))
    own: list[tuple[str, str]] = []
    for platform in book.tables.platforms.values():
        if platform.accelerator_id:
            listed = [offer for offer in sold if offer[0] == platform.provider]
            own += listed or [(platform.provider, "standard")]
    return [offer for offer in sold if offer not in own], own


class _Asked(NamedTuple):
    """One way before it is computed."""

    key: str
    words: Words
    seller: str
    strategy: Strategy


def _asked(strategy: Strategy, traffic: Traffic, book: Book) -> list[_Asked]:
    common, own_chips = sellers(strategy, book)
    tokens = [_Asked(API, PER_TOKEN, name, per_token(strategy, name, tier)) for name, tier in common]
    tokens = tokens or [_Asked(API, PER_TOKEN, "", per_token(strategy, ""))]
    sram = [
        _Asked(f"sram {name}", Words(f"{name}, per token", f"Paying {name} per token", "token"), name,
               per_token(strategy, name, tier))
        for name, tier in own_chips
    ]  # fmt: skip
    machines = [_Asked(buy, words, "", plain(strategy, buy)) for buy, words in MACHINES.items()]
    edge = _Asked(EDGE, ON_DEVICES, "", on_devices(strategy, traffic, book))
    chosen = _Asked(CHOSEN, _chosen_words(strategy), "", strategy)
    return [*tokens, *sram, *machines, edge, chosen]


def _chosen_words(strategy: Strategy) -> Words:
    """The strategy as it is bought: "As chosen: rented on demand, all week"."""
    bought = PER_TOKEN if strategy.buy == "api" else MACHINES[strategy.buy]
    said = [bought.label.removesuffix(" (API)"), strategy.provider]
    said[0] = said[0][:1].lower() + said[0][1:]
    said.append("all week" if strategy.buy in RENTED and strategy.scale == "fixed" else "")
    return Words(f"As chosen: {', '.join(filter(None, said))}", "Buying as chosen", bought.family)


def ways(strategy: Strategy, scenario: Scenario, book: Book) -> tuple[Way, ...]:
    """Every way to buy a strategy's service, all evaluated in one pass.

    Of platforms on common chips the cheapest credible seller alone, and of every platform its cheapest credible tier:
    the cheapest of those with the least doubt.
    Args:
        strategy: whose model, formats, machine and workload levers all ways share; the measure of quality.
        scenario: its workload and its floor of quality.
        book: look-ups under the scenario's figures.
    Returns: per token, platforms on chips of their own, `MACHINES` in order, users' devices; the strategy as it is
        bought last, where none of these is the same.
    """
    traffic = effective_workload(scenario.workload, book.catalog)
    asked = _asked(strategy, traffic, book)
    outcomes = evaluate([one.strategy for one in asked], scenario.workload, book, strategy.answering_model)
    chosen = answer(outcomes[-1], traffic, book, "")
    found = [
        _way(one, outcome, chosen, scenario, traffic, book) for one, outcome in zip(asked, outcomes, strict=True)
    ]  # fmt: skip
    offers: dict[str, list[Way]] = {}
    for way in found[:-1]:
        offers.setdefault(way.key, []).append(way)
    kept = [credible(same) for same in offers.values()]
    alike = any(way.strategy == strategy for way in kept)
    return (*kept, *(found[-1:] if not alike else ()))


def credible(offers: Sequence[Way]) -> Way:
    """The cheapest offer of those with the least doubt."""
    return min(offers, key=lambda way: (way.doubt.rank, way.answer.cost_usd_per_month.base))


def _way(
    one: _Asked, outcome: Outcome, chosen: Answer, scenario: Scenario, traffic: Traffic, book: Book
) -> Way:  # fmt: skip
    seller = one.seller or (one.strategy.provider if one.strategy.buy != "owned" else "")
    said = answer(outcome, traffic, book, one.words.label)
    words = one.words
    if one.key == API and seller:
        tier = "" if one.strategy.tier == "standard" else f" ({one.strategy.tier})"
        words = words._replace(label=f"Per token, {seller}{tier}")
    found = doubt(said, chosen, scenario)
    if one.strategy.buy == "api" and found.rank == NO_PRICE and one.seller:
        model = book.catalog.models.get(one.strategy.answering_model)
        found = Doubt(NO_PRICE, f"{one.seller} lists no price of {model.name if model else one.strategy.model}")
    return Way(one.key, words, seller, outcome, said, found)


def doubt(said: Answer, chosen: Answer, scenario: Scenario) -> Doubt:
    """Why a way may not be called the cheapest: the comparison's rule for its best, with the strategy as the measure.

    Args: said, of the way; chosen, of the strategy as it is bought; scenario, for its floor of quality.
    """
    reason = said.reasons[0] if said.reasons else "it misses a target"
    if not said.cost_parts_usd_per_month:
        return Doubt(NO_PRICE, reason)
    if said.unproven and said.feasible:
        return Doubt(3, f"no speed is published for {' and '.join(said.unproven)}")
    if not meets_targets(said):
        return Doubt(4, reason)
    if risky(said):
        return Doubt(2, f"in the slow case {said.at_risk[0]}")
    return Doubt(0) if keeps_quality(said, chosen, scenario.workload.grade) else _lesser(said, chosen, scenario)


def _lesser(said: Answer, chosen: Answer, scenario: Scenario) -> Doubt:
    """Its quality is below what is asked, or not known."""
    floor = grade_words(worst_grade(chosen, scenario.workload.grade))
    known = "quality is not published" if said.grade == "?" else f"quality is {grade_words(said.grade)}"
    return Doubt(1, f"{known}, and {floor} is asked for")


def renamed(way: Way, key: str, words: Words) -> Way:
    """The same purchase under another name, such as own machines in an own hall."""
    return replace(way, key=key, words=words)
