"""What managers write: read as they typed it, shown for its own month alone, and never lost by a slip of a name."""

from __future__ import annotations

import datetime as dt

import pytest
from a_paper import KENT, LINES, SEEN, figure

from dq.library import policy_root
from dq.model import Project
from dq.problems import ProblemsError
from dq.reports.commentary import commentary_place, read_commentary

PERIOD = dt.date(2016, 8, 31)
MEASURES = ("seen", "moves", "cla_count:not_uasc")
AUGUST = "commentary/2016-08"


def project(folder, **settings):
    return Project(authority="Kent", scorecard="kent", folder=folder, **settings)


def written(folder, name, text="Staff were short.", place=AUGUST, **settings):
    """Write one file as bytes or UTF-8 text, and return what is read for August 2016."""
    path = folder / place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_commentary(project(folder, **settings), PERIOD, MEASURES)


def refused(folder, name, text="Staff were short.", place=AUGUST, **settings):
    with pytest.raises(ProblemsError) as error:
        written(folder, name, text, place, **settings)
    return str(error.value).replace(f"{folder}/", "")


def test_an_author_a_figure_and_paragraphs_are_read_as_typed(tmp_path):
    text = "Author: Ann Lee, Head of Service\nfigure: 81.0%\n\nTwo teams:\n- north\n- south\n\n\nA <b>second</b>.\n"
    said = written(tmp_path, "seen.txt", text)["seen"]
    assert said.author == "Ann Lee, Head of Service"
    assert said.figure == 81.0
    assert said.paragraphs == ("Two teams:\n- north\n- south", "A <b>second</b>.")


def test_nothing_but_text_is_needed_and_a_sentence_with_a_colon_is_text(tmp_path):
    said = written(tmp_path, "moves.txt", "Performance: better.\nauthor: is a word too")["moves"]
    assert said.paragraphs == ("Performance: better.\nauthor: is a word too",)
    assert (said.author, said.figure) == ("", None)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_whatever_notepad_saved_is_read(codec, tmp_path):
    said = written(tmp_path, "seen.txt", "author: Zoë\r\n\r\nA “good” month – nearly.\r\n".encode(codec))["seen"]
    assert (said.author, said.paragraphs) == ("Zoë", ("A “good” month – nearly.",))


def test_text_is_of_its_own_month_alone(tmp_path):
    assert written(tmp_path, "seen.txt", place="commentary/2016-07") == {}
    assert list(written(tmp_path, "moves.txt")) == ["moves"]


def test_a_part_of_an_indicator_has_a_file_name_any_disk_can_hold(tmp_path):
    assert commentary_place(project(tmp_path), PERIOD, "cla_count:not_uasc") == f"{AUGUST}/cla_count.not_uasc.txt"
    assert list(written(tmp_path, "cla_count.not_uasc.txt")) == ["cla_count:not_uasc"]


def test_a_project_without_commentary_has_none_and_may_keep_it_elsewhere(tmp_path):
    assert read_commentary(project(tmp_path), PERIOD, MEASURES) == {}
    assert list(written(tmp_path, "seen.txt", place="said/2016-08", commentary="said")) == ["seen"]
    with pytest.raises(ProblemsError, match="there is no folder"):
        read_commentary(project(tmp_path, commentary="sayd"), PERIOD, MEASURES)


@pytest.mark.parametrize(
    ("name", "place", "told"),
    [
        ("sen.txt", AUGUST, f"{AUGUST}/sen.txt: the scorecard has no indicator 'sen'. Did you mean 'seen'?"),
        ("seen.txt.txt", AUGUST, "no indicator 'seen.txt'. Did you mean 'seen'?"),
        ("seen.docx", AUGUST, "it does not end in .txt. Write it in Notepad"),
        ("seen.txt", "commentary/2016-8", "'2016-8' is not a month. Did you mean '2016-08'?"),
        ("seen.txt", "commentary/Aug 2016", "'Aug 2016' is not a month. Name it as YYYY-MM, such as 2016-08."),
        ("seen.txt", "commentary/2016-13", "'2016-13' is not a month."),
        ("seen.txt", "commentary", "shown nowhere. Put it in the folder of its month: commentary/2016-08."),
    ],
)  # fmt: skip
def test_what_would_be_shown_nowhere_is_refused_with_what_is_near(name, place, told, tmp_path):
    assert told in refused(tmp_path, name, place=place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("auhtor: Ann\n\nText.", "seen.txt:1: there is no heading 'auhtor'. Did you mean 'author'?"),
        ("author: Ann\nfigure: about 81\n\nText.", "seen.txt:2: 'figure' is 'about 81', which is no number."),
        ("author: Ann\nauthor: Bob\n\nText.", "seen.txt:2: 'author' is given twice."),
        ("author: Ann\n \n", "seen.txt: this commentary holds no text."),
        ("", "seen.txt: this commentary holds no text."),
        (b"PK\x03\x04\x14\x00", "seen.txt: this file is not plain text."),
        ("Text.".encode("utf-16-le"), "seen.txt: this file is not plain text."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_its_line(text, told, tmp_path):
    assert told in refused(tmp_path, "seen.txt", text)


def test_every_fault_is_told_at_once(tmp_path):
    refused(tmp_path, "sen.txt")
    told = refused(tmp_path, "moves.txt", "")
    assert "'sen'" in told
    assert "moves.txt: this commentary holds no text" in told


def test_what_systems_leave_in_folders_is_passed_over(tmp_path):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$seen.docx"):
        assert written(tmp_path, name, b"\0") == {}


@pytest.mark.parametrize(
    ("given", "now", "told"),
    [
        ("81.0", 81.04, ""),
        ("81", 80.96, ""),
        ("81.0", 76.9, "This was written when the figure was 81.0%. It is now 76.9%."),
        ("81.0", None, "This was written when the figure was 81.0%. There is no figure now."),
    ],
)  # fmt: skip
def test_a_figure_that_has_changed_since_is_said_as_it_is_printed(given, now, told, tmp_path):
    said = written(tmp_path, "seen.txt", f"figure: {given}\n\nText.")["seen"]
    assert said.outdated(figure(SEEN, KENT, LINES[0], value=now)) == told


def test_a_large_count_may_be_given_as_the_page_prints_it(tmp_path):
    assert written(tmp_path, "seen.txt", "figure: 1,595\nText.")["seen"].figure == 1595


def test_the_example_of_the_documentation_is_read(tmp_path):
    manual = (policy_root() / "docs" / "project-file.md").read_text(encoding="utf-8")
    example = next(block for block in manual.split("```text\n")[1:] if block.startswith("author:")).split("```")[0]
    said = written(tmp_path, "seen.txt", example)["seen"]
    assert (said.author, said.figure, len(said.paragraphs)) == ("Ann Lee, Head of Service", 76.9, 2)
