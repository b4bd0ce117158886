"""A JSON Schema for every kind of YAML file, made from its declared type: an editor completes and checks by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, RootModel

from dq.library.function_examples import FunctionExamples
from dq.library.yaml_file import NOT_WRITTEN
from dq.model import (
    Bands,
    CaseSystem,
    CodeList,
    Contract,
    DocumentLayout,
    Gate,
    HeadingWords,
    Indicator,
    Notes,
    PaperLayout,
    Project,
    Rule,
    Scorecard,
    Threshold,
    Total,
)
from dq.model import (
    Mapping as Layout,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Thresholds(RootModel[dict[str, Threshold]]):
    """The limits of a dataset: name → value, unit, title and source."""


@dataclass(frozen=True)
class Kind:
    """A kind of YAML file: the type it is read as, and which files of a project are of it."""

    model: type[BaseModel]
    files: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "rule": Kind(Rule, ("rules/*/*/*.yaml",)),
    "contract": Kind(Contract, ("checks/!(gates)/*.yaml",)),
    "gate": Kind(Gate, ("checks/gates/*.yaml",)),
    "total": Kind(Total, ("data/*/totals/*.yaml",)),
    "indicator": Kind(Indicator, ("reports/indicators/*/*.yaml",)),
    "scorecard": Kind(Scorecard, ("reports/scorecards/*.yaml",)),
    "code-list": Kind(CodeList, ("data/codes/*.yaml",)),
    "bands": Kind(Bands, ("data/*/bands/*.yaml",)),
    "notes": Kind(Notes, ("data/*/notes.yaml",)),
    "thresholds": Kind(Thresholds, ("data/*/thresholds.yaml",)),
    "mapping": Kind(Layout, ("data/mappings/*.yaml",)),
    "case-system": Kind(CaseSystem, ("data/systems/*.yaml",)),
    "paper-layout": Kind(PaperLayout, ("data/*/layouts/*.yaml",)),
    "document-layout": Kind(DocumentLayout, ("data/*/xml/*.yaml",)),
    "heading-words": Kind(HeadingWords, ("data/heading_words.yaml",)),
    "function-examples": Kind(FunctionExamples, ("data/language/functions.yaml",)),
    "project": Kind(Project, ("dq.yaml",)),
}
"""Every kind that the library reads; whoever reads another adds it."""


def schema_of_kind(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what people may write in a file of a kind."""
    schema = kind.model.model_json_schema(by_alias=True, mode="validation")
    for name in NOT_WRITTEN & set(schema.get("properties", ())):
        if name in getattr(kind.model, "model_fields", {}) and not kind.model.model_fields[name].is_required():
            del schema["properties"][name]
    if kind.model.model_config.get("coerce_numbers_to_str"):
        schema = _with_numbers(schema)
    return {"$schema": _DIALECT, **schema}


def editor_settings(kinds: Mapping[str, Kind], folder: str) -> dict[str, dict[str, list[str]]]:
    """Return the settings by which VS Code's YAML extension finds the schemas in a folder of the project."""
    return {"yaml.schemas": {f"{folder}/{name}.json": list(kind.files) for name, kind in kinds.items()}}


def _with_numbers(schema: Any) -> Any:
    """Return a schema that takes a number wherever it takes a text, as the type does."""
    if isinstance(schema, list):
        return [_with_numbers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_numbers(part) for key, part in schema.items()}
    return {**changed, "type": ["string", "number"]} if changed.get("type") == "string" else changed
