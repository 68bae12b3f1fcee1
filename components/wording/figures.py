"""The table of figures shown: one record per figure, which tables, axes of charts and the heads of a CSV read.

To show a further figure of an answer or of a searched configuration, add a record here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from components.wording import numbers
from components.wording.money import Money
from components.wording.vocabulary import grade_word

Owner = Literal["answer", "option"]
"""What has the figure: an answer of the comparison, a configuration that a search found."""
Form = Literal["money", "seconds", "count", "share", "energy", "carbon", "speed", "power", "text"]
"""How a value is said."""
Against = Literal["speed", "energy", "quality"]
"""What a search sets against cost."""
NONE = "-"
"""Said where a figure does not apply."""


class Column(NamedTuple):
    """A figure in the table of all strategies."""

    head: str
    absent: str = numbers.NOT_PUBLISHED
    """Said where there is no value."""
    written: bool = False
    """Whether it exists only where an answer is written."""
    unwritten: str = ""
    """Head where none is written, if another."""


class Axis(NamedTuple):
    """A figure set against cost."""

    key: Against
    title: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name in the records, its words, its unit and how it is said."""

    name: str
    words: str
    unit: str
    form: Form = "text"
    of: tuple[Owner, ...] = ("answer",)
    column: Column | None = None
    axis: Axis | None = None

    @property
    def head(self) -> str:
        """The head of its column in a CSV: "energy_kwh_per_month [kWh/month]"."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


BOTH: tuple[Owner, ...] = ("answer", "option")
FIGURES: tuple[Figure, ...] = (
    Figure("cost_usd_per_month", "cost", "USD/month", "money", BOTH),
    Figure("usd_per_mtok_input", "cost per million input tokens", "USD/Mtok", "money"),
    Figure("usd_per_mtok_output", "cost per million output tokens", "USD/Mtok", "money"),
    Figure("usd_per_mtok_blended", "cost per million tokens, blended", "USD/Mtok", "money",
           column=Column("Per million tokens")),
    Figure("usd_per_request", "cost per request", "USD/request", "money"),
    Figure("ttft_p50_s", "time to first token, median", "s", "seconds"),
    Figure("ttft_p95_s", "time to first token, p95", "s", "seconds", BOTH,
           Column("First word, slow case", unwritten="Result, slow case")),
    Figure("tpot_p50_s", "time per output token, median", "s", "seconds"),
    Figure("tpot_p95_s", "time per output token, p95", "s", "seconds", BOTH,
           Column("Each word, slow case", written=True)),
    Figure("e2e_p50_s", "whole answer, median", "s", "seconds"),
    Figure("e2e_p95_s", "whole answer, p95", "s", "seconds", column=Column("Whole answer, slow case", written=True)),
    Figure("output_tokens_per_s_per_user", "output speed per user", "tokens/s", "speed", BOTH,
           axis=Axis("speed", "speed for each user [tokens/s]", "tokens/s")),
    Figure("output_tokens_per_s_capacity", "output capacity inside the targets", "tokens/s", "speed"),
    Figure("throughput_tokens_per_s", "output capacity inside the targets", "tokens/s", "speed", ("option",)),
    Figure("requests_per_s_peak", "requests in the busiest hour", "requests/s", "count"),
    Figure("accelerators", "accelerators at peak", "1", "count", BOTH, Column("Chips", NONE)),
    Figure("chips_per_replica", "chips per replica", "1", "count"),
    Figure("replicas", "replicas", "1", "count"),
    Figure("prefill_accelerators", "accelerators for prompts alone", "1", "count"),
    Figure("paid_hours_per_month", "replica-hours paid", "h/month", "count"),
    Figure("people", "people who run it", "full-time equivalents", "count"),
    Figure("utilisation", "used share of paid capacity", "share", "share", column=Column("Used", NONE)),
    Figure("power_kw", "mean facility power", "kW", "power", BOTH),
    Figure("energy_kwh_per_month", "energy", "kWh/month", "energy", BOTH, Column("Energy a month"),
           Axis("energy", "energy a month [kWh]", "kWh")),
    Figure("carbon_kg_per_month", "carbon", "kg CO2e/month", "carbon", BOTH, Column("Carbon a month")),
    Figure("grade", "quality grade", "A to E; ? not known", "text", BOTH, Column("Quality")),
    Figure("extra_errors_per_1000", "extra errors against the unquantized model", "per 1,000 requests", "count", BOTH,
           axis=Axis("quality", "extra errors per 1,000 answers")),
    Figure("confidence", "confidence", "high to low", "text", ("option",)),
    Figure("basis", "how it is known", "", "text", ("option",)),
)  # fmt: skip
"""Every figure, in the order of the tables."""


def figures_of(owner: Owner) -> tuple[Figure, ...]:
    """The figures that an answer or a configuration has."""
    return tuple(figure for figure in FIGURES if owner in figure.of)


def axes() -> Mapping[Against, tuple[Figure, Axis]]:
    """What can be set against cost, by key."""
    return {figure.axis.key: (figure, figure.axis) for figure in FIGURES if figure.axis is not None}


_SAID: Mapping[Form, Callable[[float | None], str]] = {
    "seconds": numbers.seconds,
    "count": numbers.number,
    "share": numbers.percent,
    "energy": numbers.energy,
    "carbon": numbers.carbon,
    "power": numbers.power,
}


def said(figure: Figure, value: float | str | None, money: Money) -> str:
    """A value of the figure in words; what its column says, or "not published", where there is none.

    Args:
        figure: which one.
        value: its base estimate, in SI units and USD; the word itself for a grade. [figure.unit]
        money: currency and locale of amounts.
    """
    if isinstance(value, str):
        return grade_word(value) if figure.name == "grade" else value
    if value is None or (figure.form == "count" and not value):
        return figure.column.absent if figure.column else numbers.NOT_PUBLISHED
    if figure.form == "money":
        return money.compact(value)
    return numbers.number(value, figure.unit) if figure.form == "speed" else _SAID[figure.form](value)
