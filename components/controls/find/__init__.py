"""The Find page: the limits that are asked, the search's answer, and why it won."""

from components.controls.find.found_panels import front, headline, lines, metrics, mixes, nothing, ranked, why
from components.controls.find.limits_form import form
from components.controls.find.question_and_answer import answer, notices, question

__all__ = [
    "answer",
    "form",
    "front",
    "headline",
    "lines",
    "metrics",
    "mixes",
    "nothing",
    "notices",
    "question",
    "ranked",
    "why",
]
