"""One replica as arrays in SI units: what it holds, what one decode step and one prompt take."""

from components.engine.replica.roofline import Phase, RooflinePoint

__all__ = [
    "Phase",
    "RooflinePoint",
]
