"""A model that cannot do a kind of work is refused, with one that can."""

from __future__ import annotations

import pytest

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import compare, evaluate_one
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Scenario, Strategy, Workload
from components.engine.search import Requirements, search

CATALOG, TABLES = load_catalog(), load_levers()


@pytest.mark.parametrize(
    ("preset", "model", "words"),
    [
        ("embeddings", "llama-3.3-70b", "Llama 3.3 70B makes no vectors: choose a model that does, such as BGE-M3"),
        ("image_understanding", "llama-3.3-70b", "Llama 3.3 70B is not known to read images: choose"),
        ("support_chat", "bge-m3", "BGE-M3 makes vectors and writes no answers: choose a model that writes"),
    ],
)
def test_a_model_that_cannot_do_the_work_is_refused(preset: str, model: str, words: str) -> None:
    got = evaluate_one(Strategy(model=model), Workload(preset=preset), CATALOG)
    assert not got.feasible
    assert any(reason.startswith(words) for reason in got.reasons)
    found = search(Requirements(workload=Workload(preset=preset), baseline=Strategy(model=model)), open_book(CATALOG))
    assert found.winner is None
    assert any(problem.startswith(words) for problem in found.problems)


@pytest.mark.parametrize("workload", sorted(TABLES.needs))
def test_what_is_suggested_can_do_the_work(workload: str) -> None:
    need = TABLES.needs[workload]
    got = evaluate_one(Strategy(model=need.suggested_model, hardware="h200-sxm"), Workload(preset=workload), CATALOG)
    assert got.feasible, got.reasons


def test_a_routed_share_is_held_to_the_same() -> None:
    strategy = Strategy(model="qwen3-vl-235b-a22b", hardware="h200-sxm", route=0.3, route_model="llama-3.1-8b")
    got = evaluate_one(strategy, Workload(preset="image_understanding"), CATALOG)
    assert any("Llama 3.1 8B is not known to read images" in reason for reason in got.reasons)


def test_every_need_and_every_reader_is_of_a_known_model_and_source() -> None:
    assert TABLES.reads_images <= set(CATALOG.answering)
    for need in TABLES.needs.values():
        assert need.workload_id in CATALOG.workloads
        assert need.suggested_model in CATALOG.models
        assert need.source_id in CATALOG.sources


def test_a_search_on_images_tries_only_models_that_read_them() -> None:
    asked = Requirements(
        workload=Workload(preset="image_understanding"), baseline=Strategy(model="qwen3.5-27b"), breadth="narrow",
        grade="?", hardware=("h200-sxm",),
    )  # fmt: skip
    found = search(asked, open_book(CATALOG))
    assert found.winner is not None
    assert {line.option.strategy.model for line in found.ranked} <= TABLES.reads_images


def test_the_sentence_on_vectors_speaks_of_no_words() -> None:
    strategies = (Strategy(model="bge-m3", name="One"), Strategy(model="bge-m3", name="Two", hardware="l40s"))
    result = compare(Scenario(workload=Workload(preset="embeddings"), strategies=strategies), CATALOG)
    said = " ".join([result.headline, *(words for a in result.answers for words in (*a.reasons, *a.at_risk))])
    assert "word" not in said
    assert "answers" not in said


def test_a_cause_that_all_share_is_the_headline() -> None:
    strategies = (Strategy(name="One"), Strategy(name="Two", hardware="h200-sxm"))
    result = compare(Scenario(workload=Workload(preset="image_understanding"), strategies=strategies), CATALOG)
    assert result.headline == (
        "No strategy shown can do this: Llama 3.3 70B is not known to read images: "
        "choose a model that does, such as Qwen3-VL 235B-A22B."
    )
