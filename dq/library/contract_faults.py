"""What a contract names and is not there, or names in a way that SQL could not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dq.language.expression import is_name
from dq.library.yaml_file import Document
from dq.model import CodeList, ColumnType, Contract
from dq.problems import Problem, nearest

NAMES = "Use small letters, digits and underscores, and no word of SQL."


def contract_faults(
    document: Document, contract: Contract, contracts: Mapping[str, Contract], code_lists: Mapping[str, CodeList]
) -> Iterator[Problem]:
    """Yield what is wrong in a contract: names, columns of its own, code lists, keys of other extracts."""

    def problem(what: str, place: tuple[str, ...], name: str, known: Iterable[str]) -> Problem:
        return Problem(what, document.path, document.line(place), nearest(name, known))

    if not is_name(contract.name):
        yield Problem(f"'{contract.name}' cannot name an extract.", document.path, 1, NAMES)
    yield from _key_faults(document, contract)
    for role in ("key", "person", "team", "worker", "event", "entered"):
        name = getattr(contract, role)
        if name is not None and name not in contract.all_columns:
            yield problem(f"'{role}' names no column '{name}'.", (role,), name, contract.columns)
    for name, column in contract.columns.items():
        if not is_name(name):
            yield Problem(f"'{name}' cannot name a column.", document.path, document.line(("columns", name)), NAMES)
        if column.codes is not None and column.codes not in code_lists:
            place = ("columns", name, "codes")
            yield problem(f"{name}: there is no code list '{column.codes}'.", place, column.codes, code_lists)
        if column.dated_by is not None and not _is_day(contract, column.dated_by):
            place = ("columns", name, "dated_by")
            days = [other for other in contract.columns if _is_day(contract, other)]
            yield problem(f"{name}: there is no date '{column.dated_by}'.", place, column.dated_by, days)
        if column.references is not None:
            extract, _, key = column.references.partition(".")
            if extract not in contracts or key not in contracts[extract].columns:
                known = [f"{other.name}.{other.key}" for other in contracts.values()]
                place = ("columns", name, "references")
                yield problem(f"{name} references no '{column.references}'.", place, column.references, known)


def _key_faults(document: Document, contract: Contract) -> Iterator[Problem]:
    """Yield what is wrong with a key that is worked out."""
    if contract.key_of and (contract.key in contract.columns or not is_name(contract.key)):
        what = f"'{contract.key}' cannot name a key that is worked out."
        yield Problem(what, document.path, document.line(("key",)), f"Choose a name that no column has. {NAMES}")
    for i, name in enumerate(contract.key_of):
        if name not in contract.columns:
            line, hint = document.line(("key_of", i)), nearest(name, contract.columns)
            yield Problem(f"'key_of' names no column '{name}'.", document.path, line, hint)


def _is_day(contract: Contract, name: str) -> bool:
    column = contract.columns.get(name)
    return column is not None and column.type in {ColumnType.DATE, ColumnType.DATETIME}
