"""The base of all records, and the record of a source."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Confidence = Literal["high", "medium", "low"]
"""high: vendor, official price page or published benchmark; medium: reputable secondary; low: estimate."""


class Record(BaseModel):
    """One row of a table: immutable, no unknown column, no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Source(Record):
    """A public page, paper or data set that figures are taken from."""

    source_id: str
    title: str = Field(min_length=1)
    url: str = ""
    """Empty only for the planning estimates of this project."""
    published: str = Field(min_length=1)
    accessed: str = ""
    """Empty when the figures were not re-read from the page itself."""

    @property
    def id(self) -> str:
        """The identifier other tables refer to."""
        return self.source_id


class PublishedFigure(Record):
    """One figure of data/ in long form."""

    table: str
    entity: str
    quantity: str
    value: float
    unit: str
    source_id: str
    value_date: str
    confidence: Confidence
