"""What the Evidence page shows, computed once: predictions beside measurements, claims and the table of figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.catalog.evidence import (
    ClaimScenario,
    MeasuredPoint,
    benchmark_traits,
    claim_scenarios,
    every_figure,
    measured_points,
)
from components.catalog.load import load_catalog
from components.catalog.parameters import AccuracyRow, load_accuracy, load_parameters, load_ranges
from components.engine.comparison import claims
from components.engine.comparison.compare import compare
from components.engine.evidence import error_scores
from components.engine.evidence.calibrate.figures import counts, left_out
from components.engine.evidence.error_scores import METRICS, Coverage, Metric, Pair, Prediction, Score
from components.engine.evidence.ranges import predict
from components.share.link import read_link
from components.share.points import points_table
from components.wording.numbers import NOT_PUBLISHED

if TYPE_CHECKING:
    import pandas as pd


UNDATED = frozenset({"", "undated"})


@dataclass(frozen=True)
class Proof:
    """Every published figure beside its prediction by the constants in use, which were fitted to these figures."""

    points: tuple[MeasuredPoint, ...]
    predictions: tuple[Prediction, ...]
    pairs: dict[Metric, tuple[Pair, ...]]
    as_validated: dict[Metric, Score | None]
    """The figures that cross-validation scores: without those left out by rule, none twice."""
    everything: dict[Metric, Score | None]
    """Nothing left out."""
    coverage: Coverage
    last_measured: str


@st.cache_resource(show_spinner="Comparing with every published measurement")
def _proof(_version: str) -> Proof:
    points = measured_points()
    predictions = predict(points, load_catalog(), benchmark_traits(), load_ranges(), load_parameters())
    found = error_scores.pairs(points, predictions)
    split = {metric: error_scores.of(found, metric) for metric in METRICS}
    return Proof(
        points=points,
        predictions=predictions,
        pairs=split,
        as_validated={
            m: error_scores.score([p for p in rows if counts(p.point, m) and not left_out(p.point, m)])
            for m, rows in split.items()
        },
        everything={metric: error_scores.score(rows) for metric, rows in split.items()},
        coverage=error_scores.coverage(predictions),
        last_measured=max(point.value_date for point in points),
    )


def proof() -> Proof:
    """The comparison with measurements, kept for as long as the catalog is the same."""
    return _proof(load_catalog().version)


def accuracy(metric: Metric, regime: str = "all") -> AccuracyRow:
    """The cross-validated error of a metric: each group of points predicted without having been fitted to."""
    return load_accuracy()[regime, metric]


def borrowed(metric: Metric, regime: str) -> bool:
    """Whether a regime has too few groups for an error of its own and takes that of an unseen class of chip."""
    own, unseen = accuracy(metric, regime), accuracy(metric, "unseen")
    return regime != "unseen" and (own.median_error, own.p90_error, own.groups) == (
        unseen.median_error, unseen.p90_error, unseen.groups,
    )  # fmt: skip


def validated_figures(metric: Metric) -> int:
    """How many measured figures cross-validation scored."""
    return sum(row.figures for (_, named), row in load_ranges().items() if named == metric)


def points_csv() -> str:
    """Every published point with its prediction, range, basis or reason, as CSV."""
    found = proof()
    return points_table(found.points, found.predictions)


@dataclass(frozen=True)
class Reached:
    """The scenario in which the engine comes closest to a claim."""

    query: str
    words: str
    """The factor."""
    means: str
    remarks: tuple[str, ...]


@st.cache_resource(show_spinner="Trying the claims")
def _reached(_version: str) -> dict[str, Reached]:
    return {claim_id: _closest(row) for claim_id, row in claim_scenarios().items()}


def _closest(row: ClaimScenario) -> Reached:
    catalog, found = load_catalog(), {}
    for value, query in row.queries.items():
        result = compare(read_link(query)[0], catalog)
        found[value] = result, claims.reached(result, row.factor)
    best = claims.closest(found, row.target)
    result, factor = found[best]
    among = f", at {best} {row.tried}, the closest of {len(found)} tried" if row.tries else ""
    return Reached(row.queries[best], claims.words(factor, row.factor), row.means + among, claims.remarks(result))


def scenarios() -> dict[str, Reached]:
    """What the engine reaches for each claim that has a scenario."""
    return _reached(load_catalog().version)


@st.cache_resource(show_spinner=False)
def _figures(_version: str) -> pd.DataFrame:
    import pandas as pd

    catalog = load_catalog()
    rows = [
        (
            f.table.replace("_", " "),
            f.entity,
            f.quantity.replace("_", " "),
            f.value,
            f.unit,
            NOT_PUBLISHED if f.value_date in UNDATED else f.value_date,
            f.confidence,
            catalog.sources[f.source_id].title,
            catalog.sources[f.source_id].url or None,
        )
        for f in every_figure()
    ]
    names = ["Table", "Of", "Quantity", "Value", "Unit", "Date", "Confidence", "Source", "Link"]
    return pd.DataFrame(rows, columns=names)


@st.cache_resource(show_spinner=False)
def _searchable(_version: str) -> pd.Series[str]:
    table = _figures(_version)
    text = table["Table"]
    for column in ("Of", "Quantity", "Unit", "Date", "Confidence", "Source"):
        text = text + " " + table[column]
    return text.str.lower().str.replace("_", " ")


def figures(search: str) -> pd.DataFrame:
    """Every figure of data/ whose row has all the words."""
    version = load_catalog().version
    table, text = _figures(version), _searchable(version)
    for word in search.lower().replace("_", " ").split():
        table = table[text.loc[table.index].str.contains(word, regex=False)]
    return table
