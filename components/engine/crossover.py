"""Where two cost curves cross."""

from __future__ import annotations

import numpy as np

from components.engine.physics import Vec


def crossings(x: Vec, y1: Vec, y2: Vec) -> Vec:
    """Every x at which y1 - y2 changes sign; step-like curves may cross several times.

    Between two grid points the difference is taken as linear in ln x. A run of equal values counts once, in its
    middle, and only if the sign differs on its two sides. Points where either curve is not finite are left out.
    Args: x, increasing and positive, shape (k,); y1, y2, shape (k,).    Returns: increasing, shape (crossings,).
    """
    known = np.isfinite(y1) & np.isfinite(y2)
    log_x, gap = np.log(x[known]), (y1 - y2)[known]
    apart = np.flatnonzero(gap)
    before, after = apart[:-1], apart[1:]
    turn = np.sign(gap[before]) != np.sign(gap[after])
    before, after = before[turn], after[turn]
    share = gap[before] / (gap[before] - gap[after])
    linear = log_x[before] + share * (log_x[after] - log_x[before])
    middle = (log_x[np.minimum(before + 1, after)] + log_x[np.maximum(after - 1, before)]) / 2
    return np.asarray(np.exp(np.where(after == before + 1, linear, middle)))
