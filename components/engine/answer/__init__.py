"""A strategy said: figures with ranges, how sure they are, and why each is what it is."""

from components.engine.answer.records import CALIBRATED, YOUR_FIGURES, Answer, WhyStep
from components.engine.answer.targets import slow_case

__all__ = [
    "CALIBRATED",
    "YOUR_FIGURES",
    "Answer",
    "WhyStep",
    "slow_case",
]
