"""What the editor asks of a strategy: plain words, the term of art beside, one line of help, by layer."""

from __future__ import annotations

from typing import Literal, NamedTuple

from components.engine.scenario import Layer, Strategy
from components.engine.strategy import Lever, Words, every_lever
from components.wording.vocabulary import STACKS, WAYS_TO_BUY

Kind = Literal["model", "chip", "words", "switch", "percent", "share", "whole", "money", "seller", "tier", "place"]


When = Literal["", "api", "chips", "rent", "owned"]
"""Way to buy under which a field means something; empty for any."""


class Ask(NamedTuple):
    """One field of a strategy as the reader sees it."""

    field: str
    kind: Kind
    label: str
    help: str
    words: dict[str, str] = {}  # noqa: RUF012
    when: When = ""
    lever: Lever | None = None
    """Shown only while this lever is on."""

    def applies(self, strategy: Strategy) -> bool:
        """Whether the field means anything for a strategy as it is."""
        api, owned = strategy.buy == "api", strategy.buy == "owned"
        bought = {"": True, "api": api, "chips": not api, "rent": not api and not owned, "owned": owned}[self.when]
        return bought and (self.lever is None or self.lever.used(strategy))


BOUGHT: dict[Layer, tuple[Ask, ...]] = {
    "model": (
        Ask("model", "model", "Model", "What answers. Some can be bought per token only and are marked."),
    ),
    "hardware": (
        Ask("buy", "words", "How it is bought", "Rented, owned, reserved on a platform, or paid per token.",
            {buy: way.choice for buy, way in WAYS_TO_BUY.items()}),
        Ask("hardware", "chip", "Chip (accelerator)", "What the model runs on.", {}, "chips"),
        Ask("provider", "seller", "Seller", "Empty takes the median of current list prices."),
        Ask("tier", "tier", "Price tier", "Sellers name tiers by speed.", {}, "api"),
        Ask("chips", "whole", "Chips per server (replica)", "0 picks the cheapest number that meets the targets.", {},
            "chips"),
        Ask("fleet", "whole", "Servers there are", "0: as many as the busiest hour needs, and a spare.", {}, "chips"),
        Ask("prefill", "chip", "Other chip for reading prompts (prefill pool)", "Empty: the same chip does both.", {},
            "chips"),
        Ask("place", "place", "Place", "Where the electricity comes from: power price and carbon.", {}, "chips"),
        Ask("price", "money", "Own price, USD per chip-hour", "Your negotiated price instead of the list.", {}, "rent"),
        Ask("price", "money", "Own price, USD per chip bought", "Your negotiated price instead of the list.", {},
            "owned"),
        Ask("price_in", "money", "Own price, USD per million input tokens", "Instead of the list price.", {}, "api"),
        Ask("price_cached", "money", "Own price, cached input", "USD per million cached input tokens.", {}, "api"),
        Ask("price_out", "money", "Own price, USD per million output tokens", "Instead of the list price.", {}, "api"),
        Ask("price_write", "money", "Own price, cache write",
            "USD per million prompt tokens that the platform had not seen and keeps.", {}, "api"),
        Ask("api_hit", "share", "Prompt billed as cached", "Empty: as this workload reuses.", {}, "api"),
        Ask("api_batch", "share", "Discount for work that can wait", "Empty: the platform's batch price.", {}, "api"),
        Ask("api_fee", "money", "Fixed fee, USD per month", "A plan or support, whatever the tokens.", {}, "api"),
    ),
    "stack": (
        Ask("stack", "words", "Server software", "The engine that runs the model.",
            dict(STACKS)),
    ),
    "workload": (),
}  # fmt: skip
"""What is bought, and from whom."""


def _kind(field: str, words: Words) -> Kind:
    if words.list_of:
        return words.list_of
    if words.choices:
        return "words"
    default = Strategy.model_fields[field].annotation
    return "switch" if default is bool else "whole" if default is int else "percent"


def _of_lever(lever: Lever) -> tuple[Ask, ...]:
    """A lever and, while it is on, its companions."""
    when: When = "chips" if lever.on_machines else ""

    def ask(field: str, words: Words, of: Lever | None = None) -> Ask:
        return Ask(field, _kind(field, words), words.label, words.help, dict(words.choices), when, of)

    return (ask(lever.field, lever.words), *(ask(field, words, lever) for field, words in lever.companions))


def asks(layer: Layer) -> tuple[Ask, ...]:
    """Fields of one layer in the order in which they are asked: what is bought, then the levers."""
    levers = (ask for lever in every_lever() if lever.layer == layer for ask in _of_lever(lever))
    return (*BOUGHT[layer], *levers)
