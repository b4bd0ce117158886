"""The pages as a browser shows them: nothing that axe-core calls a barrier, and a list of 20,000 rows is at hand."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from a_paper import EXCEPTIONS, LATE, LINES, NO_ANSWER, exception, run, write_manual
from a_proof import NOT_RUN, RESULTS, a_proof, a_table
from a_return import write_return

from dq.model import CaseSystem, Section
from dq.reports.commentary import Commentary
from dq.reports.guide import Guide
from dq.reports.pages import write_pages
from dq.reports.proof_page import proof_page
from dq.reports.proof_tables import LONG_ROWS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ON_CI = bool(os.environ.get("CI"))
RULES = {found.id: found for found in (NO_ANSWER, LATE)}
GUIDE = Guide(
    CaseSystem(title="Mosaic", note="General words.", words={"form": "step"}, screens={"cin_visits": "the visit step"}),
    {"person": "https://cases.example/p/{person_id}"},
)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "team": "teams/T1.html", "team in order of rules": "teams/T1.html", "nobody's": "teams/unallocated.html",
    "index": "index.html", "scorecard": "scorecard.html", "rule": "rules/with-examples.html",
    "by month": "months/scorecard.html",
    "figure": "figures/seen.html", "exception report": "figures/moves.html",
    "return by child": "return/index.html", "child": "return/children/1.html",
    "return by rule": "return/rules.html", "rule of a return": "return/rules/no-answer.html",
    "proof": "proof.html", "proof of a clean paper": "clean.html",
}  # fmt: skip
MANY = 20_000
SAID = {
    "moves": Commentary(
        ("A paragraph that a manager wrote of the month, as long as such are. " * 9,) * 3, "Ann Lee", 9.0
    )
}

pytestmark = pytest.mark.skipif(not CHROMIUM and not ON_CI, reason="needs Chromium, which is not installed here")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    rows = [row | {"state": "new" if row["record_key"] == "V2" else "open"} for row in EXCEPTIONS]
    write_pages(run(rows), RULES, folder, GUIDE, SAID)
    paper = run(rows).scorecard
    assert paper is not None
    by_month = [Section(title="Children in need", layout="by_month", over_the_months="total", lines=LINES)]
    by_month_alone = run(rows, scorecard=paper.model_copy(update={"sections": by_month}))
    write_pages(by_month_alone, RULES, folder / "months", GUIDE)
    write_manual(folder)
    write_return(folder / "return")
    paper = a_proof(results=(*RESULTS, NOT_RUN), tables=[a_table(LONG_ROWS + 1, 30), a_table(2, file="page.csv")])
    (folder / "proof.html").write_text(proof_page(paper), encoding="utf-8")
    (folder / "clean.html").write_text(proof_page(a_proof([], RESULTS[3:])), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    rows = [
        exception(n, LATE if n % 4 else NO_ANSWER, "T1", f"V{n}", person=f"C{n // 3}", days=n % 900)
        | {"worker_id": f"W{n % 40}"}
        for n in range(MANY)
    ]
    write_pages(run(rows), RULES, folder, GUIDE)
    return folder / "teams" / "T1.html"


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, as a package of the development set carries it."""
    package = importlib.util.find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        if ON_CI:
            pytest.fail("axe-playwright-python, which carries axe-core, is not installed")
        pytest.skip("needs axe-playwright-python, which carries axe-core and is not installed here")
    script = (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")


def browse(path: Path, profile: Path, *options: str) -> str:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}",
             "--virtual-time-budget=20000"]  # fmt: skip
    done = subprocess.run(
        [str(CHROMIUM), *flags, *options, path.as_uri()], capture_output=True, text=True, timeout=180, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def answered(path: Path, script: str, folder: Path, *options: str) -> str:
    """Return what a script, run in a copy of a page, put into its element ``answer``."""
    copy = folder / path.name
    text = path.read_text(encoding="utf-8")
    copy.write_text(text.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    seen = browse(copy, folder / "profile", "--dump-dom", *options)
    found = re.search(r'<pre id="answer">(.*?)</pre>', seen, re.DOTALL)
    assert found, "the page did not answer"
    return found[1]


ANSWER = """
function answer(text) {
  var place = document.createElement("pre");
  place.id = "answer";
  place.textContent = text;
  document.body.append(place);
}
function order(by) {
  var box = document.getElementById("order");
  box.value = by;
  box.dispatchEvent(new Event("change"));
}
"""
CHECK = """
document.querySelectorAll("details").forEach(function (part) { part.open = true; });
axe.run(document, {runOnly: %s}).then(function (found) {
  answer(found.passes.length + " passed " + found.violations.map(function (fault) {
    return fault.id + " (" + fault.nodes.length + "): " + fault.nodes[0].target;
  }).join("; "));
});
"""


@pytest.mark.parametrize(
    ("name", "window"),
    [
        *((name, "1280,900") for name in PAGES),
        *((name, "390,844") for name in ("team", "index", "by month", "figure", "exception report", "proof", "child")),
    ],
)
def test_axe_finds_no_barrier(name: str, window: str, out: Path, axe: str, tmp_path: Path) -> None:
    in_order = 'order("rule");' if "rules" in name else ""
    script = f"{axe}\n{ANSWER}\n{in_order}\n{CHECK % json.dumps(STANDARDS)}"
    told = answered(out / PAGES[name], script, tmp_path, f"--window-size={window}")
    passed, _, barriers = told.partition(" passed ")
    assert int(passed) > 20
    assert barriers == ""


def test_axe_would_have_said_so(out: Path, axe: str, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.html"
    source = (out / "index.html").read_text(encoding="utf-8")
    spoilt.write_text(source.replace(' lang="en-GB"', "").replace("--mute:#4d5665", "--mute:#c8ccd2"), encoding="utf-8")
    folder = tmp_path / "copy"
    folder.mkdir()
    told = answered(spoilt, f"{axe}\n{ANSWER}\n{CHECK % json.dumps(STANDARDS)}", folder)
    assert "html-has-lang (1)" in told
    assert "color-contrast" in told


SIFT = """
var told = [], first = document.querySelector("#fixes li"), box = document.getElementById("filter");
function seen(what) { return document.querySelectorAll("#fixes " + what + ":not([hidden])").length; }
function tell() {
  told.push([document.getElementById("shown").textContent, seen("li"), seen(".g"), first.isConnected].join(" | "));
}
function sift(words) {
  if (!words.length) { answer(told.join("\\n")); return; }
  box.value = words[0];
  box.dispatchEvent(new Event("input"));
  setTimeout(function () { tell(); sift(words.slice(1)); }, 1000);
}
addEventListener("load", function () {
  tell();
  ["rule", "worker", "oldest", "child"].forEach(function (by) { order(by); tell(); });
  sift(["W8 no-answer", "C17", "nothing like it", ""]);
});
"""


def test_a_long_list_is_ordered_and_sifted_and_its_rows_are_moved_not_made_again(
    long_list: Path, tmp_path: Path
) -> None:
    assert long_list.stat().st_size < 15_000_000
    assert answered(long_list, ANSWER + SIFT, tmp_path).splitlines() == [
        "20,000 rows, for 6,667 children | 20000 | 6667 | true",
        "20,000 rows, for 6,667 children | 20000 | 2 | true",
        "20,000 rows, for 6,667 children | 20000 | 40 | true",
        "20,000 rows, for 6,667 children | 20000 | 5 | true",
        "20,000 rows, for 6,667 children | 20000 | 6667 | true",
        "500 of 20,000 rows contain “w8 no-answer”, for 500 children | 500 | 500 | true",
        "333 of 20,000 rows contain “c17”, for 111 children | 333 | 111 | true",
        "0 of 20,000 rows contain “nothing like it” | 0 | 0 | true",
        "20,000 rows, for 6,667 children | 20000 | 6667 | true",
    ]


SIFT_CHILDREN = """
var rule = document.getElementById("rule");
rule.value = "no-answer";
rule.dispatchEvent(new Event("change"));
var first = document.querySelector("tbody tr:not([hidden]) a");
answer(document.getElementById("shown").textContent + " | " + first.textContent);
"""


def test_the_children_that_one_rule_finds_are_shown_without_a_server(out: Path, tmp_path: Path) -> None:
    assert answered(out / "return" / "index.html", ANSWER + SIFT_CHILDREN, tmp_path) == "1 of 2 children | C1"


def test_what_is_folded_away_prints_and_what_is_sifted_out_does_not(out: Path, tmp_path: Path) -> None:
    def printed(name: str, script: str) -> int:
        copy = tmp_path / f"{name}.html"
        text = (out / "teams" / "T1.html").read_text(encoding="utf-8")
        copy.write_text(text.replace("</body>", f"<script>{ANSWER}{script}</script></body>"), encoding="utf-8")
        paper = tmp_path / f"{name}.pdf"
        browse(copy, tmp_path / "profile", f"--print-to-pdf={paper}", "--no-pdf-header-footer")
        return paper.stat().st_size

    by_rule = 'order("rule");'
    folded = printed("folded", f'{by_rule} document.getElementById("fold").click();')
    assert folded == pytest.approx(printed("unfolded", by_rule), rel=0.01)
    sift = 'var box = document.getElementById("filter"); box.value = "zzz"; box.dispatchEvent(new Event("input"));'
    assert printed("sifted", f"{by_rule} {sift}") < folded * 0.9


WIDE = """
document.querySelectorAll("details").forEach(function (part) { part.open = true; });
addEventListener("load", function () {
  answer(innerWidth + " wide, page " + document.documentElement.scrollWidth);
});
"""
TOLD_BY_FRAME = """
addEventListener("load", function () {
  setTimeout(function () {
    answer(document.querySelector("iframe").contentDocument.getElementById("answer").textContent);
  }, 500);
});
"""


@pytest.mark.parametrize("name", ["figure", "exception report", "scorecard", "proof", "child"])
def test_a_phone_does_not_scroll_sideways(name: str, out: Path, tmp_path: Path) -> None:
    # Chromium has no window narrower than 500 pixels; a frame may be.
    folder = tmp_path / "copy"
    folder.mkdir()
    inside = (out / PAGES[name]).read_text(encoding="utf-8")
    script = f"<script>{ANSWER}{WIDE}</script></body>"
    (folder / "inside.html").write_text(inside.replace("</body>", script), encoding="utf-8")
    frame = tmp_path / "phone.html"
    frame.write_text('<body><iframe src="inside.html" width="360" height="800"></iframe></body>', encoding="utf-8")
    told = answered(frame, ANSWER + TOLD_BY_FRAME, folder, "--allow-file-access-from-files", "--hide-scrollbars")
    assert told == "360 wide, page 360"


def test_the_exception_report_is_one_sheet_with_what_its_managers_say(out: Path, tmp_path: Path) -> None:
    source = (out / PAGES["exception report"]).read_text(encoding="utf-8")
    report, rest = source.split('<section aria-labelledby="trend"')
    first, whole = tmp_path / "first.html", tmp_path / "whole.html"
    first.write_text(report + "</main>", encoding="utf-8")
    whole.write_text(source, encoding="utf-8")
    assert "A paragraph that a manager wrote" in report
    assert "Data notes" in report
    assert "Data notes" not in rest
    assert sheets(first, tmp_path) == 1
    behind = tmp_path / "behind.html"
    behind.write_text(f"{source.split('<header')[0]}<main><section {rest}", encoding="utf-8")
    assert sheets(whole, tmp_path) == 1 + sheets(behind, tmp_path), "no sheet is left empty between them"


def sheets(page: Path, folder: Path) -> int:
    """Return on how many sheets a page prints."""
    paper = folder / f"{page.stem}.pdf"
    browse(page, folder / "profile", f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))


SHOWN = """
function seen(what) {
  return Array.from(document.querySelectorAll(what)).filter(function (row) { return row.offsetHeight > 0; }).length;
}
addEventListener("load", function () {
  var told = [seen(".quiet"), seen(".gap"), seen(".of")];
  document.querySelector(".all input").click();
  answer(told.concat(seen(".quiet"), seen(".gap"), seen(".of")).join(" "));
});
"""


def test_rows_without_a_doubt_are_shown_in_their_places_to_who_asks(out: Path, tmp_path: Path) -> None:
    assert answered(out / PAGES["proof"], ANSWER + SHOWN, tmp_path) == f"0 3 2 {LONG_ROWS - 1} 0 2"


LED = """
addEventListener("load", function () {
  setTimeout(function () {
    var first = document.querySelector("#fixes .g"), asked = document.getElementById("rule-late");
    answer([document.getElementById("order").value, asked.closest(".g").querySelector("h3").textContent,
            document.getElementById("fixes").dataset.by].join(" | "));
  }, 500);
});
"""


def test_a_link_to_the_records_of_a_rule_puts_them_together(out: Path, tmp_path: Path) -> None:
    page = (out / PAGES["team"]).read_text(encoding="utf-8")
    hashed = page.replace("<head>", "<head><script>location.hash = 'rule-late';</script>")
    (tmp_path / "team.html").write_text(hashed, encoding="utf-8")
    folder = tmp_path / "copy"
    folder.mkdir()
    assert answered(tmp_path / "team.html", ANSWER + LED, folder) == "rule | Title of late | rule"
