"""A figure explained: what it is, how it is counted, the rows behind it and the exceptions that could move it."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dq.indicators.behind import Behind, rows_behind
from dq.indicators.figures import figures, touching
from dq.indicators.published_before import published_before
from dq.library.load import load_library
from dq.library.measures import scorecard_of
from dq.library.policy import BoundIndicator, Library, is_counted
from dq.model import Figure, Line, Project, Rule, Scope, Scorecard, Section
from dq.problems import nearest, refuse
from dq.reports.as_published import differences
from dq.reports.exception_files import write_table
from dq.reports.words import base, colour_words, limit_words, month, number, period_words, plural, range_words
from dq.run import checked

SHOWN = 10
"""Rows of each kind that are printed; all of them are in the file."""
WIDTH = 100


@dataclass(frozen=True)
class Explained:
    """A figure of one scope and the rows behind it; ``rules``: exception id → the rule that found it."""

    figure: Figure
    bound: BoundIndicator
    behind: tuple[Behind, ...]
    rules: Mapping[str, Rule]

    @property
    def movers(self) -> set[str]:
        """The ids of the open errors that could move the figure."""
        listed = ";".join(ids for part in self.behind for ids in part.rows["exceptions"].to_pylist())
        outside = {one for part in self.behind for one in part.strangers["exception_id"].to_pylist()}
        return {*filter(None, listed.split(";")), *outside, *(one for part in self.behind for one in part.anywhere)}


def explain_figure(
    project: Project,
    period: dt.date,
    name: str,
    scope: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Explained:
    """Return a figure with the rows behind it.

    ``name`` is the id of an indicator, one of its splits (``cla_count:uasc``), or a line's number on the project's
    scorecard; ``scope`` the id or name of a team or area. Raises ProblemsError where there is no such figure.
    """
    library = load_library(project.dataset, project.folder, project.thresholds, project.path)
    line = _line(scorecard_of(library, project), library, name)
    bound = library.measure(line)
    before = published_before(project, library, _card_of(line), period)
    feeding = [b for b in library.rules.values() if line.indicator in b.feeds and is_counted(b.rule, period)]
    severities = touching(project)
    rules = [b for b in feeding if b.rule.severity in severities]
    with checked(project, period, library, rules, progress) as (workspace, findings, absent):
        card = _card_of(line)
        worked = figures(workspace, library, card, findings, absent, project, period, progress, before)
        scopes = worked.scopes
        figure = _of_scope(worked.figures, scopes, scope)
        behind: tuple[Behind, ...] = ()
        if figure.available:
            teams = _teams(figure.scope, scopes)
            matter = worked.movers(bound.id, figure.scope)
            all_behind = rows_behind(workspace, library, bound, findings, period, severities, teams)
            behind = tuple(part if matter is None else part.with_only(matter) for part in all_behind)
        ids = workspace.execute("SELECT exception_id, rule_id FROM exceptions").fetchall()
    return Explained(figure, bound, behind, {one: library.rules[rule].rule for one, rule in ids})


def write_rows(explained: Explained, out: Path) -> None:
    """Write as CSV all rows that count or may, then the records outside that may; no file for what is not available."""
    if explained.behind:
        write_table(pa.concat_tables(_tables(explained), promote_options="default"), out)


def _tables(explained: Explained) -> Iterator[pa.Table]:
    def named(ids: str) -> str:
        return ";".join(sorted({explained.rules[one].id for one in ids.split(";") if one}))

    for part in explained.behind:
        rows, more = part.rows, part.strangers
        ids, outside = rows["exceptions"].to_pylist(), more["exception_id"].to_pylist()
        rows = rows.add_column(0, "rows_of", _all(part.on, len(rows))).add_column(0, "figure", _all(part.of, len(rows)))
        yield rows.append_column("rules", pa.array(map(named, ids), pa.string()))
        yield pa.table({
            "figure": _all(part.of, len(more)), "rows_of": more["extract"], "record_key": more["record_key"],
            "person_id": more["person_id"], "team_id": more["team_id"], "counts": _all("no", len(more)),
            "in_doubt": _all("yes", len(more)), "exceptions": more["exception_id"],
            "rules": pa.array(map(named, outside), pa.string()),
        })  # fmt: skip


def _all(value: str, rows: int) -> pa.Array:
    return pa.array([value] * rows, pa.string())


def _line(card: Scorecard, library: Library, name: str) -> Line:
    """Return the line of a scorecard that a number or an indicator means; one made up where it is on none."""
    lines = {line.measure: line for line in card.lines}
    whole = [line for line in card.lines if not line.is_part]
    numbered = {line.number: line for line in (*whole, *card.judged) if line.number}
    if name in lines or name in numbered:
        return (lines.get(name) or numbered[name]).alone
    indicator, _, split = name.partition(":")
    bound = library.indicators.get(indicator)
    if bound is None:
        raise refuse(f"there is no figure '{name}'.", instead=nearest(name, [*lines, *library.indicators]))
    if split and split not in bound.splits:
        hint = nearest(split, bound.splits) or "It has none."
        raise refuse(f"indicator '{indicator}' has no split '{split}'.", instead=hint)
    return Line(indicator=indicator, split=split or "all", title=bound.indicator.title)


def _card_of(line: Line) -> Scorecard:
    section = Section(title="", lines=[line])
    return Scorecard(title="", authority="", edition="", source="", sections=[section], arrow="performance")


def _of_scope(found: Sequence[Figure], scopes: Sequence[Scope], asked: str | None) -> Figure:
    """Return the figure of the authority, or of the team or area with an id or name."""
    if asked is None:
        return next(figure for figure in found if figure.scope.type == "authority")
    for figure in found:
        if asked.casefold() in {figure.scope.id.casefold(), figure.scope.name.casefold()}:
            return figure
    raise refuse(f"there is no team or area '{asked}'.", instead=nearest(asked, [unit.name for unit in scopes]))


def _teams(scope: Scope, scopes: Sequence[Scope]) -> set[str] | None:
    if scope.type == "authority":
        return None
    return {scope.id, *(unit.id for unit in scopes if scope.type == "area" and unit.area == scope.id)}


# --- in words ------------------------------------------------------------------------------------------------


def told(explained: Explained, out: Path | None = None) -> str:
    """Return an explanation in words, no wider than 100 columns. ``out`` is where the rows were written."""
    return "\n".join(_told(explained, out))


def _told(explained: Explained, out: Path | None) -> Iterator[str]:
    figure = explained.figure
    yield f"{figure.number}  {figure.title}" if figure.number else figure.title
    when = period_words(figure.indicator.period, figure.period)
    yield f"{figure.scope.name}, {when[0].lower()}{when[1:]}"
    yield ""
    if not figure.available:
        yield from _worded("Figure", figure.note)
        return
    yield from _worth(figure)
    yield ""
    yield from _made(explained.bound)
    for part in explained.behind:
        yield ""
        yield from _rows(part, f" for {part.of}" if len(explained.behind) > 1 else "")
    yield ""
    yield from _movers(explained)
    yield ""
    yield f"Every row is in {out}" if out else "Every row: add --out rows.csv"


def _worth(figure: Figure) -> Iterator[str]:
    unit = figure.indicator.unit
    colour = f", {colour_words(figure)}" if figure.rag else ""
    of = f": {base(figure)}" if base(figure) else ""
    yield from _worded("Figure", f"{number(figure.value, unit)}{colour}{of}. {figure.note}".strip())
    yield from _worded(
        "Range", f"{range_words(figure)}, as {plural(figure.open_exceptions, 'open error')} may be put right"
    )
    if figure.band is not None:
        limits = f"green {limit_words(figure.band.green, unit)}, amber {limit_words(figure.band.amber, unit)}"
        target = "" if figure.target is None else f"{number(figure.target, unit)}; "
        yield from _worded("Target", f"{target}{limits} ({figure.band.basis})")
    before = [(end, value) for end, value in figure.history if end < figure.period][-6:]
    if before:
        then = dict.fromkeys(figure.months_published, " as published")
        said = (f"{month(end)} {number(value, unit)}{then.get(end, '')}" for end, value in before)
        yield from _worded("Earlier", "; ".join([", ".join(said), *differences(figure)]))


def _made(bound: BoundIndicator) -> Iterator[str]:
    indicator = bound.indicator
    yield from _worded("Means", indicator.definition)
    yield from _worded("Source", indicator.source)
    if indicator.ratio is not None:
        yield from _worded("Ratio", f"{indicator.ratio.of} / {indicator.ratio.per}")
    said = (
        ("Counts", indicator.denominator),
        ("Meets", indicator.numerator),
        ("Value", indicator.value),
        ("Weight", indicator.weight),
    )
    for title, condition in said:
        if condition:
            yield from _worded(title, " ".join(condition.split()))
    if bound.split != "all":
        yield from _worded("Only", indicator.splits.get(bound.split, bound.split))


def _rows(part: Behind, of: str) -> Iterator[str]:
    """Yield what there is to say of the rows of a base; ``of`` says which figure's, where there are two."""
    rows = part.rows
    counted, unsure = pc.equal(rows["counts"], "yes"), pc.equal(rows["in_doubt"], "yes")
    unmet = pc.and_(counted, pc.equal(rows["meets"], "no"))
    judged = bool(pc.any(pc.not_equal(rows["meets"], "")).as_py())
    total, not_met, doubtful = (pc.sum(mask).as_py() or 0 for mask in (counted, unmet, unsure))
    said = [f"{total:,} of {part.on}{of}", f"{doubtful:,} in doubt"]
    if judged:
        said.insert(1, f"{total - not_met:,} meet it, {not_met:,} do not")
    if len(part.strangers):
        said.append(f"{plural(len(part.strangers), 'record')} outside that may belong")
    yield from _worded("Rows", "; ".join(said))
    first = ("that do not meet it", unmet) if judged else ("that count", counted)
    for title, mask in (first, ("in doubt", unsure)):
        shown = rows.filter(mask)
        if len(shown):
            yield ""
            yield f"  {min(SHOWN, len(shown))} of {len(shown):,} {title}"
            yield from _columns(part, shown.slice(0, SHOWN))


def _columns(part: Behind, rows: pa.Table) -> Iterator[str]:
    """Yield a table in plain text; columns that do not fit a screen are in the file."""
    named = {"record_key": part.key, "person_id": "person_id", "team_id": "team_id", **{c: c for c in part.columns}}
    if part.key == "person_id":
        del named["person_id"]
    cells = {
        title: [title, *(str(v) if v is not None else "" for v in rows[c].to_pylist())] for c, title in named.items()
    }
    widths, kept, used = {title: max(map(len, column)) for title, column in cells.items()}, [], 2
    for title, width in widths.items():
        if used + width + 2 <= WIDTH:
            kept.append(title)
            used += width + 2
    for i in range(len(rows) + 1):
        yield ("    " + "  ".join(cells[title][i].ljust(widths[title]) for title in kept)).rstrip()


def _movers(explained: Explained) -> Iterator[str]:
    found = Counter(explained.rules[one].id for one in explained.movers)
    if not found:
        yield "No open error can move it."
        return
    titles = {rule.id: rule.title for rule in explained.rules.values()}
    yield f"{plural(found.total(), 'open error')} of {plural(len(found), 'rule')} can move it"
    for rule, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        yield "  " + textwrap.shorten(f"{count:,}  {rule}  {titles[rule]}", WIDTH - 2, placeholder=" …")


def _worded(title: str, text: str) -> Iterator[str]:
    first = f"{title:<9} "
    yield from textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [first.rstrip()]
