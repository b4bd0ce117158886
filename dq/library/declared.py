"""Policy as it is declared: YAML files read into their types, and nothing bound yet.

All problems are gathered, each with its file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from dq.library.folders import policy_files
from dq.library.yaml_file import Document, as_model, read_yaml
from dq.model import CodeList, Contract, Declared, Rule
from dq.problems import Problem, ProblemsError

D = TypeVar("D", bound=Declared)


def stop(problems: Sequence[Problem]) -> None:
    """Raise ProblemsError if there are any problems."""
    if problems:
        raise ProblemsError(problems)


def datasets(roots: Sequence[Path]) -> list[str]:
    """Return the names of the datasets there are."""
    return sorted({p.name for root in roots for p in (root / "checks").glob("*") if p.is_dir()} - {"gates"})


def documents(
    roots: Sequence[Path], folder: str, problems: list[Problem], pattern: str = "*.yaml"
) -> Iterator[Document]:
    """Yield the YAML files of a policy folder; what cannot be read is added to ``problems``."""
    for _, path in policy_files(roots, folder, pattern):
        try:
            yield read_yaml(path)
        except ProblemsError as error:
            problems.extend(error.problems)


def declared(
    roots: Sequence[Path],
    folder: str,
    model: type[D],
    problems: list[Problem],
    more: Callable[[Path], dict[str, str]] = lambda _path: {},
) -> Iterator[D]:
    """Yield the declared things of a folder; what is wrong is added to ``problems``."""
    with_path = "path" in model.model_fields
    for document in documents(roots, folder, problems):
        try:
            place = {"path": document.path} if with_path else {}
            yield as_model(document, model, **place, **more(document.path))
        except ProblemsError as error:
            problems.extend(error.problems)


def with_files(
    roots: Sequence[Path], folder: str, model: type[D], problems: list[Problem], pattern: str = "*.yaml"
) -> Iterator[tuple[Path, D]]:
    """Yield the declared things of a folder, each with its file; what is wrong is added to ``problems``."""
    for document in documents(roots, folder, problems, pattern):
        try:
            yield document.path, as_model(document, model)
        except ProblemsError as error:
            problems.extend(error.problems)


def code_lists(roots: Sequence[Path], problems: list[Problem]) -> dict[str, CodeList]:
    """Return the code lists by name."""
    return {path.stem: found for path, found in with_files(roots, "data/codes", CodeList, problems)}


def contracts(roots: Sequence[Path], dataset: str, problems: list[Problem]) -> dict[str, tuple[Document, Contract]]:
    """Return the contracts of a dataset by extract, each with its file."""
    found = {}
    for document in documents(roots, f"checks/{dataset}", problems):
        name = document.path.stem
        try:
            contract = as_model(document, Contract, name=name, path=document.path)
            found[name] = (document, contract)
            if contract.with_last_year:
                found[contract.last_year.name] = (document, contract.last_year)
        except ProblemsError as error:
            problems.extend(error.problems)
    return found


def rule_files(roots: Sequence[Path], dataset: str, problems: list[Problem]) -> Iterator[Path]:
    """Yield the files of the rules people wrote for a dataset; a second of one name is a problem."""
    places: dict[str, Path] = {}
    for _, path in policy_files(roots, f"rules/{dataset}", "*.yaml"):
        other = places.setdefault(path.stem, path)
        if other is path:
            yield path
        else:
            words = f"there are two rules '{path.stem}': the other is {other}."
            problems.append(Problem(words, path, 1, "Rename one."))


def read_rule(path: Path) -> tuple[Document, Rule]:
    """Return a rule with its file. Raises ProblemsError."""
    document = read_yaml(path)
    return document, as_model(document, Rule, id=path.stem, topic=path.parent.name, path=path)
