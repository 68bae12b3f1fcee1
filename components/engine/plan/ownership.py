"""What owning costs in a month, line by line: the engine's bill of an owned strategy parted as a buyer asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from components.catalog.prices import purchase_price
from components.engine.answer.chosen import Chosen, payment_usd_per_month
from components.engine.answer.why_step import figure
from components.engine.economics.staff import SOURCES as STAFF_ROWS
from components.engine.facts.formula import TIMES
from components.engine.outcome.evaluation import people_of

if TYPE_CHECKING:
    from components.catalog.base import Confidence
    from components.catalog.records import Accelerator
    from components.engine.answer.chosen import ChipGroup
    from components.engine.facts.book import Book
    from components.engine.outcome.evaluation import Outcome

HOST = {"server": "capex_server_share", "network": "capex_network_share", "storage": "capex_storage_share"}
"""What stands beside bare accelerators, with its share of a data centre's capital."""

LIVES = (2.0, 3.0, 4.0, 5.0, 6.0)
"""Years of use that are compared: sceptics say 2 to 3, books 5 to 6. [years]"""
BESIDE = ("cache_usd_per_request", "router_usd_per_request", "compressor_usd_per_mtok")
"""Figures that what runs beside the model follows from."""


@dataclass(frozen=True, slots=True)
class TcoLine:
    """One line of the bill of owning."""

    name: str
    usd_per_month: float
    """Negative for what is got back."""
    usd_once: float | None
    """Paid at the start; None for what is paid as it goes."""
    how: str
    """How it follows: where there is a semicolon, figures whose product or sum before it is the month's cost."""
    sources: tuple[str, ...]
    """Source ids of the catalog."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Ownership:
    """The bill of owning at today's volume."""

    lines: tuple[TcoLine, ...]
    reasons: tuple[str, ...]
    """Why it cannot be owned; then there are no lines."""
    years: float
    interest: float
    machines: str
    """What is bought, in words: "48 x B200"."""
    by_life: tuple[tuple[float, float], ...]
    """Years of use to the month's cost of the same machines. [years], [USD/month]"""

    @property
    def usd_per_month(self) -> float:
        """The sum of all lines: the month's cost of the owned strategy. [USD/month]"""
        return sum(line.usd_per_month for line in self.lines)

    @property
    def usd_once(self) -> float:
        """Paid at the start. [USD]"""
        return sum(line.usd_once or 0.0 for line in self.lines)


class _Piece(NamedTuple):
    """A part of the price of a chip, installed."""

    name: str
    usd: float
    how: str
    rows: tuple[str, ...]


def bill_of_owning(outcome: Outcome, book: Book) -> Ownership:
    """The bill of an owned strategy by line; its sum is the strategy's cost.

    Args: outcome, of a strategy that is bought "owned"; book, that it was evaluated with.
    """
    reasons = outcome.resolved.reasons
    if reasons or not outcome.priced:
        return Ownership((), reasons or ("it has no price",), 0.0, 0.0, "", ())
    chosen = [Chosen.of(fleet) for fleet in outcome.fleets]
    groups = [(c, g) for c in chosen for g in c.groups if g.purchase.kind == "owned"]
    lines = [line for c, group in groups for line in _bought(c, group, book)]
    lines += _running(groups, outcome, book)
    if beside := outcome.resolved.extra_usd_per_month:
        lines.append(TcoLine("Beside the model", beside, None, "response cache, router, compressor: by the request",
                             tuple(book.source(key) for key in BESIDE), "low"))  # fmt: skip
    rest = outcome.cost_usd_per_month - sum(line.usd_per_month for line in lines)
    if abs(rest) > 0.005:
        lines.append(TcoLine("Not owned", rest, None, "users' devices and machines that can only be rented",
                             (), outcome.resolved.confidence))  # fmt: skip
    return Ownership(
        lines=tuple(lines),
        reasons=(),
        years=book.value("deprec_economic_years"),
        interest=book.value("cost_of_capital"),
        machines=", ".join(f"{group.bought:,.0f} x {_chip(c, group).name}" for c, group in groups),
        by_life=tuple((years, outcome.cost_usd_per_month + _longer(groups, years)) for years in LIVES),
    )


def _longer(groups: Sequence[tuple[Chosen, ChipGroup]], years: float) -> float:
    """What other years of use change. [USD/month]"""
    changed = 0.0
    for _, group in groups:
        t = group.purchase
        other = replace(t, years=years, residual_share=t.residual_share ** (years / t.years))
        changed += group.bought * (payment_usd_per_month(other) - payment_usd_per_month(t))
    return changed


def _chip(c: Chosen, group: ChipGroup) -> Accelerator:
    d = c.deployment
    found = {"": d.chip, "SRAM": d.sram_chip, "prefill": d.pool_chip}[group.whose]
    assert found is not None
    return found


def _pieces(group: ChipGroup, chip: str, book: Book) -> list[_Piece]:
    """The price of one chip, installed, by what is bought."""
    t, found = group.purchase, purchase_price(book.catalog, chip)
    own = t.rule == "own price"
    install = book.value("owned_install_share")
    before = t.capex_usd_per_chip / (1 + install)
    bare = found is not None and not found.includes_host and not own
    host = book.value("capex_overhead_share") if bare else 0.0
    card = before / (1 + host)
    price = () if own or found is None else (found.source_id,)
    name = "Accelerators" if bare or own else "Accelerators, in whole machines"
    pieces = [_Piece(name, card, t.rule, price)]
    if bare:
        shares = {name: book.value(key) for name, key in HOST.items()}
        whole = sum(shares.values())
        pieces += [
            _Piece(what.capitalize(), card * host * share / whole,
                   f"{host * share / whole:.1%} of the accelerators' price",
                   (book.source("capex_overhead_share"), book.source(HOST[what])))
            for what, share in shares.items()
        ]  # fmt: skip
    else:
        pieces += [_Piece("Server, network, storage", 0.0, "in the price above, not published apart", price)]
    pieces.append(_Piece("Racks, cables, installation", before * install, f"{install:.0%} of the price",
                         (book.source("owned_install_share"),)))  # fmt: skip
    return pieces


def _bought(c: Chosen, group: ChipGroup, book: Book) -> list[TcoLine]:
    """Machines that are bought: worn off evenly, less what is left, with the cost of capital, spares apart."""
    t, months = group.purchase, 12 * group.purchase.years
    head = f"{group.whose} " if group.whose else ""
    spare = _spare(c, group)
    used = group.bought - spare
    pieces = _pieces(group, _chip(c, group).id, book)
    life = f"{t.years:g} years"
    lines = [
        TcoLine(f"{head}{p.name}".strip(), used * p.usd / months, used * p.usd,
                f"{used:,.0f} chips {TIMES} {figure(p.usd)} USD / {months:g} months; {p.how}" if p.usd else p.how,
                (*p.rows, book.source("deprec_economic_years")), t.confidence)
        for p in pieces
    ]  # fmt: skip
    price, payment = t.capex_usd_per_chip, payment_usd_per_month(t)
    left = price * t.residual_share
    capital = payment - (price - left) / months
    source = book.source
    return [
        *lines,
        TcoLine(f"{head}Spares", spare * payment, spare * price,
                f"{spare:,.0f} chips {TIMES} {figure(payment)} USD a month; for a failure and to fill whole systems, "
                "with their cost of capital",
                (source("spare_replicas"),), _sure(book, "spare_replicas")),
        TcoLine(f"{head}Value left at the end", -used * left / months, None,
                f"-{used:,.0f} chips {TIMES} {figure(price)} USD {TIMES} {figure(100 * t.residual_share)} % / "
                f"{months:g} months; the share left after {life}, where the source states "
                f"{book.value('residual_value_36m'):.0%} after 3 years: the same share is lost each year",
                (source("residual_value_36m"),), _sure(book, "residual_value_36m")),
        TcoLine(f"{head}Cost of capital", used * capital, None,
                f"{used:,.0f} chips {TIMES} ({figure(payment)} USD a month - ({figure(price)} - {figure(left)}) USD / "
                f"{months:g} months); level payments at {t.cost_of_capital:.1%} a year, less what is worn off",
                (source("cost_of_capital"),), _sure(book, "cost_of_capital")),
    ]  # fmt: skip


def _spare(c: Chosen, group: ChipGroup) -> float:
    """Chips bought beyond those of the replicas that carry the peak. [1]"""
    sizing = c.service.sizing
    active = sizing.prefill_active if group.whose == "prefill" else sizing.replicas_active
    return group.bought - float(active[0]) * group.chips


def _running(groups: Sequence[tuple[Chosen, ChipGroup]], outcome: Outcome, book: Book) -> list[TcoLine]:
    """Space, power, upkeep and people."""
    parts, place = outcome.parts_usd_per_month, book.tables.places[outcome.resolved.strategy.place]
    kw = sum(g.replicas * g.chips * g.purchase.kw_per_chip for _, g in groups)
    kwh = sum(g.kwh_per_month(c.batch.plan.idle_power_share) for c, g in groups)
    pue = groups[0][1].purchase.pue if groups else 1.0
    tariff = groups[0][1].purchase.usd_per_kwh if groups else 0.0
    upkeep = sum(g.bought * g.purchase.capex_usd_per_chip * g.purchase.maintenance_share / 12 for _, g in groups)
    power = (book.source(place.electricity or ""), book.source(place.pue), book.source("idle_power_share"))
    bought = sum(g.bought * g.purchase.capex_usd_per_chip for _, g in groups)
    yearly, space, salary = (book.value(key) for key in ("maintenance_share", "colo_us_primary", "staff_cost_loaded"))
    people = people_of(outcome.fleets)
    team = tuple(dict.fromkeys(book.source(row) for row in STAFF_ROWS))
    return [
        TcoLine("Space in a rented hall", parts["facility"], None,
                f"{figure(kw)} kW {TIMES} {figure(space)} USD a kW; all-in power, by the month",
                (book.source("colo_us_primary"),), _sure(book, "colo_us_primary")),
        TcoLine("Power", kwh * tariff, None,
                f"{figure(kwh)} kWh {TIMES} {figure(tariff)} USD; {kw:,.1f} kW all-in, PUE {pue:g}, idle hours at "
                f"{book.value('idle_power_share'):.0%}, in {place.label}",
                power, _sure(book, place.electricity or "")),
        TcoLine("Maintenance", upkeep, None, f"{figure(bought)} USD {TIMES} {figure(100 * yearly)} % / 12 months; of "
                "the price, a year",
                (book.source("maintenance_share"),), _sure(book, "maintenance_share")),
        TcoLine("People", parts["staff"], None, f"{figure(people)} people {TIMES} {figure(salary)} USD / 12 months; "
                "full-time, by the size of the fleet", team, _sure(book, "staff_growth")),
    ]  # fmt: skip


def _sure(book: Book, key: str) -> Confidence:
    """How sure a figure is; one of the reader's own is."""
    row = book.catalog.economics.get(key) or book.tables.levers.get(key)
    own = book.source(key) == "own-figure"
    return "high" if own or row is None else row.confidence
