"""Totals read and bound: counts that must agree, of which the gate says where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dq.language.expression import Origin, parse_expression
from dq.library.declared import documents
from dq.library.policy import BoundCount, BoundTotal, Library
from dq.library.yaml_file import Document, Place, as_model
from dq.model import Counted, Total
from dq.problems import Problem, ProblemsError


def load_totals(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    """Add every total of the library's dataset; what is wrong with one leaves out no other."""
    for document in documents(roots, f"data/{library.dataset}/totals", problems):
        path = document.path
        try:
            total = as_model(document, Total, id=path.stem, path=path)
            count = _bound(library, document, total.count, ("count",))
            parts = tuple(_bound(library, document, part, ("is", i)) for i, part in enumerate(total.is_))
            library.totals[path.stem] = BoundTotal(total, count, parts)
        except ProblemsError as error:
            problems.extend(error.problems)


def _bound(library: Library, document: Document, counted: Counted, place: Place) -> BoundCount:
    path = document.path
    library.tables.check_on(counted.on, Origin(path, document.line((*place, "on")), path.stem))
    origin = Origin(path, document.text_line((*place, "where")), f"{path.stem}: {place[0]}")
    return BoundCount(counted.on, library.tables.bind(parse_expression(counted.where, origin), counted.on, origin))
