"""Which models a user's device holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.comparison.chips import need
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Strategy
from components.engine.strategy.fleets import EDGE_STACK

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.scenario import Workload


def models_that_fit(device: str, workload: Workload, catalog: Catalog) -> frozenset[str]:
    """Ids of the generating models whose 4-bit weights and one request of this workload a device holds.

    Raises: KeyError for an unknown device.
    """
    book, traffic = open_book(catalog), effective_workload(workload, catalog)
    chip, strategy = catalog.accelerators[device], Strategy(weights="int4").model_copy(update={"stack": EDGE_STACK})
    known = [model for model in catalog.models.values() if model.usable and model.task == "generate"]
    return frozenset(model.id for model in known if need(book, strategy, traffic, model, chip).chips == 1)
