"""A strategy said: figures with ranges, how sure they are, and why each is what it is."""

from components.engine.answer.records import CALIBRATED, Answer, WhyStep

__all__ = [
    "CALIBRATED",
    "Answer",
    "WhyStep",
]
