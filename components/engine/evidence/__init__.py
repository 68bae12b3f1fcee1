"""Published measurements: read, predicted, scored, and the constants fitted to them."""

from components.engine.evidence.calibration.run import Calibration, Rules, calibrate, moved
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
    takes_error_of_unseen,
)

__all__ = [
    "INSIDE",
    "METRICS",
    "Calibration",
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
    "moved",
    "predict",
    "regime",
    "runs",
    "score_points",
    "scores_by",
    "takes_error_of_unseen",
    "worst_points",
]
