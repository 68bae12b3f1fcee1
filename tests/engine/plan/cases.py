"""Plans that several tests ask of, each looked up once."""

from __future__ import annotations

from functools import cache
from typing import Any

from components.catalog.load import load_catalog
from components.engine.comparison import Comparison, compare
from components.engine.plan import BasePlan, Case, DrawModel, LookUps, base_plan, case_of, look_ups, model_of
from components.engine.scenario import PlanTerms, Scenario, Strategy, Workload
from components.share.starting_points import starts

CATALOG = load_catalog()
FLAT: dict[str, Any] = {"growth": 1.0, "chips": 0.0, "tokens": 0.0}
AT_ONCE: dict[str, Any] = {"move": 0.0, "both": 0, "lead": 0}
OWNED = Scenario(
    workload=Workload(preset="support_chat", requests_per_day=3e6),
    strategies=(
        Strategy(name="rented", weights="fp8"),
        Strategy(name="owned", weights="fp8", buy="owned"),
        Strategy(name="reserved", weights="fp8", buy="reserved-1yr"),
        Strategy(name="hourly", weights="fp8", scale="hourly"),
        Strategy(name="platform", buy="api", provider="GroqCloud"),
    ),
)
SCENARIOS = {key: start.scenario for key, start in starts().items()} | {"owned": OWNED}


@cache
def looked_up(key: str) -> tuple[Comparison, LookUps]:
    result = compare(SCENARIOS[key], CATALOG)
    return result, look_ups(SCENARIOS[key], result, CATALOG)


def case(key: str = "owned", **terms: object) -> Case:
    return case_of(looked_up(key)[1], PlanTerms.model_validate(terms))


def plan(key: str = "owned", **terms: object) -> BasePlan:
    return base_plan(case(key, **terms))


@cache
def model(key: str = "owned", months: int = 24) -> DrawModel:
    return model_of(case(key, months=months))
