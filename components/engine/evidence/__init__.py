"""Published measurements: read, predicted, scored, and the constants fitted to them."""

from components.engine.evidence.calibration.nested import ItemError, nested
from components.engine.evidence.calibration.run import Calibration, FitInput, Rules, calibrate, fit_input, moved
from components.engine.evidence.calibration.spread import INSIDE
from components.engine.evidence.error_scores import (
    METRICS,
    Metric,
    Pair,
    Prediction,
    Score,
    band,
    device,
    regime,
    scores_by,
    worst_points,
)
from components.engine.evidence.published_runs import Run, runs
from components.engine.evidence.ranges import predict
from components.engine.evidence.scored_points import (
    ScoredPoints,
    figures_validated,
    score_points,
    share_held,
    takes_error_of_unseen,
)

__all__ = [
    "INSIDE",
    "METRICS",
    "Calibration",
    "FitInput",
    "ItemError",
    "Metric",
    "Pair",
    "Prediction",
    "Rules",
    "Run",
    "Score",
    "ScoredPoints",
    "band",
    "calibrate",
    "device",
    "figures_validated",
    "fit_input",
    "moved",
    "nested",
    "predict",
    "regime",
    "runs",
    "score_points",
    "scores_by",
    "share_held",
    "takes_error_of_unseen",
    "worst_points",
]
