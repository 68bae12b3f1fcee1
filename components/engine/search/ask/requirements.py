"""What is asked of the search: workload, limits, levers that may be used, and what is best. Lives in the link."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.catalog.own_records import NOTHING_OWN, Own
from components.catalog.records import Confidence
from components.engine.facts.trust import CONFIDENCE
from components.engine.scenario import Buy, Frozen, Grade, Prices, Strategy, Workload
from components.engine.search.ask import known
from components.engine.search.ask.limits import Asked, Bound, LeftOut, Named, Worst
from components.engine.strategy.lever_record import Breadth
from components.engine.strategy.quality import GRADES
from components.wording.vocabulary import grade_word

Objective = Literal["cost", "speed", "energy", "quality"]


OBJECTIVES: tuple[Objective, ...] = ("cost", "speed", "energy", "quality")


class Requirements(Frozen):
    """The whole question. None or 0 switches a limit off; the targets of latency are the workload's."""

    workload: Workload = Workload()
    baseline: Strategy = Strategy()
    """What is done today: its model is the measure of quality, its place is preferred among equals."""
    prices: Prices = Prices()
    """The reader's own figures; the book of the search holds them."""
    own: Own = NOTHING_OWN
    """The reader's own chips and models, held by the book as well."""
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
    # limits: value and record together, the one place where a limit is declared
    grade: Annotated[
        Grade,
        Worst(
            name="grade", words="quality grade", said="grade {} or better", scale=GRADES, step="quality grade",
            word=grade_word,
            asked=Asked(label="Quality at least", help="A: as the unquantized model; E: clearly worse.",
                        choice="grade {}", first=True),
        ),
    ] = "B"  # fmt: skip
    """Worst quality grade accepted."""
    confidence: Annotated[
        Confidence,
        Worst(
            name="confidence", words="confidence of the figures", said="figures of at least {} confidence",
            scale=CONFIDENCE, step="confidence",
            asked=Asked(label="Figures at least", help="The weakest figure that an answer rests on.",
                        choice="{} confidence"),
        ),
    ] = "medium"  # fmt: skip
    """Least confidence of what an answer rests on."""
    throughput_tokens_per_s: Annotated[
        float,
        Field(ge=0),
        Bound(
            name="throughput", words="output the fleet can deliver", said="at least {}", least=True,
            figure="throughput_tokens_per_s", unit="tokens/s",
            missed="it delivers {value:,.0f} tokens/s, not {bound:,.0f}",
        ),
    ] = 0  # fmt: skip
    """Least output the fleet can deliver inside the targets; 0 for any. [tokens/s]"""
    accelerators: Annotated[
        int | None,
        Field(ge=0),
        Bound(
            name="accelerators", words="number of accelerators", said="at most {} accelerators", figure="accelerators",
            unit="1", whole=True,
            asked=Asked(label="Accelerators at most", help="At peak, spare ones included.", step=8),
        ),
    ] = None  # fmt: skip
    """Largest number of accelerators at peak, spare included. [1]"""
    budget_usd_per_month: Annotated[
        float | None,
        Field(ge=0),
        Bound(
            name="budget", words="monthly budget", said="at most {} a month", figure="cost_usd_per_month", unit="USD",
            per=" a month",
            asked=Asked(label="Budget, USD a month", help="Largest cost a month, everything in.", step=5000,
                        first=True),
        ),
    ] = None  # fmt: skip
    """Largest cost. [USD/month]"""
    power_kw: Annotated[
        float | None,
        Field(ge=0),
        Bound(
            name="power", words="power", said="at most {} of power", figure="power_kw", unit="kW",
            asked=Asked(label="Power at most, kW", help="Mean power of the site.", step=10),
        ),
    ] = None  # fmt: skip
    """Largest mean facility power. [kW]"""
    carbon_kg_per_month: Annotated[
        float | None,
        Field(ge=0),
        Bound(
            name="carbon", words="carbon", said="at most {} a month", figure="carbon_kg_per_month", unit="kg",
            per=" a month", rests_on=("carbon_kg_per_kwh",),
            asked=Asked(label="Carbon at most, kg a month", help="From electricity.", step=500),
        ),
    ] = None  # fmt: skip
    """Most carbon from electricity. [kg/month]"""
    shipping_only: Annotated[
        bool,
        LeftOut(
            name="shipping", words="shipping hardware only", said="shipping hardware",
            of_chip=lambda chip: chip.status == "announced", relaxation="Allow announced hardware",
            asked=Asked(label="Shipping hardware only", help="Leave out chips that are only announced."),
        ),
    ] = True  # fmt: skip
    """Leave out announced hardware."""
    licensed_only: Annotated[
        bool,
        LeftOut(
            name="licensed", words="cards licensed for data centres", said="no consumer cards",
            of_chip=known.not_for_data_centres, relaxation="Allow consumer cards",
            asked=Asked(label="No consumer cards",
                        help="Leave out GeForce cards: the licence of their driver excludes data centres."),
        ),
    ] = True  # fmt: skip
    """Leave out cards whose software licence excludes data centres."""
    vendors: Annotated[
        tuple[str, ...] | None,
        Field(max_length=50),
        Named(
            name="vendors", words="chip makers", said="only {}", one="The chip maker", known=known.vendors,
            of_chip=lambda chip: chip.vendor, published=False, relaxation="Allow another chip maker",
            asked=Asked(label="Makers of chips", help="None chosen: any."),
        ),
    ] = None  # fmt: skip
    """Makers of chips; None for any."""
    providers: Annotated[
        tuple[str, ...] | None,
        Field(max_length=100),
        Named(
            name="providers", words="clouds and platforms", said="only {}", one="The provider", known=known.providers,
            of_offer=lambda offer: offer.provider, exempt=lambda offer: offer.buy == "owned",
            relaxation="Allow another cloud or platform",
            asked=Asked(label="Clouds and platforms", help="None chosen: any."),
        ),
    ] = None  # fmt: skip
    """Clouds and platforms; None for any. Own machines need none."""
    buys: Annotated[
        tuple[Buy, ...] | None,
        Field(max_length=7),
        Named(
            name="buys", words="ways to buy", said="only {}", one="The way to pay", known=known.buys,
            of_offer=lambda offer: offer.buy, relaxation="Allow another way to buy",
            asked=Asked(label="Ways to pay", help="None chosen: any."),
        ),
    ] = None  # fmt: skip
    """Ways to pay; None for any."""
    places: Annotated[
        tuple[str, ...],
        Field(max_length=50),
        Named(
            name="places", words="places", said="only {}", one="The place", known=known.places,
            of_offer=lambda offer: offer.place, published=False, relaxation="Allow another place",
            asked=Asked(label="Where machines stand", help="None chosen: anywhere."),
        ),
    ] = ()  # fmt: skip
    """Where machines may stand; empty for anywhere."""
    unpublished: bool = False
    """Whether an answer may win although a figure that a limit needs is not published."""
    # what is best
    objectives: tuple[Objective, ...] = Field(("cost",), min_length=1, max_length=4)
    weights: tuple[float, ...] = Field((), max_length=4)
    """One weight per objective, of figures over the baseline's; empty: the first objective decides, then the next."""
    shown: int = Field(12, ge=1, le=50)
    """Length of the ranked list."""
