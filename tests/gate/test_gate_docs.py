"""The pages: whole, offline, the same again, and true to the verdict."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from gate_runs import facts, flagging, gate, result, shipped_gate

from dq.gate import judge
from dq.model import Status

KINDS = ["extracts", "fields", "figures", "rules", "run", "teams", "totals"]
PAGES = sorted(f"{name}.html" for name in [*KINDS, "index"])
TROUBLE = {"cp_plans": {"file": None, "rows": 0}, "cin_visits": {"rows": 9}}
RESULTS = (flagging(600), *(result(f"rule-{n}", Status.SKIPPED) for n in range(30)))

ALONE = """
import socket, sys, warnings
from pathlib import Path
def refuse(*_, **__): raise AssertionError("the network was called")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
warnings.simplefilter("error")
from gate_runs import facts, shipped_gate
from test_gate_docs import RESULTS, TROUBLE
from dq.gate import judge
print(judge(shipped_gate(), facts(TROUBLE, RESULTS), Path(sys.argv[1])).decision.value)
"""


class Links(HTMLParser):
    """Collects everything a page would fetch or lead to."""

    def __init__(self):
        super().__init__()
        self.leads_to, self.tags = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.leads_to |= {
            value for name, value in attrs if name in {"href", "src", "srcset", "action", "data", "poster"}
        }
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture(scope="module")
def docs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    judge(shipped_gate(), facts(TROUBLE, RESULTS), folder)
    return folder


def words(path):
    return " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split())


def test_the_folder_holds_the_pages_and_nothing_else(docs):
    assert sorted(path.name for path in docs.iterdir()) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fetches_nothing_and_leads_only_to_its_neighbours(docs, page):
    text = (docs / page).read_text(encoding="utf-8")
    links = Links()
    links.feed(text)
    assert links.leads_to <= {*PAGES, "#main"}
    assert not links.tags & {"script", "link", "img", "iframe", "object", "svg"}
    assert not re.search(r"https?:|//\w|@import|url\(", text)
    assert "default-src 'none'" in text


def test_the_index_gives_the_decision_its_reasons_and_every_check(docs, tmp_path):
    verdict = judge(shipped_gate(), facts(TROUBLE, RESULTS), tmp_path)
    index = words(docs / "index.html")
    assert "Stop: do not publish these figures" in index
    for said in (*verdict.reasons, *(name for name, _, _ in verdict.outcomes)):
        assert said in index
    assert "Kent" in index
    assert "31 Aug 2016" in index


def test_every_rule_that_was_skipped_is_named_however_many(docs):
    for page in ("index.html", "rules.html"):
        assert all(f"rule-{n}" in words(docs / page) for n in range(30))


def test_the_results_are_those_of_the_library(docs):
    page = words(docs / "extracts.html")
    assert "Not met Every extract is present 1 of 12 not as expected 8.3% not as expected" in page
    assert "Met Every value could be read 0.0% not as expected" in page


def test_names_cannot_become_markup(tmp_path):
    name = "<script>alert(1)</script>"
    check = {"expectation": "expect_column_values_to_be_in_set", "with": {"column": "status", "value_set": ["passed"]}}
    odd = gate({**check, "facts": "rules", "name": f"Check {name}", "says": "{which} <b>fails</b>"})
    judge(odd, facts(results=(result(name, Status.ERROR),)), tmp_path)
    for page in ("index.html", "rules.html"):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_alone_it_calls_no_network_writes_nothing_at_home_and_writes_the_same_pages(tmp_path):
    home, folder, again = tmp_path / "home", tmp_path / "docs", tmp_path / "again"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder)],
        env={**environment, "PYTHONHASHSEED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=home,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stop\n", "")
    assert list(home.iterdir()) == []
    judge(shipped_gate(), facts(TROUBLE, RESULTS), again)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {p.name: p.read_bytes() for p in again.iterdir()}
