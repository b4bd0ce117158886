"""An exception keeps its identity from month to month: what was there before says since when, and the rest is new."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Ended, dq
from runs import records

RULE = "placement-postcode-missing"
SETTINGS = "dataset: casework\nscorecard: kent-scs\nextracts: extracts\n"
HEADINGS = (
    "placement_id,person_id,cla_id,start_date,end_date,placement_type,provider,postcode,change_reason,recorded_on\n"
)


def month(project: Path, period: str, *missing: str, authority: str = "Kent") -> Ended:
    """Check the placements P1 to P4, of which some lack a postcode, as at a month."""
    rows = [
        f"{key},C{key[1:]},L{key[1:]},01/05/2016,,U4,PR1,{'' if key in missing else 'ME14 1XX'},,01/05/2016\n"
        for key in ("P1", "P2", "P3", "P4")
    ]
    (project / "extracts").mkdir(exist_ok=True)
    (project / "extracts" / "cla_placements.csv").write_text(HEADINGS + "".join(rows), encoding="utf-8")
    (project / "dq.yaml").write_text(f"authority: {authority}\n{SETTINGS}", encoding="utf-8")
    return dq("check", project, "--period", period, "--rules", RULE, "--out", project / "reports" / period)


def seen(project: Path, period: str) -> dict[str, tuple[str, str]]:
    """Return record → (since when, how it stands)."""
    rows = records(project / "reports" / period / "exceptions.csv")
    return {row["record_key"]: (row["first_seen"], row["state"]) for row in rows}


def test_what_was_there_last_month_is_open_since_then_and_the_rest_is_new(tmp_path: Path) -> None:
    assert month(tmp_path, "2016-06", "P1", "P2").code == 0
    assert month(tmp_path, "2016-07", "P2", "P3").code == 0
    assert month(tmp_path, "2016-08", "P2", "P3", "P4").code == 0

    assert seen(tmp_path, "2016-06") == {"P1": ("2016-06-30", "open"), "P2": ("2016-06-30", "open")}
    assert seen(tmp_path, "2016-07") == {"P2": ("2016-06-30", "open"), "P3": ("2016-07-31", "new")}
    assert seen(tmp_path, "2016-08") == {
        "P2": ("2016-06-30", "open"),
        "P3": ("2016-07-31", "open"),
        "P4": ("2016-08-31", "new"),
    }


def test_the_same_month_again_gives_the_same(tmp_path: Path) -> None:
    month(tmp_path, "2016-07", "P1")
    for _ in range(2):
        month(tmp_path, "2016-08", "P1", "P2")
        assert seen(tmp_path, "2016-08") == {"P1": ("2016-07-31", "open"), "P2": ("2016-08-31", "new")}


def test_a_month_between_that_was_not_run_is_not_guessed(tmp_path: Path) -> None:
    month(tmp_path, "2016-06", "P1")
    month(tmp_path, "2016-08", "P1")
    assert seen(tmp_path, "2016-08") == {"P1": ("2016-08-31", "open")}


def test_another_authoritys_month_is_not_compared(tmp_path: Path) -> None:
    month(tmp_path, "2016-07", "P1", authority="Medway")
    month(tmp_path, "2016-08", "P1", "P2")
    assert seen(tmp_path, "2016-08") == {"P1": ("2016-08-31", "open"), "P2": ("2016-08-31", "open")}


@pytest.mark.parametrize("file", ["run.json", "exceptions.parquet"])
def test_a_spoilt_month_is_refused_by_name(tmp_path: Path, file: str) -> None:
    month(tmp_path, "2016-07", "P1")
    spoilt = tmp_path / "reports" / "2016-07" / file
    spoilt.write_bytes(b"no longer what it was")
    ended = month(tmp_path, "2016-08", "P1")
    assert ended.code == 2, ended.said
    assert ended.err.startswith(f"dq: {spoilt}: this is not of a run.")
    assert "Remove it, or run that month again." in ended.err
    assert not (tmp_path / "reports" / "2016-08").exists()
