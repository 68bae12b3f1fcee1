"""Which model and which chip the words of a measurement mean, or why that is not known.

A name is read as words and numbers, in any order and with any separators. What says how a checkpoint is stored, or who
made a chip, is left out; a size is never left out, so that no model is taken for another one of its family.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from components.catalog.aliases import load_aliases
from components.engine.evidence.name_words import (
    ANOTHER_SHAPE,
    FORM,
    NUMBER,
    SIZE,
    TUNED,
    VERSION,
    chip_words,
    model_words,
)

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.catalog.records import Accelerator, Model

Thing = TypeVar("Thing", bound="Accelerator | Model")

Words = frozenset[str]
CLOSEST = 3
"""Known names that a sentence offers."""
COMPARED = 60
"""Known names compared letter by letter."""
PART = re.compile(r"[a-z]+|\d+")
What = Literal["model", "accelerator"]
TABLE: Mapping[What, str] = {"model": "data/models.csv", "accelerator": "data/accelerators.csv"}
SAME_MEMORY = 0.1
"""Memory that two names print for one chip differs by up to this share: with or without what is reserved. [1]"""
OWN_MEMORY = frozenset({"edge-soc", "edge-gpu", "cpu"})
"""Families whose memory is the machine's, sold in several sizes."""


class Found(NamedTuple, Generic[Thing]):
    """A chip or model, or a sentence that says why none."""

    thing: Thing | None
    taken: str = ""
    """What the name leaves open and was taken, in words."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Named(Generic[Thing]):
    """One known name."""

    words: Words
    thing: Thing
    taken: str = ""


class _Index(Generic[Thing]):
    """Known names by their words."""

    def __init__(self, names: Iterable[_Named[Thing]]) -> None:
        self.by_words: dict[Words, list[_Named[Thing]]] = defaultdict(list)
        for name in names:
            if name.words:
                self.by_words[name.words].append(name)

    def of(self, words: Words) -> list[_Named[Thing]]:
        return self.by_words.get(words, [])

    def longer(self, words: Words) -> list[_Named[Thing]]:
        """The names that say all of this and least beside it."""
        found = [name for key, names in self.by_words.items() if words < key for name in names]
        least = min((len(name.words) for name in found), default=0)
        return [name for name in found if len(name.words) == least]

    def within(self, words: Sequence[str]) -> list[_Named[Thing]]:
        """The longest names with a size that stand in a row among these words, all sizes said."""
        runs = {frozenset(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
        found = [name for run in runs if _sizes(run) == _sizes(words) != frozenset() for name in self.of(run)]
        most = max((len(name.words) for name in found), default=0)
        return [name for name in found if len(name.words) == most]


def _sizes(words: Iterable[str]) -> Words:
    return frozenset(word for word in words if SIZE.fullmatch(word))


def _only(names: Sequence[_Named[Thing]], *, memory: float | None = None) -> _Named[Thing] | None:
    """The one thing that all names mean, with what one of them takes unless the memory says it.    Args: memory [GB]"""
    if len({name.thing.id for name in names}) != 1:
        return None
    pick = max if memory is None else min
    return pick(names, key=lambda name: len(name.taken))


@lru_cache(maxsize=4)
def _models(catalog: Catalog) -> _Index[Model]:
    aliases = [a for a in load_aliases() if a.kind == "model" and a.id in catalog.models]
    known = [m for m in catalog.models.values() if m.total_params is not None]
    names = [
        _Named(frozenset(model_words(text)), m)
        for m in known
        for text in dict.fromkeys((m.id, m.name, _no_remark(m.name)))
    ]
    return _Index([*names, *(_Named(frozenset(model_words(a.name)), catalog.models[a.id], a.assumes) for a in aliases)])


def _no_remark(name: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", name)


@lru_cache(maxsize=4)
def _chips(catalog: Catalog) -> _Index[Accelerator]:
    aliases = [a for a in load_aliases() if a.kind == "chip" and a.id in catalog.accelerators]
    names = [
        _Named(_chip_key(text, chip), chip)
        for chip in catalog.accelerators.values()
        for text in dict.fromkeys((chip.id, chip.name, _no_remark(chip.name)))
    ]
    return _Index([*names, *(_alias_of_chip(a.name, catalog.accelerators[a.id], a.assumes) for a in aliases)])


def _alias_of_chip(text: str, chip: Accelerator, taken: str) -> _Named[Accelerator]:
    words, memory = chip_words(text)
    return _Named(frozenset({*words, f"{memory:g}gb"} if memory else words), chip, taken)


def _chip_key(text: str, chip: Accelerator) -> Words:
    """Words of a catalog's own name; a number that repeats the memory is not one of them."""
    words, _ = chip_words(text)
    memory = f"{chip.memory_gb:g}"
    return frozenset(word for i, word in enumerate(words) if word != memory or i < 1 or text != chip.id)


@lru_cache(maxsize=8192)
def find_model(catalog: Catalog, text: str) -> Found[Model]:
    """The model that a source names.

    By its id; by its words; without what tells trainings of one shape apart; as the only known name that says all of it
    and more; as a fine-tune of the only known model whose whole name, size included, it repeats.
    """
    exact = catalog.models.get(text)
    if exact is not None and exact.total_params is not None:
        return Found(exact)
    index, words = _models(catalog), model_words(text)
    for tried, says in _readings(words, index):
        if found := _only(tried):
            return Found(found.thing, found.taken or says.format(found.thing.name))
        if tried:
            return Found(None, reason=_ambiguous("model", text, [name.thing.name for name in tried]))
    return Found(None, reason=_unknown(catalog, "model", text))


def _readings(words: tuple[str, ...], index: _Index[Model]) -> Iterable[tuple[list[_Named[Model]], str]]:
    """Known names by one way of reading after another, and what is said of it."""
    every = frozenset(words)
    kind, plain = (frozenset(word for word in every if not tuned.fullmatch(word)) for tuned in TUNED)
    yield index.of(every), ""
    yield index.of(kind), "read as {}"
    yield index.of(plain), "read as {}"
    yield (
        index.of(frozenset(word for word in plain if not VERSION.fullmatch(word))) if _sizes(plain) else [],
        "read as {}",
    )
    if any(NUMBER.search(word) for word in plain) or len(plain) > 1:
        yield index.longer(plain), "read as {}"
    if not every & ANOTHER_SHAPE:
        yield index.within(words), "read as a fine-tune of {}"


@lru_cache(maxsize=8192)
def find_chip(catalog: Catalog, text: str) -> Found[Accelerator]:
    """The chip that a source names, as `find_model` finds models; the memory it prints must be that of the chip."""
    if text in catalog.accelerators:
        return Found(catalog.accelerators[text])
    (words, memory), index = chip_words(text), _chips(catalog)
    every = frozenset(words)
    plain = every - FORM
    if memory is not None and (alias := _only(index.of(every | {f"{memory:g}gb"}))):
        return Found(alias.thing, alias.taken)
    specific = any(NUMBER.search(word) for word in plain) or len(plain) > 1
    for reading in (index.of(every), index.of(plain), index.longer(plain) if specific else []):
        fitting = _of_maker(_with_memory(reading, memory), text)
        if found := _only(fitting, memory=memory) or _only(_least_said(fitting)):
            others = len({name.thing.id for name in fitting}) > 1 or ("2s" in every and "2s" not in found.words)
            less = memory is not None and memory < found.thing.memory_gb * (1 - SAME_MEMORY)
            says = (
                f"{found.thing.name} with {found.thing.memory_gb:,g} GB taken" if less else f"{found.thing.name} taken"
            )
            return Found(found.thing, found.taken or (says if others or less else ""))
        if fitting:
            return Found(None, reason=_ambiguous("accelerator", text, [name.thing.name for name in fitting]))
    return Found(None, reason=_unknown(catalog, "accelerator", text))


def _with_memory(names: list[_Named[Accelerator]], memory: float | None) -> list[_Named[Accelerator]]:
    """Chips sold with this much memory: as listed, else less of it where it is the machine's.    Args: memory [GB]"""
    if memory is None:
        return names
    listed = [name for name in names if abs(memory / name.thing.memory_gb - 1) <= SAME_MEMORY]
    own = [name for name in names if name.thing.family in OWN_MEMORY and memory <= name.thing.memory_gb]
    return listed or own


def _of_maker(names: list[_Named[Accelerator]], text: str) -> list[_Named[Accelerator]]:
    """Those of the maker that the text names, where it names one of theirs."""
    return [name for name in names if name.thing.vendor.lower() in text.lower()] or names


def _least_said(names: list[_Named[Accelerator]]) -> list[_Named[Accelerator]]:
    """Of several versions of a chip: what a further name takes, else the one whose id the others lengthen."""
    taken = [name for name in names if name.taken]
    first = min((name.thing.id for name in names), key=len, default="")
    return taken or [name for name in names if name.thing.id == first or not name.thing.id.startswith(first)]


def _ambiguous(what: str, text: str, names: Sequence[str]) -> str:
    some = list(dict.fromkeys(names))[:CLOSEST]
    return f"{what} {text!r} may be {', '.join(some[:-1])} or {some[-1]}: say which" if some[1:] else some[0]


def _unknown(catalog: Catalog, what: What, text: str) -> str:
    close = _closest(_offers(catalog, what), text.lower().rsplit("/", 1)[-1])
    offer = f"; the closest known names are {', '.join(close)}" if close else ""
    return f"{what} {text!r} is not in {TABLE[what]}{offer}"


class _Offer(NamedTuple):
    """A known name that a sentence may offer, and what it is compared by."""

    low: str
    parts: Words
    name: str


@lru_cache(maxsize=8)
def _offers(catalog: Catalog, what: What) -> tuple[_Offer, ...]:
    things = catalog.models.values() if what == "model" else catalog.accelerators.values()
    known: Iterable[Accelerator | Model] = things
    texts = [(text.lower(), thing.name) for thing in known for text in (thing.id, thing.name)]
    return tuple(_Offer(low, _parts(low), name) for low, name in texts)


def _parts(low: str) -> Words:
    """Words and numbers, and how the numbers begin."""
    parts = PART.findall(low)
    return frozenset([*parts, *(part[:2] for part in parts)])


def _closest(offers: Sequence[_Offer], low: str) -> list[str]:
    """Names that look like this text, among those that share most of its words."""
    parts = _parts(low)
    sharing = nlargest(COMPARED, offers, key=lambda offer: len(parts & offer.parts))
    names = {offer.low: offer.name for offer in sharing}
    return list(dict.fromkeys(names[key] for key in get_close_matches(low, names, n=2 * CLOSEST, cutoff=0.5)))[:CLOSEST]
