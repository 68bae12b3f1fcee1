"""What a calibration becomes in data/: constants by name, offsets apart, few groups of low confidence."""

from __future__ import annotations

import numpy as np
import pytest

from components.catalog.evidence import benchmark_traits, measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters, read_priors
from components.commands.calibrate import FEW, fingerprint, structures_of, tables_of
from components.engine.evidence.calibration.nested import ItemError
from components.engine.evidence.calibration.run import Calibration, Rules, fit_input
from components.engine.evidence.calibration.spread import Error, Spread


@pytest.fixture(scope="module")
def found() -> Calibration:
    """A calibration whose constants stay at their priors, with bounds given the wrong way round."""
    rules = Rules(*read_priors(), benchmark_traits())
    points = [p for p in measured_points() if p.model == "llama-3.1-8b"][:20] or measured_points()[:20]
    case = fit_input(points, load_catalog(), load_parameters(), rules)
    prior = case.space.prior
    return Calibration(
        case, prior, prior + 0.1, prior - 0.1, (Error("all", "tpot", 0.2, 0.5, FEW), Error("amd", "tpot", 0.3, 0.6, 2)),
        (Spread("server", "ttft", 0.5, 2.0, 40, FEW - 1, 0.75),),
    )  # fmt: skip


def test_every_fitted_number_has_its_row_and_cites_the_calibration(found: Calibration) -> None:
    tables = tables_of(found, date="2027-01-31", data=b"measurements")
    free = found.case.space.free
    assert set(tables.constants) == {f.name for f in free if f.scope == "global"}
    assert len(tables.constants) + len(tables.offsets) == len(free)
    first = next(i for i, f in enumerate(free) if f.scope == "global")
    assert tables.constants[free[first].name].value == pytest.approx(float(np.exp(found.theta[first])))
    assert all(c.low <= c.value <= c.high for c in tables.constants.values())
    cited = {
        *(row.source_id for row in tables.offsets),
        *(row.source_id for row in tables.accuracy),
        *(row.source_id for row in tables.ranges),
    }
    assert cited == {tables.source.id} == {"four-layers-calibration-2027-01-31"}
    assert fingerprint(b"measurements") in tables.source.title


def test_a_nested_validation_cites_itself_and_few_groups_are_of_low_confidence() -> None:
    found = [ItemError("nested", Error("all", "tpot", 0.2, 0.5, groups), 4, 5) for groups in (FEW, FEW - 1)]
    rows, source = structures_of(found, date="2027-01-31", data=b"measurements")
    assert {row.source_id for row in rows} == {source.id} == {"four-layers-nested-validation-2027-01-31"}
    assert [row.confidence for row in rows] == ["medium", "low"]
    assert (rows[0].kept_in, rows[0].folds, rows[0].p90_error) == (4, 5, 0.5)
    assert fingerprint(b"measurements") in source.title


def test_few_groups_deserve_low_confidence(found: Calibration) -> None:
    tables = tables_of(found, date="2027-01-31", data=b"")
    assert [row.confidence for row in tables.accuracy] == ["medium", "low"]
    assert [row.confidence for row in tables.ranges] == ["low"]
