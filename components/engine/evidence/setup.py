"""From the words of a published measurement to replicas, pools and requests in flight."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from components.engine.evidence.names import find_chip, find_model
from components.engine.evidence.reading import Pools, decode_pool_of, formats_of, layout_of, pools_of, stack_of
from components.engine.facts.book import month_of
from components.engine.replica.from_catalog import ReplicaSpec
from components.engine.replica.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.catalog.evidence import BenchmarkTrait, Point
    from components.catalog.load import Catalog
    from components.catalog.records import Accelerator, Model


GRAPHS_SINCE = "2024-06"
"""llama.cpp captures launches in graphs from this month on. Source: its pull request 6766 of 2024-05-08."""


WAFER_DRAFTS_SINCE = "2024-11"
"""Cerebras drafts by default from this month on. Source: docs/engine.md#other-machines."""


WHOLE_MACHINES = frozenset({"lpu-v1", "wafer"})


UNSEEN = "other-benchmark"


DRAFTED = 2
"""Tokens drafted per step wherever a source says that it speculates: the depth is not published."""


_LIMITS = re.compile(r"limits p99 TTFT ([\d.]+) s, p99 TPOT ([\d.]+) ms")


SIZES = (1, 2, 4, 8, 16, 32)
"""Chips of a replica tried where a source does not state the split."""


@dataclass(frozen=True, slots=True)
class MeasuredOn:
    """One replica of a measurement, and the requests it served."""

    spec: ReplicaSpec
    layout: Layout
    isl: float
    osl: float
    draft_tokens: float


@dataclass(frozen=True, slots=True)
class Setup:
    """What the engine needs of one measurement, but for its constants."""

    decode: MeasuredOn
    """The replica that decodes."""
    prefill: MeasuredOn | None = None
    """The same for a prefill machine of a pool; None prefills on the replica itself."""
    servers: float = 1.0
    """Prefill machines per decode replica. [1]"""
    pool_chips: float = 0.0
    """Chips of those. [1]"""
    hands_over: bool = False
    """The prefill machine hands each prompt's cache over."""
    concurrency: float = 1.0
    """Requests in flight per decode replica; inf where only the limits bound it. [1]"""
    tpot_limit_s: float = inf
    ttft_limit_s: float = inf
    median: bool = False
    """The latencies are medians."""
    lockstep: bool = False
    """Requests of equal length start together and stay together."""
    plain: bool = False
    """Surely without a draft, where the machine has one by default."""
    server_path: bool = True
    """Requests pass a server; false for engines that read prompts in-process."""
    static: bool = False
    """A fixed batch from prompts to last answer."""
    decode_rate: bool = False
    """A lone stream whose published rate is that of decoding, the prompt left out."""
    server: str = ""
    """Benchmark and serving stack."""
    condition: str = ""
    """The server and the vendor of the chip: launch options and client differ between them."""
    admission: str = ""
    """The condition, and whether attention is data parallel."""


@dataclass(frozen=True, slots=True)
class Request:
    """A measurement's candidates, the best of which it is taken to be; or why there is none."""

    candidates: tuple[Setup, ...] = ()
    reason: str = ""
    assumed: tuple[str, ...] = ()
    """What the source does not state, in words."""


def trait_of(point: Point, traits: Mapping[tuple[str, str], BenchmarkTrait]) -> BenchmarkTrait:
    """How a benchmark is run: its own row for the model, its row for any model, or that of an unknown one."""
    name = "mlperf" if point.benchmark.startswith("mlperf") else point.benchmark
    return traits.get((name, point.model)) or traits.get((name, "")) or traits[UNSEEN, ""]


def request_of(point: Point, catalog: Catalog, traits: Mapping[tuple[str, str], BenchmarkTrait]) -> Request:
    """Read one measurement's conditions; the measured columns are not looked at."""
    model, chip = find_model(catalog, point.model), find_chip(catalog, point.accelerator_id)
    if model.thing is None or chip.thing is None:
        return Request(reason=model.reason or chip.reason)
    named = [says for says in (model.taken, chip.taken) if says]
    read = _by_id(point, model.thing, chip.thing)
    if read.model_precision != point.model_precision:
        named.append("number format as in the model's name")
    reader = _Reader(read, model.thing, chip.thing, trait_of(read, traits))
    return Request(reader.candidates(), assumed=(*named, *reader.assumed()))


def _by_id(point: Point, model: Model, chip: Accelerator) -> Point:
    """The point with model and chip as data/ names them; a format that only the name of the model states is kept."""
    if (point.model, point.accelerator_id) == (model.id, chip.id):
        return point
    stated = point.model_precision or (point.model if formats_of(point.model, model).weights != "native" else "")
    return point.model_copy(update={"model": model.id, "accelerator_id": chip.id, "model_precision": stated})


@dataclass(frozen=True, slots=True)
class _Reader:
    point: Point
    model: Model
    chip: Accelerator
    trait: BenchmarkTrait

    def candidates(self) -> tuple[Setup, ...]:
        point = self.point
        pools = pools_of(point.parallelism) if point.disaggregated else None
        if pools is not None:
            return (self._pooled(pools),)
        if point.disaggregated:
            return (self._decode_only(),)
        if self.chip.device_class in WHOLE_MACHINES:
            return (self._setup(self._whole_machine()),)
        if point.parallelism:
            return (self._setup(layout_of(point.parallelism, point.accelerators, moe=self.model.is_moe)),)
        return tuple(self._setup(cut) for cut in self._cuts())

    def assumed(self) -> Iterator[str]:
        """What had to be assumed, in words."""
        point = self.point
        if point.input_tokens is None:
            yield f"prompt of {self.trait.input_tokens:,.0f} tokens assumed"
        if point.output_tokens is None:
            yield f"answer of {self.trait.output_tokens:,.0f} tokens assumed"
        if point.concurrency is None and not _LIMITS.search(point.notes):
            yield f"{self.trait.waiting_requests:,} requests in flight assumed"
        if point.disaggregated and pools_of(point.parallelism) is None:
            yield "decode machines alone counted"
        elif not point.parallelism and self.chip.device_class not in WHOLE_MACHINES:
            yield "split over chips not stated: the fastest that fits"

    def _cuts(self) -> tuple[Layout, ...]:
        """Splits that a source which states none may have used."""
        if self.point.accelerators is None:
            return tuple(Layout(n, n) for n in SIZES if n <= max(self.chip.chips_per_system or 1, 1)) or (Layout(1),)
        whole = int(self.point.accelerators)
        sizes = [n for n in SIZES if n <= whole]
        cuts = [Layout(n, n) for n in sizes if n <= max(self.chip.scale_up_domain_chips, 8)]
        if self.model.is_moe:
            cuts += [Layout(n, 1, dp=n, ep=n) for n in sizes if n > 1]
        return tuple(cuts)

    def _whole_machine(self) -> Layout:
        """Weights lie in SRAM: as many chips as hold them."""
        need = 2.2 * (self.model.total_params or 0.0)
        count = int(need / self.chip.memory_bytes) + 1
        return Layout(count, count)

    def _lengths(self) -> tuple[float, float]:
        isl = self.point.input_tokens or self.trait.input_tokens
        osl = self.trait.output_tokens if self.point.output_tokens is None else self.point.output_tokens
        return max(isl * self.trait.length_share, 1.0), max(osl * self.trait.length_share, 1.0)

    def _row(self, cut: Layout, *, pooled: bool = False, overlap: bool = False) -> MeasuredOn:
        formats, (isl, osl) = formats_of(self.point.model_precision, self.model), self._lengths()
        released = max(month_of(self.model.release), month_of(self.chip.release))
        spec = ReplicaSpec(
            model=self.model,
            chip=self.chip,
            weights=formats.weights,
            kv=formats.kv,
            stack=self._stack(),
            age_months=max(month_of(self.point.value_date) - released, 0.0) if self.point.value_date else 24.0,
            disaggregated=pooled,
            overlap=overlap,
        )
        return MeasuredOn(spec, cut, isl, osl, DRAFTED if self.point.speculative else 0)

    def _stack(self) -> str:
        if self.trait.benchmark == "llamacpp":
            return "llama.cpp-2024" if self.point.value_date < GRAPHS_SINCE else "llama.cpp"
        return "tuned" if self.trait.benchmark == "mlperf" else stack_of(self.point.serving_stack)

    def _measured_on(self, row: MeasuredOn) -> Setup:
        """One replica under the conditions of the measurement that have offsets of their own."""
        server = f"{self.trait.benchmark}/{row.spec.stack}"
        condition = f"{server}/{self.chip.vendor.lower()}"
        return Setup(
            row,
            median=self.point.ttft_stat.startswith("median"),
            server=server,
            condition=condition,
            admission=f"{condition}/{'dp' if row.layout.dp > 1 else 'tp'}",
        )

    def _setup(self, cut: Layout) -> Setup:
        point, notes = self.point, self.point.notes
        replicas = max((point.accelerators or cut.chips) / cut.chips, 1.0)
        static = "static batch" in notes or point.ttft_stat == "batch prefill time"
        setup = replace(
            self._measured_on(self._row(cut)),
            concurrency=max((point.concurrency or self.trait.waiting_requests) / replicas, 1.0),
            lockstep=self.trait.lockstep,
            plain=point.speculative is False or "" < point.value_date < WAFER_DRAFTS_SINCE,
            server_path=self.trait.server_path and "offline" not in notes and not static,
            static=static,
            decode_rate=self.trait.decode_rate and point.concurrency == 1,
        )
        if point.concurrency is None and self.trait.benchmark == "mlperf":
            setup = replace(setup, concurrency=float(self.trait.waiting_requests))
            if limits := _LIMITS.search(notes):
                return replace(
                    setup,
                    server_path=True,
                    concurrency=inf,
                    ttft_limit_s=float(limits[1]),
                    tpot_limit_s=float(limits[2]) / 1e3,
                )
        return setup

    def _pooled(self, pools: Pools) -> Setup:
        row = self._row(pools.decode, pooled=True)
        concurrency = (self.point.concurrency or self.trait.waiting_requests) / pools.decode_count
        return replace(
            self._measured_on(row),
            prefill=self._row(pools.prefill, pooled=True),
            servers=pools.prefill_count / pools.decode_count,
            pool_chips=pools.prefill_count * pools.prefill.chips / pools.decode_count,
            hands_over=True,
            concurrency=max(concurrency, 1.0),
        )

    def _decode_only(self) -> Setup:
        """Sources that count decode machines alone: prompts arrive as fast as they are wanted."""
        cut = decode_pool_of(self.point.parallelism, self.point.accelerators)
        row = self._row(cut, pooled=True, overlap=True)
        waiting = self.point.concurrency or self.trait.waiting_requests * cut.chips
        return replace(self._measured_on(row), prefill=row, servers=inf, concurrency=waiting)
