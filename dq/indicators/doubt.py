"""Which rows of a view are in doubt while errors are open: what is certain of them all the same.

Which columns of which rows are in doubt follows from lineage: an exception puts in doubt what its rule's fields feed. A
condition on a row is then *unknown* where it rests on a column in doubt, and Kleene's three-valued logic (SQL's own)
says what is certain all the same. A record that is in doubt but missing from the view (an undated visit, say) may
belong or not; one that may be somebody else's may change any one row of any team. A row whose *team* is in doubt (a
review held on a day that cannot be right is of whoever held the case that day) is of any of the teams its person is
named with, or of none; where the name of the team itself is wrong, or whose record it is, of any team there is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlglot import exp

from dq.language.bind import Bound, View
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Findings, Read, Severity

ROW = "*"
"""Stands for a row's place in the view, as the name of a column stands for its value."""
WHOSE = "?"
"""Stands for whose record it is: put right, it may change any one row."""
TEAM, ANY_TEAM = "@", "@any"
"""Stand for the team a row is of: one of those that its person is named with, or any."""
Doubt = tuple[str, str, str]
"""(rule id, column of the view or one of the signs above, 'record' or 'person'): what a rule's exceptions doubt."""


def open_rules(library: Library, findings: Findings, severities: Collection[Severity]) -> list[BoundRule]:
    """Return the rules of some severities that found something."""
    ended = [result for result in findings.results if result.flagged and result.rule.severity in severities]
    return [library.rules[result.rule.id] for result in ended]


def doubts_of(library: Library, indicator: BoundIndicator, base: Base, rules: Sequence[BoundRule]) -> list[Doubt]:
    """Return (rule id, column of the view or '*', 'record' or 'person'): what each rule's exceptions put in doubt.

    An exception of the view's own extract concerns its own row alone, unless the column is worked out from
    several rows; then, and for any other extract, it concerns the rows of the same person. Rows of no person may be
    any of theirs.
    """
    on = base.on
    reads, view = library.tables.reads[on], library.views.get(on)
    used = {column.name for bound in base.parts.values() for column in columns_of(bound)}
    doubts: list[Doubt] = []
    persons = "person_id" in library.tables.columns[on]
    for rule in rules:
        fields = library.tables.cells(rule.rule.on, rule.rule.fields)
        own = _extract(library, rule) == (on if view is None else view.of)
        touched = [column for column in sorted(used) if fields & reads.columns.get(column, frozenset())]
        for column in touched:
            alone = own and (view is None or _from_one_row(view, column))
            doubts.append(_of_rows(rule, column, alone=alone, persons=persons))
        if fields & reads.rows:
            doubts.append((rule.rule.id, ROW, "record" if own else "person"))
        if fields & indicator.reads & _links(library, rule):
            doubts.append((rule.rule.id, WHOSE, "record"))
        if fields & reads.columns["team_id"]:
            alone = own and (view is None or _from_one_row(view, "team_id"))
            # A record that names the wrong child, by which its team is found, may be of another child's team.
            named = reads.cells["team_id"] | (_links(library, rule) & reads.columns["team_id"])
            anywhere = fields & named or not namings(library, on)
            doubts.append(_of_rows(rule, ANY_TEAM if anywhere else TEAM, alone=alone, persons=persons))
    return list(dict.fromkeys(doubts))


def _of_rows(rule: BoundRule, sign: str, *, alone: bool, persons: bool) -> Doubt:
    """Return the doubt of a record's own row alone, or of all rows of its person; of any row, where they have none."""
    if alone:
        return rule.rule.id, sign, "record"
    return (rule.rule.id, sign, "person") if persons else (rule.rule.id, WHOSE, "record")


def namings(library: Library, on: str) -> list[tuple[str, str, str]]:
    """Return (extract, its person, its team) of the extracts that the team of a view's rows is taken from."""
    cells = sorted(library.tables.reads[on].cells["team_id"])
    if "person_id" not in library.tables.columns[on]:
        return []
    return [(extract, person, team) for extract, team in cells if (person := library.contracts[extract].person)]


def _links(library: Library, rule: BoundRule) -> frozenset[Read]:
    """Return the columns of a rule's extract that say whose its records are: the person, and keys of other extracts."""
    extract = _extract(library, rule)
    if extract is None:
        return frozenset()
    contract = library.contracts[extract]
    others = {name for name, column in contract.columns.items() if column.references}
    named = (others | {contract.person}) - {contract.team, contract.worker, contract.key, None}
    return frozenset((extract, column) for column in named if column is not None)


def _extract(library: Library, rule: BoundRule) -> str | None:
    view = library.views.get(rule.rule.on)
    return rule.rule.on if view is None else view.of


def columns_of(bound: Bound) -> list[exp.Column]:
    """Return every column that something declared names, as often as it names it."""
    return list(bound.tree.find_all(exp.Column))


def _from_one_row(view: View, column: str) -> bool:
    """Whether a column of a view is worked out without looking at other rows of its extract."""
    item = next(item for item in view.tree.expressions if item.alias_or_name == column)
    return item.find(exp.Window, exp.AggFunc) is None and not view.tree.args.get("group")


def key_of(library: Library, on: str) -> str:
    """Return the column of a view or an extract that tells its rows apart."""
    return library.views[on].key if on in library.views else library.contracts[on].key
