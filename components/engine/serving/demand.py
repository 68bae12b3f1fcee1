"""What a deployment must serve, as arrays in SI units."""

from __future__ import annotations

from dataclasses import dataclass

from components.engine.facts.arrays import Rows, Vec


@dataclass(frozen=True, slots=True)
class Demand(Rows):
    """What a deployment must serve; every field has shape (n,)."""

    peak_requests_per_s: Vec
    dispersion: Vec
    """v, index of dispersion of arrivals: 1 is Poisson. [1]"""
    isl_cv: Vec
    """Coefficient of variation of the prompt length. [1]"""
    osl_cv: Vec
    ttft_limit_s: Vec
    """p95 target; inf where the workload has none. [s]"""
    tpot_limit_s: Vec
    headroom: Vec
    """Share of a replica's capacity kept free at peak. [1]"""
    spare_replicas: Vec
    fleet: Vec
    """Replicas that exist whatever the load; 0: as many as the peak needs. [1]"""
    static_batch: Vec
    """0: continuous batching; otherwise the fixed batch size of a static server. [sequences]"""
    single_stream: Vec
    """1 on a device that serves one user at a time. [1]"""
    chunked_prefill: Vec
    """1: prompts are mixed into decode in chunks; 0: one whole prompt stalls the batch. [1]"""
    admission_steps: Vec
    """Decode steps that a new request waits for its place in the batch. [1]"""
    cold_start_s: Vec
    """Added to the TTFT of the first requests when the fleet may scale to zero; 0 otherwise. [s]"""
    transfer_bytes_per_s: Vec
    """Link between prefill and decode pools; inf in one pool. [B/s]"""
    transfer_bytes: Vec
    """KV bytes handed over per request; 0 in one pool. [B]"""
    reload_s: Vec
    """Time to read offloaded KV back, per request. [s]"""
