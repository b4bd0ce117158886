"""Every row is in one part of a breakdown and no other: by codes, by groups and in bands, whatever the value."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from pydantic import ValidationError

from dq.library.breakdowns import parts
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Bands, Breakdown


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def _values(breakdown: Breakdown, library: Library) -> Iterator[str]:
    """Yield values to try, as SQL: on every edge and beside it, every code, none, and one that nobody knows."""
    if breakdown.bands is not None:
        yield from ("CAST(NULL AS DOUBLE)", "-1.0", "1e9")
        for step in library.bands[breakdown.bands].bands:
            if step.below is not None:
                yield from (f"{step.below}", f"{step.below - 0.5}", f"{step.below + 0.5}")
    else:
        yield from ("CAST(NULL AS VARCHAR)", "'no such code'", "''")
        groups = [code for group in breakdown.groups.values() for code in group]
        yield from (f"'{code}'" for code in groups or library.code_lists[breakdown.codes or ""].codes)


def test_every_value_is_in_one_part(library: Library) -> None:
    tried = 0
    for name, bound in library.indicators.items():
        for breakdown in bound.indicator.breakdowns.values():
            found = list(parts(breakdown.model_copy(update={"of": "of"}), library.code_lists, library.bands))
            assert len({part.name for part in found}) == len(found), name
            held = " + ".join(f"CAST(coalesce({part.condition}, false) AS INTEGER)" for part in found)
            values = ", ".join(f"({value})" for value in _values(breakdown, library))
            rows = duckdb.sql(f"SELECT of, {held} FROM (VALUES {values}) AS tried (of)").fetchall()
            assert [row for row in rows if row[1] != 1] == [], (name, breakdown)
            tried += len(rows)
    assert tried > 500


@pytest.mark.parametrize(
    "bands",
    [
        [{"title": "Young", "below": 5}, {"title": "Old", "below": 18}],
        [{"title": "Young", "below": 5}, {"title": "Older", "below": 5}, {"title": "Oldest"}],
        [{"title": "Young", "below": 5}, {"title": "Older", "below": 3}, {"title": "Oldest"}],
        [{"title": "Young"}, {"title": "Older", "below": 3}, {"title": "Oldest"}],
        [{"title": "All"}],
    ],
    ids=["closed at the end", "an empty band", "out of order", "open in the middle", "one alone"],
)
def test_bands_with_gaps_or_overlaps_are_refused(bands: list[dict[str, object]]) -> None:
    with pytest.raises(ValidationError, match=r"band|at least 2"):
        Bands.model_validate({"title": "A test", "unit": "years", "source": "A test", "bands": bands})
