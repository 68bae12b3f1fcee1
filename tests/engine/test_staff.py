"""People by the size of the fleet, against what is published of small and huge ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.economics.staff import Team, team_of
from components.engine.outcome.evaluation import evaluate, open_book, people_of
from components.engine.scenario import Strategy, Workload

BOOK = open_book(load_catalog())
TEAM = team_of(BOOK)
FACTS = BOOK.catalog.economics


def people(servers: float, owned: float = 0.0, team: Team = TEAM) -> float:
    return float(team.people(np.array([servers]), np.array([owned]))[0])


def test_one_rented_chip_asks_for_the_published_share_of_an_engineer() -> None:
    assert people(1 / 8) == pytest.approx(0.15)


def test_a_team_that_runs_one_or_two_models_is_inside_the_published_range() -> None:
    """One or two servers of eight: 0.2 to 1.5 people (staff_fte_minimum)."""
    row = FACTS["staff_fte_minimum"]
    assert row.low is not None
    assert row.high is not None
    assert row.low <= people(1) <= people(2) <= row.high


def test_the_exponent_joins_one_chip_to_an_operator_of_thirty_thousand_servers() -> None:
    assert people(30_000) == pytest.approx(FACTS["staff_engineers_of_30000_servers"].base, rel=0.02)


def test_a_huge_owner_stays_below_all_employees_of_such_a_cloud() -> None:
    """CoreWeave: 881 people in all for 250,000 GPUs; the same fleet rented needs fewer than owned."""
    everybody = FACTS["staff_employees_of_250000_gpus"].base
    assert everybody is not None
    assert people(250_000 / 8) < people(250_000 / 8, 250_000 / 8) < everybody


@given(st.floats(0, 1e6), st.floats(1, 10), st.floats(0, 1), st.floats(0, 100))
def test_people_never_fall_with_the_fleet_and_never_leap(
    servers: float, growth: float, owned: float, already: float
) -> None:
    team = Team(
        TEAM.usd_per_person_year, TEAM.first_chip, TEAM.first_server, TEAM.growth, np.array([already]), np.array([0.0])
    )
    few, many = people(servers, owned * servers, team), people(growth * servers, growth * owned * servers, team)
    assert 0 <= few <= many + 1e-9
    nearly = people(servers * (1 + 1e-9), owned * servers * (1 + 1e-9), team)
    assert nearly == pytest.approx(few, rel=1e-6, abs=1e-6)


def test_fleets_of_one_strategy_are_looked_after_together() -> None:
    (whole,) = evaluate([Strategy(route=0.5)], Workload(requests_per_day=3e6), BOOK)
    assert len(whole.fleets) == 2
    alone = sum(people_of([fleet]) for fleet in whole.fleets)
    assert people_of(whole.fleets) < alone
    salary = BOOK.value("staff_cost_loaded") / 12
    assert whole.parts_usd_per_month["staff"] == pytest.approx(people_of(whole.fleets) * salary)


def test_users_devices_and_platforms_need_nobody() -> None:
    device, platform = evaluate(
        [Strategy(edge=1.0), Strategy(buy="api", provider="DeepInfra")], Workload(requests_per_day=1000), BOOK
    )
    assert people_of(device.fleets) == 0
    assert people_of(platform.fleets) == 0
