"""What a run writes, opened as its readers open it: in a browser from the file, on paper, and in a spreadsheet."""

import csv
import html
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from links import links

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OFFICE = shutil.which("soffice")
ON_CI = bool(os.environ.get("CI"))
needs_chromium = pytest.mark.skipif(not CHROMIUM and not ON_CI, reason="needs Chromium, which is not installed here")
needs_office = pytest.mark.skipif(not OFFICE and not ON_CI, reason="needs LibreOffice, which is not installed here")


def dq(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "dq", *arguments], capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    project = tmp_path_factory.mktemp("authority")
    made = dq("sample", "kent-2016-08", "--out", str(project / "extracts"), "--scale", "0.04", "--defects", "0.05")
    assert made.returncode == 0, made.stderr
    settings = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nhistory_from: 2013-09-01\n"
    (project / "dq.yaml").write_text(settings, encoding="utf-8")
    for month, text in (("2016-08", "August was short of staff."), ("2016-07", "July was not.")):
        said = project / "commentary" / month / "cin_seen.txt"
        said.parent.mkdir(parents=True)
        said.write_text(f"author: Ann Lee\n\n{text}\n", encoding="utf-8")
    ran = dq("run", str(project))
    assert ran.returncode in {0, 1}, ran.stderr
    return project / "out" / "2016-08"


@pytest.fixture(scope="module")
def fullest_team(out) -> Path:
    return max((out / "teams").glob("T*.html"), key=lambda page: page.stat().st_size)


def browse(page: Path, *options: str, profile: Path) -> str:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
             "--virtual-time-budget=4000"]  # fmt: skip
    done = subprocess.run(
        [CHROMIUM, *flags, *options, page.as_uri()], capture_output=True, text=True, timeout=120, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pages_of(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def test_every_link_of_every_page_leads_to_a_file_of_the_run(out):
    followed, broken = links(out)
    assert followed > 1000
    assert broken == []


def test_the_index_leads_to_a_figure_and_to_its_records_in_three_clicks(out):
    def led_to(page: Path) -> list[str]:
        return re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8"))

    assert "scorecard.html" in led_to(out / "index.html")
    figures = sorted(set(re.findall(r"figures/[^\s\"#]+", " ".join(led_to(out / "scorecard.html")))))
    with (out / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        whole = [row for row in csv.DictReader(file) if row["scope_type"] == "authority"]
    stems = [f"{row['indicator_id']}{'' if row['split'] == 'all' else '.' + row['split']}" for row in whole]
    assert figures == sorted(f"figures/{stem}.html" for stem in stems)
    lists = [href for figure in figures for href in led_to(out / figure) if "/teams/" in href and "#" in href]
    for page, place in {tuple(href.removeprefix("../").split("#")) for href in lists}:
        rule = place.removeprefix("rule-")
        text = (out / page).read_text(encoding="utf-8")
        assert f'<li id="{place}"' in text
        assert f'<span class="code">{rule}</span>' in text, "and what the rule means is told there"


def test_a_figure_counts_the_errors_that_rules_found_in_what_it_reads(out):
    with (out / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        errors = [row for row in csv.DictReader(file) if row["severity"] == "error"]
    with (out / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        whole = [row for row in csv.DictReader(file) if (row["scope_type"], row["split"]) == ("authority", "all")]
    for figure in whole:
        feeding = [row for row in errors if figure["indicator_id"] in row["indicators"].split(";")]
        assert int(figure["open_exceptions"]) <= len(feeding), figure["indicator_id"]
        listed = html.unescape((out / "figures" / f"{figure['indicator_id']}.html").read_text(encoding="utf-8"))
        for rule, count in Counter(row["rule_id"] for row in feeding).items():
            assert re.search(
                rf'rules/{re.escape(rule)}\.html">[^<]+</a></th><td>Error</td><td class="n">{count}<', listed
            )


def test_no_figures_page_tells_of_a_child_or_a_worker(out):
    with (out / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = {row[name] for row in rows for name in ("person_id", "worker_id", "exception_id")} - {""}
    for page in (out / "figures").iterdir():
        told = set(re.findall(r"[A-Za-z0-9_-]+", page.read_text(encoding="utf-8")))
        assert not told & ids, page.name


def test_commentary_is_on_the_page_of_its_figure_and_month(out):
    page = (out / "figures" / "cin_seen.html").read_text(encoding="utf-8")
    assert "August was short of staff." in page
    assert "Ann Lee" in page
    told = [file.name for file in out.rglob("*.html") if "was short of staff" in file.read_text(encoding="utf-8")]
    assert told == ["cin_seen.html"]
    assert not any("July was not." in file.read_text(encoding="utf-8") for file in out.rglob("*.html"))


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_the_scorecards_workbook_leads_to_the_page_of_each_figure(out):
    sheet = openpyxl.load_workbook(out / "scorecard.xlsx")["Scorecard"]
    # Written as Windows writes a path; every spreadsheet reads it.
    led_to = {cell.hyperlink.target.replace("\\", "/") for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert led_to == {f"figures/{page.name}" for page in (out / "figures").iterdir()}


def test_nothing_in_any_page_is_fetched(out):
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text), page.name
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text), page.name


@needs_chromium
def test_the_scorecard_opens_from_its_file_and_prints_on_a_few_sheets(out, tmp_path):
    seen = browse(out / "scorecard.html", "--dump-dom", profile=tmp_path / "profile")
    for title in ("% of CIN who have been seen in the last 28 days", "Children in care"):
        assert title in seen
    printed = tmp_path / "scorecard.pdf"
    browse(out / "scorecard.html", f"--print-to-pdf={printed}", "--no-pdf-header-footer", profile=tmp_path / "profile")
    assert 1 <= pages_of(printed) <= 17, (
        "what the gate says; 44 lines, seven to a sheet; activity by unit; six areas, two to a sheet; the reds"
    )


@needs_chromium
def test_a_team_page_shows_only_the_rows_that_hold_the_words_typed(out, fullest_team, tmp_path):
    text = fullest_team.read_text(encoding="utf-8")
    child = re.findall(r"\bC\d{6}\b", text)[0]
    typed = (
        "<script>addEventListener('load', () => { const box = document.querySelector('input');"
        f" box.value = '{child}'; box.dispatchEvent(new Event('input', {{bubbles: true}}));"
        " setTimeout(() => { const rows = [...document.querySelectorAll('#fixes li')].filter(r => r.offsetParent);"
        " document.title = 'shown ' + rows.length + ' of them right '"
        f" + rows.filter(r => r.textContent.includes('{child}')).length; }}, 600); }});</script>"
    )
    copy = tmp_path / "team.html"
    copy.write_text(text.replace("</body>", typed + "</body>"), encoding="utf-8")
    seen = browse(copy, "--dump-dom", profile=tmp_path / "profile")
    shown, right = map(int, re.findall(r"<title>shown (\d+) of them right (\d+)</title>", seen)[0])
    assert shown == right > 0


@needs_office
def test_a_team_workbook_survives_a_spreadsheet(fullest_team, tmp_path):
    book = fullest_team.with_suffix(".xlsx")
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(book)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    before, after = openpyxl.load_workbook(book), openpyxl.load_workbook(tmp_path / book.name)
    assert after.sheetnames == before.sheetnames
    to_do, saved = before.worksheets[0], after.worksheets[0]
    values = [[cell.value for cell in row] for row in to_do.iter_rows()]
    assert [[cell.value for cell in row[: len(values[0])]] for row in saved.iter_rows(max_row=len(values))] == values
    assert saved.data_validations.dataValidation
