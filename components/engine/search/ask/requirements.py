"""What is asked of the search: workload, limits, levers that may be used, and what is best. Lives in the link."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.catalog.records import Confidence
from components.engine.scenario import Buy, Frozen, Strategy, Workload
from components.engine.strategy.lever_record import Breadth
from components.engine.strategy.quality import Grade

Objective = Literal["cost", "speed", "energy", "quality"]


OBJECTIVES: tuple[Objective, ...] = ("cost", "speed", "energy", "quality")


class Requirements(Frozen):
    """The whole question. None or 0 switches a limit off; the targets of latency are the workload's."""

    workload: Workload = Workload()
    baseline: Strategy = Strategy()
    """What is done today: its model is the measure of quality, its place is preferred among equals."""
    # space
    alternatives: Literal["same", "family", "any"] = "family"
    """Models tried: the baseline's; its family and distillates; any model whose quality can be compared."""
    models: tuple[str, ...] = Field((), max_length=20)
    """Further models, by id."""
    breadth: Breadth = "default"
    """How many formats, drafts and stacks are tried."""
    hardware: tuple[str, ...] = Field((), max_length=100)
    """Only these accelerators, by id; empty for all."""
    # workload levers the reader allows, 0 or 1 for off; the search tries with and without
    cache: float = Field(0, ge=0, le=0.95)
    """Share of requests that a response cache may answer."""
    compress: float = Field(1, ge=0.05, le=1)
    """Share of the prompt that must be kept."""
    shorten: float = Field(1, ge=0.05, le=1)
    """Share of the output that must be kept."""
    defer: float = Field(0, ge=0, le=1)
    """Share of traffic that may wait for a batch window."""
    route: float = Field(0, ge=0, le=0.95)
    """Share that may go to `route_model`; tried on the best of each model and machine."""
    route_model: str = "llama-3.1-8b"
    edge: float = Field(0, ge=0, le=1)
    """Share that users' own devices may answer; tried on the best of each model and machine."""
    edge_device: str = "apple-m4-max"
    edge_model: str = "llama-3.1-8b"
    lossy: bool = True
    """Whether narrower formats than the checkpoint's may be tried."""
    # limits
    budget_usd_per_month: float | None = Field(None, ge=0)
    throughput_tokens_per_s: float = Field(0, ge=0)
    """Least output the fleet can deliver inside the targets. [tokens/s]"""
    grade: Grade = "B"
    """Worst quality grade accepted."""
    places: tuple[str, ...] = Field((), max_length=50)
    """Where machines may stand; empty for anywhere."""
    vendors: tuple[str, ...] | None = Field(None, max_length=50)
    """Makers of chips; None for any."""
    providers: tuple[str, ...] | None = Field(None, max_length=100)
    """Clouds and platforms; None for any. Own machines need none."""
    buys: tuple[Buy, ...] | None = Field(None, max_length=7)
    """Ways to pay; None for any."""
    shipping_only: bool = True
    """Leave out announced hardware."""
    power_kw: float | None = Field(None, ge=0)
    """Largest mean facility power. [kW]"""
    carbon_kg_per_month: float | None = Field(None, ge=0)
    accelerators: int | None = Field(None, ge=0)
    """Largest number of accelerators at peak, spare included. [1]"""
    confidence: Confidence = "low"
    """Least confidence of what an answer rests on."""
    unpublished: bool = False
    """Whether an answer may win although a figure that a limit needs is not published."""
    # what is best
    objectives: tuple[Objective, ...] = Field(("cost",), min_length=1, max_length=4)
    weights: tuple[float, ...] = Field((), max_length=4)
    """One weight per objective, of figures over the baseline's; empty: the first objective decides, then the next."""
    shown: int = Field(12, ge=1, le=50)
    """Length of the ranked list."""
