"""The editor asks for every field of a strategy, in its layer, with words for every choice."""

from components.controls.sidebar.strategy_fields import BOUGHT, asks
from components.engine.scenario import LAYERS, Strategy, layer_of
from components.share import codec
from components.wording import vocabulary


def test_every_field_is_asked_in_its_layer() -> None:
    assert tuple(BOUGHT) == tuple(vocabulary.LAYERS) == LAYERS
    for layer in LAYERS:
        assert {ask.field for ask in asks(layer)} == {f for f in Strategy.model_fields if layer_of(f) == layer}


def test_every_choice_has_words() -> None:
    for ask in (ask for layer in LAYERS for ask in asks(layer)):
        assert ask.help.endswith("."), ask.field
        if ask.kind == "words":
            assert tuple(ask.words) == codec.choices(Strategy, ask.field), ask.field


def test_numbers_have_limits() -> None:
    for ask in (ask for layer in LAYERS for ask in asks(layer)):
        if ask.kind in ("percent", "share", "whole", "money"):
            assert None not in codec.limits(Strategy, ask.field), ask.field


def test_what_goes_with_a_lever_is_asked_while_it_is_on() -> None:
    def shown(**levers: object) -> set[str]:
        strategy = Strategy.model_validate(levers)
        return {ask.field for layer in LAYERS for ask in asks(layer) if ask.applies(strategy)}

    assert {"static_batch", "depth", "route_model", "edge_device", "edge_model"}.isdisjoint(shown())
    assert "static_batch" in shown(batching="static")
    assert "depth" in shown(spec="eagle")
    assert "route_model" in shown(route=0.2)
    assert {"edge_device", "edge_model"} <= shown(edge=0.2)
    assert {"weights", "scale", "hardware"} <= shown() - shown(buy="api")
    assert {"cache", "student"} <= shown(buy="api")
