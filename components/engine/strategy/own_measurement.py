"""What a reader measured of a strategy, the two factors that follow, and the error before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from components.wording import numbers

Metric = Literal["tpot", "ttft", "throughput"]


WORDS: dict[Metric, str] = {
    "tpot": "time per output token", "ttft": "time to first token", "throughput": "output tokens/s per chip",
}  # fmt: skip


class Measurement(NamedTuple):
    """What was measured at one operating point of one replica; None was not."""

    tpot_s: float | None
    """Mean. [s]"""
    ttft_s: float | None
    """Mean. [s]"""
    tokens_per_s: float | None
    """Output, per chip. [1/s]"""
    concurrency: float
    """Requests in flight per replica. [1]"""

    def of(self, metric: Metric) -> float | None:
        """The measured value of a metric. [s, 1/s]"""
        return {"tpot": self.tpot_s, "ttft": self.ttft_s, "throughput": self.tokens_per_s}[metric]


class Factors(NamedTuple):
    """Measured over modelled time of the step and of the prefill; 1 as modelled. [1]"""

    step: float = 1.0
    prefill: float = 1.0


AS_MODELLED = Factors()


@dataclass(frozen=True, slots=True)
class Check:
    """One measured figure beside the engine's, before and after its factors. [s, 1/s]"""

    metric: Metric
    measured: float
    before: float
    after: float
    used: bool = True
    """Whether a factor was sought to reproduce it; otherwise it is only compared."""

    @property
    def error_before(self) -> float:
        """Signed, as a share of the measured value. [1]"""
        return self.before / self.measured - 1

    @property
    def error_after(self) -> float:
        """Signed, as a share of the measured value. [1]"""
        return self.after / self.measured - 1

    @property
    def sentence(self) -> str:
        """ "time per output token: model said 41 ms, you measured 38 ms: error +8 % before, 0 % after"."""
        return (
            f"{WORDS[self.metric]}: model said {shown(self.metric, self.before)}, you measured "
            f"{shown(self.metric, self.measured)}: error {_signed(self.error_before)} before, "
            f"{_signed(self.error_after)} after{'' if self.used else ', compared only'}"
        )


def shown(metric: Metric, value: float) -> str:
    """A value of a metric as people say it."""
    return numbers.number(value) if metric == "throughput" else numbers.seconds(value)


def _signed(share: float) -> str:
    near = round(share, 3)
    return ("+" if near > 0 else "") + numbers.percent(near)


class NotUsed(str):
    """A warning that an own measurement is not used, told by its kind and not by its words."""

    __slots__ = ()


def not_used(why: str) -> NotUsed:
    """The warning, with the reason in words."""
    return NotUsed(f"own measurement not used: {why}")


@dataclass(frozen=True, slots=True)
class Own:
    """A strategy's measurement and what follows from it."""

    factors: Factors
    checks: tuple[Check, ...]
    concurrency: float
    chips: float
    """Of the measured replica. [1]"""
    isl: float
    new_isl: float
    osl: float
    """Lengths at which it was taken. [tokens]"""
    tells_prefill: bool
    """Whether a TTFT was measured and was reading prompts rather than waiting for a place."""
    warnings: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was measured, with the error before and after."""
        return tuple(check.sentence for check in self.checks)

    def informs(self, metric: Metric) -> bool:
        """Whether what decides a metric was measured: TTFT needs its own, the others TPOT or throughput."""
        given = {check.metric for check in self.checks}
        return self.tells_prefill if metric == "ttft" else bool(given & {"tpot", "throughput"})
