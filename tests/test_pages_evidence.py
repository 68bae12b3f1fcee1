"""The Evidence page opens, answers, searches, and keeps the scenario."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.evidence import MeasuredPoint
from components.catalog.load import load_catalog
from components.controls import evidence
from components.engine import validation
from components.engine.answer import Range
from components.engine.validation import METRICS, Prediction

APP = str(Path(__file__).parents[1] / "app.py")
PAGE = "pages/evidence.py"


def _predict(points: Sequence[MeasuredPoint], *_: object) -> tuple[Prediction, ...]:
    """A fifth too much for all but the first, which has no answer."""
    answered = tuple(
        Prediction({m: Range(v, 1.2 * v, 1.5 * v) for m in METRICS if (v := validation.measured(p, m))})
        for p in points[1:]
    )
    return (Prediction(reason="no layout fits"), *answered)


@pytest.fixture
def predicted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Known predictions for every point."""
    monkeypatch.setattr(evidence, "predict", _predict)
    evidence._proof.clear()
    yield
    evidence._proof.clear()


def _open(**query: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def test_the_page_answers_its_question_with_a_date() -> None:
    at = _open()
    row = evidence.accuracy("throughput")
    assert any(row.value_date in caption.value for caption in at.caption)
    assert "at the median" in at.subheader[0].value
    assert len(at.metric) == 4


@pytest.mark.usefixtures("predicted")
def test_every_point_is_drawn_and_what_has_no_answer_is_said() -> None:
    at = _open()
    assert len(at.get("plotly_chart")) == 4
    assert any("no layout fits" in caption.value for caption in at.caption)
    assert "20 %" in at.metric[0].help


def test_each_claim_stands_and_a_scenario_opens_compare() -> None:
    at = _open()
    assert len([e for e in at.expander if "badge" in e.label]) == len(load_catalog().claims)
    links = [link.proto.url for link in at.get("link_button")]
    assert len(links) >= 13
    assert all(url.startswith("./compare?w=") for url in links)


@pytest.mark.parametrize(("section", "column"), [("Peers", "Measured by"), ("Every figure", "Confidence")])
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
    assert "What is missing" in table.value


def test_the_scenario_of_the_sidebar_stays() -> None:
    at = _open(s0="h100-tuned~spec.none", s1="groq~name.Fast")
    assert at.session_state["s1"] == "groq~name.Fast"
    assert at.sidebar.radio(key="edit_slot").options[1] == "Fast"


def test_every_figure_is_found_by_words_in_any_order() -> None:
    assert len(evidence.figures("")) == len(load_catalog().figures())
    some = evidence.figures("memory h200-sxm")
    assert 0 < len(some) < 40
    assert set(some["Of"]) == {"h200-sxm"}
    assert evidence.figures("nothing-like-this").empty
