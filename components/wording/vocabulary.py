"""Words of the ids that strategies are written in: ways to buy and layers, each said as its place needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class WayToBuy(NamedTuple):
    """One way to pay for capacity, by the length that the place allows."""

    choice: str
    """As a choice of its own: "rented on demand"."""
    short: str
    """Among others in a row: "on demand"."""
    terms: str
    """After a machine, before its seller: "reserved for one year"."""
    price: str
    """Before "price": "one-year commitment"."""


WAYS_TO_BUY: Mapping[str, WayToBuy] = {
    "on-demand": WayToBuy("rented on demand", "on demand", "on demand", "on-demand"),
    "spot": WayToBuy("rented, interruptible (spot)", "spot", "spot", "spot"),
    "reserved-1yr": WayToBuy("reserved 1 year", "reserved 1 year", "reserved for one year", "one-year commitment"),
    "reserved-3yr": WayToBuy("reserved 3 years", "reserved 3 years", "reserved for three years",
                             "three-year commitment"),
    "owned": WayToBuy("owned", "owned", "owned", "purchase"),
    "dedicated": WayToBuy("dedicated on a platform", "dedicated", "dedicated", "dedicated"),
    "api": WayToBuy("per token (API)", "per token", "per token", "per-token"),
}  # fmt: skip
"""By the id of a strategy's `buy`, in the order in which they are offered."""


STACKS: Mapping[str, str] = {
    "vllm": "vLLM", "sglang": "SGLang", "trtllm": "TensorRT-LLM", "llama.cpp": "llama.cpp", "other": "other",
}  # fmt: skip
"""Server software, by the id of a strategy's `stack`."""


class LayerWords(NamedTuple):
    """One of the four layers."""

    title: str
    """Where four stand side by side: "Stack"."""
    words: str
    """Where there is room: "Serving stack"."""


LAYERS: Mapping[str, LayerWords] = {
    "model": LayerWords("Model", "Model"),
    "hardware": LayerWords("Hardware", "Hardware"),
    "stack": LayerWords("Stack", "Serving stack"),
    "workload": LayerWords("Workload", "Workload"),
}
"""By the id of a layer, in the order of the editor."""


UNKNOWN_GRADE = "?"
"""The grade of what cannot be compared or is not published."""


def grade_word(grade: str) -> str:
    """A grade of quality where its head says what it is: "B", "not known"."""
    return "not known" if grade == UNKNOWN_GRADE else grade


def grade_words(grade: str) -> str:
    """A grade of quality by itself: "grade B", "quality not known"."""
    return "quality not known" if grade == UNKNOWN_GRADE else f"grade {grade}"
