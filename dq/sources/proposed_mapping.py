"""A proposal as people read it: lines for the terminal, and a mapping file in which only what is certain is in use."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dq.model import Contract
from dq.sources.propose import ProposedColumn, ProposedTable, Sureness

_HEAD = """\
# What `dq init` made of the headings it found. Lines that begin with # are not in use: read why they were proposed,
# correct them, and take the # away. Headings that are found by our own or their national name need no line.
# docs/project-file.md says what else may stand here.
title: Headings of {authority}
source: Proposed by dq init from the files of {folder}
"""


def proposal_lines(proposals: Sequence[ProposedTable], contracts: Mapping[str, Contract]) -> list[str]:
    """Return the table for the terminal: one line for each file or sheet, and one for each of its headings."""
    wide = max((len(_short(c.heading)) for proposed in proposals for c in proposed.columns), default=0)
    lines = []
    for proposed in proposals:
        held = "no extract" if proposed.extract is None else f"{proposed.extract}, {proposed.sure}"
        lines.append(f"{_place(proposed)}: {held} ({proposed.why})")
        if proposed.extract is None:
            continue
        for column in proposed.columns:
            taken = f"{column.column or '-':<22} {column.sure:<8} {column.why}"
            lines.append(f"  {_short(column.heading):<{wide}}  {taken.rstrip()}")
        lines.extend(f"  {missing:<{wide}}  not found" for missing in _without(proposed, contracts))
    return lines


def counts_line(proposals: Iterable[ProposedTable]) -> str:
    """Return how many headings there are of each sureness, in words."""
    counts = Counter(column.sure for proposed in proposals for column in proposed.columns)
    parts = ", ".join(f"{counts[sure]} {sure}" for sure in Sureness)
    return f"{sum(counts.values())} headings: {parts}"


def unsure(proposals: Iterable[ProposedTable], contracts: Mapping[str, Contract]) -> list[str]:
    """Return, in words, what a run needs of the tables found and that is not certain."""
    needed = []
    for proposed in proposals:
        if proposed.extract is None:
            continue
        if proposed.sure is not Sureness.CERTAIN:
            needed.append(f"whether {_place(proposed)} is {proposed.extract}")
            continue
        contract = contracts[proposed.extract]
        for column in (name for name, declared in contract.columns.items() if declared.required):
            found = proposed.of(column)
            if found is None or found.sure is not Sureness.CERTAIN:
                said = ", its key" if column == contract.key else ""
                needed.append(f"which heading of {_place(proposed)} is {column}{said}")
    return needed


def mapping_text(
    proposals: Sequence[ProposedTable], contracts: Mapping[str, Contract], authority: str, folder: str
) -> str:
    """Return the mapping file's text."""
    blocks = [line for proposed in proposals for line in _block(proposed, contracts)]
    head = _HEAD.format(authority=authority, folder=folder)
    begun = "extracts:" if any(in_use(line) for line in blocks) else "# extracts:"
    return head + "\n".join([begun, *blocks]) + "\n"


def in_use(line: str) -> bool:
    """Whether a line of the file says something to the program."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _block(proposed: ProposedTable, contracts: Mapping[str, Contract]) -> Iterator[str]:
    if proposed.extract is None:
        yield f"  # {_place(proposed)}: {proposed.why}."
        return
    body = [*_table(proposed), *_columns(proposed), *_values(proposed)]
    if not body:
        yield f"  # {_place(proposed)} is {proposed.extract}, and its headings are known."
        return
    yield _line(f"  {proposed.extract}:", any(in_use(line) for line in body), f"{_place(proposed)}; {proposed.why}")
    yield from body
    missing = _without(proposed, contracts)
    if missing:
        yield f"    # no heading found for: {', '.join(missing)}"


def _table(proposed: ProposedTable) -> Iterator[str]:
    if not proposed.own:
        text = f"    tables: [{json.dumps(proposed.table.name, ensure_ascii=False)}]"
        yield _line(text, proposed.sure is Sureness.CERTAIN, f"{proposed.sure}: {proposed.why}")


def _columns(proposed: ProposedTable) -> Iterator[str]:
    told = [column for column in proposed.columns if column.column is not None and not column.own]
    if told:
        yield _line("    columns:", any(_used(column) for column in told))
    for column in told:
        text = f"      {column.column}: {json.dumps(column.heading, ensure_ascii=False)}"
        yield _line(text, _used(column), f"{column.sure}: {column.why}")


def _values(proposed: ProposedTable) -> Iterator[str]:
    if not proposed.values:
        return
    # The labels are ours, and each is the label of one code: that is certain wherever the column is.
    used = {name: (found := proposed.of(name)) is not None and _used(found) for name in proposed.values}
    yield _line("    values:", any(used.values()))
    for name, values in proposed.values.items():
        pairs = ", ".join(
            f"{json.dumps(there, ensure_ascii=False)}: {json.dumps(ours)}" for there, ours in values.items()
        )
        yield _line(f"      {name}: {{{pairs}}}", used[name])


def _used(column: ProposedColumn) -> bool:
    return column.sure is Sureness.CERTAIN


def _line(text: str, used: bool, why: str = "") -> str:
    indent = len(text) - len(text.lstrip())
    said = f"{text}  # {why}" if why else text
    return said if used else f"{said[:indent]}# {said[indent:]}"


def _without(proposed: ProposedTable, contracts: Mapping[str, Contract]) -> list[str]:
    if proposed.extract is None:
        return []
    return [column for column in contracts[proposed.extract].columns if proposed.of(column) is None]


def _place(proposed: ProposedTable) -> str:
    file, name = proposed.table.file, proposed.table.name
    return file if file.rpartition(".")[0] == name or file == name else f"{file}, {name}"


def _short(heading: str) -> str:
    return heading if len(heading) <= 40 else heading[:39] + "…"
