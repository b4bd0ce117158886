"""What a run writes, opened as its readers open it: in a browser from the file, on paper, and in a spreadsheet."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

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
    made = dq("sample", "kent-2016-08", "--out", str(project / "extracts"), "--scale", "0.1", "--defects", "0.05")
    assert made.returncode == 0, made.stderr
    settings = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nhistory_from: 2014-09-01\n"
    (project / "dq.yaml").write_text(settings, encoding="utf-8")
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
    links = re.compile(r'(?:href|src)="([^"#]+)(?:#[^"]*)?"')
    wrong = [
        (page.relative_to(out).as_posix(), target)
        for page in out.rglob("*.html")
        for target in links.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / unquote(target)).exists()
    ]
    assert wrong == []


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
    assert 1 <= pages_of(printed) <= 8


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
