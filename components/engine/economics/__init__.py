"""What a month costs: terms of purchase, hours paid, power, tokens, the bill."""

from components.engine.economics.monthly_bill import IDLE

__all__ = [
    "IDLE",
]
