"""Scenario to link and back. A strategy is a preset and its differences: `b200-fp4~spec.none~buy.spot`.

Reading is total: whatever stands in the address, a valid Scenario comes back, with one sentence for each part that
was not taken as written.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar, get_args
from urllib.parse import parse_qs, quote, urlencode

from pydantic import BaseModel

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.catalog.own import with_own
from components.catalog.own_records import NOTHING_OWN, Own, OwnChip, OwnModel
from components.catalog.uncertain import load_uncertain
from components.engine.comparison import rate_of
from components.engine.scenario import MOST, Currency, PlanTerms, Prices, Scenario, Strategy, Workload
from components.share import codec
from components.share.own_code import own_code, read_own
from components.share.presets import first_screen, presets

VERSION = 1
SLOTS = tuple(f"s{i}" for i in range(MOST))
PRICES, PLAN, COLOURS, CHIPS, MODELS = "pr", "pl", "col", "oc", "om"
PLAIN = "custom"
"""Head of a code that differs from the defaults of `Strategy`, hence from no preset that may change."""
LONGEST_CODE = 2000
LONGEST_LINK = 100_000
MOST_NOTICES = 8
_SLOT = re.compile(r"s\d{1,3}")
_MODELS = ("model", "student", "route_model", "edge_model")
_CHIPS = ("hardware", "prefill", "edge_device")
_R = TypeVar("_R", bound=BaseModel)
_EMPTY_ALLOWED = ("student", "prefill", "provider", "name")


def _start(head: str) -> Strategy | None:
    if head == PLAIN:
        return Strategy()
    return presets()[head].strategy if head in presets() else None


def _differences(record: BaseModel, start: BaseModel) -> list[str]:
    return [
        f"{field}.{codec.encode(value)}"
        for field in type(record).model_fields
        if (value := getattr(record, field)) != getattr(start, field)
    ]


def _alike(preset: Strategy, strategy: Strategy) -> bool:
    """Whether a preset may name a strategy: it runs on the same chip, or is bought per token as well."""
    if "api" in {preset.buy, strategy.buy}:
        return preset.buy == strategy.buy
    return preset.hardware == strategy.hardware


def strategy_code(strategy: Strategy, head: str = "") -> str:
    """The strategy as text: against preset `head`, or the one of the same machine that makes it shortest."""
    heads = (
        [head] if head and _start(head) else [*(k for k, p in presets().items() if _alike(p.strategy, strategy)), PLAIN]
    )
    codes = ["~".join([h, *_differences(strategy, start)]) for h in heads if (start := _start(h))]
    return min(codes, key=len)


def head_of(code: str) -> str:
    """The preset a code starts from."""
    return code.partition("~")[0]


def workload_code(workload: Workload) -> str:
    """The workload as text: preset and the figures that replace its own."""
    return "~".join([workload.preset, *_differences(workload, Workload(preset=workload.preset))])


@lru_cache(maxsize=256)
def _vocabulary(field: str, own: Own) -> Container[str] | None:
    """The ids a field may name, None where any text goes."""
    catalog = with_own(load_catalog(), own)
    if field in _MODELS:
        return catalog.answering
    if field in _CHIPS:
        return catalog.accelerators
    if field == "place":
        return load_levers().places
    if field == "tier":
        return {p.tier for p in catalog.api_prices}
    if field != "provider":
        return None
    sellers = {p.provider for p in catalog.api_prices} | {p.provider for p in catalog.rentals}
    return sellers | {p.provider for p in catalog.dedicated}


def _known(field: str, value: object, own: Own) -> bool:
    allowed = _vocabulary(field, own)
    return allowed is None or value in allowed or (value == "" and field in _EMPTY_ALLOWED)


def _apply(start: _R, parts: Sequence[str], where: str, own: Own = NOTHING_OWN) -> tuple[_R, list[str]]:
    """The record with the differences made, and a sentence for each part not taken as written."""
    fields: dict[str, object] = {}
    notices: list[str] = []
    for part in parts:
        field, dot, text = part.partition(".")
        if not dot or field not in type(start).model_fields or field == "preset":
            notices.append(f"{where}: “{codec.plain(part, 30)}” is not a setting and was ignored.")
            continue
        try:
            value, notice = codec.decode(type(start), field, text)
        except codec.CodecError as reason:
            notices.append(f"{where}: {reason}; the usual setting is used.")
            continue
        if not _known(field, value, own):
            notices.append(f"{where}: {field} “{codec.plain(str(value), 30)}” is not in the catalog and was ignored.")
            continue
        fields[field] = value
        if notice:
            notices.append(f"{where}: {notice}.")
    return start.model_copy(update=fields), notices


def read_strategy(code: str, where: str = "Strategy", own: Own = NOTHING_OWN) -> tuple[Strategy | None, list[str]]:
    """A strategy from its code; None when its preset is unknown.    Args: own, chips and models that it may name."""
    notices = [f"{where}: the code was too long and was cut."] if len(code) > LONGEST_CODE else []
    head, *parts = code[:LONGEST_CODE].split("~")
    start = _start(head)
    if start is None:
        return None, [*notices, f"{where} was left out: preset “{codec.plain(head, 30)}” is unknown."]
    strategy, more = _apply(start, parts, where, own)
    return strategy, notices + more


def read_workload(code: str) -> tuple[Workload, list[str]]:
    """A workload from its code."""
    notices = ["Workload: the code was too long and was cut."] if len(code) > LONGEST_CODE else []
    head, *parts = code[:LONGEST_CODE].split("~")
    if head and head not in load_catalog().workloads:
        notices.append(f"Workload “{codec.plain(head, 30)}” is unknown; {Workload().preset} is used.")
        head = ""
    workload, more = _apply(Workload(preset=head or Workload().preset), parts, "Workload")
    return workload, notices + more


def prices_code(prices: Prices) -> str:
    """The reader's own figures as text; empty where there is none: "staff.none~salary.180000"."""
    return "~".join(_differences(prices, Prices()))


def read_prices(code: str, own: Own = NOTHING_OWN) -> tuple[Prices, list[str]]:
    """The reader's own figures from their code.    Args: own, chips that they may name."""
    notices = ["Your prices: the code was too long and was cut."] if len(code) > LONGEST_CODE else []
    parts = [part for part in code[:LONGEST_CODE].split("~") if part]
    prices, more = _apply(Prices(), parts, "Your prices")
    known = {"chip_hours": with_own(load_catalog(), own).accelerators, "rates": get_args(Currency)}
    kept = {field: tuple(pair for pair in getattr(prices, field) if pair[0] in names) for field, names in known.items()}
    if any(kept[field] != getattr(prices, field) for field in known):
        more.append("Your prices: a chip or currency is not in the catalog and was ignored.")
    return prices.model_copy(update=kept), notices + more


def plan_code(plan: PlanTerms) -> str:
    """The terms of the plan as text; empty where all are the usual ones: "months.60~growth.2"."""
    return "~".join(_differences(plan, PlanTerms()))


def read_plan(code: str) -> tuple[PlanTerms, list[str]]:
    """The terms of the plan from their code."""
    notices = ["Plan: the code was too long and was cut."] if len(code) > LONGEST_CODE else []
    parts = [part for part in code[:LONGEST_CODE].split("~") if part]
    plan, more = _apply(PlanTerms(), parts, "Plan")
    known = load_uncertain()
    kept = {
        field: tuple(pair for pair in getattr(plan, field) if pair[0].partition(".")[0] in known)
        for field in ("lows", "highs")
    }
    if any(kept[field] != getattr(plan, field) for field in kept):
        more.append("Plan: a range is of no input that the plan knows and was ignored.")
    return plan.model_copy(update=kept), notices + more


def colours_code(colours: Sequence[int]) -> str:
    """Numbers of colours as text, baseline first: "20134"; empty where they stand in order."""
    return "" if tuple(colours) == tuple(range(len(colours))) else "".join(map(str, colours))


def read_colours(code: str) -> tuple[tuple[int, ...], list[str]]:
    """Numbers of colours from their code, each once."""
    numbers = [int(c) if c in "0123456789" else MOST for c in code[: 2 * MOST]]
    if len(numbers) > MOST or len(set(numbers)) < len(numbers) or any(n >= MOST for n in numbers):
        return (), [f"Colours “{codec.plain(code, 10)}” could not be read; the usual ones are used."]
    return tuple(numbers), []


def canonical_query(scenario: Scenario) -> str:
    """The query of the copied link: no preset in it that may change later, with version and data date."""
    pairs = [("v", str(VERSION)), ("d", load_catalog().data_date), ("w", workload_code(scenario.workload))]
    pairs.append(("cur", scenario.currency))
    pairs += [(PRICES, code)] if (code := prices_code(scenario.prices)) else []
    pairs += [(PLAN, code)] if (code := plan_code(scenario.plan)) else []
    pairs += [(CHIPS, own_code(scenario.own.chips))] if scenario.own.chips else []
    pairs += [(MODELS, own_code(scenario.own.models))] if scenario.own.models else []
    pairs += [(COLOURS, code)] if (code := colours_code(scenario.colours)) else []
    pairs += [(SLOTS[i], strategy_code(s, PLAIN)) for i, s in enumerate(scenario.strategies)]
    return urlencode(pairs, quote_via=quote, safe="~*")


def _version_notices(version: str, date: str) -> list[str]:
    notices = []
    if version and version != str(VERSION):
        if not version.isdecimal():
            notices.append("The link's version could not be read; the rest was read as usual.")
        elif len(version) > 3 or int(version) > VERSION:
            notices.append("The link was made by a newer version of this page; parts unknown here are left out.")
        else:
            notices.append("The link was made by an older version of this page; compare the settings before use.")
    if date and date != load_catalog().data_date:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
            notices.append(
                f"The link was made with data of {date}; today's figures use data of {load_catalog().data_date}."
            )
        else:
            notices.append("The link's data date could not be read.")
    return notices


def _currency(code: str) -> tuple[Currency, list[str]]:
    """The currency shown: USD, and a sentence that says so, where the code is unknown or has no published rate."""
    currency: Currency = next((c for c in get_args(Currency) if c == code), "USD")
    if code and code != currency:
        return "USD", [f"Currency “{codec.plain(code, 10)}” is unknown; USD is used."]
    try:
        rate_of(load_catalog(), currency)
    except ValueError:
        return "USD", [f"No exchange rate of {currency} is published; USD is used."]
    return currency, []


def parse_query(query: Mapping[str, Sequence[str]]) -> tuple[Scenario, list[str]]:
    """The scenario of an address, and what was not taken as written; never raises."""
    notices: list[str] = []

    def one(key: str) -> str:
        values = query.get(key) or [""]
        if len(values) > 1:
            notices.append(f"The link gives “{key}” more than once; the first is used.")
        return values[0]

    notices += _version_notices(one("v")[:40], one("d")[:40])
    workload, more = read_workload(one("w"))
    notices += more
    currency, more = _currency(one("cur"))
    notices += more
    chips, more = read_own(one(CHIPS), OwnChip)
    notices += more
    models, more = read_own(one(MODELS), OwnModel)
    notices += more
    own = Own(chips=chips, models=models)
    prices, more = read_prices(one(PRICES), own)
    notices += more
    plan, more = read_plan(one(PLAN))
    notices += more
    colours, more = read_colours(one(COLOURS))
    notices += more
    strategies: list[Strategy] = []
    for number, key in enumerate(SLOTS, 1):
        code = one(key)
        if code:
            strategy, more = read_strategy(code, f"Strategy {number}", own)
            notices += more
            strategies += [strategy] if strategy else []
    if any(_SLOT.fullmatch(key) and key not in SLOTS for key in list(query)[:200]):
        notices.append(f"At most {len(SLOTS)} strategies fit; the others were left out.")
    scenario = Scenario(
        workload=workload,
        strategies=tuple(strategies) or first_screen().strategies,
        currency=currency,
        prices=prices,
        plan=plan,
        own=own,
        colours=colours,
    )
    if len(notices) > MOST_NOTICES:
        notices = [*notices[:MOST_NOTICES], f"{len(notices) - MOST_NOTICES} more parts of the link were not used."]
    return scenario, notices


def read_link(link: str) -> tuple[Scenario, list[str]]:
    """The scenario of a whole link, or of its query alone."""
    query = link.partition("?")[2].partition("#")[0] if "?" in link else link
    return parse_query(parse_qs(query[:LONGEST_LINK], keep_blank_values=True))


def read_link_strictly(link: str) -> Scenario:
    """The scenario of a link, for commands.

    Raises: ValueError with the first sentence about a part that cannot be taken as written.
    """
    scenario, notices = read_link(link)
    if notices:
        raise ValueError(notices[0])
    return scenario
