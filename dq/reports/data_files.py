"""The files of a run that other programs read: run.json, and the rules, exceptions and scorecard as tables.

Names and order of columns are an interface; what is added goes at the end. Machine files say dates as 2016-08-31,
periods as 2016-08, percentages as 81.0, and leave a cell empty where there is nothing to say.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dq.engine.keys import SHADOW, keys_file
from dq.formulas import neutralise
from dq.model import (
    Direction,
    ExtractRead,
    Figure,
    Findings,
    RuleResult,
    RunResult,
    Scorecard,
    Status,
    Verdict,
)  # fmt: skip
from dq.reports import as_published, nowcasts
from dq.reports.proof_facts import proof_facts

_ACCEPTED = ("waived", "bypassed")
Cell = str | int | float | bool | None


def write_data_files(result: RunResult, out: Path, keys: Sequence[str] = ()) -> None:
    """Write run.json, rules.csv and exceptions.csv/.parquet into ``out``, and scorecard.csv/.json if published.

    Beside a scorecard is nowcast.csv, of the measures that are entered late. There is no scorecard without a
    scorecard and a gate's verdict, as after ``dq check``. What rules in shadow found is in shadow.csv alone, where
    there are such rules; what is marked beside the records flagged is in marks.csv, where any rule marks something.
    Where a run kept keys alone, they are written as ``keys`` says: csv, parquet or both. ``out`` is made if absent.
    """
    out.mkdir(parents=True, exist_ok=True)
    _write_json(run_facts(result), out / "run.json")
    _write_csv(
        [*RULE_COLUMNS, "rule_status", "fingerprint", "waived", "bypassed"], _rule_rows(result), out / "rules.csv"
    )
    if result.findings.keys is not None:
        for kind in keys:
            result.findings.keys.write(out / keys_file(kind))
        if result.shadow is not None and result.shadow.keys is not None:
            result.shadow.keys.write(out / SHADOW)
    else:
        # Arrow takes a while to load, and keys alone are written without it.
        from dq.reports.exception_files import write_exceptions

        write_exceptions(result.findings, result.shadow, out)
    if result.scorecard is not None and result.verdict is not None:
        write_scorecard_files(result.scorecard, result.figures, out)
        _write_csv(nowcasts.COLUMNS, nowcasts.nowcast_rows(result.figures), out / "nowcast.csv")


def write_scorecard_files(
    paper: Scorecard, figures: Iterable[Figure], out: Path, *, without: Container[str] = ()
) -> None:
    """Write scorecard.csv and scorecard.json into ``out``: a row a figure, ``without`` some columns."""
    columns = [name for name in SCORECARD_COLUMNS if name not in without]
    rows = [{name: row[name] for name in columns} for row in scorecard_rows(paper, figures)]
    _write_csv(columns, rows, out / "scorecard.csv")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    (out / "scorecard.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def run_facts(result: RunResult) -> dict[str, Any]:
    """Return what run.json says: counts, names and hashes, never a value of a record."""
    return {
        "run_id": result.run_id,
        "authority": result.project.authority,
        "dataset": result.project.dataset,
        "period": f"{result.period:%Y-%m}",
        "started_at": result.started_at.isoformat(),
        "finished_at": result.finished_at.isoformat(),
        "engine": result.versions.get("engine", "duckdb"),
        "versions": result.versions,
        "inputs": [_input(extract, result.filled.get(extract.extract, {})) for extract in result.extracts],
        "rules": {"total": len(result.findings.results), **result.findings.counts()},
        "exceptions": result.findings.by_severity(),
        "shadow": None if result.shadow is None else _shadow(result.shadow),
        "gate": None if result.verdict is None else _gate(result.verdict),
        "fingerprints": result.fingerprints,
        "proof": None if result.proof is None else proof_facts(result.proof),
        "seconds": result.seconds,
        "period_end": result.period.isoformat(),
        "scorecard": None if result.scorecard is None else result.scorecard.id,
        "waived": result.findings.waived,
    }


def _input(extract: ExtractRead, filled: Mapping[str, int]) -> dict[str, Any]:
    return {
        "extract": extract.extract,
        "file": extract.file,
        "sha256": extract.sha256,
        "rows": extract.rows,
        "missing_columns": list(extract.missing_columns),
        "not_held": list(extract.not_held),
        "unknown_columns": list(extract.unknown_columns),
        "unread_values": extract.unread_values,
        "latest_entry": None if extract.latest_entry is None else extract.latest_entry.isoformat(),
        "rows_in": extract.rows_in,
        "blank_rows": extract.blank_rows,
        "title_rows": extract.title_rows,
        "rows_without": extract.rows_without,
        "rows_merged": extract.rows_merged,
        "encoding": extract.encoding,
        "latest_only": extract.latest_only,
        "filled": dict(filled),
    }


def _shadow(found: Findings) -> dict[str, int]:
    return {"rules": len(found.results), "exceptions": sum(found.by_severity().values())}


def _rule_rows(result: RunResult) -> Iterator[dict[str, Cell]]:
    """Yield a row for every rule that took part: those that count, then those in shadow."""
    for ended in (*result.findings.results, *(result.shadow.results if result.shadow else ())):
        row = {name: cell(ended) for name, cell in RULE_COLUMNS.items()}
        status, meaning = ended.rule.status.value, result.rule_fingerprints.get(ended.rule.id)
        accepted = {"waived": ended.waived, "bypassed": ended.bypassed} if _ran(ended) else dict.fromkeys(_ACCEPTED)
        yield {**row, "rule_status": status, "fingerprint": meaning, **accepted}


def _gate(verdict: Verdict) -> dict[str, Any]:
    checks = [{"name": name, "passed": passed, "says": says} for name, passed, says in verdict.outcomes]
    return {
        "decision": verdict.decision.value,
        "reasons": list(verdict.reasons),
        "checks": checks,
        "caveat": verdict.caveat,
        "overridden": None if verdict.overridden is None else asdict(verdict.overridden),
        "words": [asdict(word) for word in verdict.words],
    }


def _ran(ended: RuleResult) -> bool:
    return ended.status not in (Status.SKIPPED, Status.ERROR)


def _performance(moved: Direction | None) -> str | None:
    return moved.performance or None if moved else None


def _movement(moved: Direction | None) -> str | None:
    return moved.movement if moved else None


RULE_COLUMNS: Mapping[str, Callable[[RuleResult], Cell]] = {
    "rule_id": lambda ended: ended.rule.id,
    "severity": lambda ended: ended.rule.severity.value,
    "dimension": lambda ended: ended.rule.dimension.value,
    "on": lambda ended: ended.rule.on,
    "status": lambda ended: ended.status.value,
    # A rule that did not run tested nothing: 0 flagged would read as a clean result.
    "in_scope": lambda ended: ended.in_scope if _ran(ended) else None,
    "flagged": lambda ended: ended.flagged if _ran(ended) else None,
    "reason": lambda ended: ended.reason,
    "seconds": lambda ended: ended.seconds,
}

SCORECARD_COLUMNS: Mapping[str, Callable[[Scorecard, Figure], Cell]] = {
    "scorecard": lambda paper, _: paper.id,
    "scope_type": lambda _, figure: figure.scope.type,
    "scope_id": lambda _, figure: figure.scope.id,
    "scope_name": lambda _, figure: figure.scope.name,
    "split": lambda _, figure: figure.split,
    "indicator_id": lambda _, figure: figure.indicator.id,
    "number": lambda _, figure: figure.number,
    "title": lambda _, figure: figure.title or figure.indicator.title,
    "unit": lambda _, figure: figure.indicator.unit.value,
    "polarity": lambda _, figure: figure.indicator.polarity.value,
    "period_kind": lambda _, figure: figure.indicator.period.value,
    "period": lambda _, figure: f"{figure.period:%Y-%m}",
    "numerator": lambda _, figure: figure.numerator,
    "denominator": lambda _, figure: figure.denominator,
    "value": lambda _, figure: figure.value,
    "target": lambda _, figure: figure.target,
    "rag": lambda _, figure: figure.rag,
    "previous_value": lambda _, figure: figure.previous,
    "previous_direction": lambda _, figure: _performance(figure.since_last_month),
    "year_ago_value": lambda _, figure: figure.year_ago,
    "year_ago_direction": lambda _, figure: _performance(figure.since_last_year),
    "r3m_value": lambda _, figure: figure.r3m,
    "r3m_rag": lambda _, figure: figure.r3m_rag,
    "value_low": lambda _, figure: figure.low,
    "value_high": lambda _, figure: figure.high,
    "rag_low": lambda _, figure: figure.rag_low,
    "rag_high": lambda _, figure: figure.rag_high,
    "settled": lambda _, figure: figure.settled,
    "open_exceptions": lambda _, figure: figure.open_exceptions,
    "available": lambda _, figure: figure.available,
    "note": lambda _, figure: as_published.note(figure),
    "previous_movement": lambda _, figure: _movement(figure.since_last_month),
    "year_ago_movement": lambda _, figure: _movement(figure.since_last_year),
    "section": lambda paper, figure: paper.section_titles.get(figure.key),
    "area_id": lambda _, figure: figure.scope.area,
    "band_green": lambda _, figure: figure.band.green if figure.band else None,
    "band_amber": lambda _, figure: figure.band.amber if figure.band else None,
    "band_basis": lambda _, figure: figure.band.basis if figure.band else None,
    "usual_low": lambda _, figure: figure.usual[0] if figure.usual else None,
    "usual_high": lambda _, figure: figure.usual[1] if figure.usual else None,
    "unusual": lambda _, figure: figure.unusual,
    "beside_authority": lambda _, figure: figure.beside,
    "previous_source": lambda _, figure: as_published.source(figure, 1) or None,
    "previous_published": lambda _, figure: as_published.then(figure, 1),
    "previous_recorded": lambda _, figure: as_published.recorded(figure, 1),
    "year_ago_source": lambda _, figure: as_published.source(figure, 12) or None,
    "year_ago_published": lambda _, figure: as_published.then(figure, 12),
    "year_ago_recorded": lambda _, figure: as_published.recorded(figure, 12),
    "open_queries": lambda _, figure: figure.open_queries,
    "settled_by": lambda _, figure: len(figure.settle.exceptions) if figure.settle else None,
    "settled_as": lambda _, figure: figure.settle.colour if figure.settle else None,
    "previous_late": lambda _, figure: as_published.cause(figure, 1, "late"),
    "previous_corrected": lambda _, figure: as_published.cause(figure, 1, "corrected"),
    "previous_redefined": lambda _, figure: as_published.cause(figure, 1, "redefined"),
    "year_ago_late": lambda _, figure: as_published.cause(figure, 12, "late"),
    "year_ago_corrected": lambda _, figure: as_published.cause(figure, 12, "corrected"),
    "year_ago_redefined": lambda _, figure: as_published.cause(figure, 12, "redefined"),
}


def scorecard_rows(paper: Scorecard, figures: Iterable[Figure]) -> list[dict[str, Cell]]:
    """Return one row per figure, in the order of ``figures``; numbers unrounded, a percentage as 81.0."""
    return [{name: cell(paper, figure) for name, cell in SCORECARD_COLUMNS.items()} for figure in figures]


def _write_json(facts: object, path: Path) -> None:
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _write_csv(columns: Iterable[str], rows: Iterable[Mapping[str, Cell]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        as_needed = csv.writer(file, lineterminator="\n")
        # The writer does not quote a lone carriage return, at which readers begin a new row.
        always = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        as_needed.writerow(columns)
        for row in rows:
            cells = [_plain(value) for value in row.values()]
            writer = always if any(isinstance(cell, str) and "\r" in cell for cell in cells) else as_needed
            writer.writerow(cells)


def _plain(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutralise(value) if isinstance(value, str) else value
