"""Quality of what a platform sells: of its published number format, never better than known."""

from __future__ import annotations

import pytest

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import compare, evaluate_one
from components.engine.scenario import Scenario, Strategy, Workload
from components.engine.strategy.lever_edits import BITS
from components.share.presets import presets

CATALOG, FORMATS = load_catalog(), load_levers().platform_formats


def _bought(provider: str, model: str, tier: str = "standard", baseline: str = "") -> tuple[str, float | None, str]:
    strategy = Strategy(buy="api", provider=provider, model=model, tier=tier)
    first = Strategy(model=baseline or model, weights="bf16" if not baseline else "native")
    told = compare(Scenario(strategies=(first, strategy)), CATALOG).answers[1]
    return told.grade, told.extra_errors_per_1000, told.quality_note


def test_a_narrower_format_of_a_platform_loses_what_it_loses_on_own_machines() -> None:
    """DeepInfra's model page: the turbo variant is FP8."""
    grade, errors, note = _bought("DeepInfra", "llama-3.3-70b", "turbo")
    own = evaluate_one(Strategy(weights="fp8"), Workload(), CATALOG)
    assert grade == own.grade == "B"
    assert errors == own.extra_errors_per_1000 == pytest.approx(3.0)
    assert "FP8 weights at DeepInfra 0.3" in note


def test_a_platform_that_publishes_no_format_is_not_graded() -> None:
    grade, errors, note = _bought("GroqCloud", "llama-3.3-70b")
    assert (grade, errors) == ("?", None)
    assert note.startswith("GroqCloud publishes no number format of Llama 3.3 70B")


def test_the_format_of_the_checkpoint_loses_nothing() -> None:
    """Together's list of models: gpt-oss is served in MXFP4, as OpenAI published it."""
    assert _bought("Together AI", "gpt-oss-120b")[:2] == ("A", 0)


def test_another_model_without_a_common_score_is_not_comparable() -> None:
    grade, errors, note = _bought("Together AI", "gpt-oss-120b", baseline="llama-3.3-70b")
    assert (grade, errors) == ("?", None)
    assert "not comparable" in note


def test_an_unknown_quality_never_wins_by_default() -> None:
    scenario = Scenario(strategies=(presets()["h100-default"].strategy, presets()["groq"].strategy))
    cheap = compare(scenario.model_copy(update={"workload": Workload(requests_per_day=1000)}), CATALOG)
    assert cheap.answers[1].cost_usd_per_month.base < cheap.answers[0].cost_usd_per_month.base
    assert cheap.best == 0
    anything = compare(scenario.model_copy(update={"workload": Workload(requests_per_day=1000, grade="any")}), CATALOG)
    assert anything.best == 1


def test_every_format_of_a_platform_is_of_a_known_model_and_source() -> None:
    sold = {(row.provider, row.model_id) for row in CATALOG.api_prices}
    for row in FORMATS.values():
        assert (row.provider, row.model_id) in sold, row
        assert row.source_id in CATALOG.sources, row
        assert row.weights in BITS, row
        native = CATALOG.models[row.model_id].native_precision
        assert row.weights != "mxfp4" or native == "mxfp4", f"{row}: no loss is published of MXFP4 weights"
