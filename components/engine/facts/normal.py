"""Quantiles of the standard normal distribution."""

from __future__ import annotations

from statistics import NormalDist

NORMAL = NormalDist()
Z50, Z95, Z99 = (NORMAL.inv_cdf(q) for q in (0.50, 0.95, 0.99))
"""Standard normal quantiles."""
