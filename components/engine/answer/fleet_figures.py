"""What an answer says of the machines behind it: how many, of what kind, how busy, and what they can deliver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.engine.outcome.evaluation import Fleet, Outcome


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """Machines of a strategy, users' own devices left out; None where it runs on none."""

    accelerator_name: str
    """The platform's where all is bought per token."""
    accelerators: int | None = None
    """At peak, spare included. [1]"""
    chips_per_replica: int | None = None
    """Of the main fleet. [1]"""
    replicas: int | None = None
    prefill_accelerators: int | None = None
    paid_hours_per_month: float | None = None
    """Replica-hours. [h/month]"""
    utilisation: float | None = None
    """Busy share of paid hours. [1]"""
    concurrency_peak: float | None = None
    """Sequences decoding together. [1]"""
    output_tokens_per_s_capacity: float | None = None
    """What the fleets can deliver inside the targets. [tokens/s]"""


def fleet_figures(outcome: Outcome) -> FleetFigures:
    """Figures of all fleets but users' devices; the names and the replica are the main fleet's."""
    own = [fleet for fleet in outcome.fleets if fleet.deployment.role != "edge"]
    if not own:
        api = next((d.api for d in outcome.resolved.deployments if d.api is not None), None)
        return FleetFigures(api.provider if api else "")
    main = next((fleet for fleet in own if fleet.deployment.role == "main"), own[0])
    sram = main.deployment.sram_chip
    paid = sum(float(fleet.computed.hours.paid[fleet.chosen]) for fleet in own)
    busy = sum(float(fleet.computed.hours.busy[fleet.chosen]) for fleet in own)
    return FleetFigures(
        accelerator_name=main.chip.name if sram is None else f"{main.chip.name} + {sram.name}",
        accelerators=sum(fleet.accelerators for fleet in own),
        chips_per_replica=main.chips_per_replica,
        replicas=int(main.computed.service.replicas[main.chosen]),
        prefill_accelerators=sum(fleet.pool_accelerators for fleet in own) or None,
        paid_hours_per_month=paid,
        utilisation=busy / paid if paid else None,
        concurrency_peak=sum(_sequences(fleet) for fleet in own),
        output_tokens_per_s_capacity=sum(fleet.output_tokens_per_s for fleet in own),
    )


def _sequences(fleet: Fleet) -> float:
    service, row = fleet.computed.service, fleet.chosen
    return float(service.sizing.batch_mean[row] * service.sizing.replicas_active[row])
