"""`dq check --keys`: the same rules and records as the whole exceptions, and nothing else of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
from command_line import dq_here

from dq.sample import write_sample

SETTINGS = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nextracts: extracts\n"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_keys_are_those_of_the_exceptions(tmp_path: Path) -> None:
    write_sample("kent-2016-08", tmp_path / "extracts", seed=5, scale=0.03, defects=0.05)
    (tmp_path / "dq.yaml").write_text(SETTINGS)
    assert dq_here("check", tmp_path, "--out", tmp_path / "whole").code == 0
    ended = dq_here("check", tmp_path, "--keys", "--out", tmp_path / "least")
    assert (ended.code, ended.err) == (0, "")
    assert "keys.csv" in ended.out
    assert "team" not in ended.out, "whose they are was not asked"
    whole = sorted(
        (row["rule_id"], row["extract"], row["record_key"]) for row in _rows(tmp_path / "whole/exceptions.csv")
    )
    least = _rows(tmp_path / "least" / "keys.csv")
    assert list(least[0]) == ["rule_id", "extract", "record_key"]
    assert sorted((row["rule_id"], row["extract"], row["record_key"]) for row in least) == whole
    held = pq.read_table(tmp_path / "least" / "keys.parquet").to_pylist()
    assert sorted((row["rule_id"], row["extract"], row["record_key"]) for row in held) == whole
    assert len(whole) > 30
    ended = dq_here("check", tmp_path, "--keys-as", "parquet", "--rules", "*postcode*", "--out", tmp_path / "one")
    assert (ended.code, "keys.parquet" in ended.out) == (0, True)
    some = pq.read_table(tmp_path / "one" / "keys.parquet").to_pylist()
    assert [row["record_key"] for row in some] == [row["record_key"] for row in held if "postcode" in row["rule_id"]]
    assert not (tmp_path / "one" / "keys.csv").exists()
    assert not (tmp_path / "least" / "exceptions.csv").exists()
    counts = {path: [(r["rule_id"], r["in_scope"], r["flagged"]) for r in _rows(tmp_path / path / "rules.csv")]
              for path in ("whole", "least")}  # fmt: skip
    assert counts["whole"] == counts["least"]
