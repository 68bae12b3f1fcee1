"""The best of the whole space: the question, priced and ranked configurations, and why the others lost."""

from components.engine.search.ask.limits import (
    TARGETS,
    Asked,
    Bound,
    LeftOut,
    Limit,
    Named,
    Unit,
    Worst,
    field_of,
    limits_of,
    value_of,
)
from components.engine.search.ask.requirements import OBJECTIVES, Objective, Requirements
from components.engine.search.find import search
from components.engine.search.price.limits import bound_of, named_in
from components.engine.search.rank.option import Option
from components.engine.search.tell.found import Found, Ranked
from components.engine.search.tell.mixes import Mix
from components.engine.search.tell.words import short_name
from components.engine.search.trade_offs import LatencyPoint, QualityPoint, cost_of_latency, cost_of_quality

__all__ = [
    "OBJECTIVES",
    "TARGETS",
    "Asked",
    "Bound",
    "Found",
    "LatencyPoint",
    "LeftOut",
    "Limit",
    "Mix",
    "Named",
    "Objective",
    "Option",
    "QualityPoint",
    "Ranked",
    "Requirements",
    "Unit",
    "Worst",
    "bound_of",
    "cost_of_latency",
    "cost_of_quality",
    "field_of",
    "limits_of",
    "named_in",
    "search",
    "short_name",
    "value_of",
]
