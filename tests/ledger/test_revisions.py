"""What was published of a month and what the records now say of it stand side by side, with the cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import dq_here
from months import Authority
from runs import records

pytestmark = pytest.mark.usefixtures("small_policy")

SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\nhistory_from: 2015-01-01\n"
TEAMS = ({"team_id": "K", "team_name": "Kent"}, {"team_id": "T1", "team_name": "North", "parent_id": "K"})


def episode(key: int, entered: str) -> dict[str, str]:
    """Return a child's care that began on 5 July and was entered on a day."""
    return {
        "episode_id": f"E{key}", "person_id": f"C{key}", "cla_id": f"L{key}", "start_date": "05/07/2016",
        "start_reason": "S", "recorded_on": entered,
    }  # fmt: skip


def run(kent: Authority, period: str, *episodes: dict[str, str]) -> None:
    kent.write("cla_episodes", episodes)
    ended = dq_here("run", kent.folder, "--period", period, "--override", "Ann Lee: as a test")
    assert ended.code == 0, ended.err


def test_a_record_entered_late_is_told_as_the_cause(tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    kent = Authority(tmp_path)
    kent.write("teams", TEAMS)
    kent.write("persons", [{"person_id": f"C{i}", "dob": "01/02/2008"} for i in (1, 2, 3)])
    run(kent, "2016-07", episode(1, "06/07/2016"), episode(2, "06/07/2016"))
    run(kent, "2016-08", *(episode(i, "06/07/2016") for i in (1, 2)), episode(3, "10/08/2016"))

    rows = records(kent.folder / "out" / "2016-08" / "scorecard.csv")
    (count,) = [row for row in rows if row["indicator_id"] == "cla_count" and row["scope_type"] == "authority"]
    assert (count["previous_published"], count["previous_recorded"]) == ("2.0", "3.0")
    assert [count[f"previous_{cause}"] for cause in ("late", "corrected", "redefined")] == ["1", "0", "false"]
    assert count["note"].endswith("Jul 2016: published then 2, the records now say 3 (1 record entered since).")
    page = (kent.folder / "out" / "2016-08" / "scorecard.html").read_text(encoding="utf-8")
    assert "<td>1 record entered since</td>" in page[page.index('id="restated"') :]
    said = dq_here("ledger", "show", "2016-08", "--project", kent.folder).out
    (told,) = [line for line in said.splitlines() if line.startswith("Revised") and "2016-07" in line and "3" in line]
    assert told.endswith("2016-07: published 2, the records now say 3 (1 record entered since)")
