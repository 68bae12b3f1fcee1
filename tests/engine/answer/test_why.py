""" "Why this number" tells the truth: each printed formula gives its printed result from its printed inputs."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from components import engine
from components.catalog.load import load_catalog
from components.engine.answer.assemble import answer
from components.engine.answer.records import Answer, WhyStep
from components.engine.facts.formula import FUNCTIONS, NAME, Formula, Symbol
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload
from components.share.presets import presets
from tests.engine.answer import printed
from tests.golden.presets import fitting

OTHERS = {
    "routed and compressed": Strategy(route=0.3, route_model="llama-3.1-8b", compress=0.5, cache=0.2, scale="zero"),
    "mixture of experts, wide": Strategy(model="deepseek-v3.2", hardware="h200-sxm", ep=True, weights="fp8"),
    "windowed, measured": Strategy(
        model="gpt-oss-120b", own_tpot_ms=9.0, own_ttft_ms=300.0, own_chips=2, own_concurrency=16
    ),
    "owned, pools apart": Strategy(hardware="h200-sxm", buy="owned", disagg=True, place="deu"),
    "by the hour, pools apart": Strategy(
        hardware="gb200-nvl72", weights="fp4", kv="fp8", stack="trtllm", spec="eagle", disagg=True, scale="hourly"
    ),
    "platform with batch work and edge": Strategy(
        buy="api", provider="Fireworks_AI", model="gpt-oss-120b", defer=0.5, edge=0.2
    ),
    "wafer": Strategy(hardware="cerebras-wse-3", buy="owned", price=2.5e6, weights="bf16"),
    "LPU beside GPU": Strategy(hardware="groq-3-lpu", prefill="rubin-vr-nvl72", buy="owned", price=9e4, disagg=True),
    "answers that no metric compares": Strategy(student="qwen3-8b"),
    "whole prompts": Strategy(chunked=False, sparsity="2:4", pruned=0.2),
}
WITHOUT_A_FORMULA = {
    "look-up": {
        "price of a chip-hour", "price of a chip, installed", "price per million input tokens",
        "price per million cached input tokens", "price per million output tokens", "Expected extra errors",
        "own measurement, time per output token", "own measurement, time to first token",
    },
    "search": {
        "chips per replica", "requests a replica can take", "replicas", "replica-hours paid", "prefill replicas",
        "prefill replica-hours paid", "speed per user", "time to first token",
        "own measurement, factor on the time of a decode step", "own measurement, factor on the time of a prefill",
    },
    "sentence": {"Lever", "model"},
}  # fmt: skip
"""Every step that no formula explains. A name is added here only with the reason why none can."""
HEADS = ("routed share: ", "edge share: ", "prefill ", "SRAM ")
SHARE_WITHOUT_A_FORMULA = 0.18
"""Of the steps with a value."""


@cache
def _answers(workload: str) -> dict[str, Answer]:
    catalog = load_catalog()
    book, asked = open_book(catalog), Workload(preset=workload)
    every = {p.id: p.strategy for p in presets().values()} | OTHERS
    strategies = {name: fitting(strategy, workload) for name, strategy in every.items()}
    outcomes = evaluate(list(strategies.values()), asked, book)
    traffic = effective_workload(asked, catalog)
    return {name: answer(o, traffic, book, name) for name, o in zip(strategies, outcomes, strict=True)}


def _steps() -> Iterator[tuple[str, WhyStep]]:
    for workload in load_catalog().workloads:
        for name, found in _answers(workload).items():
            for step in found.ledger:
                yield f"{name} on {workload}", step


def declared() -> dict[str, Formula]:
    """Every formula of the engine by the module and name it is declared under."""
    found: dict[str, Formula] = {}
    for info in pkgutil.walk_packages(engine.__path__, f"{engine.__name__}."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, Formula) and value not in found.values():
                found[f"{info.name.removeprefix(engine.__name__ + '.')}.{name}"] = value
    return found


@pytest.mark.parametrize("workload", load_catalog().workloads)
def test_the_printed_formula_gives_the_printed_result(workload: str) -> None:
    count = 0
    for name, found in _answers(workload).items():
        for step in found.ledger:
            if step.found != "formula":
                continue
            count += 1
            assert step.value is not None
            given = printed.evaluate(step.formula, dict(step.inputs))
            where = f"{name}, {step.name}: {step.formula} = {given}, not {step.value}, with {step.inputs}"
            assert given.holds(step.value, 1e-9 * abs(step.value) + 1e-12), where
            nothing = 1e-3 if step.unit == "s" else 1e-9  # a millisecond of a wait that is near its zero
            assert given.high - given.low <= 0.03 * abs(step.value) + nothing, f"too few digits: {where}"
    assert count > 400


def test_every_step_without_a_formula_is_known_to_have_none() -> None:
    found: dict[str, set[str]] = {kind: set() for kind in WITHOUT_A_FORMULA}
    counts: Counter[bool] = Counter()
    for _, step in _steps():
        name = step.name
        for head in HEADS:
            name = name.removeprefix(head) if name not in WITHOUT_A_FORMULA["search"] else name
        if step.found != "formula":
            found[step.found].add(name)
        if step.found != "sentence":
            counts[step.found == "formula"] += 1
    assert found == WITHOUT_A_FORMULA
    assert counts[False] / counts.total() <= SHARE_WITHOUT_A_FORMULA


def test_a_step_without_a_formula_says_how_it_was_found() -> None:
    for where, step in _steps():
        assert step.formula, (where, step.name)
        assert (step.found == "sentence") == (step.value is None and not step.unit), (where, step.name)


@pytest.mark.parametrize("name", declared())
def test_a_formula_names_its_symbols_and_no_other(name: str) -> None:
    formula = declared()[name]
    names = [word for word in NAME.findall(formula.text) if word not in FUNCTIONS]
    assert set(names) == {symbol.name for symbol in formula.symbols}
    assert len({symbol.name for symbol in formula.symbols}) == len(formula.symbols)


def test_every_formula_is_printed_somewhere() -> None:
    """A formula that no strategy prints is not known to be true."""
    texts = [step.formula for _, step in _steps()]
    unseen = {name for name, f in declared().items() if not any(f.printed in text for text in texts)}
    unseen = {name for name in unseen if not name.startswith("plan.")}  # tests/engine/plan/test_why_figures.py
    assert unseen <= {"economics.monthly_bill.DEVICES"}, "devices are free as long as edge_device_share is 0"


def test_one_of_several_is_named_everywhere() -> None:
    price = Symbol("price", "USD/h")
    formula = Formula(
        "max(paid hours - 1, 0) * price", "USD", (Symbol("paid hours", "h"), price), "docs/engine.md#money"
    )
    both = formula.plus(formula.of("prefill"))
    assert both.text == "max(paid hours - 1, 0) * price + max(prefill paid hours - 1, 0) * prefill price"
    assert [symbol.name for symbol in both.symbols] == ["paid hours", "price", "prefill paid hours", "prefill price"]
    assert formula.times(Symbol("share", "%")).printed == "(max(paid hours - 1, 0) \u00d7 price) \u00d7 share"


@pytest.mark.parametrize(
    ("formula", "inputs", "low", "high"),
    [
        ("a b \u00d7 c", {"a b": "1,234.5 ms (words)", "c": "2"}, 2468.8, 2469.2),
        ("max(ceil(peak / rate), 1) + spare", {"peak": "7", "rate": "2", "spare": "1 replicas"}, 4.999, 5.001),
        ("a \u00d7 (1 - cached)", {"a": "100", "cached": "25 % (of it)"}, 74.99, 75.01),
        ("(a^3 + b^3)^(1/3)", {"a": "3", "b": "0"}, 2.999, 3.001),
        ("max(ln(load / 0.05), 0)", {"load": "0"}, 0, 0),
    ],
)
def test_the_evaluator_reads_what_is_printed(formula: str, inputs: dict[str, str], low: float, high: float) -> None:
    given = printed.evaluate(formula, inputs)
    assert low <= given.low <= given.high <= high


def test_the_evaluator_runs_nothing_else() -> None:
    for text in ("a.b", "open(1)", "a if b else c", "a[0]"):
        with pytest.raises((AssertionError, KeyError, SyntaxError)):
            printed.evaluate(text, {"a": "1", "b": "1", "c": "1", "open": "1"})
