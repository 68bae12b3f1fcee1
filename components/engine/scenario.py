"""What is compared: one workload, a baseline and up to five strategies. Frozen, validated, nothing else is read.

Field names are the link's vocabulary (`components.share.link`): short, readable, stable.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict

from components.catalog.own_records import NOTHING_OWN, Own

Layer = Literal["model", "hardware", "stack", "workload"]
LAYERS: tuple[Layer, ...] = ("model", "hardware", "stack", "workload")

Weights = Literal["native", "bf16", "fp8", "int8", "int4", "fp4"]
Kv = Literal["bf16", "fp8", "int4"]
Buy = Literal["on-demand", "spot", "reserved-1yr", "reserved-3yr", "owned", "dedicated", "api"]
Stack = Literal["vllm", "sglang", "trtllm", "llama.cpp", "other"]
Draft = Literal["none", "draft", "eagle", "mtp"]
Scale = Literal["fixed", "hourly", "zero"]
Grade = Literal["A", "B", "C", "D", "E", "?"]
"""Quality against the baseline's model as published, from lossless down; ? where what answers is not published or
shares no score with it."""
Floor = Literal["", "A", "B", "C", "D", "E", "any"]
"""Worst grade that the best may have; empty keeps the baseline's band, "any" takes what is not published too."""
Currency = Literal["USD", "EUR", "GBP", "JPY", "INR", "CNY"]


MOST = 6
"""Strategies compared at once, and colours that tell them apart. [1]"""


class Frozen(BaseModel):
    """Immutable; an unknown key or NaN is an error, with the field named."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _layer(layer: Layer) -> JsonDict:
    return {"layer": layer}


class Strategy(Frozen):
    """One way to serve the workload. A lever left at its default is off; shares are 0 to 1."""

    name: str = Field("", max_length=60)
    # model
    model: str = Field("llama-3.3-70b", json_schema_extra=_layer("model"))
    weights: Weights = Field("native", json_schema_extra=_layer("model"))
    kv: Kv = Field("bf16", json_schema_extra=_layer("model"))
    sparsity: Literal["none", "2:4"] = Field("none", json_schema_extra=_layer("model"))
    pruned: float = Field(0, ge=0, le=0.5, json_schema_extra=_layer("model"))
    """Share of layers' width removed by structured pruning."""
    student: str = Field("", json_schema_extra=_layer("model"))
    """A distilled or smaller model that answers instead of `model`; empty for none."""
    # hardware
    hardware: str = Field("h100-sxm", json_schema_extra=_layer("hardware"))
    """Accelerator id; ignored when bought per token."""
    chips: int = Field(0, ge=0, le=4096, json_schema_extra=_layer("hardware"))
    """Chips per replica; 0 chooses the cheapest count that meets the targets."""
    fleet: int = Field(0, ge=0, le=100_000, json_schema_extra=_layer("hardware"))
    """Replicas that exist whatever the load, no spare added; 0: as many as the busiest hour needs."""
    prefill: str = Field("", json_schema_extra=_layer("hardware"))
    """Accelerator of a separate prefill pool; empty: the same chips, or the same chip when disaggregated."""
    buy: Buy = Field("on-demand", json_schema_extra=_layer("hardware"))
    provider: str = Field("", max_length=60, json_schema_extra=_layer("hardware"))
    """Seller; empty takes the stated market median."""
    tier: str = Field("standard", max_length=30, json_schema_extra=_layer("hardware"))
    place: str = Field("usa", max_length=30, json_schema_extra=_layer("hardware"))
    """Where the electricity comes from: key of power price and grid carbon."""
    price: float | None = Field(None, ge=0, le=1e9, json_schema_extra=_layer("hardware"))
    """Own price: USD per chip-hour, or USD per chip when owned. None takes the list price."""
    price_in: float | None = Field(None, ge=0, le=1e6, json_schema_extra=_layer("hardware"))
    """Own price per million input tokens. [USD/Mtok]"""
    price_cached: float | None = Field(None, ge=0, le=1e6, json_schema_extra=_layer("hardware"))
    price_out: float | None = Field(None, ge=0, le=1e6, json_schema_extra=_layer("hardware"))
    price_write: float | None = Field(None, ge=0, le=1e6, json_schema_extra=_layer("hardware"))
    """Own price of prompt tokens that the platform had not seen and keeps for the next time. [USD/Mtok]"""
    api_hit: float | None = Field(None, ge=0, le=0.99, json_schema_extra=_layer("hardware"))
    """Own share of the prompt that the platform bills as cached; None: the workload's."""
    api_batch: float | None = Field(None, ge=0, le=0.99, json_schema_extra=_layer("hardware"))
    """Own discount for work that can wait; None: the list's."""
    api_fee: float | None = Field(None, ge=0, le=1e9, json_schema_extra=_layer("hardware"))
    """Fixed, whatever the tokens. [USD/month]"""
    # serving stack
    stack: Stack = Field("vllm", json_schema_extra=_layer("stack"))
    batching: Literal["continuous", "static"] = Field("continuous", json_schema_extra=_layer("stack"))
    static_batch: int = Field(8, ge=1, le=1024, json_schema_extra=_layer("stack"))
    chunked: bool = Field(True, json_schema_extra=_layer("stack"))
    admission: int = Field(1, ge=1, le=200, json_schema_extra=_layer("stack"))
    """Decode steps that a new request waits for its place in the batch."""
    prefix: bool = Field(True, json_schema_extra=_layer("stack"))
    spec: Draft = Field("none", json_schema_extra=_layer("stack"))
    depth: int = Field(0, ge=0, le=8, json_schema_extra=_layer("stack"))
    """Drafted tokens per step; 0 lets the engine choose, never worse than none."""
    disagg: bool = Field(False, json_schema_extra=_layer("stack"))
    ep: bool = Field(False, json_schema_extra=_layer("stack"))
    offload: bool = Field(False, json_schema_extra=_layer("stack"))
    # workload design
    cache: float = Field(0, ge=0, le=0.95, json_schema_extra=_layer("workload"))
    """Share of requests answered from a response cache."""
    route: float = Field(0, ge=0, le=0.95, json_schema_extra=_layer("workload"))
    """Share routed to `route_model`."""
    route_model: str = Field("llama-3.1-8b", json_schema_extra=_layer("workload"))
    compress: float = Field(1, ge=0.05, le=1, json_schema_extra=_layer("workload"))
    """Share of the prompt that is kept."""
    shorten: float = Field(1, ge=0.05, le=1, json_schema_extra=_layer("workload"))
    """Share of the output that is kept."""
    defer: float = Field(0, ge=0, le=1, json_schema_extra=_layer("workload"))
    """Share of traffic sent in a batch window (API batch price, or levelled into the valleys)."""
    scale: Scale = Field("fixed", json_schema_extra=_layer("workload"))
    edge: float = Field(0, ge=0, le=1, json_schema_extra=_layer("workload"))
    """Share of requests served on users' own devices."""
    edge_device: str = Field("apple-m4-max", json_schema_extra=_layer("workload"))
    edge_model: str = Field("llama-3.1-8b", json_schema_extra=_layer("workload"))
    # own measurement of the main fleet: no lever, hence of no layer
    own_tpot_ms: float | None = Field(None, ge=0.01, le=1e5)
    """Mean time per output token. [ms]"""
    own_ttft_ms: float | None = Field(None, ge=0.1, le=3.6e6)
    """Mean time to the first token. [ms]"""
    own_tok_s: float | None = Field(None, ge=0.01, le=1e6)
    """Output tokens per second and chip. [1/s]"""
    own_chips: int = Field(0, ge=0, le=4096)
    """Chips of the measured replica; 0: those of `chips`."""
    own_concurrency: int = Field(1, ge=1, le=100_000)
    """Requests in flight per replica while it was taken."""
    own_isl: float | None = Field(None, ge=1, le=2e6)
    """Prompt sent to the server; None: as this strategy sends it. [tokens]"""
    own_osl: float | None = Field(None, ge=1, le=2e5)
    own_hit: float | None = Field(None, ge=0, le=0.99)
    """Share of prompt tokens that the prefix cache held; None: as on this workload."""

    @property
    def answering_model(self) -> str:
        """Id of the model that answers what is neither routed nor on devices."""
        return self.student or self.model

    @property
    def own_usd_per_chip_hour(self) -> float | None:
        """Own price of rented or dedicated time; None takes the list's. [USD/h]"""
        return None if self.buy in {"owned", "api"} else self.price

    @property
    def own_usd_per_chip(self) -> float | None:
        """Own price of a chip that is bought; None takes the list's. [USD]"""
        return self.price if self.buy == "owned" else None


class Workload(Frozen):
    """Demand and targets; None takes the preset's figure. Targets: 0 means none."""

    preset: str = "support_chat"
    requests_per_day: float | None = Field(None, ge=0, le=1e10)
    isl: float | None = Field(None, ge=1, le=2e6)
    """Mean prompt. [tokens]"""
    osl: float | None = Field(None, ge=0, le=2e5)
    """Mean output. [tokens]"""
    reuse: float | None = Field(None, ge=0, le=0.99)
    """Share of prompt tokens seen before by the server."""
    ttft_ms: float | None = Field(None, ge=0, le=3.6e6)
    tpot_ms: float | None = Field(None, ge=0, le=1e5)
    peak: float | None = Field(None, ge=1, le=50)
    """Busiest hour over the mean of all 168 hours. [1]"""
    hours: float | None = Field(None, ge=1, le=168)
    """Hours of operation per week."""
    grade: Floor = ""
    """Worst quality that may be called the best."""


Named = tuple[tuple[str, Annotated[float, Field(ge=0, le=1e6)]], ...]
"""A figure for each of several names."""


class Prices(Frozen):
    """The reader's own figures, used by every strategy; None takes the published one. Shares are 0 to 1."""

    staff: Literal["all", "difference", "none"] = "all"
    """People charged: all; those beyond the baseline's, who are there already; none."""
    salary: float | None = Field(None, ge=0, le=1e7)
    """Loaded, of one engineer. [USD/year]"""
    people: float | None = Field(None, ge=0, le=100)
    """For each server of eight chips, or rack. [1]"""
    overhead: float | None = Field(None, ge=0, le=2)
    """Network, storage and support over rent."""
    upkeep: float | None = Field(None, ge=0, le=1)
    """Maintenance of own machines over their price. [1/year]"""
    power: float | None = Field(None, ge=0, le=10)
    """Electricity, wherever machines stand. [USD/kWh]"""
    pue: float | None = Field(None, ge=1, le=5)
    interest: float | None = Field(None, ge=0, le=1)
    """Cost of capital. [1/year]"""
    life: float | None = Field(None, ge=1, le=15)
    """Years that own machines are used."""
    headroom: float | None = Field(None, ge=0, le=0.9)
    """Share of capacity kept free at peak."""
    chip_hours: Named = ()
    """Accelerator id to what an hour of it costs, rented from anybody. [USD/h]"""
    rates: Named = ()
    """Currency to its units for one USD."""

    def usd_per_chip_hour(self, chip: str) -> float | None:
        """Own price of an hour of a rented chip; None takes the strategy's or the list's. [USD/h]"""
        return dict(self.chip_hours).get(chip)

    def rate(self, currency: str) -> float | None:
        """Own units of a currency for one USD; None takes the published rate. [1/USD]"""
        return dict(self.rates).get(currency)


Ends = tuple[tuple[str, Annotated[float, Field(ge=-1, le=1e9)]], ...]
"""Uncertain input to one end of its range, in the input's unit."""


class PlanTerms(Frozen):
    """How demand, prices and commitments run over the months of a plan; None takes the published figure."""

    months: int = Field(36, ge=1, le=60)
    growth: float | None = Field(None, ge=0.01, le=100)
    """Requests a year later over those of today. [1/year]"""
    season: float = Field(0, ge=0, le=0.9)
    """How far the busiest month lies above the mean one. [1]"""
    busiest: int = Field(12, ge=1, le=12)
    """The busiest month, counted from the start of the plan."""
    chips: float | None = Field(None, ge=-0.95, le=5)
    """Change of what chips cost, rented or bought. [1/year]"""
    tokens: float | None = Field(None, ge=-0.95, le=5)
    """Change of what a platform asks for the same model. [1/year]"""
    discount: float | None = Field(None, ge=0, le=1)
    """What a payment a year later counts less. [1/year]"""
    move: float | None = Field(None, ge=0, le=1e9)
    """Work of one move to another strategy, paid once. [USD]"""
    both: int | None = Field(None, ge=0, le=24)
    """Months in which the old and the new run beside each other."""
    lead: int | None = Field(None, ge=0, le=36)
    """Months from the order of own machines to their first answer."""
    power_kw: float | None = Field(None, ge=0, le=1e6)
    """Power that own machines may draw at full load, with PUE; None: no limit. [kW]"""
    contract: int = Field(0, ge=0, le=60)
    """Months for which today's strategy is paid whatever is done."""
    refresh: int | None = Field(None, ge=1, le=60)
    """Months after which own machines are replaced; None: at the end of their life."""
    arrival: int = Field(0, ge=0, le=60)
    """Month in which a new generation of chips can be had; 0: none."""
    gain: float = Field(2, ge=1, le=50)
    """Work of the new generation for the same money, over that of today's. [1]"""
    wrong: float | None = Field(None, ge=0, le=1e6)
    """What one wrong answer costs. [USD]"""
    seed: int = Field(1, ge=0, le=1_000_000)
    """Of the draws: the same seed draws the same futures."""
    lows: Ends = ()
    """The reader's own low ends of what the plan does not know; the published stand for the others."""
    highs: Ends = ()


class Scenario(Frozen):
    """The whole page: what the link says and nothing else."""

    workload: Workload = Workload()
    strategies: tuple[Strategy, ...] = Field(min_length=1, max_length=MOST)
    """The first is the baseline."""
    currency: Currency = "USD"
    prices: Prices = Prices()
    plan: PlanTerms = PlanTerms()
    own: Own = NOTHING_OWN
    """Chips and models of the reader's own, which strategies may name."""
    colours: tuple[Annotated[int, Field(ge=0, lt=MOST)], ...] = Field((), max_length=MOST)
    """Number of each strategy's colour, which it keeps when it moves; where it has none, the first that is free."""

    @field_validator("colours")
    @classmethod
    def _each_once(cls, given: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(given)) < len(given):
            raise ValueError("no two strategies have the same colour: give each number once")
        return () if given == tuple(range(len(given))) else given

    @property
    def colour_of(self) -> tuple[int, ...]:
        """Number of the colour of every strategy, no two alike."""
        found: list[int] = []
        for place in range(len(self.strategies)):
            wanted = self.colours[place : place + 1]
            free = (n for n in (*wanted, *range(MOST)) if n not in found)
            found.append(next(free))
        return tuple(found)

    @property
    def reference_model(self) -> str:
        """Id of the model whose quality is the measure: the one that answers in the baseline."""
        return self.strategies[0].answering_model


OWN = tuple(name for name in Strategy.model_fields if name.startswith("own_"))
"""Fields of the own measurement."""
TOKEN_TERMS = ("price_in", "price_cached", "price_out", "price_write", "api_hit", "api_batch", "api_fee")
"""Own terms of a per-token platform."""
_ELSEWHERE = frozenset({"chips", "fleet", "buy", "provider", "tier", "place", "price", *TOKEN_TERMS})


def unmeasured(strategy: Strategy) -> Strategy:
    """The strategy without its own measurement."""
    return strategy.model_copy(update={name: Strategy.model_fields[name].default for name in OWN})


def same_deployment(one: Strategy, other: Strategy) -> bool:
    """Whether a measurement of one speaks for the other: same model, kind of machine and server software.

    It stays true however the machines are bought and however many make a replica.
    """
    kept = [n for n in Strategy.model_fields if layer_of(n) in {"model", "hardware", "stack"} and n not in _ELSEWHERE]
    return all(getattr(one, name) == getattr(other, name) for name in kept)


def layer_of(field: str) -> Layer | None:
    """The layer a strategy's field belongs to; None for its name and its own measurement."""
    extra = Strategy.model_fields[field].json_schema_extra
    return extra["layer"] if isinstance(extra, dict) else None  # type: ignore[return-value]
