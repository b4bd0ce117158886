"""Load the extracts into the workspace: every record, typed by its contract, none dropped and all accounted for."""

from __future__ import annotations

import difflib
import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from dq.model import Contract, DocumentLayout, ExtractRead
from dq.model import Mapping as Layout
from dq.problems import nearest, refuse
from dq.sources.cast import typed_select
from dq.sources.intake import Intake
from dq.sources.matching import Matched, plain_form
from dq.sources.places import ACCEPTED, Offer, offered, offers_at
from dq.sources.reference import add_calendar, add_postcodes
from dq.sources.table import Table, Wanted
from dq.sources.take import facts_of, take
from dq.workspace import Workspace, name, quoted

SUBMISSION = "submission"
"""The extract of one record that says what there is to say of a national return as a whole, where a dataset has it."""

Progress = Callable[[str], None]
_Opened = dict[str, tuple[Table, Matched]]


def load_folder(
    workspace: Workspace,
    place: Path | str,
    contracts: Mapping[str, Contract],
    progress: Progress,
    mapping: Layout | None = None,
    reference: Collection[str] = ("calendar", "postcodes"),
    documents: Sequence[DocumentLayout] = (),
    local_authority: str | None = None,
    casework: Path | str | None = None,
) -> tuple[ExtractRead, ...]:
    """Load every extract of a folder or a database, and reference tables; an absent one becomes an empty table.

    ``place`` is a path, or the address of a PostgreSQL database; ``documents`` are the layouts that an XML return may
    have; ``local_authority`` is the ONS code of the authority that sends a national return; ``casework`` is where the
    extracts lie that stand apart from it, if not there too. Raises ProblemsError for a
    file that is not what its name says, and where not every record is accounted for.
    """
    read: list[ExtractRead] = []
    with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        intake = Intake(workspace, Path(folder))
        with offers_at(place, intake, documents) as offers, _offers_apart(casework, offers, intake) as apart:
            layouts = {extract: mapping.of(extract) if mapping else None for extract in contracts}
            held = {
                extract: offered(extract, contract, apart if contract.apart else offers, layouts[extract])
                for extract, contract in contracts.items()
            }
            strays = _strays(place, offers, held, contracts)
            for extract, contract in contracts.items():
                wanted = Wanted(contract, layouts[extract])
                opened = _opened(held[extract], wanted, progress)
                file = ", ".join(dict.fromkeys(held[extract][table].file for table in opened))
                if not opened and extract == SUBMISSION:
                    read.append(_submission(workspace, contract, read, local_authority))
                else:
                    read.append(_load(intake, wanted, opened, file) if opened else _absent(workspace, contract, strays))
                intake.clear()
    if "calendar" in reference:
        add_calendar(workspace)
    if "postcodes" in reference:
        progress("reading the postcode directory")
        add_postcodes(workspace, contracts.values())
    return tuple(read)


@contextmanager
def _offers_apart(place: Path | str | None, offers: list[Offer], intake: Intake) -> Iterator[list[Offer]]:
    """Yield the tables offered where the project's casework lies; without it, those offered where its extracts do."""
    if place is None:
        yield offers
    else:
        with offers_at(place, intake) as others:
            yield others


def _strays(
    place: Path | str, offers: Sequence[Offer], held: Mapping[str, Mapping[str, Offer]], known: Mapping[str, Contract]
) -> list[Offer]:
    """Return the offers that hold no extract. Raises ProblemsError where none does."""
    used = {offer.file for tables in held.values() for offer in tables.values()}
    strays = [offer for offer in offers if offer.file not in used]
    if used:
        return strays
    names = list(dict.fromkeys(offer.path.name if offer.path else offer.name for offer in offers))
    where = place if isinstance(place, Path) else "the database"
    held_there = f"It holds {', '.join(names[:5])}." if names else f"It holds no {ACCEPTED} file."
    hint = nearest(plain_form(Path(names[0]).stem) if names else "", known)
    raise refuse(f"{where} holds no extract. {held_there}", instead=hint)


def _opened(offers: Mapping[str, Offer], wanted: Wanted, progress: Progress) -> _Opened:
    """Open the tables of an extract; one that lacks what its mapping makes a record of has none of it."""
    found: _Opened = {}
    for table, offer in offers.items():
        progress(f"reading {offer.file}")
        opened = offer.open(wanted)
        matched = wanted.match(opened)
        if wanted.has_records(matched):
            found[table] = opened, matched
    return found


def _absent(workspace: Workspace, contract: Contract, strays: Sequence[Offer]) -> ExtractRead:
    load_rows(workspace, contract, [])
    by_name = {plain_form(offer.name): offer.path.name if offer.path else offer.file for offer in strays}
    near = difflib.get_close_matches(plain_form(contract.name), by_name, n=1)
    like = by_name[near[0]] if near else None
    return ExtractRead(contract.name, None, None, 0, missing_columns=tuple(contract.columns), like=like)


def _submission(
    workspace: Workspace, contract: Contract, read: Sequence[ExtractRead], local_authority: str | None
) -> ExtractRead:
    """Make the record of the return as a whole, from how its extracts arrived and what the project says.

    Without the authority's code its column is one that is missing, and rules that need it are skipped.
    """
    as_xml = any(extract.file is not None and extract.file.lower().endswith(".xml") for extract in read)
    row = {"file_format": "XML" if as_xml else "CSV", "local_authority": local_authority}
    load_rows(workspace, contract, [row])
    missing = () if local_authority else ("local_authority",)
    return ExtractRead(contract.name, "dq.yaml", None, 1, missing_columns=missing, rows_in=1)


def load_rows(workspace: Workspace, contract: Contract, rows: list[dict[str, Any]]) -> None:
    """Load records given as plain values (an example's) as an extract, through the same reading as a file's."""
    if not rows:
        empty = typed_select(contract, "(SELECT 1 LIMIT 0)", ())
        workspace.execute(f"CREATE OR REPLACE TABLE {name(contract.name)} AS {empty}")
        return
    # Only what is there is read: to plan how a column is read takes longer than to read it in a handful of rows.
    given = [column for column in contract.all_columns if any(row.get(column) is not None for row in rows)]
    given = given or [contract.told_by]
    cells = ["NULL" if row.get(column) is None else quoted(str(row[column])) for row in rows for column in given]
    across = len(given)
    listed = ", ".join(f"({', '.join(cells[at : at + across])})" for at in range(0, len(cells), across))
    named = ", ".join(map(name, given))
    texts = ", ".join(f"CAST({name(column)} AS VARCHAR) AS {name(column)}" for column in given)
    incoming = f"(SELECT {texts} FROM (VALUES {listed}) AS given({named}))"
    workspace.execute(
        f"CREATE OR REPLACE TABLE {name(contract.name)} AS {typed_select(contract, incoming, given, plain=True)}"
    )


def _load(intake: Intake, wanted: Wanted, opened: _Opened, file: str) -> ExtractRead:
    settled, taken = take(intake, wanted, opened)
    tables = [table for table, _ in settled.values()]
    matches = [matched for _, matched in settled.values()]
    rows, unread, latest = facts_of(intake.workspace, wanted.contract, taken, tables[0].spot)
    missing, not_held = wanted.contract.lacking(set.intersection(*(set(matched.missing) for matched in matches)))
    read = ExtractRead(
        wanted.contract.name,
        file,
        _digest(tables),
        rows,
        missing_columns=missing,
        not_held=not_held,
        unknown_columns=tuple(
            dict.fromkeys(chain(*(matched.unknown for matched in matches), *(t.unknown for t in tables)))
        ),
        unread_values=unread,
        latest_entry=latest,
        rows_in=sum(table.records for table in tables),
        blank_rows=taken.blank,
        title_rows=sum(table.titles for table in tables),
        rows_without=taken.without,
        rows_merged=taken.merged,
        encoding=next((table.encoding for table in tables if table.encoding is not None), None),
        latest_only=wanted.mapping is not None and wanted.mapping.latest_only,
    )
    if not read.accounted:
        what = (
            f"of {read.rows_in:,} rows {rows:,} were read as records of {read.extract}, and not all the rest is known."
        )
        raise tables[0].spot.refuse(what, instead="This is a fault of the program: please report it.")
    return read


def _digest(tables: Sequence[Table]) -> Callable[[], str] | str | None:
    """Return the hash of what an extract is read from: of the file, or of the hashes of its files."""
    if len(tables) == 1:
        return tables[0].digest
    each = [table.digest for table in tables]
    return lambda: hashlib.sha256("".join(str(d() if callable(d) else d) for d in each).encode()).hexdigest()
