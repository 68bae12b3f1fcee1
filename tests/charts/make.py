"""Answers made up for the drawing of them; no number here claims anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from components.charts import cost, frontier, latency, steps, theme, volume
from components.engine.answer.records import Answer
from components.engine.comparison.records import Attribution, Crossover, Step, VolumeCurves
from components.engine.facts.trust import Range
from components.wording.money import Money

PARTS = {"compute_busy": 400_000.0, "compute_idle": 500_000.0, "power": 100_000.0}


def around(value: float | None) -> Range | None:
    return None if value is None else Range(value * 0.8, value, value * 1.3)


def answer(name: str, parts: dict[str, float] | None = None, **changes: Any) -> Answer:
    parts = PARTS if parts is None else parts
    base = sum(parts.values())
    one = Answer(
        name=name,
        kind="accelerators",
        feasible=True,
        reasons=(),
        warnings=(),
        overrides=(),
        spreads=(),
        cost_usd_per_month=Range(base * 0.85, base, base * 1.2),
        cost_parts_usd_per_month=parts,
        usd_per_mtok_input=1.0,
        usd_per_mtok_output=4.0,
        usd_per_mtok_blended=2.0,
        blend="3 : 1 input to output",
        usd_per_request=0.01,
        ttft_p50_s=0.2,
        ttft_p95_s=around(0.4),
        tpot_p50_s=0.02,
        tpot_p95_s=around(0.03),
        e2e_p50_s=5.0,
        e2e_p95_s=9.0,
        output_tokens_per_s_per_user=40.0,
        output_tokens_per_s_capacity=9000.0,
        requests_per_s_peak=12.0,
        meets_ttft=True,
        meets_tpot=True,
        accelerators=8,
        accelerator_name="H100",
        chips_per_replica=4,
        replicas=2,
        prefill_accelerators=None,
        paid_hours_per_month=1460.0,
        utilisation=0.4,
        people=None,
        concurrency_peak=100.0,
        power_kw=7.0,
        energy_kwh_per_month=5000.0,
        carbon_kg_per_month=2000.0,
        grade="A",
        extra_errors_per_1000=0.0,
        quality_note="",
        basis="modelled",
        confidence="medium",
        explain=tuple,
    )
    return replace(one, **changes)


def six() -> tuple[Answer, ...]:
    """Long names, markup in one, one bought per token, one that misses its targets."""
    return (
        answer("Today: 8x H100 on demand, FP16, static batches of eight"),
        answer("B200 FP4 with multi-token prediction, reserved", {"compute_busy": 3e5, "compute_idle": 1e5}),
        answer("Own MI355X in <b>Dublin</b> & Reykjavik", {"compute_busy": 2e5, "staff": 3e5}, e2e_p95_s=4.0),
        answer(
            "An API, batch window for the overnight share",
            {"tokens_in": 3e5, "tokens_out": 4e5},
            kind="api",
            utilisation=None,
            tpot_p50_s=None,
            tpot_p95_s=None,
            meets_tpot=None,
        ),
        answer("Groq LPU dedicated", ttft_p50_s=0.005, ttft_p95_s=around(0.01), e2e_p95_s=1.0),
        answer(
            "Four RTX PRO 6000 at the edge of each of our offices",
            {"compute_busy": 1e5},
            feasible=False,
            reasons=("The first token takes 4.4 s: allow more or add four cards.",),
            meets_ttft=False,
            ttft_p95_s=around(4.4),
        ),
    )


def attribution() -> Attribution:
    memory, chip = ("20 % answered from <b>memory</b>",), ("B200",)
    return Attribution(
        index=1,
        baseline="Today",
        strategy="B200 <i>FP4</i>",
        baseline_usd_per_month=1_000_000.0,
        strategy_usd_per_month=400_000.0,
        steps=(
            Step(("workload",), "Workload", memory, -100_000.0, -80_000.0, -150_000.0, 20_000.0),
            Step(("model",), "Model", (), 250_000.0, 240_000.0, 100_000.0, 400_000.0),
            Step(("stack", "hardware"), "Bought stack (An <b>API</b>)", chip, 450_000.0, 440_000.0, 250e3, 650e3),
        ),
        notes=("Stack and hardware are bought as one.",),
    )


def curves(crossovers: tuple[Crossover, ...] | None = None, today: float = 250_000.0) -> VolumeCurves:
    volume = np.logspace(3, 7, 100)
    replicas = np.ceil(volume / 200_000)
    busy = volume / (replicas * 200_000)
    owned, token = replicas * 48_000, volume * 0.5
    flip = Crossover(96_000.0, "An API", "Own <b>fleet</b>", 48_000.0, 0.48)
    return VolumeCurves(
        requests_per_day=volume,
        names=("An API", "Own <b>fleet</b>"),
        may_win=(True, True),
        cost_usd_per_month=np.vstack([token, owned]),
        idle_usd_per_month=np.vstack([0 * token, owned * (1 - busy)]),
        utilisation=np.vstack([np.full_like(volume, np.nan), busy]),
        today_requests_per_day=today,
        crossovers=(flip,) if crossovers is None else crossovers,
        colours=(0, 1),
    )


NOTE = "Modelled; list prices of 2026-11-01."
DRAW: dict[str, Callable[[], theme.Figure]] = {
    "cost": lambda: cost.monthly_by_component(six(), Money("EUR", 0.9), note=NOTE),
    "latency": lambda: latency.against_targets(six(), 1.0, 0.05, note=NOTE),
    "latency without targets": lambda: latency.against_targets(six(), None, None, note=NOTE),
    "steps": lambda: steps.steps(attribution(), Money("EUR", 0.9), note=NOTE),
    "fair_share": lambda: steps.steps(attribution(), Money("EUR", 0.9), fair=True, note=NOTE),
    "frontier": lambda: frontier.cost_latency(six(), Money("EUR", 0.9), note=NOTE),
    "frontier by first token": lambda: frontier.cost_latency(six(), speed="ttft", note=NOTE),
    "volume": lambda: volume.cost_against_volume(curves(), Money("EUR", 0.9), note=NOTE),
}
"""Each figure of the Compare page, drawn of made-up answers."""
