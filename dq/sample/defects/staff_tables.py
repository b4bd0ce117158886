"""Faults in the tables that are about no child: the population, and the figures of other authorities.

Each keeps to rows of its own (a band, an area, an indicator), so that none hides what another does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import months_before
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene
from dq.sample.defects.staff_lookup import head
from dq.sample.records.staff import Benchmark, Population

TWICE, SUMMED, SHARP, LOST = "0-4", "5-9", "10-15", "16-17"
OLD_YEARS, OLD_MONTHS = 2, 36
FORGOTTEN = "offending_cla"
"""The indicator whose figures may grow old; no other fault is put into its rows."""


def _rows(scene: Scene, band: str | None = None) -> list[Population]:
    return [row for row in scene.records.child_population if band is None or row.age_band == band]


def _years(scene: Scene) -> list[int]:
    return sorted({row.year for row in _rows(scene)})


def _areas(scene: Scene) -> list[str]:
    """Return the areas there are rows of."""
    return list(dict.fromkeys(row.area_id for row in _rows(scene) if row.area_id != head(scene)))


def _of_year(scene: Scene, area_id: str, year: int) -> list[Population]:
    return [row for row in _rows(scene) if (row.area_id, row.year) == (area_id, year)]


def population_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the children of the authority a second time: both rows are flagged."""
    for row in _rows(scene, TWICE):
        if row.area_id == head(scene):
            again = replace(row, population_id=scene.making.records.key("CN"))
            flags = ((rule, row.population_id), (rule, again.population_id))
            yield Defect(row.population_id, flags, added=(("child_population", again),))


def population_band_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the eldest of an area in the first year: the area's first row is flagged."""
    for area_id in _areas(scene)[:1]:
        rows = _of_year(scene, area_id, _years(scene)[0])
        dropped = tuple(("child_population", row.population_id) for row in rows if row.age_band == LOST)
        yield Defect(rows[0].population_id, ((rule, rows[0].population_id),), dropped=dropped)


def population_areas_do_not_add_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Mistype the children of the authority."""
    for row in _rows(scene, SUMMED) if _areas(scene) else ():
        if row.area_id == head(scene) and row.year in _years(scene)[:2]:
            wrong = f"{row.population + scene.chance.between(1, 5)}"
            yield change(row.population_id, "child_population", row.population_id, rule, population=wrong)


def population_changed_sharply(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type too many children for an area in the second year: it and the next are flagged, and the authority's sum."""
    for area_id in _areas(scene)[:1]:
        _, second, third, *_ = _years(scene)
        rows = {(r.area_id, r.year): r for r in _rows(scene, SHARP)}
        row, after, whole = rows[area_id, second], rows[area_id, third], rows[head(scene), second]
        also = [(rule, after.population_id), ("population-areas-do-not-add-up", whole.population_id)]
        many = f"{row.population * 3 // 2}"
        yield change(row.population_id, "child_population", row.population_id, rule, also=also, population=many)


def population_out_of_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out an area's latest years: the first row of the year before them is flagged."""
    for area_id in _areas(scene)[1:][-1:]:
        kept = [year for year in _years(scene) if year < scene.end.year - OLD_YEARS]
        latest = _of_year(scene, area_id, kept[-1])[0].population_id
        late = [row for row in _rows(scene) if row.area_id == area_id and row.year > kept[-1]]
        dropped = tuple(("child_population", row.population_id) for row in late)
        yield Defect(latest, ((rule, latest),), dropped=dropped)


def _figures(scene: Scene) -> list[Benchmark]:
    """Return the figures that another of the same group and indicator follows."""
    latest = max((row.period_to for row in scene.records.benchmarks), default=scene.end)
    return [r for r in scene.records.benchmarks if r.indicator_id != FORGOTTEN and r.period_to < latest]


def benchmark_without_period(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the period of a figure."""
    for row in _figures(scene):
        yield change(row.benchmark_id, "benchmarks", row.benchmark_id, rule, period_to="")


def benchmark_without_value(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the figure."""
    for row in _figures(scene):
        yield change(row.benchmark_id, "benchmarks", row.benchmark_id, rule, value="")


def benchmark_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a figure a second time: both are flagged."""
    for row in _figures(scene):
        again = replace(row, benchmark_id=scene.making.records.key("BM"), value=row.value + 1)
        flags = ((rule, row.benchmark_id), (rule, again.benchmark_id))
        yield Defect(row.benchmark_id, flags, added=(("benchmarks", again),))


def benchmark_unvalidated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Use a figure that was not validated, or of which that is not known."""
    for row in _figures(scene):
        quality = scene.chance.pick(("", "Unvalidated"))
        yield change(row.benchmark_id, "benchmarks", row.benchmark_id, rule, quality=quality)


def benchmark_out_of_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out all but the oldest figure of an indicator."""
    own = [row for row in scene.records.benchmarks if row.indicator_id == FORGOTTEN]
    border = months_before(scene.end, OLD_MONTHS)
    for group in dict.fromkeys(row.compared_with for row in own):
        first, *later = [row for row in own if row.compared_with == group]
        if first.period_to < border:
            dropped = tuple(("benchmarks", row.benchmark_id) for row in later)
            yield Defect(first.benchmark_id, ((rule, first.benchmark_id),), dropped=dropped)
