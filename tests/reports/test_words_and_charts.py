"""How values, colours and trends are put into words and marks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from a_paper import (
    KENT,
    LINES,
    SEEN,
    figure,
    figures_for,
)
from page_reader import Page

from dq.model import (
    Band,
)
from dq.reports import charts, words


def test_file_names_keep_plain_ids_and_tell_odd_ones_apart():
    assert words.file_stem("T01-a_b") == "T01-a_b"
    assert words.file_stem(None) == "unallocated"
    odd = [words.file_stem(name) for name in ("a/b", "a b", "a\\b", "unallocated", "CON", "..", "")]
    assert len(set(odd)) == len(odd)
    assert not any(set(stem) & set("/\\. ") for stem in odd)
    assert "unallocated" not in odd
    assert "CON" not in odd


def test_values_are_worded_for_the_person_who_will_mend_them():
    held = {
        "end_date": "2017-05-04",
        "moment": "2017-05-04T10:30:00",
        "seen": None,
        "postcode": "ZZ9",
        "odd": "2017-13-45",
    }
    assert words.found(json.dumps(held)) == (
        "end date: 4 May 2017; moment: 4 May 2017 10:30; seen: nothing recorded; postcode: ZZ9; odd: 2017-13-45"
    )
    assert words.found(None) == ""


def test_a_colour_between_the_ends_is_possible_too():
    wide = figure(SEEN, KENT, LINES[0], value=81.0, rag="G", low=60.0, high=85.0, rag_low="R", rag_high="G")
    assert words.colour_words(wide) == "Red, Amber or Green"
    no_amber = dataclasses.replace(wide, band=Band(green=">= 80", amber=">= 80", basis="documented", evidence="none"))
    assert words.colour_words(no_amber) == "Red or Green"
    assert words.possible_colours(dataclasses.replace(wide, rag=None)) == ()


def test_the_line_of_a_trend_breaks_where_a_month_is_not_known():
    months = tuple(
        (dt.date(2016, month, day), value)
        for month, day, value in ((4, 30, 70.0), (5, 31, 71.0), (6, 30, None), (7, 31, 72.0))
    )
    broken = figure(SEEN, KENT, LINES[0], value=74.0, history=months)
    assert charts.sparkline(broken).count("<polyline") == 2
    assert "From 70.0% in Apr 2016 to 74.0% in Aug 2016; least 70.0%, most 74.0%; target 80.0%" in charts.sparkline(
        broken
    )
    assert charts.sparkline(dataclasses.replace(broken, history=())) == ""


def test_a_whisker_runs_from_low_to_high_with_the_value_between():
    svg = Page(str(charts.whisker(figures_for(KENT)[0])))
    ends = [(float(a["x1"]), float(a["x2"])) for tag, a, _ in svg.elements if tag == "line" and a["class"] == "whisk"]
    dot = next(float(attrs["cx"]) for tag, attrs, _ in svg.elements if tag == "circle")
    target = next(float(attrs["x1"]) for tag, attrs, _ in svg.elements if attrs.get("class") == "target")
    low, high = ends[0]
    assert low < target < dot < high
    assert (dot - low) / (high - low) == pytest.approx((80.9645 - 78.86) / (82.04 - 78.86), abs=0.01)
