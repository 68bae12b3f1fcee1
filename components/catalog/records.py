"""All record types of the catalog under one name: code outside the catalog imports them from here."""

from components.catalog.architecture import Accelerator, AnsweringModel, DeviceClass, Model, Precision, TokenModel
from components.catalog.base import Confidence, PublishedFigure, Record, Source
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
    WorkloadPreset,
)

__all__ = [
    "WORKLOAD_PARAMETERS",
    "Accelerator",
    "AnsweringModel",
    "ApiPrice",
    "Claim",
    "Confidence",
    "DedicatedPrice",
    "DeviceClass",
    "Economic",
    "Model",
    "OptimizationFact",
    "Precision",
    "ProviderSpeed",
    "PublishedFigure",
    "Record",
    "RentalPrice",
    "Source",
    "TokenModel",
    "Triple",
    "WorkloadPreset",
]  # fmt: skip
