"""The Evidence page opens, answers, searches, and keeps the scenario."""

import csv
import io
import re
from collections.abc import Sequence
from functools import partial

import pytest

from components.catalog.evidence import MeasuredPoint, claim_scenarios, every_figure, measured_points
from components.catalog.load import load_catalog
from components.controls.claims.claim_cards import checked_claims
from components.controls.evidence import cached_evidence
from components.engine.comparison import claims
from components.engine.comparison.claims_checked import NO_CHECK
from components.engine.comparison.compare_strategies import compare
from components.engine.evidence import error_scores
from components.engine.evidence.error_scores import METRICS, Prediction
from components.engine.evidence.scored_points import score_points
from components.engine.facts.trust import Range
from components.share.link import read_link_strictly
from components.wording.numbers import percent
from components.wording.text import markdown
from tests.app import figures, open_app


def _predictions(points: Sequence[MeasuredPoint]) -> tuple[Prediction, ...]:
    """A fifth too much for all but the first, which has no answer."""
    answered = tuple(
        Prediction({m: Range(v, 1.2 * v, 1.5 * v) for m in METRICS if (v := error_scores.measured(p, m))})
        for p in points[1:]
    )
    return (Prediction(reason="no layout fits"), *answered)


@pytest.fixture
def predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known predictions for every point."""
    known = score_points(measured_points(), _predictions(measured_points()))
    monkeypatch.setattr(cached_evidence, "scored", lambda: known)


_open = partial(open_app, "evidence")


def test_the_page_answers_its_question_with_a_date() -> None:
    at = _open()
    row = cached_evidence.accuracy("throughput")
    assert any(row.value_date in caption.value for caption in at.caption)
    assert "half of" in at.title[0].value
    assert percent(row.median_error).replace(" ", "\u00a0") in at.title[0].value
    assert len(at.metric) == 4


@pytest.mark.usefixtures("predicted")
def test_every_point_is_drawn_and_what_has_no_answer_is_said() -> None:
    at = _open()
    assert len(figures(at)) == 4
    assert "no layout fits" in at.metric[3].help
    (in_use,) = [c.value for c in at.caption if "constants in use" in c.value and "nothing out" in c.value]
    assert "20\u00a0% in half of" in in_use
    assert "it holds 80\u00a0% of measurements" in in_use


def test_each_claim_stands_in_the_order_of_the_article_and_a_scenario_opens_compare() -> None:
    at = open_app("claims")
    told = [e.label for e in at.expander if "-badge" in e.label]
    places = [next(i for i, label in enumerate(told) if markdown(c.claim) in label) for c in load_catalog().claims]
    assert places == sorted(places)
    assert len([e for e in at.expander if "-badge" in e.label]) == len(load_catalog().claims)
    links = [link.proto.url for link in at.get("link_button")]
    assert len(links) >= 13
    assert all(url.startswith("./compare?w=") for url in links)


def test_the_figures_on_top_are_cross_validated() -> None:
    at = _open()
    for metric, shown in zip(METRICS, at.metric, strict=False):
        assert shown.value == percent(cached_evidence.accuracy(metric).median_error)


@pytest.mark.parametrize("claim_id", claim_scenarios())
def test_a_claims_button_opens_what_its_label_says(claim_id: str) -> None:
    found, query = checked_claims()[claim_id]
    result = compare(read_link_strictly(query), load_catalog())
    kind = claim_scenarios()[claim_id].factor
    refused = not any(answer.feasible for answer in result.answers[:2])
    assert found.words == (NO_CHECK if refused else claims.words(claims.reached(result, kind), kind))
    assert {answer.name for answer in result.answers[:2] if not answer.feasible} == {
        remark.partition(" does not qualify: ")[0] for remark in found.remarks
    }


def test_ways_of_counting_stand_apart() -> None:
    at = _open()
    at.session_state["evidence_section"] = "Accuracy in full"
    at.run()
    assert not at.exception
    unseen, nested, in_use = (table.value for table in at.dataframe)
    assert list(nested["Model"])[:2] == ["all parts, as in use", "parts chosen inside each fold"]
    assert all(re.fullmatch(r"\d of 5", kept) for kept in nested["Folds that keep it"][1:])
    assert "In the stated range" not in unseen
    assert set(in_use["Counted"]) == {"as cross-validated", "nothing left out"}
    assert len(unseen) == len(METRICS) * 6


def test_an_error_that_a_regime_borrows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    row = cached_evidence.accuracy("tpot", "unseen")
    table = {("unseen", "tpot"): row, ("amd", "tpot"): row.model_copy(update={"regime": "amd"}),
             ("server", "tpot"): row.model_copy(update={"groups": row.groups + 1})}  # fmt: skip
    monkeypatch.setattr(cached_evidence, "load_accuracy", lambda: table)
    assert cached_evidence.borrowed("tpot", "amd")
    assert not cached_evidence.borrowed("tpot", "server")
    assert not cached_evidence.borrowed("tpot", "unseen")


def test_the_points_are_taken_away_with_predictions() -> None:
    rows = list(csv.DictReader(io.StringIO(cached_evidence.points_csv())))
    found = cached_evidence.scored()
    assert len(rows) == len(found.points)
    assert sum(not row["reason"] for row in rows) == found.coverage.answered
    assert {row["disaggregated"] for row in rows} <= {"", "true", "false"}
    assert all(row["source_id"] for row in rows)


@pytest.mark.parametrize(("section", "column"), [("Other tools", "Measured by"), ("Every figure", "Confidence")])
def test_sections_open(section: str, column: str) -> None:
    at = _open()
    at.session_state["evidence_section"] = section
    at.run()
    assert not at.exception
    assert any(column in table.value for table in at.dataframe)


@pytest.mark.usefixtures("predicted")
def test_the_ten_worst_say_what_is_missing() -> None:
    at = _open()
    at.session_state["evidence_section"] = "Ten worst"
    at.run()
    assert not at.exception
    (table,) = at.table
    assert len(table.value) == 10
    assert "What we think is missing" in table.value


def test_the_scenario_of_the_sidebar_stays() -> None:
    at = _open(s0="h100-tuned~spec.none", s1="groq~name.Fast")
    assert at.session_state["s1"] == "groq~name.Fast"
    assert at.sidebar.radio(key="edit_slot").options[1] == "Fast"


def test_every_figure_is_found_by_words_in_any_order() -> None:
    assert len(cached_evidence.figures("")) == len(every_figure())
    some = cached_evidence.figures("memory h200-sxm")
    assert 0 < len(some) < 40
    assert set(some["Of"]) == {"h200-sxm"}
    assert cached_evidence.figures("nothing-like-this").empty
