"""One field of the scenario as text and back: readable, URL-safe, total (a bad value becomes a sentence)."""

from __future__ import annotations

import contextlib
import math
import re
import types
import unicodedata
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

LONGEST_VALUE = 240
_SAFE = re.compile(r"[A-Za-z0-9.-]")
_ESCAPED = re.compile(r"(?:\*[0-9A-Fa-f]{2})+")


class CodecError(ValueError):
    """A value that cannot be used; the message says what was expected."""


def plain(text: str, length: int = 60) -> str:
    """Text without control characters, angle brackets and outer blanks, at most `length` characters."""
    kept = "".join(c for c in text[: 4 * length] if unicodedata.category(c)[0] != "C" and c not in "<>")
    return kept.strip()[:length].strip()


def escape(text: str) -> str:
    """Blank as `_`, anything but letters, digits, `.` and `-` as `*` and two hex digits per byte."""
    return "".join(
        c if _SAFE.match(c) else "_" if c == " " else "".join(f"*{b:02X}" for b in c.encode("utf-8", "replace"))
        for c in text
    )


def unescape(text: str) -> str:
    """Inverse of `escape`; bytes that are not UTF-8 are dropped."""
    return _ESCAPED.sub(
        lambda m: bytes.fromhex(m[0].replace("*", "")).decode("utf-8", "ignore"), text.replace("_", " ")
    )


def encode(value: object) -> str:
    """A field's value as text."""
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case int():
            return str(value)
        case float():
            return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case tuple():
            return escape(" ".join(f"{name} {encode(number)}" for name, number in value))
        case _:
            return escape(str(value))


def _kind(info: FieldInfo) -> tuple[Any, bool]:
    """The field's type without None, and whether None is allowed."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [a for a in get_args(annotation) if a is not type(None)]
        return kinds[0], True
    return annotation, False


def _limit(info: FieldInfo, name: str) -> float | None:
    found = [getattr(m, name) for m in info.metadata if hasattr(m, name)]
    return float(found[0]) if found else None


def limits(model: type[BaseModel], field: str) -> tuple[float | None, float | None]:
    """Smallest and largest value the field accepts, or each of its named figures, None where open."""
    info = model.model_fields[field]
    kind, _ = _kind(info)
    if get_origin(kind) is tuple:
        (pair, *_) = get_args(kind)
        info = get_args(pair)[1].__metadata__[0]
    return _limit(info, "ge"), _limit(info, "le")


def choices(model: type[BaseModel], field: str) -> tuple[str, ...]:
    """The allowed words of a field, empty where it is not a choice."""
    kind, _ = _kind(model.model_fields[field])
    return tuple(get_args(kind)) if get_origin(kind) is Literal else ()


def _number(info: FieldInfo, field: str, text: str, whole: bool) -> tuple[float | int, str]:
    try:
        number = float(text[:LONGEST_VALUE])
    except ValueError:
        raise CodecError(f"{field} “{plain(text, 30)}” is not a number") from None
    if math.isnan(number):
        raise CodecError(f"{field} is not a number")
    low, high = _limit(info, "ge"), _limit(info, "le")
    notice = ""
    if low is not None and number < low:
        number, notice = low, f"{field} was below its limit; {low:,g} is used"
    if high is not None and number > high:
        number, notice = high, f"{field} was above its limit; {high:,g} is used"
    if whole and number != int(number):
        number, notice = round(number), f"{field} must be a whole number; {round(number):,} is used"
    return (int(number) if whole else number), notice


def _named(model: type[BaseModel], field: str, text: str) -> tuple[tuple[tuple[str, float], ...], str]:
    """A figure for each of several names: "h100-sxm 2.1 b200 4"; what is not a name and a number is left out."""
    words = text.split()
    low, high = limits(model, field)
    found: dict[str, float] = {}
    for name, number in zip(words[::2], words[1::2], strict=False):
        with contextlib.suppress(ValueError):
            value = float(number)
            if (low is None or low <= value) and (high is None or value <= high):
                found[plain(name)] = value
    whole = 2 * len(found) == len(words)
    return tuple(found.items()), "" if whole else f"{field} has parts that could not be read"


def decode(model: type[BaseModel], field: str, text: str) -> tuple[object, str]:
    """The value of a field and a notice, empty when taken as written.

    Raises: CodecError when nothing can be made of the text.
    """
    info = model.model_fields[field]
    kind, optional = _kind(info)
    if optional and text == "none":
        return None, ""
    words = choices(model, field)
    if words:
        word = unescape(text[:LONGEST_VALUE])
        if word not in words:
            raise CodecError(f"{field} “{plain(word, 30)}” is unknown; it can be {', '.join(words)}")
        return word, ""
    if kind is bool:
        if text not in ("on", "off"):
            raise CodecError(f"{field} must be on or off")
        return text == "on", ""
    if kind in (int, float):
        return _number(info, field, text, kind is int)
    if get_origin(kind) is tuple:
        return _named(model, field, unescape(text[: LONGEST_VALUE * 3]))
    longest = next((m.max_length for m in info.metadata if hasattr(m, "max_length")), 60)
    raw = unescape(text[: LONGEST_VALUE * 3])
    value = plain(raw, longest)
    return value, "" if value == raw else f"{field} was shortened or cleaned"
