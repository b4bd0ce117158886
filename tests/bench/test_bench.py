"""The bench compares like with like: small extracts, the same rules asked three ways, and a judge that can say no."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.bench import make_data
from tests.bench.contenders import HERE, ROOT, Places, base, ours
from tests.bench.measure import Limits, measure
from tests.bench.same import found, verdict

ROWS = 20_000
LIMITS = Limits(seconds=120, memory=8_000_000_000)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    data, scratch = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("scratch")
    make_data.make(data, ROWS, "many")
    places = Places(data, scratch, sys.executable, sys.executable, None)
    subprocess.run(base().command(places), check=True)
    return places


def test_the_data_fail_every_rule(places):
    assert len(found(base().result(places)).counts) == 20


def test_many_lack_what_one_rule_asks_for(places):
    assert found(base().result(places)).counts["visit-alone"] > 0.3 * ROWS * 4 / 5


def test_the_engine_finds_what_sql_by_hand_finds(places):
    contender = ours()
    contender.prepare(places)
    run = measure(contender.command(places), LIMITS, places.scratch / "log", ROOT)
    assert run.code in contender.fine, (places.scratch / "log").read_text()
    assert verdict(found(base().result(places)), found(contender.result(places))) == "yes"


@pytest.mark.parametrize("peer", ["duckdb_each_rule", "polars_by_hand"])
def test_peers_find_the_same(places, tmp_path, peer):
    out = tmp_path / "out.parquet"
    subprocess.run([sys.executable, HERE / "peers" / f"{peer}.py", places.data, out], check=True)
    assert verdict(found(base().result(places)), found(out)) == "yes"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("SELECT * FROM rows WHERE record_key <> (SELECT min(record_key) FROM rows)", "no: "),
        (
            "SELECT * FROM rows UNION ALL (SELECT * FROM rows WHERE rule_id = 'visit-gap' LIMIT 1)",
            "no: 1 rule (visit-gap)",
        ),
        ("SELECT replace(rule_id, 'visit-gap', 'gap') AS rule_id, record_key FROM rows", "no: 2 rules (gap …)"),
        ("SELECT rule_id, count(*) AS failing FROM rows GROUP BY 1", "no: counts only (they agree)"),
        ("SELECT rule_id, count(*) + 1 AS failing FROM rows GROUP BY 1", "no: counts only, 20 rules"),
    ],
)
def test_a_difference_is_seen(places, tmp_path, change, said):
    truth, other = base().result(places), tmp_path / "other.parquet"
    with duckdb.connect() as connection:
        connection.read_parquet(str(truth)).create_view("rows")
        connection.execute(f"COPY ({change}) TO '{other}' (FORMAT parquet)")
    assert verdict(found(truth), found(other)).startswith(said)


def _python(words: str, tmp_path: Path, limits: Limits):
    return measure([sys.executable, "-c", words], limits, tmp_path / "log", tmp_path)


def test_memory_is_that_of_the_process_measured(tmp_path):
    held = bytearray(400_000_000)
    run = _python("x = b'x' * 150_000_000", tmp_path, LIMITS)
    assert 150e6 < run.peak < 250e6
    assert len(held) == 400_000_000


def test_what_takes_too_long_is_stopped(tmp_path):
    run = _python("import time; time.sleep(60)", tmp_path, Limits(0.5, LIMITS.memory))
    assert run.stopped == "stopped after 0.5 s"
    assert run.seconds < 10


def test_what_holds_too_much_is_stopped(tmp_path):
    words = "import time; x = b'x' * 300_000_000; time.sleep(60)"
    assert _python(words, tmp_path, Limits(60, 200_000_000)).stopped == "stopped at 0.2 GB"


def test_a_failure_has_its_code_and_its_words(tmp_path):
    assert _python("raise SystemExit('no such thing')", tmp_path, LIMITS).code == 1
    assert (tmp_path / "log").read_text().strip() == "no such thing"
