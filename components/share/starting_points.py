"""Starting points decoded: each a whole scenario, as its codes stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from components.catalog.load import DATA, CatalogError, load_catalog
from components.catalog.starting_points import STARTING_POINTS, StartingPoint, load_starting_points
from components.engine.scenario import Currency, Scenario, Strategy, Workload
from components.share import link


class Start(NamedTuple):
    """A ready scenario with its codes, and what it is for."""

    id: str
    label: str
    description: str
    workload_code: str
    codes: tuple[str, ...]
    scenario: Scenario


def _volume(row: StartingPoint, preset: str) -> float:
    """Requests per day.    Raises: ValueError for users of a workload that has none."""
    if row.requests_per_day is not None:
        return row.requests_per_day
    per_user = load_catalog().workloads[preset].requests_per_user_day.base
    if per_user is None or row.users is None:
        raise ValueError(f"users: {preset} has no requests per user and day")
    return row.users * per_user


def _workload(row: StartingPoint) -> Workload:
    workload, notices = link.read_workload(row.workload)
    if notices:
        raise ValueError(f"workload: {notices[0]}")
    return workload.model_copy(update={"requests_per_day": _volume(row, workload.preset)})


def _strategies(row: StartingPoint) -> tuple[Strategy, ...]:
    found = []
    for code in row.codes:
        strategy, notices = link.read_strategy(code, code)
        if strategy is None or notices:
            raise ValueError(f"strategies: {notices[0]}")
        found.append(strategy)
    if len(found) > len(link.SLOTS):
        raise ValueError(f"strategies: at most {len(link.SLOTS)}")
    return tuple(found)


def _start(row: StartingPoint) -> Start:
    currency: Currency | None = next((c for c in get_args(Currency) if c == row.currency), None)
    if currency is None:
        raise ValueError(f"currency: {row.currency!r} is unknown")
    scenario = Scenario(workload=_workload(row), strategies=_strategies(row), currency=currency)
    return Start(row.id, row.label, row.description, link.workload_code(scenario.workload), row.codes, scenario)


def decoded_starts(rows: Mapping[str, StartingPoint], folder: Path = DATA) -> dict[str, Start]:
    """Starting points with their scenarios, in the file's order.    Raises: CatalogError naming file, row and rule."""
    found = {}
    for number, row in enumerate(rows.values(), start=2):
        try:
            found[row.id] = _start(row)
        except ValueError as reason:
            raise CatalogError(folder / STARTING_POINTS, number, str(reason)) from reason
    return found


@cache
def starts() -> dict[str, Start]:
    """All starting points by id, in the file's order."""
    return decoded_starts(load_starting_points())


def start_for(preset: str) -> Start | None:
    """The first starting point of a workload; None where there is none."""
    return next((start for start in starts().values() if start.scenario.workload.preset == preset), None)
