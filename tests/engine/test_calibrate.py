"""Fitting the engine's constants, and what cross-validation says of them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from components.catalog.evidence import benchmark_traits, measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import load_accuracy, load_parameters, load_ranges, read_priors
from components.engine.evidence.calibration import nested as nested_folds
from components.engine.evidence.calibration.figures import left_out, measured_figures
from components.engine.evidence.calibration.fit import fit, loss
from components.engine.evidence.calibration.folds import cross_validate, split
from components.engine.evidence.calibration.run import FitInput, Rules, calibrate, fit_input
from components.engine.evidence.calibration.space import EFFICIENCIES, Space
from components.engine.evidence.calibration.spread import FEW, REGIMES, error_of, inside, spreads
from components.engine.evidence.error_scores import METRICS, measured
from components.engine.evidence.modelled_figures import PredictedFigures, figures

pytestmark = pytest.mark.slow
CATALOG, G = load_catalog(), load_parameters()
RULES = Rules(*read_priors(), benchmark_traits())
SOME = [p for p in measured_points() if p.benchmark in {"inferencemax", "trtllm-perf-overview"}][::18]


@pytest.fixture(scope="module")
def some() -> FitInput:
    return fit_input(SOME, CATALOG, G, RULES)


@pytest.fixture(scope="module")
def few() -> FitInput:
    return fit_input(SOME[::3], CATALOG, G, RULES)


@pytest.fixture(scope="module")
def everything() -> FitInput:
    return fit_input(measured_points(), CATALOG, G, RULES)


def stored(space: Space) -> NDArray[np.float64]:
    return np.log([getattr(G, f.name) if f.scope == "global" else G.offset(f.scope, f.key, f.name) for f in space.free])


def test_a_fit_finds_the_machine_that_the_figures_come_from(some: FitInput) -> None:
    true = some.space.prior.copy()
    names = [f.name for f in some.space.free if f.scope == "global"]
    for name, factor in (("mbu", 0.8), ("sequence_overhead_s", 2.0), ("mfu_prefill", 0.7)):
        true[names.index(name)] += np.log(factor)
    seen = measured_figures(some.points)
    made = np.log(np.array(figures(some.setups, some.space.parameters(true))))
    seen = replace(seen, log_measured=made[seen.metric, seen.setup])
    found = np.log(np.array(figures(some.setups, some.space.parameters(fit(some.setups, seen, some.space)))))
    before = np.log(np.array(figures(some.setups, some.space.parameters(some.space.prior))))
    gap = np.abs(found - made)[seen.metric, seen.setup]
    assert np.median(gap) < 0.01 and np.percentile(gap, 90) < 0.05
    assert np.median(np.abs(before - made)[seen.metric, seen.setup]) > 10 * np.median(gap)


def test_a_fit_stays_inside_the_bounds_and_repeats_itself(some: FitInput) -> None:
    seen = measured_figures(some.points)
    theta = fit(some.setups, seen, some.space)
    assert (some.space.clip(theta) == theta).all()
    assert (fit(some.setups, seen, some.space) == theta).all()


def test_no_efficiency_of_a_class_passes_the_ceiling(some: FitInput) -> None:
    space, high = some.space, some.space.prior.copy()
    names = [(f.scope, f.name) for f in space.free]
    high[[i for i, (_, name) in enumerate(names) if name in EFFICIENCIES]] += 1.0
    inside_bounds = space.clip(high)
    for name in EFFICIENCIES:
        constant = inside_bounds[names.index(("global", name))]
        offsets = [inside_bounds[i] for i, found in enumerate(names) if found == ("device", name)]
        assert offsets and max(offsets) + constant <= np.log(G.ceiling) + 1e-12


def test_the_stored_constants_are_those_of_the_published_points(everything: FitInput) -> None:
    seen = measured_figures(everything.points)
    theta = stored(everything.space)
    again = fit(everything.setups, seen, everything.space, start=theta)
    at, best, prior = (
        loss(everything.setups, seen, everything.space, t) for t in (theta, again, everything.space.prior)
    )
    assert best <= at < best + 0.03 * (prior - best)


def test_no_number_belongs_to_a_model_a_point_or_a_group(everything: FitInput) -> None:
    keys = {f.key for f in everything.space.free}
    models, groups = set(CATALOG.models), {p.group_id for p in everything.points}
    assert not keys & (models | groups)
    seen = measured_figures(everything.points)
    assert 10 * len(everything.space.free) < len(seen.setup), "ten figures and more for a number"
    assert all(touched.any() for touched in everything.space.touches)


def test_an_offset_begins_where_the_first_prior_that_names_its_key_says(everything: FitInput) -> None:
    steps = {f.key: f for f in everything.space.free if f.name == "admission_steps" and f.scope == "admission"}
    sglang, atom = steps["inferencemax/sglang/nvidia/tp"], steps["inferencemax/atom/amd/tp"]
    named = [p for p in RULES.priors if p.parameter == "admission_steps" and "inferencemax/sglang/nvidia/*" in p.keys]
    assert sglang.log_prior == pytest.approx(np.log(named[0].centre)) and named[0].centre > 1
    assert atom.log_prior == 0
    assert all(f.log_low < f.log_prior < f.log_high for f in steps.values())


def test_a_group_lies_in_one_fold_whatever_the_order() -> None:
    keys = [p.group_id for p in measured_points()]
    folds = split(keys)
    assert len(set(folds)) == 5
    assert all(len({f for k, f in zip(keys, folds, strict=True) if k == key}) == 1 for key in set(keys))
    assert (split(keys[::-1])[::-1] == folds).all()


def test_a_fold_does_not_see_what_it_predicts(some: FitInput) -> None:
    """Figures of one group a hundred times larger: other groups' constants move, its own prediction does not."""
    seen, groups = measured_figures(some.points), [p.group_id for p in some.points]
    target = groups[0]
    honest = cross_validate(some.setups, seen, some.space, groups, count=2)
    folds = split(groups, 2)
    mine = folds == folds[0]
    faked = replace(seen, log_measured=np.where(mine[seen.setup], seen.log_measured + np.log(100), seen.log_measured))
    again = cross_validate(some.setups, faked, some.space, groups, count=2)
    rows = [i for i, g in enumerate(groups) if g == target]
    assert np.allclose(np.array(honest.figures)[:, rows], np.array(again.figures)[:, rows], equal_nan=True)
    others = ~mine
    assert not np.allclose(np.array(honest.figures)[:, others], np.array(again.figures)[:, others], equal_nan=True)


def test_nested_folds_judge_every_item_where_it_was_not_seen(few: FitInput, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one item to choose: all folds keep it or none does, and the nested error is that of what they chose."""
    monkeypatch.setattr(nested_folds, "ITEMS", {"admission": nested_folds.ITEMS["admission"]})
    monkeypatch.setattr(nested_folds, "FOLDS", 3)
    found = {(row.structure, row.error.metric): row for row in nested_folds.nested(few)}
    assert set(found) == {(name, metric) for name in ("every", "nested", "admission") for metric in METRICS}
    seen, groups = measured_figures(few.points), [p.group_id for p in few.points]
    plain = cross_validate(few.setups, seen, few.space, groups, count=3).figures
    for metric in METRICS:
        assert found["every", metric].error == error_of(few.points, plain, metric)
        kept = found["admission", metric].kept_in
        assert found["nested", metric].kept_in == kept
        if kept in {0, 3}:
            assert found["nested", metric].error == found["every" if kept else "admission", metric].error


def test_without_an_item_its_offsets_are_one(some: FitInput) -> None:
    left = nested_folds.ITEMS["admission"]
    thin = some.space.without(left)
    assert len(thin.free) == len(thin.touches) < len(some.space.free)
    assert not any((f.scope, f.name) in left for f in thin.free)
    found = thin.parameters(thin.prior)
    assert found.offset("admission", "inferencemax/sglang/nvidia/tp", "admission_steps") == 1


def test_figures_left_out_are_few_and_by_rule() -> None:
    points = measured_points()
    out = [(p.point_id, m) for p in points for m in METRICS if measured(p, m) is not None and left_out(p, m)]
    total = sum(measured(p, m) is not None for p in points for m in METRICS)
    assert 0 < len(out) < 0.08 * total
    assert all(m == "ttft" for p, m in out if p.startswith("lcpp"))


def test_a_range_holds_four_fifths_of_what_it_was_made_from(some: FitInput) -> None:
    kinds = ["one"] * len(some.points)
    rng = np.random.default_rng(1)
    noisy = np.array([[measured(p, m) or np.nan for p in some.points] for m in METRICS])
    noisy *= np.exp(rng.normal(0, 0.3, noisy.shape))
    found = spreads(some.points, kinds, PredictedFigures(*noisy))
    held = inside(some.points, kinds, PredictedFigures(*noisy), found)
    assert 0.74 <= held.mean() <= 0.86
    assert all(s.low_factor <= 1 <= s.high_factor for s in found)
    assert all(s.held is not None and 0.6 <= s.held <= 1 for s in found if s.groups >= FEW)


def test_stored_errors_and_ranges_are_complete() -> None:
    accuracy, ranges = load_accuracy(), load_ranges()
    assert set(accuracy) == {(r, m) for r in ("all", "unseen", *REGIMES) for m in METRICS}
    assert all(row.p90_error >= row.median_error and row.groups >= FEW for row in accuracy.values())
    kinds = {kind for kind, _ in ranges}
    assert set(ranges) == {(kind, metric) for kind in kinds for metric in METRICS}


def test_one_group_is_not_enough() -> None:
    with pytest.raises(ValueError, match="at least two groups"):
        calibrate(fit_input([SOME[0]], CATALOG, G, RULES))
