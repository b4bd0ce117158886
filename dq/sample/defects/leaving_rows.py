"""Faults of one record: the cells that are written otherwise, in each record that could carry it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from dq.sample.defects.defect import Defect
from dq.sample.defects.scene import Scene, text
from dq.sample.parts.leaving_stays import CareStay, stays_in_care
from dq.sample.records import ROWS, Record

Cells = Mapping[str, str]
Carriers = Callable[[Scene, str], Iterator[Defect]]
When = Callable[[Record, Scene], bool]
OWNERS = ("person_id", "household_id", "adopter_id")


def spoil(extract: str, when: When, cells: Callable[[Record, Scene], Cells]) -> Carriers:
    """Return a fault that writes other cells into a record: into one that fits ``when``."""
    row_type = ROWS[extract]
    names = [field.name for field in fields(row_type)]
    owner = next(name for name in OWNERS if name in names)

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for row in getattr(scene.records, extract):
            if when(row, scene):
                key = getattr(row, names[0])
                written = {(extract, key, column): value for column, value in cells(row, scene).items()}
                yield Defect(getattr(row, owner), ((rule, key),), written)

    return carriers


def leave_out(extract: str, *columns: str, when: When | None = None) -> Carriers:
    """Return a fault that leaves columns blank, in a record that has the first of them."""
    return spoil(
        extract,
        lambda row, scene: bool(getattr(row, columns[0])) and (when is None or when(row, scene)),
        lambda _row, _scene: dict.fromkeys(columns, ""),
    )


def put(extract: str, when: When, **cells: str) -> Carriers:
    """Return a fault that writes the same cells into any record that fits ``when``."""
    return spoil(extract, when, lambda _row, _scene: cells)


def before(extract: str, column: str, other: str, most: int, when: When | None = None) -> Carriers:
    """Return a fault that dates ``column`` up to ``most`` days before ``other``, in a record that has both."""
    return spoil(
        extract,
        lambda row, scene: _has(row, column, other) and (when is None or when(row, scene)),
        lambda row, scene: {column: text(getattr(row, other) - days(scene, 1, most))},
    )


def after(extract: str, column: str, other: str, most: int, when: When | None = None) -> Carriers:
    """Return a fault that dates ``column`` up to ``most`` days after ``other``, and not in the future."""

    def possible(row: Record, scene: Scene) -> bool:
        fits = _has(row, column, other) and getattr(row, other) <= scene.ago(most)
        return fits and (when is None or when(row, scene))

    return spoil(extract, possible, lambda row, scene: {column: text(getattr(row, other) + days(scene, 1, most))})


def shifted(extract: str, columns: tuple[str, ...], back: int, when: When) -> Carriers:
    """Return a fault that dates several columns so many days earlier than they were."""
    return spoil(
        extract,
        when,
        lambda row, _scene: {c: text(getattr(row, c) - dt.timedelta(days=back)) for c in columns if getattr(row, c)},
    )


def days(scene: Scene, least: int, most: int) -> dt.timedelta:
    """Return some days, drawn by chance."""
    return dt.timedelta(days=scene.chance.between(least, most))


def stay_by_cla(scene: Scene) -> dict[str, CareStay]:
    """Return period of care id → the period of care."""
    return {stay.cla_id: stay for stay in stays_in_care(scene.making)}


def stay_by_person(scene: Scene) -> dict[str, CareStay]:
    """Return person id → their last period of care."""
    return {stay.person.person_id: stay for stay in stays_in_care(scene.making)}


def _has(row: Record, *columns: str) -> bool:
    return all(getattr(row, column) is not None for column in columns)
