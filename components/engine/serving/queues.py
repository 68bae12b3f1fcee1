"""Waiting: percentiles of a queue, of a batch's occupancy and of the longest of several answers. Pure mathematics."""

from __future__ import annotations

import math

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.normal import NORMAL

_SPARE = 31.0
"""Servers beyond the load's own need, or eighths of it, at which the p95 wait is 0 whatever the load. [1]"""


_GRID_Z = np.linspace(-8.0, 8.0, 129)


_GRID_PHI = np.array([NORMAL.cdf(z) for z in _GRID_Z])


_RHO = 0.05 + 0.95 * (1 - np.geomspace(1, 1e-4, 2048))


_WAIT_OF_RHO = np.log(_RHO / 0.05) / (1 - _RHO)


BATCH_P95 = Formula(
    "min(mean + 1.644854 * (dispersion * mean)^(1/2), most)",
    "sequences",
    (
        Symbol("mean", "sequences"),
        Symbol("dispersion", "", "variance over mean of arrivals"),
        Symbol("most", "sequences", "in memory and in the server"),
    ),
    "docs/engine.md#open-loop",
)


WAIT_P95 = Formula(
    "max(service * spread / (2 * servers * (1 - load)) * ln(load^((2 * (servers + 1))^(1/2) - 1) / 0.05), 0)",
    "s",
    (
        Symbol("service", "s", "machine time of what is waited for"),
        Symbol("spread", "", "of arrivals and of service"),
        Symbol("servers", ""),
        Symbol("load", "", "share of time busy"),
    ),
    "docs/engine.md#open-loop",
)


def batch_quantile(mean: Vec, dispersion: Vec, z: float, q: float) -> Vec:
    """The q-quantile of the number of sequences in a decode batch.

    b_q = b + z sqrt(v b); 0 where a Poisson batch is empty with probability q, b <= -ln q.
    Args: mean b and dispersion v. [1]    Returns: sequences. [1]
    Source: Tijms 2003, the occupancy of M/G/infinity is Poisson; normal tail (docs/engine.md#open-loop).
    """
    return np.where(mean <= -math.log(q), 0.0, mean + z * np.sqrt(dispersion * mean))


def batch_mean_of_quantile(quantile: Vec, dispersion: Vec, z: float, q: float) -> Vec:
    """Largest mean batch whose q-quantile is `quantile`: the inverse of `batch_quantile`. [1]"""
    half = z * np.sqrt(dispersion) / 2
    known = np.where(np.isinf(quantile), 1.0, quantile)
    root = known / (np.sqrt(half**2 + known) + half + 1e-300)
    return np.maximum(np.where(np.isinf(quantile), np.inf, root**2), -math.log(q))


def wait_quantile_s(q: float, rho: Vec, service_s: Vec, spread: Vec, servers: Vec) -> Vec:
    """The q-quantile of the wait before service.

    P(W > 0) = rho^(sqrt(2(k+1)) - 1), E[W | W > 0] = S (v + cv^2) / (2 k (1 - rho)),
    W_q = max(0, E[W | W > 0] ln(P(W > 0) / (1 - q))). With k = 1 this is M/G/1.
    Args: rho, load per server below 1 [1]; service_s, S [s]; spread, v + cv^2 [1]; servers, k [1].
    Returns: seconds. [s]
    Source: Allen, "Probability, Statistics and Queueing Theory", 1990 (Allen-Cunneen), Sakasegawa's
    formula of 1977 in the place of Erlang C.
    """
    busy = rho ** (np.sqrt(2 * (servers + 1)) - 1)
    scale = service_s * spread / (2 * servers * (1 - rho))
    return np.asarray(scale * np.log(np.maximum(busy / (1 - q), 1.0)))


def rho_for_wait_p95(wait_s: Vec, service_s: Vec, spread: Vec) -> Vec:
    """Largest load of one server whose p95 wait is `wait_s`; the inverse of `wait_quantile_s` at k = 1. [1]"""
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(service_s * spread > 0, 2 * wait_s / (service_s * spread), np.inf)
    return np.asarray(np.interp(np.maximum(scaled, 0), _WAIT_OF_RHO, _RHO), dtype=np.float64)


def servers_for_wait(rate: Vec, service_s: Vec, spread: Vec, rho_max: Vec, wait_p95_s: Vec) -> Vec:
    """Fewest servers that keep the load at or under `rho_max` and the p95 wait at or under `wait_p95_s`.

    The wait falls as servers rise, so the least count is found by halving between one that breaks a condition and one
    that keeps both. Some count always does: nobody in 20 waits behind five times the load's own servers, 32 at least,
    where P(W > 0) < 0.05 and the p95 wait is 0.
    Args: rate [1/s]; service_s and wait_p95_s, 0 or more [s]; spread, v + cv^2 [1]; rho_max, below 1 [1].
    Returns: shape (n,). [1]
    """
    fewest = whole(rate * service_s / rho_max)
    short, enough = fewest - 1, fewest + np.maximum(_SPARE, np.ceil(fewest * _SPARE / 8))
    while True:
        tried = np.floor((short + enough) / 2)
        open_ = (tried > short) & (tried < enough)
        if not open_.any():
            return enough
        count = np.where(open_, tried, enough)
        holds = wait_quantile_s(0.95, rate * service_s / count, service_s, spread, count) <= wait_p95_s
        enough = np.where(open_ & holds, tried, enough)
        short = np.where(open_ & ~holds, tried, short)


def whole(count: Vec) -> Vec:
    """Whole servers that carry `count` of them, at least one; forgives the last digit of a division. [1]"""
    return np.maximum(np.ceil(count * (1 - 1e-12)), 1.0)


def longest_of(batch: Vec, mean: Vec, cv: Vec) -> Vec:
    """Mean of the longest of `batch` log-normal draws.

    E[max] = sum over z of exp(mu + sigma z) d(Phi(z)^B), sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2.
    Args: batch, B [1]; mean, of one draw [tokens]; cv, its coefficient of variation [1].    Returns: [tokens]
    """
    sigma2 = np.log1p(cv**2)[:, None]
    middle = (_GRID_Z[1:] + _GRID_Z[:-1]) / 2
    mass = np.diff(_GRID_PHI ** batch[:, None], axis=1)
    grown = (mass * np.exp(np.sqrt(sigma2) * middle - sigma2 / 2)).sum(axis=1)
    return np.where(cv > 0, mean * grown, mean)
