"""What a run does besides checking, where its figures are to be published: compute, judge, lay out."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from dq.engine.check import Absent
from dq.engine.compile import dates_at
from dq.engine.counts import entry_delays, entry_delays_by_team, filled_in, reconciled, records_by_team
from dq.gate import Evidence, check_gate, facts_of, judge, warm_up
from dq.indicators.figures import Worked, figures
from dq.indicators.published import published
from dq.indicators.published_before import published_before
from dq.library.case_systems import check_links, load_case_system
from dq.library.folders import policy_root
from dq.library.measures import scorecard_of
from dq.library.policy import Library
from dq.library.yaml_file import read_yaml
from dq.model import (
    Contract,
    ExtractRead,
    Figure,
    Findings,
    Found,
    LastMonth,
    Override,
    Project,
    Proof,
    Recording,
    RunResult,
    Scorecard,
    TeamRecords,
    Verdict,
)
from dq.problems import Problem, ProblemsError, nearest, refuse
from dq.proof.own import prove_own
from dq.reports.commentary import read_commentary
from dq.reports.data_files import scorecard_rows
from dq.reports.effect_files import write_effects
from dq.reports.guide import Guide
from dq.reports.outside import write_published
from dq.reports.pages import write_pages
from dq.reports.proof_files import write_proof
from dq.reports.rule_page import write_rule_pages
from dq.reports.workbooks import write_scorecard_workbook, write_team_workbooks
from dq.sources.history_file import PublishedRow
from dq.workspace import Workspace


class Publication:
    """A scorecard and a gate chosen for a project and a month. Raises ProblemsError where there is no such one.

    ``earlier`` are figures that were published of months before.
    """

    card: Scorecard

    def __init__(
        self, library: Library, project: Project, period: dt.date, earlier: Sequence[PublishedRow] = ()
    ) -> None:
        self._library = library
        self._project = project
        self._period = period
        self.card = scorecard_of(library, project)
        _check_gate_of(library, project)
        self._guide = _guide(library, project)
        self._commentary = read_commentary(project, period, {line.measure for line in self.card.lines})
        self._before = published_before(project, library, self.card, period, earlier)
        _check_words(project, library, {line.measure for line in self.card.lines})
        # The gate's library takes seconds to import; the engine leaves a core free meanwhile.
        threading.Thread(target=warm_up, daemon=True).start()

    def figures(
        self, workspace: Workspace, findings: Findings, absent: Absent, progress: Callable[[str], None]
    ) -> Worked:
        """Return the scopes, every figure of the scorecard for each, and what open errors could do to them."""
        return figures(
            workspace, self._library, self.card, findings, absent, self._project, self._period, progress, self._before
        )

    def fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what was published before, if the project says where that is."""
        return {"history": self._before.mark} if self._before is not None and self._before.mark else {}

    def prove(self, figures: Sequence[Figure]) -> Proof:
        """Check the scorecard as a finished paper is checked: whether its figures agree with one another."""
        return prove_own(scorecard_rows(self.card, figures))

    def filled(self, workspace: Workspace, extracts: Sequence[ExtractRead]) -> Mapping[str, Mapping[str, int]]:
        """Return how many records have a value in each column that is required, or that a figure of the paper reads."""
        read = {pair for line in self.card.lines for pair in self._library.measure(line).reads}
        return filled_in(workspace, self._library.contracts, extracts, read)

    def teams(self, workspace: Workspace) -> tuple[TeamRecords, ...]:
        """Return the records that each team answers for, and how many of them are flagged."""
        return records_by_team(workspace, self._library, dates_at(self._period))

    def recording(
        self, workspace: Workspace, extracts: Sequence[ExtractRead], teams: Sequence[TeamRecords]
    ) -> Recording:
        """Return what the audit of recording needs of the records."""
        delays = entry_delays(workspace, self._library.contracts, extracts, self._period)
        by_team = entry_delays_by_team(workspace, self._library, extracts, self._period)
        return Recording({team.team_id: team.records for team in teams}, delays, by_team)

    def judge(
        self,
        workspace: Workspace,
        found: Found,
        absent: Absent,
        last_month: LastMonth,
        docs: Path,
        override: Override | None,
    ) -> Verdict:
        """Return the gate's verdict, and write its docs. ``last_month`` is what is known of last month's run."""
        library, dates = self._library, dates_at(self._period)
        sections = [section for section in self.card.sections if section.layout != "comparison"]
        whole = {line.key for section in sections for line in self.card.lines_of(section) if not line.is_part}
        evidence = Evidence(
            extracts=found.extracts,
            findings=found.findings,
            proof=found.proof,
            required={name: _required(contract) for name, contract in library.contracts.items()},
            filled=found.filled,
            teams=found.teams,
            names={scope.id: scope.name for scope in found.scopes if scope.type != "authority"},
            figures=[one for one in found.figures if one.scope.type == "authority" and one.key in whole],
            totals=reconciled(workspace, library, dates, absent),
            before=last_month,
        )
        facts = facts_of(self._project, self._period, evidence)
        return judge(library.gates[self._project.gate], facts, docs, override)

    def write(self, result: RunResult, folder: Path) -> None:
        """Write what people read: workbooks, pages and the manual."""
        rules = {bound.rule.id: bound.rule for bound in self._library.rules.values()}
        write_effects(result, folder)
        write_scorecard_workbook(result, folder)
        write_team_workbooks(result, rules, folder, self._guide)
        write_pages(result, rules, folder, self._guide, self._commentary)
        self._write_manual(result, folder / "manual")
        if result.proof is not None:
            (folder / "proof").mkdir()
            write_proof(result.proof, folder / "proof")

    def write_outside(self, result: RunResult, folder: Path) -> None:
        """Write the scorecard without small numbers, for those who may not see them."""
        assert result.verdict is not None  # noqa: S101 - a publication is judged before it is written
        rules = self._project.published
        shown = replace(result, figures=published(result.figures, result.scopes, rules))
        write_published(shown, self.card, result.verdict, rules, folder)

    def _write_manual(self, result: RunResult, folder: Path) -> None:
        """Write a page for every rule that took part, with how it ended, and for every indicator."""
        results = {ended.rule.id: ended for ended in result.findings.results}
        feeds = {name: self._library.rules[name].feeds for name in results}
        measures = [bound.indicator for bound in self._library.indicators.values()]
        ended = [result.rule for result in results.values()]
        write_rule_pages(ended, measures, feeds, self._library.sql(), folder, results)


def _guide(library: Library, project: Project) -> Guide:
    """Return what leads from a list to a record: the project's case system, if it names one, and its links."""
    check_links(project.links, library.contracts, project.path)
    system = None
    if project.case_system is not None:
        roots = [policy_root(), project.folder]
        system = load_case_system(roots, project.case_system, library.contracts, project.path)
    return Guide(system, project.links)


def _check_gate_of(library: Library, project: Project) -> None:
    if project.gate not in library.gates:
        raise refuse(f"there is no gate '{project.gate}'.", project.path, instead=nearest(project.gate, library.gates))
    check_gate(library.gates[project.gate])


def _required(contract: Contract) -> frozenset[str]:
    return frozenset(column for column, about in contract.columns.items() if about.required)


def _check_words(project: Project, library: Library, measures: Collection[str]) -> None:
    """Refuse leave for rules that there are not, and word of a figure that the scorecard does not show."""
    problems = []
    for i, leave in enumerate(project.may_skip):
        named = [bound.rule for bound in library.rules.values()]
        if not any(fnmatch(rule.id, leave.rules) or fnmatch(rule.topic, leave.rules) for rule in named):
            hint = nearest(leave.rules, library.rules)
            problems.append(_wrong(project, ("may_skip", i, "rules"), f"no rule is named like '{leave.rules}'.", hint))
    for i, word in enumerate(project.confirmed):
        if word.indicator not in measures:
            what = f"the scorecard has no figure '{word.indicator}'."
            problems.append(_wrong(project, ("confirmed", i, "indicator"), what, nearest(word.indicator, measures)))
    if problems:
        raise ProblemsError(problems)


def _wrong(project: Project, place: tuple[str | int, ...], what: str, hint: str | None) -> Problem:
    return Problem(what, project.path, None if project.path is None else read_yaml(project.path).line(place), hint)
