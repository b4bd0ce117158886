"""Why the records now say something else of a month than was published: come late, corrected, or otherwise defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dq.library.policy import Library
from dq.model import AsPublished, Figure, RunResult, Standing
from dq.workspace import Workspace, name

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from dq.ledger.imported import PublishedFigure

_MONTHS = (1, 12)
_GONE = {Standing.FIXED, Standing.BLANKED, Standing.VANISHED}


def revisions(
    connection: Connection, workspace: Workspace, library: Library, result: RunResult, changed: pa.Table
) -> list[dict[str, Any]]:
    """Return the authority's figures of a month and a year ago that the records no longer bear out, and why.

    A row has the figure's measure and title, the month, what was published and what the records now say; how many
    records that the figure reads were entered ``late``, after it was published and of that month or before; how many
    exceptions that can move it were ``corrected`` since (fixed, emptied, or gone with their record); and whether what
    indicators mean has been ``redefined``. Of what was published before the ledger, the causes are not known: None.
    ``changed`` are the exceptions that came to stand otherwise with this run.
    """
    from dq.ledger.imported import published_figures

    differing = list(_differing(result))
    if not differing:
        return []
    project = result.project
    known = {
        (one.end, one.measure): one
        for one in published_figures(connection, project.authority, project.dataset, result.period)
        if one.scope_type == "authority"
    }
    columns = (changed.column(column).to_pylist() for column in ("exception_id", "rule_id", "state"))
    closed = {exception_id: rule for exception_id, rule, state in zip(*columns, strict=True) if state in _GONE}
    return [
        _revision(connection, workspace, library, figure, one, known.get((one.end, figure.measure)), result, closed)
        for figure, one in differing
    ]


def _differing(result: RunResult) -> Iterator[tuple[Figure, AsPublished]]:
    for figure in result.figures:
        for months in _MONTHS if figure.scope.type == "authority" else ():
            one = figure.published_for(months)
            if one is not None and one.differs:
                yield figure, one


def _revision(
    connection: Connection,
    workspace: Workspace,
    library: Library,
    figure: Figure,
    one: AsPublished,
    published: PublishedFigure | None,
    result: RunResult,
    closed: Mapping[str, str],
) -> dict[str, Any]:
    from dq.ledger.queries import closed_since, run_entered

    said = {
        "measure": figure.measure, "title": figure.title or figure.indicator.title, "month": f"{one.end:%Y-%m}",
        "published": one.value, "recorded": one.recorded, "late": None, "corrected": None, "redefined": None,
    }  # fmt: skip
    run = None if published is None else run_entered(connection, published.entry)
    if run is None:
        return said
    feeding = {rule for rule, bound in library.rules.items() if figure.indicator.id in bound.feeds}
    corrected = {key for key, rule in {**closed_since(connection, run.entry), **closed}.items() if rule in feeding}
    said["late"] = _late(workspace, library, figure, run.at[:10], one)
    said["corrected"] = len(corrected)
    said["redefined"] = run.indicators != result.fingerprints.get("indicators")
    return said


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


def told(revision: Mapping[str, Any]) -> str:
    """Return in words what one figure was, is now, and why."""
    causes = [
        f"{_plural(revision['late'], 'record')} entered since" if revision["late"] else "",
        f"{_plural(revision['corrected'], 'exception')} corrected" if revision["corrected"] else "",
        "indicators mean something else" if revision["redefined"] else "",
    ]
    known = "; ".join(filter(None, causes)) or "cause not known"
    values = f"published {revision['published']:.4g}, the records now say {revision['recorded']:.4g}"
    return f"{revision['title']}, {revision['month']}: {values} ({known})"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
