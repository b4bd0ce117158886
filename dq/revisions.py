"""Why the records now say something else of a month than was published: come late, corrected, or otherwise defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dq.library.policy import Library
from dq.model import AsPublished, Figure, Moved, RunResult, Standing
from dq.workspace import Workspace, name

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from dq.ledger.imported import PublishedFigure

_MONTHS = (1, 12)
_GONE = {Standing.FIXED, Standing.BLANKED, Standing.VANISHED}


def differing(figures: Iterable[Figure]) -> Iterator[tuple[Figure, AsPublished]]:
    """Yield the authority's figures of a month and a year ago that the records no longer bear out."""
    for figure in figures:
        for months in _MONTHS if figure.scope.type == "authority" else ():
            one = figure.published_for(months)
            if one is not None and one.differs:
                yield figure, one


@dataclass(frozen=True)
class Since:
    """What the ledger knows of the time since figures were published.

    ``published`` are the figures, ``chain`` the runs with which exceptions came to stand as the run at hand found them
    (columns as EXCEPTION, ``changed`` with the run itself).
    """

    published: Sequence[PublishedFigure]
    chain: Sequence[int]
    changed: pa.Table


def with_causes(
    connection: Connection, workspace: Workspace, library: Library, result: RunResult, since: Since
) -> tuple[Figure, ...]:
    """Return the figures of a run, those that are no longer as published with the causes.

    Of what was published before the ledger the causes are not known.
    """
    known = {(one.end, one.measure): one for one in since.published if one.scope_type == "authority"}
    columns = (since.changed.column(column).to_pylist() for column in ("exception_id", "rule_id", "state"))
    closed = {exception_id: rule for exception_id, rule, state in zip(*columns, strict=True) if state in _GONE}
    found = {}
    for figure, one in differing(result.figures):
        published = known.get((one.end, figure.measure))
        if published is not None:
            found[id(one)] = _moved(connection, workspace, library, (figure, one, published), result, since, closed)
    return tuple(_with(figure, found) for figure in result.figures)


def _with(figure: Figure, moved: Mapping[int, Moved | None]) -> Figure:
    if not any(id(one) in moved for one in figure.published):
        return figure
    return replace(figure, published=tuple(replace(one, moved=moved.get(id(one))) for one in figure.published))


def _moved(
    connection: Connection,
    workspace: Workspace,
    library: Library,
    restated: tuple[Figure, AsPublished, PublishedFigure],
    result: RunResult,
    since: Since,
    closed: Mapping[str, str],
) -> Moved | None:
    from dq.ledger.queries import closed_with, run_entered

    figure, one, published = restated
    run = run_entered(connection, published.entry)
    if run is None:
        return None
    feeding = {rule for rule, bound in library.rules.items() if figure.indicator.id in bound.feeds}
    gone = {**closed_with(connection, [entry for entry in since.chain if entry > run.entry]), **closed}
    return Moved(
        late=_late(workspace, library, figure, run.at[:10], one),
        corrected=sum(rule in feeding for rule in gone.values()),
        redefined=run.indicators != result.fingerprints.get("indicators"),
    )


def _late(workspace: Workspace, library: Library, figure: Figure, published_on: str, one: AsPublished) -> int:
    """Return how many records that a figure reads, of its month or before, were entered after it was published.

    Where a month was run long after it ended, as when the past is made good, they are those entered after its end.
    """
    late = 0
    for extract in sorted({extract for extract, _ in library.indicators[figure.indicator.id].reads}):
        contract = library.contracts.get(extract)
        columns = workspace.types(extract) if contract is not None else {}
        if contract is None or contract.entered not in columns or contract.event not in columns:
            continue
        happened, entered = name(str(contract.event)), name(str(contract.entered))
        since = published_on if f"{one.end}" < published_on < f"{figure.period}" else f"{one.end}"
        late += int(
            workspace.row(
                f"SELECT count(*) FROM {name(extract)} "
                f"WHERE {happened} < DATE '{one.end}' + 1 AND {entered} >= DATE '{since}' + 1"
            )[0]
        )
    return late


def revisions(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Return a row for each of the authority's figures of a month and a year ago that is no longer as published.

    It has the figure's measure and title, the month, what was published and what the records now say, and the causes
    (``Moved``), None where they are not known.
    """
    return [
        {
            "measure": figure.measure, "title": figure.title or figure.indicator.title, "month": f"{one.end:%Y-%m}",
            "published": one.value, "recorded": one.recorded,
            **(dict.fromkeys(_CAUSES) if one.moved is None else vars(one.moved)),
        }
        for figure, one in differing(figures)
    ]  # fmt: skip


_CAUSES = ("late", "corrected", "redefined")


def told(revision: Mapping[str, Any]) -> str:
    """Return in words what one figure was, is now, and why."""
    moved = None if revision["late"] is None else Moved(**{cause: revision[cause] for cause in _CAUSES})
    known = (moved and moved.told) or "cause not known"
    values = f"published {revision['published']:.4g}, the records now say {revision['recorded']:.4g}"
    return f"{revision['title']}, {revision['month']}: {values} ({known})"
