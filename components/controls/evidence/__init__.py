"""The Evidence page: how far predictions lie from measurements, and what became of claims."""

from components.controls.evidence.accuracy_panels import claims, headline, metrics, picture
from components.controls.evidence.accuracy_tables import accuracy, figures, peers, worst

__all__ = ["accuracy", "claims", "figures", "headline", "metrics", "peers", "picture", "worst"]
