"""What the type of a printed page has: Inter and the faces that typst carries; a sign for all else, and a note."""

from __future__ import annotations

import re

RANGES = (
    (0x00, 0x4FF), (0x531, 0x60C), (0x621, 0x63A), (0x640, 0x66D), (0x900, 0x97F), (0x1D00, 0x2040), (0x2054, 0x211E),
    (0x2126, 0x2151), (0x2153, 0x2184), (0x2190, 0x23FF), (0x2460, 0x262F), (0x2638, 0x268B), (0x270C, 0x2727),
    (0x2729, 0x274B), (0x2761, 0x277F), (0x2798, 0x27AF), (0x27B1, 0x2BFF),
)  # fmt: skip
"""Code points that are drawn, found by drawing them: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, signs."""
SIGN = "\u25ab"
"""Stands for a run of others: emoji, Chinese, Japanese and Korean among them."""
NOTE = f"{SIGN} stands for signs that this page's type lacks; the link and the other files have them."
_OTHER = f"[^{''.join(f'{chr(low)}-{chr(high)}'.replace(chr(0), chr(92) + 'x00') for low, high in RANGES)}]+"
_LACKING = re.compile(f"{_OTHER}(?:\u200d{_OTHER})*")


def lacks(text: str) -> bool:
    """Whether a text has what would show as an empty box."""
    return _LACKING.search(text) is not None


def drawable(text: str) -> str:
    """The text with a sign in the place of what would show as an empty box."""
    return _LACKING.sub(SIGN, text)
