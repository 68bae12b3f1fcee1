"""What the engine reaches of a published claim: of the scenarios behind it, the one that comes closest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.catalog.evidence import ClaimScenario
from components.catalog.load import Catalog
from components.engine.comparison.claims import closest, reached, remarks, words
from components.engine.comparison.compare_strategies import compare
from components.engine.scenario import Scenario

NO_CHECK = "nothing that can be compared"
"""Said where both strategies are out: a ratio of two that cannot be had is no check."""


@dataclass(frozen=True)
class CheckedClaim:
    """The scenario in which the engine comes closest to a claim."""

    tried: str
    """The value of what was varied, a key of the scenarios tried."""
    words: str
    """The factor."""
    means: str
    remarks: tuple[str, ...]
    """Which of the two strategies is out in it, and why."""


def check_claim(row: ClaimScenario, scenarios: Mapping[str, Scenario], catalog: Catalog) -> CheckedClaim:
    """The closest that the engine comes to a claim.

    Args:
        row: the claim's factor and what is varied.
        scenarios: by the value tried; the first strategy is what the claim compares with, the second what it praises.
        catalog: the facts.
    """
    compared = {value: compare(scenario, catalog) for value, scenario in scenarios.items()}
    found = {value: (result, reached(result, row.factor)) for value, result in compared.items()}
    best = closest(found, row.target)
    result, factor = found[best]
    among = f", at {best} {row.tried}, the closest of {len(found)} tried" if row.tries else ""
    refused = not any(answer.feasible for answer in result.answers[:2])
    said = NO_CHECK if refused else words(factor, row.factor)
    return CheckedClaim(best, said, row.means + among, remarks(result))
