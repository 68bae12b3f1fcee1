"""Text made to fit: cut to a length, safe from Markdown, started with a capital."""

from __future__ import annotations


def shorten(text: str, limit: int) -> str:
    """The text, cut at a word where possible, never longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 12 else cut).rstrip(" ,;:") + "…"


def markdown(text: str) -> str:
    """The text with the characters escaped that Markdown would take: two dollar signs would become a formula."""
    for char in "\\`*_[]<>$#~|:":
        text = text.replace(char, "\\" + char)
    return text


def capital(sentence: str) -> str:
    """The sentence with a capital at its start; the rest stays as it is."""
    return sentence[:1].upper() + sentence[1:]
