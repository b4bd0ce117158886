"""The facts of records, counted: how far fields are filled in, whose the exceptions are, and whether totals agree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dq.gate.evidence import Evidence
from dq.model import LastMonth, Reconciled, TeamRecords

Row = Mapping[str, Any]


def field_rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the facts of each field whose filling is known, of extracts with any records."""
    for extract in evidence.extracts:
        for column, filled in evidence.filled.get(extract.extract, {}).items():
            if extract.rows:
                percent = 100 * filled / extract.rows
                then = _percent_before(evidence.before, extract.extract, column)
                yield {
                    "field": f"{extract.extract}.{column}",
                    "extract": extract.extract,
                    "required": column in evidence.required.get(extract.extract, ()),
                    "rows": extract.rows,
                    "filled": filled,
                    "percent_filled": percent,
                    "percent_before": then,
                    "fallen_by": then - percent,
                }


def _percent_before(before: LastMonth, extract: str, column: str) -> float:
    rows = before.rows.get(extract, 0)
    filled = before.filled.get(extract, {}).get(column)
    return math.nan if not rows or filled is None else 100 * filled / rows


def team_rows(teams: Sequence[TeamRecords], names: Mapping[str, str]) -> Iterator[Row]:
    """Yield the facts of each team, by its name; two of one name bear their ids."""
    taken = Counter(names.get(team.team_id, team.team_id) for team in teams)
    for team in teams:
        name = names.get(team.team_id, team.team_id)
        yield {
            "team": name if taken[name] == 1 else f"{name} ({team.team_id})",
            "records": team.records,
            "errors": team.errors,
            "queries": team.queries,
            "errors_per_1000": per_1000(team.errors, team.records),
            "queries_per_1000": per_1000(team.queries, team.records),
        }


def total_rows(totals: Sequence[Reconciled]) -> Iterator[Row]:
    """Yield the facts of each total."""
    for found in totals:
        known = found.counted is not None and found.others is not None
        off = abs((found.counted or 0) - (found.others or 0))
        yield {
            "total": found.total.title,
            "known": known,
            "counted": math.nan if found.counted is None else found.counted,
            "others": math.nan if found.others is None else found.others,
            "off_by": off if known else math.nan,
            # Of nothing there is no share: a side that has none, where the other has some, is off by all.
            "off_per_1000": per_1000(off, max(found.counted or 0, found.others or 0, 1)) if known else math.nan,
            "reason": found.reason,
        }


def per_1000(count: int, of: int) -> float:
    """Return how many there are for every thousand; not known of none."""
    return 1000 * count / of if of else math.nan
