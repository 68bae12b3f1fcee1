"""What the Evidence page shows, asked of the engine once and kept for as long as the catalog is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.catalog.evidence import benchmark_traits, every_figure, measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import AccuracyRow, load_accuracy, load_parameters, load_ranges, load_structures
from components.catalog.search_figures import FigureTable, figure_table
from components.engine.evidence import (
    Metric,
    ScoredPoints,
    figures_validated,
    predict,
    score_points,
    share_held,
    takes_error_of_unseen,
)
from components.share.points import points_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from components.catalog.parameters import StructureRow


@st.cache_resource(show_spinner="Comparing with every published measurement")
def _scored(_version: str) -> ScoredPoints:
    points = measured_points()
    predictions = predict(points, load_catalog(), benchmark_traits(), load_ranges(), load_parameters())
    return score_points(points, predictions)


def scored() -> ScoredPoints:
    """The comparison with measurements."""
    return _scored(load_catalog().version)


def accuracy(metric: Metric, regime: str = "all") -> AccuracyRow:
    """The cross-validated error of a metric: each group of points predicted without having been fitted to."""
    return load_accuracy()[regime, metric]


def borrowed(metric: Metric, regime: str) -> bool:
    """Whether a regime takes the error of an unseen class of chip."""
    return takes_error_of_unseen(load_accuracy(), metric, regime)


def structures() -> Mapping[tuple[str, str], StructureRow]:
    """Errors under each structure of the fit, by structure and metric."""
    return {(row.structure, row.metric): row for row in load_structures()}


def validated_figures(metric: Metric) -> int:
    """How many measured figures cross-validation scored."""
    return figures_validated(load_ranges(), metric)


def held(metric: Metric) -> float:
    """Share of a benchmark's figures that the stated ranges hold when they are made without it."""
    return share_held(load_ranges(), metric)


def points_csv() -> str:
    """Every published point with its prediction, range, basis or reason, as CSV."""
    found = scored()
    return points_table(found.points, found.predictions)


@st.cache_resource(show_spinner=False)
def _figures(_version: str) -> FigureTable:
    return figure_table(every_figure(), load_catalog().sources)


def figures(search: str) -> pd.DataFrame:
    """Every figure of data/ whose row has all the words."""
    return _figures(load_catalog().version).search(search)
