"""What the store takes and gives. Times are UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Visibility = Literal["private", "link", "team"]
"""Who may open it: its owner; anybody with the link; the owner's team too, who may also save versions of it."""

LONGEST_NAME, LONGEST_NOTE = 120, 2000
"""Characters that are kept."""


class UnknownIdError(LookupError):
    """No scenario of that id, or not one that this reader may open; the message does not tell which."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This link leads to no saved scenario that you may open: it may have been deleted or kept private. "
            "Ask who sent it for a new one."
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: known by a secret of the browser or by an account; kept as a digest, never as it is."""

    owner: str
    """Digest; empty for somebody who cannot be told apart, hence owns nothing."""
    team: str = ""
    """Part of the account that colleagues share; empty for none."""
    name: str = ""
    """As shown to others; empty where nobody signed in."""


ANYBODY = Reader("")


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario to be saved, with what it answered on the day."""

    name: str
    link: str
    """Query of the canonical link."""
    answer: dict[str, Any]
    """What was said, in JSON's types."""
    data_version: str
    engine_version: str
    note: str = ""
    visibility: Visibility = "link"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a saved scenario, as it was; it never changes."""

    id: str
    """Of the scenario: what the short link names."""
    number: int
    """From 1, without a gap."""
    name: str
    note: str
    author: str
    link: str
    answer: dict[str, Any]
    data_version: str
    engine_version: str
    saved_at: datetime
    base: int | None
    """Version that its author had opened; None for the first."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A version that somebody else saved between a reader's opening and saving; both are kept."""

    theirs: int
    yours: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A saved scenario in the list."""

    id: str
    name: str
    number: int
    """Of the last version."""
    saved_at: datetime
    visibility: Visibility
    mine: bool
    deleted_at: datetime | None = None
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, the last saved first."""

    rows: tuple[Listed, ...]
    after: str
    """What asks for the next part; empty at the end."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A condition under which the decision is to be looked at again."""

    figure: str
    """Key of what is watched, as the app names it."""
    words: str
    """The condition as a sentence."""
    at: float
    """Value of the figure when the decision was taken."""
    flips_at: float
    """Value at which the decision changes."""

    def crossed(self, now: float) -> bool:
        """Whether a newer value stands on the other side of the flip."""
        return (self.at < self.flips_at <= now) or (self.at > self.flips_at >= now)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded about a version."""

    strategy: str
    """Name of the chosen strategy."""
    reason: str
    review_on: str = ""
    """A day, "2027-03-01"; empty for none."""
    watches: tuple[Watch, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Taken:
    """A recorded decision."""

    key: int
    id: str
    """Of the scenario."""
    number: int
    """Of the version that it was taken on."""
    decision: Decision
    author: str
    decided_at: datetime
