"""People who run machines, by the size of the fleet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book


SERVER_CHIPS = 8
"""Chips of the server that figures of staff are stated for; a larger system counts as one server. [1]"""


RULE = {
    "first_chip": "staff_fte_one_chip",
    "first_server": "staff_fte_per_owned_8gpu_server",
    "growth": "staff_growth",
}
"""Fields of `Team` to the economic figures they are."""
SOURCES = ("staff_cost_loaded", *RULE.values())
"""Economic figures that the people of a fleet follow from."""


STAFF = Formula(
    "salary * max(first chip * (8 * servers)^growth + first server * owned servers^growth - there already, 0) / 12",
    "USD/month",
    (
        Symbol("salary", "USD/year", "loaded, of one engineer"),
        Symbol("first chip", "people", "who run one chip"),
        Symbol("servers", "", "of eight chips, or racks"),
        Symbol("growth", "", "the exponent"),
        Symbol("first server", "people", "more for the first server that is owned"),
        Symbol("owned servers", ""),
        Symbol("there already", "people"),
    ),
    "docs/engine.md#people",
)


@dataclass(frozen=True, slots=True)
class Team(Rows):
    """How many people a fleet needs and what they are paid; every field has shape (n,)."""

    usd_per_person_year: Vec
    """Loaded salary. [USD/year]"""
    first_chip: Vec
    """People who run one chip. [1]"""
    first_server: Vec
    """Further people for the first server that is owned. [1]"""
    growth: Vec
    """Exponent by which people follow servers; below 1 each further server asks for less. [1]"""
    servers_already: Vec
    """Servers whose people are there whatever is chosen, hence not charged. [1]"""
    owned_already: Vec
    """Of these, owned. [1]"""

    @property
    def already(self) -> Vec:
        """People who are there whatever is chosen. [1]"""
        return self._needed(self.servers_already, self.owned_already)

    def _needed(self, servers: Vec, owned_servers: Vec) -> Vec:
        run = self.first_chip * (SERVER_CHIPS * servers) ** self.growth
        hands: Vec = self.first_server * owned_servers**self.growth
        return run + hands

    def people(self, servers: Vec, owned_servers: Vec) -> Vec:
        """People that a fleet needs beyond those already there; continuous and never falling with the fleet. [1]

        p = max(p1 (8 s)^g + h1 o^g - p0, 0)
        Args: servers s in use and, of these, owned ones o, each of shape (n,) or broadcasting to it. [1]
        Source: docs/engine.md#people.
        """
        beyond: Vec = (self._needed(servers, owned_servers) - self.already).clip(min=0.0)
        return beyond

    def usd_per_month(self, servers: Vec, owned_servers: Vec) -> Vec:
        """What the people of a fleet cost. [USD/month]"""
        return self.usd_per_person_year / 12 * self.people(servers, owned_servers)


def _published(book: Book) -> dict[str, float]:
    return {name: book.value(key) for name, key in RULE.items()} | {
        "usd_per_person_year": book.value("staff_cost_loaded"),
        "servers_already": 0.0,
        "owned_already": 0.0,
    }


def team_figures(book: Book) -> dict[str, float]:
    """The fields of one row of `Team`, in its units: USD/year, people and exponent. [1]"""
    rule = _published(book)
    own = 0.0 if book.prices.staff == "none" else book.prices.people
    if own is not None:
        rule |= {"first_chip": own / SERVER_CHIPS, "first_server": 0.0, "growth": 1.0}
    there, owned = book.servers_already
    return rule | {"servers_already": there, "owned_already": owned}


def published_team(book: Book) -> Team:
    """The published rule, whatever the reader states of people, shape (1,). [1]"""
    return Team.of([_published(book)])


def team_of(book: Book) -> Team:
    """How the people of every fleet follow from its size, shape (1,)."""
    return Team.of([team_figures(book)])


def team_ends(book: Book) -> tuple[Team, Team]:
    """The fewest and the most people that the published figures allow, of shape (1,); own figures have no spread. [1]

    Each end takes the low or the high of all figures of the rule together.
    """
    figures = team_figures(book)
    if book.prices.staff == "none" or book.prices.people is not None:
        return Team.of([figures]), Team.of([figures])
    low, high = ({name: book.ends(key)[end] for name, key in RULE.items()} for end in (0, 1))
    return Team.of([figures | low]), Team.of([figures | high])


def servers_per_chip(chip: Accelerator) -> float:
    """A chip as a share of the server or rack it sits in. [1]"""
    return 1 / max(chip.chips_per_system or SERVER_CHIPS, SERVER_CHIPS)
