"""proof.html: what is doubtful in a paper by rule, and its tables with the doubtful cells marked, reasons beneath."""

from __future__ import annotations

from dataclasses import dataclass

from dq.model import Doubt, Proof, RuleResult, Severity, Status
from dq.reports.index_page import not_run
from dq.reports.page_kit import environment
from dq.reports.proof_tables import Noted, Places, Shown, cell_id, shown_table
from dq.reports.words import plural

_SEVERITIES = list(Severity)
_NOT_RUN = (Status.ERROR, Status.SKIPPED)
_OF_CONTRACTS = "contract"
"""The topic of rules that follow from a contract: how figures are written, and not what they say."""
_LONG_LIST = 20
"""A rule that only asks, of more figures than this, has its list folded: there is a row for each beneath its own."""


@dataclass(frozen=True)
class RuleNotes:
    """A rule that found something: how it ended, and its doubts in the order of the paper."""

    result: RuleResult
    notes: tuple[Noted, ...]

    @property
    def folded(self) -> bool:
        """Whether its list is opened by who wants it. An error is never folded."""
        return self.result.rule.severity is not Severity.ERROR and len(self.notes) > _LONG_LIST


def proof_page(proof: Proof) -> str:
    """Return the page."""
    places = Places(proof.tables)
    groups = _by_rule(proof, places)
    noted = [note for group in groups for note in group.notes]
    tables = [
        shown_table(table, number, proof.layouts[table.layout].title, noted, places)
        for number, table in enumerate(proof.tables, 1)
    ]
    counts = {severity: sum(note.severity is severity for note in noted) for severity in _SEVERITIES}
    ended = {status: sum(result.status is status for result in proof.results) for status in Status}
    idle = [result.rule for result in proof.results if result.status is Status.NOT_APPLICABLE]
    read = proof.figures + proof.claims
    return environment().get_template("proof.html.j2").render(
        proof=proof,
        name=_name_of(proof),
        said=_sentence(counts, ended, read),
        checked=read > 0 and ended[Status.PASSED] + ended[Status.FLAGGED] > 0,
        severities=[severity for severity in _SEVERITIES if severity is not Severity.INFORMATION or counts[severity]],
        counts=counts,
        groups=groups,
        tables=tables,
        in_no_table=sum(note.at is None for note in noted),
        not_run=not_run(proof.results),
        missing=sum(ended[status] for status in _NOT_RUN),
        idle=[rule for rule in idle if rule.topic != _OF_CONTRACTS],
        idle_of_reading=sum(rule.topic == _OF_CONTRACTS for rule in idle),
        ended=ended,
        Shown=Shown,
    )  # fmt: skip


def _by_rule(proof: Proof, places: Places) -> list[RuleNotes]:
    """Return the rules with doubts, errors first and the most first, and number their doubts in that order."""
    found: dict[str, list[Doubt]] = {}
    for doubt in proof.doubts:
        found.setdefault(doubt.rule.id, []).append(doubt)
    results = {result.rule.id: result for result in proof.results}
    order = sorted(found, key=lambda name: (_rank(found[name][0]), -len(found[name]), name))
    groups, number = [], 0
    for name in order:
        notes = []
        for doubt in sorted(found[name], key=places.order):
            number += 1
            cell = places.of(doubt)
            notes.append(Noted(doubt, number, cell_id(*cell) if cell else None))
        groups.append(RuleNotes(results[name], tuple(notes)))
    return groups


def _rank(doubt: Doubt) -> int:
    return _SEVERITIES.index(doubt.rule.severity)


def _name_of(proof: Proof) -> str:
    """Return what the paper is called: its first table, and how many more it has."""
    if not proof.tables:
        return "no table"
    more = len(proof.tables) - 1
    return f"{proof.tables[0].file} and {more} more" if more else proof.tables[0].file


def _sentence(counts: dict[Severity, int], ended: dict[Status, int], read: int) -> str:
    """Return the result in one sentence, which never leaves out what was not checked."""
    missing, idle = sum(ended[status] for status in _NOT_RUN), ended[Status.NOT_APPLICABLE]
    ran = sum(ended.values()) - missing
    parts = _found(counts)
    if not read:
        parts = ["Nothing was checked: these files hold no figure that their layout knows", *parts]
    elif ran == idle:
        why = f"{plural(idle, 'rule')} had nothing in this paper to test" if idle else "no rule ran"
        parts = [f"Nothing was checked: {why}", *parts]
    elif not parts:
        without = f", {idle:,} of them with nothing in this paper to test" if idle else ""
        parts = [f"Nothing doubtful was found: {plural(ran, 'rule')} ran{without}"]
    if missing:
        parts.append(f"{plural(missing, 'rule')} did not run")
    return "; ".join(parts)


def _found(counts: dict[Severity, int]) -> list[str]:
    """Return what was found of each severity, in words; where there is no error but something else, that too."""
    errors, queries, notes = (counts[severity] for severity in Severity)
    said = []
    if errors:
        said.append(f"{plural(errors, 'error')}: figures that cannot all be right")
    elif queries or notes:
        said.append("No error")
    if queries:
        said.append(f"{plural(queries, 'query', 'queries')} to explain")
    if notes:
        said.append(f"{notes:,} for information")
    return said
