"""A strategy made computable: levers checked, prices and layouts looked up, candidate replicas listed."""

from components.engine.scenario import Grade
from components.engine.strategy.lever_record import Lever, Words
from components.engine.strategy.lever_table import every_lever
from components.engine.strategy.own_apply import measurement
from components.engine.strategy.own_measurement import NotUsed
from components.engine.strategy.own_prices import asked_chips, asked_figures
from components.engine.strategy.sold import Offer, better_bought

__all__ = [
    "Grade",
    "Lever",
    "NotUsed",
    "Offer",
    "Words",
    "asked_chips",
    "asked_figures",
    "better_bought",
    "every_lever",
    "measurement",
]
