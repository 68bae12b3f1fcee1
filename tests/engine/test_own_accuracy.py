"""The error left after an own measurement, found again on the published points it was taken from."""

import pytest

from components.catalog.parameters import load_own_accuracy
from tests.engine.own_accuracy import COMMAND, deployments, rows, text


@pytest.mark.slow
def test_the_stored_error_is_what_published_deployments_leave() -> None:
    """Found again where it is quickest: the constants enter alike everywhere."""
    stored = tuple(row for (regime, _), row in load_own_accuracy().items() if regime == "amd")
    assert text(rows(("amd",))) == text(stored), f"the constants have moved: {COMMAND} --write"


def test_a_deployment_is_one_machine_at_several_loads() -> None:
    found = deployments()
    assert len(found) > 50
    for loads in found:
        assert len({load.setup.decode.layout for load in loads}) == 1
        assert len({load.point.point_id for load in loads}) == len(loads) > 1
