"""What the levers of a strategy come to on one machine: frozen, hence the key under which a machine is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

Factors = tuple[tuple[str, float], ...]
"""Fields of a replica's row (`Physics`) and what they are multiplied by, in order."""


@dataclass(frozen=True, slots=True)
class MachineEdits:
    """What makes one replica another machine than the checkpoint's own, whatever it is asked.

    Everything that a lever changes before tokens arrive stands here, so that equal records are equal machines.
    """

    weights: str = "native"
    kv: str = "bf16"
    ep: bool = False
    disagg: bool = False
    factors: Factors = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """The levers' effect on one machine fleet, checked. Equal where machine, tokens and drafts are; words do not count.

    Attributes:
        machine: formats, layout and what they multiply.
        factors: what levers of serving multiply on top.
    """

    machine: MachineEdits = MachineEdits()
    factors: Factors = ()
    isl: float = 0.0
    """Prompt after compression. [tokens]"""
    new_isl: float = 0.0
    """Prompt tokens that are computed. [tokens]"""
    osl: float = 0.0
    """[tokens]"""
    draft_tokens: float = 0.0
    acceptance: float | None = None
    draft_cost: float | None = None
    static_batch: float = 0.0
    """0 is continuous batching."""
    chunked: bool = True
    admission_steps: float = 1.0
    """Decode steps that a new request waits for its place. [1]"""
    reload_tokens: float = 0.0
    """Prompt tokens whose cache comes back from host memory. [tokens]"""
    server_extra_s: float = 0.0
    """Router and compressor ahead of the server. [s]"""
    held: tuple[str, ...] = field(default=(), compare=False)
    """Levers that change something here, by field: one that is asked for may not apply."""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    sentences: tuple[str, ...] = field(default=(), compare=False)
    """Each lever in use, as what it edits."""

    def on(
        self, *, weights: str | None = None, kv: str | None = None, ep: bool | None = None, disagg: bool | None = None
    ) -> Edits:
        """The same with other formats or another layout of the machine; None keeps what is."""
        m = self.machine
        changed = replace(
            m,
            weights=m.weights if weights is None else weights,
            kv=m.kv if kv is None else kv,
            ep=m.ep if ep is None else ep,
            disagg=m.disagg if disagg is None else disagg,
        )
        return replace(self, machine=changed)
