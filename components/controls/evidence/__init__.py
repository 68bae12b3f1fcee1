"""The Evidence page: how far predictions lie from measurements, and every figure."""

from components.controls.evidence.accuracy_panels import headline, metrics, picture
from components.controls.evidence.accuracy_tables import accuracy, figures, peers, worst

__all__ = ["accuracy", "figures", "headline", "metrics", "peers", "picture", "worst"]
