"""Which rows of a view are in doubt while errors are open: what is certain of them all the same.

Which columns of which rows are in doubt follows from lineage: an exception puts in doubt what its rule's fields feed. A
condition on a row is then *unknown* where it rests on a column in doubt, and Kleene's three-valued logic (SQL's own)
says what is certain all the same. A record that is in doubt but missing from the view (an undated visit, say) may
belong or not; one that may be somebody else's may change any one row of any team. A row whose *team* is in doubt (a
review held on a day that cannot be right is of whoever held the case that day) is of any of the teams its person is
named with, or of none; where the name of the team itself is wrong, or whose record it is, of any team there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dq.language.bind import Bound
from dq.library.opened import cells_of, opened_by
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Findings, Read, Severity

ROW = "*"
"""Stands for a row's place in the view, as the name of a column stands for its value."""
GONE = "!"
"""Stands for its place too, where the row can only go: what is not in the view does not come."""
WHOSE = "?"
"""Stands for whose record it is: put right, it may change any one row."""
TEAM, ANY_TEAM = "@", "@any"
"""Stand for the team a row is of: one of those that its person is named with, or any."""
RECORD, PERSON, ANYBODY, ANOTHER = "record", "person", "anybody", "another"
"""Whose rows are in doubt: that of the record itself, all of its person's, all there are; or one that is missing."""
Doubt = tuple[str, str, str]
"""(rule id, column of the view or one of the signs above, whose rows): what a rule's exceptions put in doubt."""


def open_rules(library: Library, findings: Findings, severities: Collection[Severity]) -> list[BoundRule]:
    """Return the rules of some severities that found something."""
    ended = [result for result in findings.results if result.flagged and result.rule.severity in severities]
    return [library.rules[result.rule.id] for result in ended]


def doubts_of(library: Library, indicator: BoundIndicator, base: Base, rules: Sequence[BoundRule]) -> list[Doubt]:
    """Return (rule id, column of the view or a sign, level): what each rule's exceptions put in doubt.

    An exception of the view's own extract concerns its own row alone, unless the column is worked out from
    several rows; then, and for any other extract, it concerns the rows of the same person, or of anybody where it is of
    no person. Rows of no person may be any of theirs.
    """
    used = frozenset(column.name for bound in base.parts.values() for column in columns_of(bound))
    figure = _Figure(library, base.on, used, indicator.reads)
    return list(dict.fromkeys(doubt for rule in rules for doubt in figure.doubts(rule)))


@dataclass(frozen=True)
class _Figure:
    """What a figure counts: rows of a view or an extract, which of its columns are ``used``, and all that it reads."""

    library: Library
    on: str
    used: frozenset[str]
    reads: frozenset[Read]

    def doubts(self, rule: BoundRule) -> Iterator[Doubt]:
        """Yield what an error of a rule puts in doubt."""
        name, opened, table = rule.rule.id, opened_by(self.library, rule.rule), self.library.tables.reads[self.on]
        person = self.library.contracts[opened.extract].person
        own, whom = opened.extract == self.extract, ANYBODY if person is None and self.persons else PERSON
        links = _links(self.library, opened.extract)
        yield from self._of_columns(name, opened.own, whom, self.used, own=own)
        if opened.own & table.rows:
            yield from self._of_rows(name, RECORD if own else whom)
        if opened.own & self.reads & links:
            yield name, WHOSE, RECORD
        yield from self._of_team(name, opened.own, links, whom, own=own)
        if opened.elsewhere:
            yield from self._of_columns(name, opened.elsewhere, whom, self.used)
            yield from self._of_team(name, opened.elsewhere, frozenset(), whom)
            if opened.elsewhere & table.rows:
                yield from self._of_rows(name, whom)
        if own and opened.extra:
            yield name, GONE, RECORD
        for extract in sorted(opened.come_or_go):
            yield from self._of_coming(name, extract, whom, missing=extract in opened.missing)

    @property
    def extract(self) -> str | None:
        """The extract that the rows are records of."""
        view = self.library.views.get(self.on)
        return self.on if view is None else view.of

    @property
    def persons(self) -> bool:
        """Whether the rows are somebody's."""
        return "person_id" in self.library.tables.columns[self.on]

    def _of_columns(
        self, name: str, cells: frozenset[Read], whom: str, used: Iterable[str], *, own: bool = False
    ) -> Iterator[Doubt]:
        columns = self.library.tables.reads[self.on].columns
        for column in sorted(used):
            if cells & columns.get(column, frozenset()):
                yield self._of_column(name, column, whom, alone=own and self._from_one_row(column))

    def _of_column(self, name: str, sign: str, whom: str, *, alone: bool) -> Doubt:
        """Return the doubt of a record's own row alone, or of all its person's; of any row, where rows are nobody's."""
        if alone:
            return name, sign, RECORD
        return (name, sign, whom) if self.persons else (name, WHOSE, RECORD)

    def _of_rows(self, name: str, level: str) -> Iterator[Doubt]:
        """Yield the doubt of which rows there are; where it is of several, others may come too."""
        yield name, ROW, level
        if level == ANYBODY:
            yield name, ROW, ANOTHER

    def _of_team(
        self, name: str, cells: frozenset[Read], links: frozenset[Read], whom: str, *, own: bool = False
    ) -> Iterator[Doubt]:
        table = self.library.tables.reads[self.on]
        if cells & table.columns["team_id"]:
            # A record that names the wrong child, by which its team is found, may be of another child's team.
            named = table.cells["team_id"] | (links & table.columns["team_id"])
            anywhere = cells & named or not namings(self.library, self.on)
            alone = own and self._from_one_row("team_id")
            yield self._of_column(name, ANY_TEAM if anywhere else TEAM, whom, alone=alone)

    def _of_coming(self, name: str, extract: str, whom: str, *, missing: bool) -> Iterator[Doubt]:
        """Yield what a record of an extract that comes or goes puts in doubt.

        Where the rows are such records, those that are there stay as they are, but for what is worked out from several.
        """
        cells, table = cells_of(self.library, extract), self.library.tables.reads[self.on]
        if extract == self.extract:
            yield from self._of_columns(name, cells, whom, {one for one in self.used if not self._from_one_row(one)})
            if missing:
                yield name, ROW, ANOTHER
            return
        yield from self._of_columns(name, cells, whom, self.used)
        yield from self._of_team(name, cells, frozenset(), whom)
        if cells & table.rows and missing:
            yield from self._of_rows(name, whom)
        elif cells & table.rows:
            yield name, GONE, whom

    def _from_one_row(self, column: str) -> bool:
        """Whether a column is worked out without looking at other rows of its extract."""
        view = self.library.views.get(self.on)
        if view is None:
            return True
        item = next(item for item in view.tree.expressions if item.alias_or_name == column)
        return item.find(exp.Window, exp.AggFunc) is None and not view.tree.args.get("group")


def namings(library: Library, on: str) -> list[tuple[str, str, str]]:
    """Return (extract, its person, its team) of the extracts that the team of a view's rows is taken from."""
    cells = sorted(library.tables.reads[on].cells["team_id"])
    if "person_id" not in library.tables.columns[on]:
        return []
    return [(extract, person, team) for extract, team in cells if (person := library.contracts[extract].person)]


def _links(library: Library, extract: str) -> frozenset[Read]:
    """Return the columns of an extract that say whose its records are: the person, and keys of other extracts."""
    contract = library.contracts[extract]
    others = {name for name, column in contract.columns.items() if column.references}
    named = (others | {contract.person}) - {contract.team, contract.worker, contract.key, None}
    return frozenset((extract, column) for column in named if column is not None)


def columns_of(bound: Bound) -> list[exp.Column]:
    """Return every column that something declared names, as often as it names it."""
    return list(bound.tree.find_all(exp.Column))


def key_of(library: Library, on: str) -> str:
    """Return the column of a view or an extract that tells its rows apart."""
    return library.views[on].key if on in library.views else library.contracts[on].key
