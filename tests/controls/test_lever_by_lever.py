"""Each lever's worth in words, and its table on the page."""

from __future__ import annotations

import pytest

from components.controls.compare.lever_by_lever import worth
from components.engine.comparison import LeverEffect
from components.wording.money import DOLLARS
from tests.app import open_app


def effect(saving: float | None, *, nothing: bool = False, note: str = "") -> LeverEffect:
    cost = None if saving is None else 50_000.0
    return LeverEffect("model", ("weights",), "weights 8-bit (FP8)", cost, saving, nothing, note)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (effect(8_915.0), "$8,920"),
        (effect(-1_960.0), "costs $1,960"),
        (effect(0.2, nothing=True), "nothing at this load"),
        (effect(7_500.0, note="without it the targets are missed"), "$7,500; without it the targets are missed"),
        (effect(None, note="B does not fit A"), "not to be told apart: B does not fit A"),
    ],
)
def test_what_a_lever_is_worth_is_said(told: LeverEffect, words: str) -> None:
    assert worth(told, DOLLARS).replace("\u00a0", " ") == words


def test_the_page_opens_a_saving_when_asked() -> None:
    at = open_app()
    (switch,) = [each for each in at.toggle if each.label == "What it is made of"]
    before = len(at.dataframe)
    switch.set_value(True).run()
    assert not at.exception
    assert len(at.dataframe) == before + 1
    assert any("The work itself" in text.value for text in at.markdown)
    assert list(at.dataframe[0].value.columns)[:2] == ["Layer", "What"]
