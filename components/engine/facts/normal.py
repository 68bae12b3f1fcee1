"""Quantiles of the standard normal distribution."""

from __future__ import annotations

Z50, Z95, Z99 = 0.0, 1.6448536269514722, 2.3263478740408408
"""Standard normal quantiles."""
