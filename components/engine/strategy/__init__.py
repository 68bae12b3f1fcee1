"""A strategy made computable: levers checked, prices and layouts looked up, candidate replicas listed."""

from components.engine.strategy.own_apply import measurement
from components.engine.strategy.own_measurement import NotUsed
from components.engine.strategy.quality import Grade

__all__ = [
    "Grade",
    "NotUsed",
    "measurement",
]
