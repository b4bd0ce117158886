"""The sample SSDA903 returns, as files: each rule flags the rows that the reference expects of it."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from dq.library.load import load_library
from tests.statutory.conformance import AGREED, REFERENCE, by_code
from tests.statutory.returns import expected_in, flagged_in, rows

SAMPLES = REFERENCE / "ssda903" / "fake_data"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the reference's sample returns are not here")


def _csv_set(folder: Path) -> None:
    """This year's CSV files, and last year's in a folder of their own."""
    files = [path for path in SAMPLES.glob("*.csv") if not path.stem.endswith("_errors")]
    (folder / "last_year").mkdir()
    for path in files:
        shutil.copy(path, folder)
        shutil.copy(path, folder / "last_year")


def _xml(folder: Path) -> None:
    shutil.copy(SAMPLES / "fake_903.xml", folder)


def _counts_of_rows_kept_back() -> dict[str, int]:
    """Code → how many rows it flags in the CSV files, for rules of which the reference does not say which rows."""
    with (REFERENCE / "ssda903" / "index.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: int(row["n_flagged_fake_data"]) for row in csv.DictReader(file) if row["cases_given"] == "no"
        }


@pytest.mark.parametrize(
    ("lay_out", "expected"), [(_csv_set, "fake_data_expected.csv"), (_xml, "fake_data_expected_xml.csv")]
)
def test_the_sample_returns(tmp_path: Path, lay_out: Callable[[Path], None], expected: str) -> None:
    lay_out(tmp_path)
    library = load_library("ssda903")
    cells, not_run = flagged_in("ssda903", tmp_path, dt.date(2018, 3, 31), "E09000027")
    given = expected_in(REFERENCE / "ssda903" / expected, library.contracts)
    found = rows(cells)
    assert all(reason.startswith("no extract") for reason in not_run.values()), not_run
    agreed = set(yaml.safe_load(AGREED.read_text(encoding="utf-8"))["ssda903"]["returns"])
    kept_back = _counts_of_rows_kept_back()
    for code in by_code(library).keys() - agreed - kept_back.keys():
        flagged, wanted = found.get(code, set()), given.get(code, set())
        more, fewer = sorted(flagged - wanted), sorted(wanted - flagged)
        assert flagged == wanted, f"{code}: {len(more)} too many, as {more[:3]}; {len(fewer)} missing, as {fewer[:3]}"
    if lay_out is _csv_set:
        told = {
            code: len(found.get(code, ()))
            for code in by_code(library).keys() & kept_back.keys() - agreed - not_run.keys()
        }
        assert told == {code: kept_back[code] for code in told}
