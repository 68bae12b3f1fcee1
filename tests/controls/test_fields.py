"""The editor asks for every field of a strategy, in its layer, with words for every choice."""

from components.controls.sidebar.strategy_fields import ASKS
from components.engine.scenario import LAYERS, Strategy, layer_of
from components.share import codec


def test_every_field_is_asked_in_its_layer() -> None:
    assert tuple(ASKS) == LAYERS
    for layer in LAYERS:
        assert {ask.field for ask in ASKS[layer]} == {f for f in Strategy.model_fields if layer_of(f) == layer}


def test_every_choice_has_words() -> None:
    for asks in ASKS.values():
        for ask in asks:
            assert ask.help.endswith("."), ask.field
            if ask.kind == "words":
                assert tuple(ask.words) == codec.choices(Strategy, ask.field), ask.field


def test_numbers_have_limits() -> None:
    for asks in ASKS.values():
        for ask in asks:
            if ask.kind in ("percent", "whole", "money"):
                assert None not in codec.limits(Strategy, ask.field), ask.field
