"""Records of prices, measured speeds, workload presets, economics, published effects and claims."""

from typing import Literal

from pydantic import Field

from components.catalog.base import Confidence, Record


class RentalPrice(Record):
    """One rental or purchase price of an accelerator; `current` is False where a later price replaced it."""

    accelerator_id: str
    provider: str
    offering: str
    region: str
    accelerators_per_offering: int = Field(ge=1)
    price_type: Literal["on-demand", "spot", "reserved-1yr", "reserved-3yr", "purchase"]
    usd_per_accelerator_hour: float | None = Field(default=None, gt=0)
    usd_per_accelerator: float | None = Field(default=None, gt=0)
    source_id: str
    value_date: str
    confidence: Confidence
    current: bool
    includes_host: bool | None = None
    """For a purchase: whether the price covers a whole machine or rack share, or the bare chip; None for rent."""
    notes: str = ""


class ApiPrice(Record):
    """One per-token list price; the key is provider, model, tier and status."""

    provider: str
    model: str
    model_id: str | None = None
    """The model of data/models.csv, None where its architecture is not in the table."""
    provider_model_ref: str = ""
    """The name the provider itself uses for the model in its interface."""
    open_weight: bool
    tier: str
    status: Literal["current", "unverified", "legacy"]
    input_usd_per_mtok: float = Field(ge=0)
    output_usd_per_mtok: float = Field(ge=0)
    cached_input_usd_per_mtok: float | None = Field(default=None, ge=0)
    batch_discount: float | None = Field(default=None, ge=0, lt=1)
    """Share taken off the standard price for batch work; None where no batch price was found."""
    context_window_tokens: int | None = Field(default=None, ge=1)
    source_id: str
    value_date: str
    confidence: Confidence
    notes: str = ""

    @property
    def answering_id(self) -> str:
        """Id of the model that answers: of data/models.csv, else of data/token_models.csv."""
        return self.model_id or self.model

    @property
    def dearer_when_long(self) -> bool:
        """Whether the list has a dearer price for long prompts beside the one that stands here."""
        return "long-prompt surcharge" in self.notes


class DedicatedPrice(Record):
    """Hourly price of dedicated capacity on a hosted platform; None where it is not public."""

    provider: str
    product: str
    accelerator_id: str | None = None
    usd_per_accelerator_hour: float | None = Field(default=None, gt=0)
    price_unit: str
    minimum_billing: str = ""
    autoscale_to_zero: str = ""
    idle_billing: str = ""
    commitment: str = ""
    source_id: str
    value_date: str
    confidence: Confidence
    notes: str = ""


class ProviderSpeed(Record):
    """Speed of a hosted model as one user saw it; never compare rows of different `kind`."""

    provider: str
    hardware_class: str
    model: str
    model_id: str | None = None
    output_tokens_per_s: float | None = Field(default=None, gt=0)
    ttft_s: float | None = Field(default=None, gt=0)
    prompt_tokens: int | None = Field(default=None, ge=1)
    prompt: str = ""
    test_conditions: str = ""
    measured_on: str
    kind: Literal["independent", "telemetry", "vendor"]
    source_id: str
    confidence: Confidence
    notes: str = ""

    @property
    def answering_id(self) -> str:
        """Id of the model that answers, as of a price."""
        return self.model_id or self.model


class Triple(Record):
    """A low, base and high value of one workload parameter; all None where there is no target."""

    low: float | None = None
    base: float | None = None
    high: float | None = None
    unit: str
    basis: str
    confidence: Confidence
    source_id: str
    note: str = ""


class WorkloadPreset(Record):
    """A preset of one kind of work; every parameter can be edited by the reader."""

    id: str
    label: str
    input_tokens_mean: Triple
    input_tokens_p95: Triple
    output_tokens_mean: Triple
    output_tokens_p95: Triple
    prefix_reuse_share: Triple
    ttft_target_ms: Triple
    tpot_target_ms: Triple
    peak_to_mean_hour: Triple
    """Busiest hour over the mean of all 168 hours of a week."""
    hours_of_operation_per_week: Triple
    batchable_share: Triple
    response_cacheable_share: Triple
    quality_need_1_to_5: Triple
    calls_per_task: Triple
    requests_per_user_day: Triple
    """None where requests come by feed, not by user."""


class Economic(Record):
    """One economic figure with its range: a tariff, a price, a share or a rate."""

    id: str
    category: str
    item: str
    unit: str
    low: float | None = None
    base: float | None = None
    high: float | None = None
    value_date: str
    basis: Literal["published", "derived", "estimate"]
    confidence: Confidence
    source_id: str
    notes: str = ""


class OptimizationFact(Record):
    """One published effect of an optimisation with the conditions it was measured under."""

    technique: str
    variant: str
    layer: int = Field(ge=1, le=4)
    what_it_changes: str
    effect_metric: str
    effect_value: float | None = None
    effect_unit: str = ""
    conditions: str = ""
    quality_metric: str = ""
    quality_delta: float | None = None
    interacts_with: str = ""
    source_id: str
    value_date: str
    confidence: Confidence
    notes: str = ""


class Claim(Record):
    """A claim often heard, what its primary source says, and the verdict."""

    id: str
    claim: str
    claimed_value: str = ""
    source_id: str
    value_date: str
    what_the_source_says: str
    verdict: Literal["supported", "supported-with-conditions", "contradicted", "unsupported"]
    conditions: str = ""
    confidence: Confidence


WORKLOAD_PARAMETERS: tuple[str, ...] = tuple(
    name for name in WorkloadPreset.model_fields if name not in {"id", "label"}
)
"""The parameters every workload preset states."""
