"""What every declared thing has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Read = tuple[str, str]
"""An (extract, column) pair that something reads."""


class Declared(BaseModel):
    """A thing declared in a policy file. Unknown keys are an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)
