"""What a notebook may use of Plumbline: ``from dq import schema``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from dq.contracts.schema import schema_of
from dq.library.load import load_library
from dq.problems import nearest, refuse

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema


def schema(
    extract: str,
    dataset: str = "casework",
    project: str | Path | None = None,
    period_end: dt.date | None = None,
) -> DataFrameSchema:
    """Return what an extract must look like, as a Pandera schema for a pandas data frame of its records.

    ``schema("cla_visits").validate(frame, lazy=True)`` returns the frame with the contract's columns, read as their
    types, or raises ``pandera.errors.SchemaErrors`` whose ``failure_cases`` name every column, check and row at
    fault: the same that ``dq check`` flags as ``contract.<extract>.<column>.<check>``. Columns are called what the
    contract calls them; cells may be texts, as in a file (read it with ``dtype="str"``), or of their type already.

    ``project`` is a project folder whose own contracts and code lists count too. ``period_end`` is the day after
    which a date is in the future; without it no date is. References to other extracts are left out, for a schema
    sees one table. Raises ProblemsError for an unknown extract or dataset, and for faults of the policy files.
    """
    library = load_library(dataset, None if project is None else Path(project))
    if extract not in library.contracts:
        raise refuse(f"there is no extract '{extract}'.", instead=nearest(extract, library.contracts))
    return schema_of(library.contracts[extract], library.code_lists, period_end)
