"""The value checks of a contract, as rules named ``contract.<extract>.<column>.<check>``.

They join the engine's one pass over the extract, beside the rules people wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dq.contracts.dated_codes import dating_column, in_list, is_dated
from dq.model import CodeList, Column, ColumnType, Contract, Dimension, Rule, Severity

_READ_AS = {
    ColumnType.DATE: "a date (31/08/2016 or 2016-08-31)",
    ColumnType.DATETIME: "a date and time (31/08/2016 14:30)",
    ColumnType.INTEGER: "a whole number",
    ColumnType.NUMBER: "a number",
}


@dataclass(frozen=True)
class _Check:
    name: str
    dimension: Dimension
    expect: str
    title: str
    message: str
    fix: str


def contract_rules(contract: Contract, code_lists: Mapping[str, CodeList]) -> Iterator[Rule]:
    """Yield the rules that follow from one contract, in the order of its columns.

    What stands apart from a return need not be there: then they have nothing to test.
    """
    for name, column in contract.columns.items():
        for check in _checks(contract, name, column, code_lists):
            yield Rule.model_validate(
                {
                    "id": f"contract.{contract.name}.{name}.{check.name}",
                    "topic": "contract",
                    "title": f"{contract.title}: {check.title}",
                    "severity": Severity.ERROR,
                    "dimension": check.dimension,
                    "on": contract.name,
                    "expect": check.expect,
                    "fields": [name],
                    "message": check.message,
                    "why": f"Whatever is worked out from {column.label} is wrong or missing while this stands.",
                    "fix": check.fix,
                    "without": [contract.name] if contract.apart else [],
                    "path": contract.path,
                }
            )


def _checks(contract: Contract, name: str, column: Column, code_lists: Mapping[str, CodeList]) -> Iterator[_Check]:
    label = column.label
    if column.type in _READ_AS and column.checked_by is None:
        yield _Check(
            "readable", Dimension.VALIDITY, f"readable({name})", f"{label} cannot be read",
            f"{_capital(label)} is not {_READ_AS[column.type]}", f"Enter {label} as {_READ_AS[column.type]}.",
        )  # fmt: skip
    if column.required:
        yield _Check(
            "required", Dimension.COMPLETENESS, f"{name} is not null", f"{label} missing",
            f"{_capital(label)} is missing", f"Enter {label}.",
        )  # fmt: skip
    if name == contract.key:
        yield _Check(
            "unique", Dimension.UNIQUENESS,
            f"{name} not in (select other.{name} from {contract.name} as other where other.{name} is not null "
            f"group by other.{name} having count(*) > 1)", f"{label} used twice",
            f"{_capital(label)} {{{name}}} is on more than one record", "Ask the system team which record is right.",
        )  # fmt: skip
    if column.codes is not None:
        codes = code_lists[column.codes]
        yield _Check(
            "codes", Dimension.VALIDITY, in_list(name, codes, dating_column(contract, column)),
            f"{label} not in the code list",
            f"{_capital(label)} '{{{name}}}' is not in the code list{' of that day' if is_dated(codes) else ''}",
            f"Choose {label} from the list.",
        )  # fmt: skip
    if column.references is not None:
        extract, key = column.references.split(".")
        held = f"select referred.{key} from {extract} as referred where referred.{key} is not null"
        yield _Check(
            "references", Dimension.CONSISTENCY, f"{name} in ({held})",
            f"{label} not in {extract}", f"{_capital(label)} {{{name}}} is not among the {extract.replace('_', ' ')}",
            f"Correct {label}, or ask the system team why that record is not in the extract.",
        )  # fmt: skip
    if column.not_future:
        yield _Check(
            "future", Dimension.VALIDITY, f"cast({name} as date) <= :period_end", f"{label} in the future",
            f"{_capital(label)} {{{name}}} is after the end of the period", f"Correct {label}.",
        )  # fmt: skip
    yield from _range(name, column)


def _range(name: str, column: Column) -> Iterator[_Check]:
    tests, words = [], []
    if column.not_before is not None:
        tests.append(f"{name} >= date '{column.not_before}'")
        words.append(f"before {column.not_before:%d/%m/%Y}")
    if column.at_least is not None:
        tests.append(f"{name} >= {_number(column.at_least)}")
        words.append(f"below {column.at_least:g}")
    if column.at_most is not None:
        tests.append(f"{name} <= {_number(column.at_most)}")
        words.append(f"above {column.at_most:g}")
    if tests:
        yield _Check(
            "range", Dimension.VALIDITY, " and ".join(tests), f"{column.label} out of range",
            f"{_capital(column.label)} {{{name}}} is {' or '.join(words)}", f"Correct {column.label}.",
        )  # fmt: skip


def _number(limit: float) -> str:
    """Write a limit, a whole one without a point: with one, the engine makes a decimal of every cell to compare it."""
    return str(int(limit) if limit.is_integer() else limit)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
