"""One record is all that a lever takes: one that only this test knows works in every place that asks for levers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import Field
from pydantic.fields import FieldInfo

from components.catalog.load import load_catalog
from components.controls.sidebar.strategy_fields import asks
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.replica.record import Physics
from components.engine.scenario import Strategy, Workload, layer_of
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.strategy import lever_table
from components.engine.strategy.edits import Edits
from components.engine.strategy.lever_record import Edited, Lever, LeverCase, Loss, Scope, SearchAxis, ShareLoss, Words
from components.engine.strategy.lever_table import LEVERS, every_lever
from components.engine.strategy.records import Resolved
from components.engine.strategy.resolve import resolve

PURCHASE = {
    "model", "hardware", "chips", "fleet", "prefill", "buy", "provider", "tier", "place", "price", "price_in",
    "price_cached", "price_out", "price_write", "api_hit", "api_batch", "api_fee", "stack",
}  # fmt: skip
"""Fields of `Strategy` that belong to a layer and say what is bought and from whom."""
BOOK = open_book(load_catalog())
CHAT = Workload(preset="support_chat")
THIN = 0.25


def test_every_field_of_a_layer_is_bought_or_is_of_one_lever() -> None:
    levers = [field for lever in every_lever() for field in lever.fields]
    assert len(levers) == len(set(levers))
    assert set(levers) | PURCHASE == {field for field in Strategy.model_fields if layer_of(field) is not None}
    assert PURCHASE.isdisjoint(levers)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.field)
def test_a_lever_is_tried_off_first_and_only_with_settings_that_a_strategy_allows(lever: Lever) -> None:
    off = tuple(lever.off.values())
    if lever.axis is not None:
        for settings in lever.axis:
            assert settings[0] == off
            for setting in settings:
                Strategy.model_validate(dict(zip(lever.fields, setting, strict=True)))
        assert set(lever.axis.narrow) <= set(lever.axis.wide)
        assert set(lever.axis.default) <= set(lever.axis.wide)
    assert lever.asked <= (lever.field in Requirements.model_fields)


def _edit(case: LeverCase, edits: Edits) -> Edited:
    share: float = case.strategy.thinned  # type: ignore[attr-defined]
    if not share:
        return Edited(edits)
    return Edited(edits, (f"layers thinned by {share:.0%}",), factors=(("params_rest_read", 1 - share),))


def _loss(_book: object, strategy: Strategy, edits: Edits | None) -> Loss | None:
    share: float = strategy.thinned  # type: ignore[attr-defined]
    return ShareLoss("thinned layers", 2 * share, "planning-estimate") if share and edits is not None else None


@pytest.fixture(params=["format", "serving"])
def thinned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lever]:
    """A field of `Strategy` and a record, no more."""
    scope: Scope = request.param
    declared: float = Field(0, ge=0, le=0.5, json_schema_extra={"layer": "model"})
    Strategy.__pydantic_fields__["thinned"] = FieldInfo.from_annotated_attribute(float, declared)
    Strategy.model_rebuild(force=True)
    one = (0,)
    lever = Lever(
        "thinned", Words("Thin layers", "Share of each layer left out.", "thinning"), scope, edit=_edit, loss=_loss,
        axis=SearchAxis((one, (THIN,)), (one, (THIN,)), (one, (THIN,))), without="thin layers",
    )  # fmt: skip
    monkeypatch.setattr(lever_table, "LEVERS", (*LEVERS, lever))
    yield lever
    del Strategy.__pydantic_fields__["thinned"]
    Strategy.model_rebuild(force=True)


def _run(**levers: object) -> Resolved:
    return resolve(BOOK, Strategy.model_validate({"chips": 8} | levers), CHAT)


def _physics(found: Resolved) -> Physics:
    candidates = found.deployments[-1].candidates
    assert candidates is not None, found.reasons
    return candidates.physics


@pytest.mark.usefixtures("thinned")
def test_an_added_lever_edits_physics_and_says_so() -> None:
    """In the same book: what is kept of the machine without it is not taken for the machine with it."""
    plain, thin = _run(), _run(thinned=THIN)
    assert _physics(thin).params_rest_read == pytest.approx(_physics(plain).params_rest_read * (1 - THIN))
    assert _physics(thin).params_total == pytest.approx(_physics(plain).params_total)
    assert set(thin.edits) - set(plain.edits) == {"layers thinned by 25%"}


@pytest.mark.usefixtures("thinned")
def test_an_added_lever_is_graded() -> None:
    found = _run(thinned=THIN).quality
    assert found is not None
    assert ("thinned layers", 2 * THIN) in found.parts
    assert found.grade == "B"


@pytest.mark.usefixtures("thinned")
def test_an_added_lever_is_reset_on_devices_and_on_platforms() -> None:
    edge = {"model": "llama-3.1-8b", "edge": 1.0}
    assert _physics(_run(thinned=THIN, **edge)).key() == _physics(_run(**edge)).key()
    platform = _run(thinned=THIN, buy="api", provider="Together AI", model="gpt-oss-120b", chips=0)
    assert any("thinned ignored" in warning for warning in platform.warnings)
    assert platform.grade == "A"


@pytest.mark.usefixtures("thinned")
def test_an_added_lever_is_searched_and_its_worth_is_told() -> None:
    asked = Requirements(
        workload=Workload(preset="support_chat", requests_per_day=3e6), baseline=Strategy(), grade="E",
        breadth="narrow",
        alternatives="same", hardware=("h100-sxm",), buys=("on-demand",), places=("usa",),
    )  # fmt: skip
    found = search(asked, BOOK)
    assert found.winner is not None
    assert found.winner.strategy.thinned == THIN  # type: ignore[attr-defined]
    (outcome,) = evaluate([found.winner.strategy], asked.workload, BOOK, "llama-3.3-70b")
    assert found.winner.cost_usd_per_month == pytest.approx(outcome.cost_usd_per_month)
    assert found.why is not None
    assert any("without thin layers" in worth.sentence for worth in found.why.levers)
    lossless = search(asked.model_copy(update={"lossy": False}), BOOK).winner
    assert lossless is not None
    assert lossless.strategy.thinned == 0  # type: ignore[attr-defined]


@pytest.mark.usefixtures("thinned")
def test_an_added_lever_is_asked_for() -> None:
    ask = next(ask for ask in asks("model") if ask.field == "thinned")
    assert (ask.kind, ask.label) == ("percent", "Thin layers (thinning)")
    assert ask.applies(Strategy())
    assert not ask.applies(Strategy(buy="api"))
