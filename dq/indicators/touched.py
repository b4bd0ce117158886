"""What open errors do to the figures of a scorecard: ranges, effects, and the fewest that settle a colour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from dq.indicators.compute import ScopeKey, Tallies
from dq.indicators.effects import effects
from dq.indicators.ranges import Range, Stakes, ranges, stakes
from dq.indicators.settle import settle
from dq.library.policy import BoundIndicator, Library
from dq.model import Band, Findings, Settle, Severity
from dq.workspace import Workspace

CERTAIN = frozenset({Severity.ERROR})
"""What is certainly wrong or incomplete; a query may be right as it is."""
EFFECTS = pa.schema([
    ("exception_id", pa.string()), ("measure", pa.string()), ("scope_type", pa.string()), ("scope_id", pa.string()),
    ("least", pa.float64()), ("most", pa.float64()), ("could_be", pa.list_(pa.float64())),
])  # fmt: skip


@dataclass(frozen=True)
class Touched:
    """By measure and scope, the ranges; by measure, band and scope, what settles a colour; and all effects.

    ``effects`` has one row an exception and figure it could move by itself: the least and greatest value of the
    figure once that record is put right, all else as recorded; null where there would be no base. Where few rows rest
    on it, ``could_be`` are all the values there are.
    """

    ranges: Mapping[str, Mapping[ScopeKey, Range]]
    settle: Mapping[tuple[str, Band], Mapping[ScopeKey, Settle]]
    effects: pa.Table


def touched(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    bands: Mapping[str, frozenset[Band]],
    findings: Findings,
    tallies: Tallies,
    period: dt.date,
    severities: Collection[Severity] = CERTAIN,
) -> Touched:
    """Return what open errors do to indicators at ``period``; a scope that none touches is left out.

    The views must stand as at ``period``, and the ``exceptions`` table as checking left it. ``bands`` are those that
    the scorecard judges each measure by; exceptions of ``severities`` touch a figure.
    """
    spans: dict[str, dict[ScopeKey, Range]] = {}
    lists: dict[tuple[str, Band], dict[ScopeKey, Settle]] = {}
    moved = [EFFECTS.empty_table()]
    for found in stakes(workspace, library, indicators, findings, tallies, period, severities):
        if not isinstance(found, Stakes):
            bound, not_known = found
            spans[bound.id] = not_known
            continue
        name = found.bound.id
        spans[name] = ranges(found)
        ends = {scope: (span.low, span.high) for scope, span in spans[name].items()}
        for band in bands.get(name, ()):
            lists[name, band] = settle(found, band, ends)
        moved.append(_table(name, found))
    return Touched(spans, lists, pa.concat_tables(moved))


def _table(name: str, of: Stakes) -> pa.Table:
    rows = list(effects(of))
    columns = (
        [one.exception for one in rows], [name] * len(rows), [one.scope[0] for one in rows],
        [one.scope[1] for one in rows], [one.least for one in rows], [one.most for one in rows],
        [one.could_be for one in rows],
    )  # fmt: skip
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, EFFECTS.types, strict=True)], EFFECTS)
