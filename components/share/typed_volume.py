"""A volume as people type it: "2.3M", "3M a month", "5,000 users" to requests per day.

A point or comma before exactly three digits parts thousands: "5,000" and "5.000" are five thousand, as are "5 000" and
"5'000". Anything else is a decimal mark: "2.3M" and "2,3M" are 2.3 million, and so is a lone point before a K, M or bn:
"2.345M". Of two kinds the last is the decimal mark: "1.234,5".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from components.engine.facts import PER_DAY
from components.engine.scenario import Workload
from components.share import codec
from components.wording import numbers

WRITE = "write for instance 250,000, 2.3M, 3M a month or 5,000 users"
LONGEST = 60
_SCALES = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "mil": 1e6, "million": 1e6, "millions": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip
_USERS = re.compile(r"(user|person|employee|engineer|developer|customer|seat|device|analyst)s?|people")
_REQUESTS = re.compile(r"(request|req|call|message|question|prompt|document|record|image)s?|quer(y|ies)")
_PERIODS = {
    word: PER_DAY[period]
    for period, words in {
        "second": "second s sec", "minute": "minute min", "hour": "hour h hr hourly", "day": "day d daily",
        "week": "week w weekly", "month": "month mo monthly", "year": "year y yr yearly",
    }.items()
    for word in words.split()
}  # fmt: skip
_SHORT = {"rps": "requests per second", "qps": "requests per second"}
_NUMBER = re.compile(r"[0-9][0-9.,' ]*")
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<rest>\d+))?"
)


class TypedVolume(NamedTuple):
    """What a text comes to."""

    requests_per_day: float
    users: float | None = None
    """Users that it counts, None where requests were typed."""


def _spoken(text: str) -> str:
    return f"“{codec.plain(text, 30)}”"


def _decimal(digits: str, *, scaled: bool) -> float:
    """The value of digits with points, commas and blanks by the rule of this module.

    Raises: ValueError where it is not one number.
    """
    grouped = _GROUPED.fullmatch(digits)
    lone_point = grouped is not None and grouped["mark"] == "." and digits.count(".") == 1 and not grouped["rest"]
    if grouped is None or (scaled and lone_point):
        return float(digits.replace(",", "."))
    return float(grouped["whole"].replace(grouped["mark"], "") + "." + (grouped["rest"] or "0"))


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if word not in {"a", "an", "per", "each", "the", "of", "every"}]


def read_volume(text: str, per_user: float | None) -> TypedVolume:
    """Requests per day of a text that a person typed.

    Args:
        text: a number with its scale (K, M, bn), what is counted (requests or users), the period (a day if none).
        per_user: requests per user and day of this workload; None where it has no users.
    Raises: ValueError with one sentence that says what to write.
    """
    lower = re.sub(r"\s", " ", codec.plain(text, LONGEST).casefold().replace("\u2019", "'"))
    for short, long in _SHORT.items():
        lower = re.sub(rf"\b{short}\b", long, lower)
    found = _NUMBER.match(lower)
    if not found:
        raise ValueError(f"{_spoken(text)} starts with no number: {WRITE}.")
    words = _words(lower[found.end() :])
    scale = _SCALES[words.pop(0)] if words and words[0] in _SCALES else 1.0
    try:
        count = _decimal(found[0].rstrip(" .,'"), scaled=scale != 1) * scale
    except ValueError:
        raise ValueError(f"{_spoken(found[0])} is not one number: {WRITE}.") from None
    return _checked(_counted(text, count, words, per_user))


def _counted(text: str, count: float, words: list[str], per_user: float | None) -> TypedVolume:
    """The count in the unit and period that the remaining words name."""
    users = bool(words) and _USERS.fullmatch(words[0]) is not None
    if words and (users or _REQUESTS.fullmatch(words[0])):
        words = words[1:]
    if unknown := [word for word in words if word not in _PERIODS]:
        raise ValueError(f"{_spoken(unknown[0])} is not understood: {WRITE}.")
    if len(words) > 1:
        raise ValueError(f"{_spoken(text)} names two periods: {WRITE}.")
    if not users:
        return TypedVolume(count * (_PERIODS[words[0]] if words else 1.0))
    if per_user is None:
        raise ValueError("This work comes by feed, not by user: write requests, for instance 2.3M a month.")
    if words and _PERIODS[words[0]] != 1:
        raise ValueError("Users are counted as they are on a day: write 5,000 users, or requests a month.")
    return TypedVolume(count * per_user, count)


def _checked(volume: TypedVolume) -> TypedVolume:
    low, high = codec.limits(Workload, "requests_per_day")
    if not (low or 0) < volume.requests_per_day <= (high or 0):
        raise ValueError(f"Between 1 and {numbers.number(high)} requests a day can be computed.")
    return volume


def volume_text(requests_per_day: float) -> str:
    """The volume as it is shown for editing, whole from ten on; `read_volume` reads the same back."""
    return f"{round(requests_per_day):,}" if requests_per_day >= 9.5 else f"{requests_per_day:.2g}"
