"""The Hardware page: what binds each chip, what it yields and how many are needed."""

from components.controls.hardware.chip_panels import (
    bars,
    headline,
    machines,
    needed,
    no_chip,
    picker,
    roofline,
    specs,
    speed,
)

__all__ = ["bars", "headline", "machines", "needed", "no_chip", "picker", "roofline", "specs", "speed"]
