"""The page of saved scenarios: the list, versions beside one another, decisions, one's own data."""

from components.controls.saved.decisions import decisions, overturned
from components.controls.saved.own_data import own_data
from components.controls.saved.saved_list import headline, mine, saved_list
from components.controls.saved.versions import chosen, versions

__all__ = ["chosen", "decisions", "headline", "mine", "overturned", "own_data", "saved_list", "versions"]
