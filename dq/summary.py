"""What a run says on the terminal: what was read, what was found, the decision, where to look. Never a row value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from dq.model import ExtractRead, Figure, RunResult, Status
from dq.reports.words import RAG_WORDS, day, number, plural

MOST_FIGURES = 12
"""As many as leave the rest of the summary on the same screen."""


def summary(result: RunResult, out: Path) -> str:
    """Return the summary of a run, no wider than 100 columns."""
    parts = [f"{result.project.authority}, {day(result.period)}", "", *_read(result), "", *_found(result)]
    if result.scorecard is not None:
        parts += ["", *_figures(result)]
    if result.verdict is not None:
        parts += ["", f"Gate: {result.verdict.in_words}"]
        parts += [f"  - {reason}" for reason in result.verdict.reasons]
    if result.notices:
        parts += ["", *(f"Ledger  {notice}" for notice in result.notices)]
    parts += ["", *_where(result, out)]
    return "\n".join(parts)


def _read(result: RunResult) -> list[str]:
    present = [read for read in result.extracts if read.present]
    rows = sum(read.rows for read in present)
    accounted = "; every one accounted for" if present and all(read.accounted for read in present) else ""
    extracts = f"{len(present)} of {plural(len(result.extracts), 'extract')}"
    lines = [f"Read    {plural(rows, 'record')} in {extracts}{accounted}"]
    lines += [
        f"        no extract {read.extract}{f'; is it {read.like}?' if read.like else ''}"
        for read in result.extracts
        if not read.present
    ]
    for read in present:
        if read.missing_columns:
            lines.append(f"        {read.extract}: no column {', '.join(read.missing_columns)}")
        if read.not_held:
            lines.append(f"        {read.extract}: {', '.join(read.not_held)} not held; not every system holds it")
        if read.unknown_columns:
            unknown = plural(len(read.unknown_columns), "column")
            lines.append(f"        {read.extract}: {unknown} not known, left unread")
        lines += [f"        {read.extract}: {note}" for note in _notes(read)]
    return lines


def _notes(read: ExtractRead) -> Iterator[str]:
    """Yield what the records lack, and what was read otherwise than record by record, or not as UTF-8."""
    if read.latest_only:
        yield "the latest records only"
    if read.encoding is not None:
        yield f"read as {read.encoding}, as it is not UTF-8"
    if read.title_rows:
        yield f"{plural(read.title_rows, 'row')} above the headings left out"
    if read.blank_rows:
        yield f"{plural(read.blank_rows, 'blank row')} left out"
    if read.rows_without or read.rows_merged:
        told = f"{read.rows_without:,} of another extract, {read.rows_merged:,} of a record in another row"
        yield f"{plural(read.rows_in or 0, 'row')} there: {told}"


def _found(result: RunResult) -> list[str]:
    counts, severity = result.findings.counts(), result.findings.by_severity()
    ran = ", ".join(f"{counts[s.value]} {s.value.replace('_', ' ')}" for s in Status if counts[s.value])
    lines = [f"Tested  {plural(len(result.findings.results), 'rule')}: {ran}"]
    not_run = [r for r in result.findings.results if r.status in {Status.SKIPPED, Status.ERROR}]
    not_run.sort(key=lambda r: r.status is Status.SKIPPED)  # what failed first: a return lacks much that is not needed
    lines += [f"        {r.status.value}: {r.rule.id}, {r.reason}" for r in not_run[:8]]
    if len(not_run) > 8:
        lines.append(f"        and {len(not_run) - 8} more: see rules.csv")
    unowned = result.findings.unowned
    whose = f" for {plural(result.findings.teams, 'team')}{'' if not unowned else f'; {unowned} belong to no team'}"
    lines.append(
        f"Found   {plural(severity['error'], 'error')} and {plural(severity['query'], 'query', 'queries')}"
        f"{'' if result.findings.keys_only else whose}{_waived(result)}"
    )
    if result.shadow is not None:
        found = sum(result.shadow.by_severity().values())
        rules = plural(len(result.shadow.results), "rule")
        lines.append(f"Shadow  {rules}, {plural(found, 'exception')}, counted nowhere: see shadow.csv")
    return lines


def _waived(result: RunResult) -> str:
    return f"; {result.findings.waived:,} of them waived" if result.findings.waived else ""


def _figures(result: RunResult) -> list[str]:
    assert result.scorecard is not None  # noqa: S101 - there are figures only where there is a paper
    judged = {line.key for line in result.scorecard.judged}
    whole = [figure for figure in result.figures if figure.scope.type == "authority" and figure.key in judged]
    has_colours = any(figure.band is not None for figure in whole)
    lines = [f"Figures {len(whole)} on the scorecard: {_colours(whole) if has_colours else _targets(whole)}"]
    shown = whole
    if len(whole) > MOST_FIGURES:
        shown = [figure for figure in whole if _is_amiss(figure, has_colours) or not figure.available]
        short = "red, unsettled" if has_colours else "short of their target"
        lines.append(f"        those that are {short} or not available:")
    lines += _proof(result)
    more = len(shown) - MOST_FIGURES
    lines += ["", f"{'':4} {'':58} {'':>7} {'':<6} {'range left by errors':>21}".rstrip()]
    lines += [_figure(figure) for figure in shown[:MOST_FIGURES]]
    return [*lines, *([f"     and {more} more: see the scorecard"] if more > 0 else [])]


def _proof(result: RunResult) -> list[str]:
    """Say whether the finished figures agree with one another, where something does not."""
    if result.proof is None or not result.proof.doubts:
        return []
    errors = sum(doubt.is_error for doubt in result.proof.doubts)
    queries = plural(len(result.proof.doubts) - errors, "query", "queries")
    return [f"        checked against one another: {plural(errors, 'error')} and {queries}, see proof/proof.html"]


def _colours(figures: Sequence[Figure]) -> str:
    letters = Counter(figure.rag for figure in figures)
    colours = ", ".join(f"{letters[letter]} {word.lower()}" for letter, word in RAG_WORDS.items())
    return f"{colours}; {plural(sum(figure.settled is False for figure in figures), 'colour')} unsettled"


def _targets(figures: Sequence[Figure]) -> str:
    met = Counter(figure.meets_target for figure in figures)
    return f"{plural(met[True], 'target')} met, {met[False]} not met; it has no bands, so no colours"


def _is_amiss(figure: Figure, has_colours: bool) -> bool:
    return (figure.rag == "R" or figure.settled is False) if has_colours else figure.meets_target is False


def _figure(figure: Figure) -> str:
    title = figure.title if len(figure.title) <= 58 else figure.title[:57] + "…"
    begin = f"{figure.number or '':>4} {title:<58}"
    if not figure.available:
        return f"{begin} {figure.note}"
    unit = figure.indicator.unit
    known = figure.low is not None and figure.high is not None
    spread = f"{number(figure.low, unit)} to {number(figure.high, unit)}" if known else "not worked out"
    if figure.unchecked:
        spread = "not fully checked"
    elif not figure.open_exceptions:
        spread = "no open errors"
    colour = RAG_WORDS.get(figure.rag or "", "")
    unsettled = " unsettled" if figure.settled is False else ""
    return f"{begin} {number(figure.value, unit):>7} {colour:<6} {spread:>21}{unsettled}"


def _where(result: RunResult, out: Path) -> list[str]:
    if result.scorecard is None:
        written = [out / name for name in ("keys.csv", "keys.parquet", "exceptions.csv")]
        by_child = out / "return" / "index.html"
        return [
            *([f"By child    {by_child}"] if by_child.is_file() else []),
            f"Exceptions  {next(filter(Path.exists, written))}",
            f"Rules       {out / 'rules.csv'}",
        ]
    outside = out / "published"
    return [
        f"Begin here  {out / 'index.html'}",
        f"Scorecard   {out / 'scorecard.html'} and .xlsx",
        *([f"For outside {outside / 'scorecard.html'} and .xlsx"] if outside.is_dir() else []),
        f"Teams       {out / 'teams'}",
        f"Gate        {out / 'gate' / 'index.html'}",
    ]
