"""A scenario as a JSON file: what is compared and where the file comes from. Its JSON Schema is published beside."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from components.engine.scenario import Scenario

SCHEMA_FILE = "scenario.schema.json"
"""In `static/`, served by the app at `app/static/`."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ScenarioFile(BaseModel):
    """A scenario to take away; `python -m components evaluate FILE` gives its answers again."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    format: str = Field(SCHEMA_FILE, alias="$schema")
    """Name of the JSON Schema that describes the file."""
    about: dict[str, str] = Field(default_factory=dict)
    """Where it comes from: title, dates, version, currency, prices, basis, range, link. Not read."""
    scenario: Scenario


def scenario_json(scenario: Scenario, about: dict[str, str]) -> str:
    """The file of a scenario.    Args: about, label to words."""
    file = ScenarioFile(scenario=scenario, about=about)
    return json.dumps(file.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False)


def read_scenario(text: str) -> Scenario:
    """The scenario of a file, or of a scenario alone.

    Raises: pydantic.ValidationError naming the place of the first fault.
    """
    return ScenarioFile.model_validate_json(text).scenario if _wrapped(text) else Scenario.model_validate_json(text)


def _wrapped(text: str) -> bool:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "scenario" in content


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    return {"$schema": DIALECT, "$id": SCHEMA_FILE} | ScenarioFile.model_json_schema(by_alias=True)


def schema_text() -> str:
    """The JSON Schema as it is published."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
