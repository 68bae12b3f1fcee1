"""The Plan page: months to come, how sure the choice is, and what would change it."""

from components.controls.plan.panels import fan, metrics, months, title
from components.controls.plan.planned import base, drawn, is_drawn, whole
from components.controls.plan.sections import sections
from components.controls.plan.terms_form import form
from components.engine.plan import Futures

__all__ = ["Futures", "base", "drawn", "fan", "form", "is_drawn", "metrics", "months", "sections", "title", "whole"]
