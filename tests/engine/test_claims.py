"""Each quantitative claim has a scenario that reads as written and a factor that the engine computes."""

from dataclasses import replace

import pytest

from components.catalog.evidence import claim_scenarios
from components.catalog.load import load_catalog
from components.engine.comparison import claims
from components.engine.comparison.compare_strategies import compare
from components.engine.comparison.records import Comparison
from components.share.link import read_link_strictly

SCENARIOS = claim_scenarios()


@pytest.mark.parametrize("claim_id", SCENARIOS)
def test_a_claims_link_is_taken_as_written_and_has_a_factor(claim_id: str) -> None:
    row = SCENARIOS[claim_id]
    for query in row.queries.values():
        result = compare(read_link_strictly(query), load_catalog())
        value = claims.reached(result, row.factor)
        assert value is not None
        assert value > 0
        assert any(char.isdigit() for char in claims.words(value, row.factor))


def test_five_hundred_times_is_out_of_reach() -> None:
    row = SCENARIOS["S07"]
    value = claims.reached(compare(read_link_strictly(row.query), load_catalog()), row.factor)
    assert value is not None
    assert value < 100


def _tried(*figures: float | None) -> dict[str, tuple[Comparison, float | None]]:
    result = compare(read_link_strictly("w=support_chat&s0=h100-default&s1=h100-tuned"), load_catalog())
    return {str(place): (result, value) for place, value in enumerate(figures)}


def test_closest_is_by_ratio_and_needs_a_factor() -> None:
    assert claims.closest(_tried(None, 20.0, 5.5), 10.0) == "2"
    assert claims.closest(_tried(4.0, 20.0), 10.0) == "1"
    assert claims.closest(_tried(None, 20.0), None) == "0"


def test_a_scenario_in_which_both_work_goes_first() -> None:
    found = _tried(10.0, 30.0)
    result, value = found["0"]
    out = replace(
        result, answers=(replace(result.answers[0], feasible=False, reasons=("too slow",)), *result.answers[1:])
    )
    found["0"] = out, value
    assert claims.closest(found, 10.0) == "1"
    assert claims.remarks(out) == (f"{out.answers[0].name} does not qualify: too slow",)
    assert claims.remarks(result) == ()


def test_factors_of_one_comparison_agree() -> None:
    result = compare(read_link_strictly("w=support_chat&s0=h100-default&s1=h100-tuned"), load_catalog())
    ratio, saving = claims.reached(result, "cost"), claims.reached(result, "saving")
    before, saved = claims.reached(result, "usd_month"), claims.reached(result, "saved_usd_month")
    assert ratio is not None
    assert saving == pytest.approx(1 - 1 / ratio)
    assert saved is not None
    assert before is not None
    assert saved / before == pytest.approx(saving)


def test_an_unpriced_strategy_has_no_ratio() -> None:
    result = compare(read_link_strictly("w=support_chat&s0=h100-default&s1=groq-lpx"), load_catalog())
    assert claims.reached(result, "cost") is None
    assert claims.words(None, "cost") == "not published"


def test_nearly_all_is_not_all() -> None:
    assert claims.words(0.996, "saving") == "99.6 %"
    assert claims.words(0.7, "share") == "70 %"
    assert claims.words(2e6, "saved_usd_month") == "$2M"
