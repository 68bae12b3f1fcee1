"""All record types of the catalog under one name: code outside the catalog imports them from here."""

from components.catalog.architecture import Accelerator, DeviceClass, Model, Precision
from components.catalog.base import Confidence, Figure, Record, Source
from components.catalog.market import (
    WORKLOAD_PARAMETERS,
    ApiPrice,
    Claim,
    DedicatedPrice,
    Economic,
    OptimizationFact,
    ProviderSpeed,
    RentalPrice,
    Triple,
    Workload,
)

__all__ = [
    "WORKLOAD_PARAMETERS", "Accelerator", "ApiPrice", "Claim", "Confidence", "DedicatedPrice", "DeviceClass",
    "Economic", "Figure", "Model", "OptimizationFact", "Precision", "ProviderSpeed", "Record", "RentalPrice",
    "Source", "Triple", "Workload",
]  # fmt: skip
