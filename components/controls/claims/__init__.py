"""The Claims page: what is said in meetings, what its source says, and what the engine reaches."""

from components.controls.claims.claim_cards import claims, headline

__all__ = ["claims", "headline"]
