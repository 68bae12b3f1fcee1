"""The steps behind a number cite what the number rests on."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from components.catalog.load import DATA, load_catalog
from components.catalog.parameters import Parameters, load_parameters, read_parameters
from components.engine.answer.assemble import answer
from components.engine.answer.records import Answer
from components.engine.facts.book import Book
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate
from components.engine.scenario import Strategy, Workload

CATALOG, G = load_catalog(), load_parameters()
MACHINES = {
    "dense, speculative": Strategy(spec="draft", depth=3, weights="int4", chips=4),
    "experts with a prefill pool": Strategy(
        model="deepseek-r1", hardware="h200-sxm", disagg=True, ep=True, chips=16, kv="fp8"
    ),
    "4-bit": Strategy(hardware="b200", weights="fp4", kv="int4", sparsity="2:4", stack="trtllm", chips=2),
    "SRAM": Strategy(hardware="groq-lpu-v1", price=1.0),
    "users' devices": Strategy(edge=1.0, edge_device="apple-m4-max", edge_model="llama-3.1-8b"),
}
FIGURES = {"one decode step at peak": "decode", "time to first token, p95": "first token",
           "time per output token, p95": "further tokens"}  # fmt: skip
FITTED = "four-layers-calibration-2031-01-02"
NOT_FITTED = "four-layers-calibration-2026-11"


def told(strategy: Strategy, g: Parameters) -> Answer:
    book, workload = Book(CATALOG, g), Workload(preset="support_chat", requests_per_day=100)
    (outcome,) = evaluate([strategy], workload, book)
    return answer(outcome, effective_workload(workload, CATALOG), book, "")


def of_speed(got: Answer) -> dict[str, tuple[float | None, tuple[str, ...]]]:
    """Figure to its value and its sources."""
    steps = {s.name.removeprefix("edge share: "): s for s in got.ledger}
    return {name: (steps[name].value, steps[name].sources) for name in FIGURES if name in steps}


def with_new_calibration(folder: Path) -> Parameters:
    """The constants of a data folder that `calibrate` has written anew."""
    for name in ("engine_parameters.csv", "engine_offsets.csv"):
        text = (DATA / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("four-layers-calibration-2026-11-28", FITTED), encoding="utf-8")
    return read_parameters(folder)


@pytest.mark.parametrize("key", sorted(MACHINES))
def test_speed_cites_the_calibration_in_use(key: str, tmp_path: Path) -> None:
    """`calibrate` writes a new id each time; what it does not fit keeps its own."""
    found = of_speed(told(MACHINES[key], with_new_calibration(tmp_path)))
    assert set(found) == set(FIGURES)
    for name, (_, sources) in found.items():
        assert sources[0] == FITTED, name
        assert set(sources) == {FITTED, NOT_FITTED}, name


def test_capacity_cites_the_constants_of_memory() -> None:
    (step,) = (s for s in told(MACHINES["4-bit"], G).ledger if s.name == "requests a replica can take")
    assert set(step.sources) == {G.sources["memory_usable"], G.sources["memory_reserve_bytes"]}


@pytest.mark.parametrize("key", sorted(MACHINES))
def test_each_constant_that_moves_a_figure_of_speed_is_cited(key: str) -> None:
    """Every constant and multiplier gets a source of its own; each that moves a figure must stand under it."""
    named = replace(G, sources={n: n for n in G.sources}, offset_sources={o: "/".join(o) for o in G.offsets})
    before = of_speed(told(MACHINES[key], named))
    moved = 0
    for source, g in _moved(named):
        after = of_speed(told(MACHINES[key], g))
        for name, (value, sources) in before.items():
            if after[name][0] != pytest.approx(value, rel=1e-12):
                moved += 1
                assert source in sources, name
    assert moved > 15


def _moved(g: Parameters) -> list[tuple[str, Parameters]]:
    """The constants with one of them or of their multipliers changed a little; the batch stays at 1."""
    memory = {"memory_usable", "memory_reserve_bytes", "kv_share"}
    names = [f.name for f in fields(g) if f.name in g.sources and f.name not in memory]
    found = [(name, replace(g, **{name: getattr(g, name) * 0.99})) for name in names]
    keys = {
        k
        for k in g.offsets
        if k[1] in {"vllm", "trtllm", "llama.cpp", "hopper", "blackwell-hbm", "lpu-v1", "edge-apple"}
    }
    return found + [("/".join(k), replace(g, offsets={**g.offsets, k: g.offsets[k] * 0.99})) for k in sorted(keys)]
