"""One replica by keyword, for tests that compute a single machine."""

from __future__ import annotations

from components.catalog.parameters import Parameters
from components.catalog.records import Accelerator, Model
from components.engine.facts.arrays import one
from components.engine.replica.from_catalog import ReplicaSpec, replicas
from components.engine.replica.layout import Layout
from components.engine.replica.record import Physics, RequestTokens


def one_replica(
    *,
    model: Model,
    chip: Accelerator,
    g: Parameters,
    chips: int,
    isl: float,
    new_isl: float,
    osl: float,
    tp: int = 0,
    dp: int = 1,
    ep: int = 1,
    pp: int = 1,
    draft_tokens: float = 0.0,
    acceptance: float | None = None,
    **spec: object,
) -> Physics:
    """Fields of shape (1,); tp 0 takes chips / (dp pp), the rest are fields of `ReplicaSpec`."""
    cut = Layout(chips, tp or max(1, chips // (dp * pp)), dp, ep, pp)
    tokens = RequestTokens(
        isl=one(isl),
        new_isl=one(new_isl),
        osl=one(osl),
        draft_tokens=one(draft_tokens),
        acceptance=one(g.acceptance if acceptance is None else acceptance),
        draft_cost=one(g.draft_cost),
    )
    return replicas([ReplicaSpec(model=model, chip=chip, **spec)], [cut], tokens, g)  # type: ignore[arg-type]
