"""What was published of last month is kept: its scorecard.csv is this month's history, as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import dq_here
from runs import records

pytestmark = pytest.mark.usefixtures("small_policy")
SETTINGS = "authority: Kent\nscorecard: kent-scs\nhistory_from: 2016-01-01\n"
HEADINGS = "episode_id,person_id,cla_id,start_date,ceased_date\n"
MEASURE = "cla_count"


def extracts(project: Path, *since: str) -> None:
    """Write a child in care since each day."""
    folder = project / "extracts"
    folder.mkdir(exist_ok=True)
    (folder / "teams.csv").write_text("team_id,team_name\nT001,Kent\n", encoding="utf-8")
    children = "".join(f"C{i},01/01/2009\n" for i in range(len(since)))
    (folder / "persons.csv").write_text(f"person_id,dob\n{children}", encoding="utf-8")
    episodes = "".join(f"E{i},C{i},L{i},{day},\n" for i, day in enumerate(since))
    (folder / "cla_episodes.csv").write_text(HEADINGS + episodes, encoding="utf-8")


def figure(out: Path) -> dict[str, str]:
    rows = records(out / "scorecard.csv")
    return next(row for row in rows if (row["scope_type"], row["indicator_id"]) == ("authority", MEASURE))


def test_last_months_scorecard_is_this_months_history(tmp_path: Path) -> None:
    """Two children in July; in August a third is entered as in care since June, and a fourth since August."""
    (tmp_path / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    extracts(tmp_path, "01/02/2016", "01/02/2016")
    assert dq_here("run", tmp_path, "--period", "2016-07", "-q").err == ""
    july = tmp_path / "out" / "2016-07" / "scorecard.csv"
    assert figure(july.parent)["value"] == "2.0"

    extracts(tmp_path, "01/02/2016", "01/02/2016", "10/06/2016", "10/08/2016")
    told = {}
    for stands in ("records", "published"):
        history = f"history: {{file: out/2016-07/scorecard.csv, stands: {stands}}}\n"
        (tmp_path / "dq.yaml").write_text(SETTINGS + history, encoding="utf-8")
        assert dq_here("run", tmp_path, "--period", "2016-08", "-q").err == ""
        row = figure(tmp_path / "out" / "2016-08")
        told[stands] = [row[f"previous_{name}"] for name in ("value", "source", "published", "recorded")]
        assert row["value"] == "4.0"
        run = json.loads((tmp_path / "out" / "2016-08" / "run.json").read_text(encoding="utf-8"))
        assert "history" in run["fingerprints"], "what was published before is among what the figures come of"
    assert told == {"records": ["3.0", "records", "2.0", "3.0"], "published": ["2.0", "published", "2.0", "3.0"]}
    assert "Restated" in (tmp_path / "out" / "2016-08" / "scorecard.html").read_text(encoding="utf-8")
    assert "history" in (tmp_path / "out" / "2016-08" / "run.json").read_text(encoding="utf-8")

    explained = dq_here("explain", MEASURE, tmp_path, "--period", "2016-08").out
    assert "Jul 2016 2 as published; Jul 2016: published then 2, the records now say 3" in " ".join(explained.split())


def test_a_history_of_another_authority_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    history = "history: {file: published.csv}\n"
    (tmp_path / "dq.yaml").write_text(SETTINGS + history, encoding="utf-8")
    (tmp_path / "published.csv").write_text("indicator_id,period,value,scope_name\ncla_count,2016-07,5,Leeds\n")
    extracts(tmp_path, "01/02/2016")
    ended = dq_here("run", tmp_path, "--period", "2016-08")
    assert ended.code == 2
    assert "published.csv:2: there is no team or area 'Leeds'." in ended.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_what_stands_is_one_of_two(tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text(SETTINGS + "history: {file: a.csv, stands: publishd}\n", encoding="utf-8")
    extracts(tmp_path, "01/02/2016")
    ended = dq_here("run", tmp_path, "--period", "2016-08")
    assert ended.code == 2
    assert "'history.stands' is 'publishd'. Did you mean 'published'?" in ended.err
