"""Rows of physics are joined from parts that share no name, whether one by one or all of a model and chip at once."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import open_book
from components.engine.replica.record import ModelSize, Physics
from components.engine.scenario import Strategy, Workload
from components.engine.search.ask.axes import lever_choices
from components.engine.search.ask.replicas import Question, block
from components.engine.search.ask.requirements import Requirements
from components.engine.strategy.candidates import ChipRoles, replicas_of
from components.engine.strategy.levers import edits_for
from tests.engine.replicas import one_replica

CATALOG = load_catalog()
BOOK = open_book(CATALOG)
NAMES = tuple(field.name for field in fields(Physics))


def test_no_two_parts_of_a_replica_share_a_name() -> None:
    assert len(NAMES) == sum(len(fields(part)) for part in Physics.__bases__)


def test_another_part_leaves_the_rest_as_it_is() -> None:
    llama, gpt = (
        one_replica(model=CATALOG.models[key], chip=CATALOG.accelerators["b200"], g=BOOK.parameters, weights="native",
                    kv="bf16", chips=8, isl=1000, new_isl=1000, osl=100)
        for key in ("llama-3.3-70b", "gpt-oss-120b")
    )  # fmt: skip
    size = {field.name for field in fields(ModelSize)}
    changed = llama.having(ModelSize(**{name: getattr(gpt, name) for name in size}))
    for name in NAMES:
        assert getattr(changed, name) is getattr(gpt if name in size else llama, name), name
    assert llama.layers[0] == 80


@pytest.mark.parametrize(
    ("model", "chip"), [("gpt-oss-120b", "h100-sxm"), ("llama-3.3-70b", "rtx-4090"), ("gpt-oss-20b", "apple-m4-max")]
)
def test_all_replicas_at_once_are_those_built_one_by_one(model: str, chip: str) -> None:
    """Formats, stacks, pools, layouts and levers in any combination, llama.cpp among the stacks."""
    assert model in CATALOG.models and chip in CATALOG.accelerators
    q = Requirements(workload=Workload(preset="support_chat"), breadth="wide", compress=0.8, grade="E")
    traffic = effective_workload(q.workload, CATALOG)
    m, a = CATALOG.models[model], CATALOG.accelerators[chip]
    ask = Question(q, BOOK, traffic, m)
    found = block(ask, m, a, lever_choices(BOOK, q, traffic, m, a, Strategy(model=m.id)))
    assert found is not None
    rows = np.random.default_rng(1).choice(len(found.code), size=60)
    for row in rows:
        strategy: Strategy = found.strategy(row)
        edits = edits_for(BOOK, strategy, traffic, m, a)
        cut = found.joints[int(found.code[row]) % len(found.joints)].cut
        alone = replicas_of(BOOK, m, ChipRoles(a), edits, strategy.stack, (cut,))
        for name in NAMES:
            assert getattr(found.physics, name)[row] == pytest.approx(getattr(alone, name)[0], rel=1e-12), name
