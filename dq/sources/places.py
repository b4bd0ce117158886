"""Where the extracts of a project lie, and the tables that are offered there: a folder, a file, or a database.

What reads one kind of file is loaded where there is such a file, for it brings libraries that another kind needs not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dq.model import Contract, DocumentLayout, ExtractMapping
from dq.problems import ProblemsError, refuse
from dq.sources.intake import Digest, Intake
from dq.sources.kinds import DUCKDB, SQLITE, kind_of
from dq.sources.lasting import attach_duckdb, open_duckdb, open_parquet
from dq.sources.matching import find_tables, plain_form
from dq.sources.postgres import connect, is_address, open_postgres, postgres_tables
from dq.sources.table import Table, Wanted

if TYPE_CHECKING:
    from dq.sources.workbook import Workbook

WORKBOOKS = (".xlsx", ".xlsm")
SUFFIXES = (".csv", ".tsv", *WORKBOOKS, ".parquet")
_REFUSED = {
    ".xls": "a workbook of the old kind (.xls)",
    ".xlsb": "a binary workbook (.xlsb)",
    ".ods": "an OpenDocument sheet",
    ".zip": "a zip archive",
    ".gz": "a gzip archive",
}
_LAST_YEAR = ("lastyear", "previousyear")
"""A folder of such a name, in plain form, holds last year's of what is in the folder around it."""
ACCEPTED = "CSV, XLSX or Parquet"


@dataclass(frozen=True)
class Offer:
    """A table that may hold an extract: what it is called, where it is, and how to open it.

    A sheet is offered under its own name, and its workbook under that of the file, as ``whole``.
    """

    name: str
    file: str
    open: Callable[[Wanted | None], Table]
    path: Path | None = None
    whole: bool = False


@contextmanager
def offers_at(place: Path | str, intake: Intake, documents: Sequence[DocumentLayout] = ()) -> Iterator[list[Offer]]:
    """Yield the tables offered at a place, which stays open meanwhile. Raises ProblemsError where there is no such.

    ``documents`` are the layouts of XML files that hold extracts; without any, XML files are passed over.
    """
    if isinstance(place, str):
        if not is_address(place):
            what = f"extracts cannot be read from '{place.partition('://')[0]}://'."
            raise refuse(
                what, instead="Name a folder, a database file, or postgresql://user@host/database?schema=name."
            )
        with connect(place) as database:
            tables = postgres_tables(database)
            opened = [partial(open_postgres, database, table, intake) for table in tables]
            yield [
                Offer(table, f"{database.schema}.{table}", _as_it_is(how))
                for table, how in zip(tables, opened, strict=True)
            ]
    elif place.is_dir():
        yield [offer for path in sorted(place.iterdir()) for offer in _of_folder(path, intake, documents)]
    elif place.is_file():
        with _of_file(place, intake, documents) as offers:
            yield offers
    else:
        raise refuse(f"there is no folder {place}.", instead="Name the folder that holds the extracts.")


@contextmanager
def _of_file(path: Path, intake: Intake, documents: Sequence[DocumentLayout]) -> Iterator[list[Offer]]:
    kind = kind_of(path)
    if kind == SQLITE:
        from dq.sources.sqlite_file import connect_sqlite, open_sqlite, sqlite_tables

        with connect_sqlite(path) as connection:
            tables, digest = sqlite_tables(path, connection), Digest(path)
            opened = [partial(open_sqlite, path, connection, table, digest, intake) for table in tables]
            yield [
                Offer(table, f"{path.name}, table {table}", _as_it_is(how), path)
                for table, how in zip(tables, opened, strict=True)
            ]
    elif kind == DUCKDB:
        attached, digest = attach_duckdb(path, intake.workspace), Digest(path)
        yield [
            Offer(
                table.rpartition(".")[2],
                f"{path.name}, table {table}",
                _as_it_is(partial(open_duckdb, path, table, source, digest, intake)),
                path,
            )
            for table, source in attached.items()
        ]
    else:
        offers = offers_of(path, intake, documents)
        if not offers:
            what = f"this file is {kind or 'no database'}, and holds no extracts."
            raise refuse(what, path, instead="Name a folder, a workbook, or a DuckDB or SQLite database.")
        yield offers


def _as_it_is(opened: Callable[[], Table]) -> Callable[[Wanted | None], Table]:
    """Return how to open a table whose headings need no finding."""
    return lambda _: opened()


def _of_folder(path: Path, intake: Intake, documents: Sequence[DocumentLayout]) -> list[Offer]:
    """Return what a part of a folder offers: a file, or the folder of last year's, whose tables are called so."""
    if not (path.is_dir() and plain_form(path.name) in _LAST_YEAR):
        return offers_of(path, intake, documents)
    held = [offer for file in sorted(path.iterdir()) for offer in offers_of(file, intake, documents)]
    return [replace(o, name=f"{o.name}_last", file=f"{path.name}/{o.file}") for o in held]


def offers_of(path: Path, intake: Intake, documents: Sequence[DocumentLayout] = ()) -> list[Offer]:
    """Return what a file of a folder offers; nothing where it is no file of records by its name.

    A file that cannot be opened is refused when it is wanted, and not before.
    """
    suffix = path.suffix.lower()
    readable = {*SUFFIXES, *_REFUSED, *([".xml"] if documents else [])}
    if path.name.startswith((".", "~$")) or suffix not in readable:
        return []
    if not path.is_file():
        nowhere = "this link leads nowhere." if path.is_symlink() else "there is no such file."
        what = "this is a folder, not a file." if path.is_dir() else nowhere
        return [_refused(path, refuse(what, path, instead=f"Put the file itself here, as {ACCEPTED}."))]
    if suffix in _REFUSED:
        return [_refused(path, _other_kind(path, _REFUSED[suffix]))]
    if suffix in WORKBOOKS:
        return _of_workbook(path, intake)
    if suffix == ".xml":
        from dq.sources.xml_file import Document

        document = Document(path, documents, intake)
        return [Offer(name, path.name, _as_it_is(partial(document.open, name)), path) for name in document.tables]
    opened = (
        _as_it_is(partial(open_parquet, path, intake)) if suffix == ".parquet" else partial(_open_csv, path, intake)
    )
    return [Offer(path.stem, path.name, opened, path)]


def _open_csv(path: Path, intake: Intake, wanted: Wanted | None) -> Table:
    from dq.sources.csv_file import open_csv

    return open_csv(path, wanted, intake)


def _of_workbook(path: Path, intake: Intake) -> list[Offer]:
    from dq.sources.workbook import Workbook

    try:
        book = Workbook(path, intake)
    except ProblemsError as error:
        return [_refused(path, error)]
    file = path.name if len(book.sheets) == 1 else f"{path.name}, sheet "
    sheets = [
        Offer(sheet, file if len(book.sheets) == 1 else f"{file}{sheet}", partial(book.open_sheet, sheet), path)
        for sheet in book.sheets
    ]
    return [Offer(path.stem, path.name, partial(_open_whole, book), path, whole=True), *sheets]


def _open_whole(book: Workbook, wanted: Wanted | None) -> Table:
    return book.open_sheet(book.choose_sheet(wanted) if wanted else book.sheets[0], wanted)


def _other_kind(path: Path, kind: str) -> ProblemsError:
    found = kind_of(path)
    named = found if found is not None and found.startswith(("a web page", "an XML")) else kind
    return refuse(f"this file is {named}.", path, instead=f"Save it as {ACCEPTED}.")


def _refused(path: Path, error: ProblemsError) -> Offer:
    def opened() -> Table:
        raise error

    return Offer(path.stem, path.name, _as_it_is(opened), path)


def each_table(offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers with each table once: a workbook of one sheet under its file's name, others by sheet."""
    books = {offer.path for offer in offers if offer.whole}
    sheets = Counter(offer.path for offer in offers if not offer.whole)
    return [o for o in offers if o.path not in books or o.whole == (sheets[o.path] == 1)]


def offered(
    extract: str, contract: Contract, offers: Iterable[Offer], mapping: ExtractMapping | None
) -> dict[str, Offer]:
    """Return table (as the mapping calls it) → the offer that holds an extract's records.

    Raises ProblemsError where two files, sheets or tables are called so.
    """
    named: dict[str, list[Offer]] = {}
    for offer in offers:
        named.setdefault(plain_form(offer.name), []).append(offer)
    names = {form: held[0].name for form, held in named.items()}
    found = find_tables(extract, contract, names.values(), mapping)
    return {table: _only(extract, named[plain_form(called)]) for table, called in found.items()}


def _only(extract: str, held: list[Offer]) -> Offer:
    """Return the one offer of a name; a sheet that is named so comes before the whole of its workbook."""
    sheets = {offer.path for offer in held if not offer.whole}
    left = [offer for offer in held if not (offer.whole and offer.path in sheets)]
    if len(left) > 1:
        raise refuse(f"two files for the extract '{extract}': {left[0].file} and {left[1].file}.",
                     left[0].path.parent if left[0].path else None, instead="Keep one.")  # fmt: skip
    return left[0]
