"""Load a mapping from another layout, ours or a project's own, and hold it against the contracts it is for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dq.library.folders import policy_files
from dq.library.yaml_file import Document, Place, as_model, read_yaml
from dq.model import CodeList, Contract, ExtractMapping, HeadingWords
from dq.model import Mapping as Layout
from dq.problems import Problem, ProblemsError, nearest, refuse

FOLDER = "data/mappings"


def load_mapping(
    roots: Sequence[Path],
    wanted: str,
    contracts: Mapping[str, Contract],
    code_lists: Mapping[str, CodeList],
    project_file: Path | None = None,
    rules: Collection[str] | None = None,
) -> Layout:
    """Return the mapping ``wanted`` from the last of ``roots`` that has it.

    What it says of code lists is carried to every column of theirs, in all extracts. ``rules`` are those there are,
    where they are known. Raises ProblemsError with all that is wrong.
    """
    files = {path.stem: path for _, path in policy_files(roots, FOLDER, "*.yaml")}
    if wanted not in files:
        raise refuse(f"there is no mapping '{wanted}'.", project_file, instead=nearest(wanted, files))
    document = read_yaml(files[wanted])
    layout = as_model(document, Layout, id=wanted, path=files[wanted])
    problems = [*_faults(document, layout, contracts, code_lists), *_unknown_rules(document, layout, rules)]
    if problems:
        raise ProblemsError(problems)
    extracts = {name: _with_codes(layout, contract, code_lists) for name, contract in contracts.items()}
    return layout.model_copy(update={"extracts": extracts})


def load_heading_words(roots: Sequence[Path]) -> dict[str, list[str]]:
    """Return the words that headings use for the same thing: word → others. Raises ProblemsError."""
    path = dict(policy_files(roots, "data", "heading_words.yaml"))[Path("heading_words.yaml")]
    return as_model(read_yaml(path), HeadingWords).words


def _with_codes(layout: Layout, contract: Contract, code_lists: Mapping[str, CodeList]) -> ExtractMapping:
    mapping = layout.extracts.get(contract.name, ExtractMapping())
    labelled = mapping.labelled or layout.labelled
    values = dict(mapping.values)
    for name, column in contract.columns.items():
        if column.codes is not None:
            own = {code: code for code in code_lists[column.codes].codes} if labelled else {}
            said = {**own, **layout.codes.get(column.codes, {}), **values.get(name, {})}
            values |= {name: said} if said else {}
    columns = {**{c: h for c, h in layout.columns.items() if c in contract.columns}, **mapping.columns}
    return mapping.model_copy(update={"values": values, "labelled": labelled, "columns": columns})


def _faults(
    document: Document, layout: Layout, contracts: Mapping[str, Contract], code_lists: Mapping[str, CodeList]
) -> Iterator[Problem]:
    for codes, said in layout.codes.items():
        if codes not in code_lists:
            yield _problem(document, ("codes", codes), f"there is no code list '{codes}'.", codes, code_lists)
        else:
            yield from _unknown(document, code_lists, codes, [(("codes", codes, t), code) for t, code in said.items()])
    for extract, mapping in layout.extracts.items():
        place = ("extracts", extract)
        if extract not in contracts:
            yield _problem(document, place, f"there is no extract '{extract}'.", extract, contracts)
            continue
        yield from _column_faults(document, place, mapping, contracts[extract])
        yield from _code_faults(document, place, mapping, contracts[extract], code_lists)
        for column, by_table in mapping.by_table.items():
            for table in by_table:
                if table not in mapping.tables:
                    where = (*place, "by_table", column, table)
                    yield _problem(document, where, f"{extract} has no table '{table}'.", table, mapping.tables)


def _unknown_rules(document: Document, layout: Layout, rules: Collection[str] | None) -> Iterator[Problem]:
    for why, named in layout.cannot_tell.items():
        for i, rule in enumerate(named):
            if rules is not None and rule not in rules:
                yield _problem(document, ("cannot_tell", why, i), f"there is no rule '{rule}'.", rule, rules)


def _column_faults(document: Document, place: Place, mapping: ExtractMapping, contract: Contract) -> Iterator[Problem]:
    named: dict[str, Iterable[str]] = {
        "columns": mapping.columns,
        "made_from": mapping.made_from,
        "fixed": mapping.fixed,
        "by_table": mapping.by_table,
        "values": mapping.values,
        "rows_with": [] if mapping.rows_with is None else [mapping.rows_with],
    }
    for part, columns in named.items():
        for column in columns:
            if column not in contract.columns:
                what = f"{part}: {contract.name} has no column '{column}'."
                yield _problem(document, (*place, part, column), what, column, contract.columns)
    ways = ("columns", "made_from", "fixed", "by_table")
    for column in contract.columns:
        given = [part for part in ways if column in named[part]]
        if len(given) > 1:
            what = f"'{column}' is given by {' and by '.join(given)}."
            yield Problem(what, document.path, document.line((*place, given[1], column)), "Keep one.")


def _code_faults(
    document: Document,
    place: Place,
    mapping: ExtractMapping,
    contract: Contract,
    code_lists: Mapping[str, CodeList],
) -> Iterator[Problem]:
    given: list[tuple[str, Place, str]] = [
        (column, ("values", column, there), code)
        for column, values in mapping.values.items()
        for there, code in values.items()
    ]
    given += [
        (column, ("by_table", column, table), code)
        for column, values in mapping.by_table.items()
        for table, code in values.items()
    ]
    given += [(column, ("fixed", column), code) for column, code in mapping.fixed.items()]
    for name, where, code in given:
        column = contract.columns.get(name)
        if column is not None and column.codes is not None:
            yield from _unknown(document, code_lists, column.codes, [((*place, *where), code)])


def _unknown(
    document: Document, code_lists: Mapping[str, CodeList], name: str, given: Iterable[tuple[Place, str]]
) -> Iterator[Problem]:
    for place, code in given:
        if code not in code_lists[name].codes:
            what = f"the code list '{name}' has no code '{code}'."
            yield _problem(document, place, what, code, code_lists[name].codes)


def _problem(document: Document, place: Place, what: str, word: str, known: Iterable[str]) -> Problem:
    return Problem(what, document.path, document.line(place), nearest(word, known))
