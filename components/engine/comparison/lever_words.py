"""One lever of a strategy in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.scenario import Strategy
from components.engine.strategy.lever_record import Lever
from components.wording import numbers

if TYPE_CHECKING:
    from components.catalog.load import Catalog


def lever_in_use(lever: Lever, strategy: Strategy, catalog: Catalog) -> str:
    """A lever with its setting, among others in a row; one that is taken back says so: "no guessing ahead"."""
    value = getattr(strategy, lever.field)
    if value in {False, "none", ""} and not isinstance(value, float):
        return f"no {lever.words.in_use.partition(':')[0].replace('{} ', '')}"
    return lever.words.in_use.format(setting_words(lever, strategy, catalog))


def setting_words(lever: Lever, strategy: Strategy, catalog: Catalog | None = None) -> str:
    """A lever's setting as people say it; a name of the catalog stays an id without one."""
    value = getattr(strategy, lever.field)
    if lever.words.list_of:
        return model_name(value, catalog)
    if lever.words.choices:
        return dict(lever.words.choices)[value]
    return numbers.percent(value) if isinstance(value, float) else str(value)


def model_name(model_id: str, catalog: Catalog | None) -> str:
    """A model as people call it; an unknown one stays an id."""
    model = catalog.answering.get(model_id) if catalog else None
    return model.name if model else model_id
