"""Figures as columns of a table, the same in every workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dq.model import Direction, Figure, PeriodKind, Polarity
from dq.reports import as_published, words
from dq.reports.sheets import QUIET, Cell, Column, Look, Sheet, figure_cell, quantity_cell

INDICATOR_WIDTH = 40
"""Characters."""
Arrow = Literal["performance", "number"]

_BETTER = {
    Polarity.HIGH: "Higher",
    Polarity.LOW: "Lower",
    Polarity.TARGET: "Nearer target",
    Polarity.NONE: "Monitor only",
}
_PERIOD = {
    PeriodKind.SNAPSHOT: "SS",
    PeriodKind.MONTH: "Month",
    PeriodKind.QUARTER: "Quarter",
    PeriodKind.R3M: "R3M",
    PeriodKind.R12M: "R12M",
    PeriodKind.FINANCIAL_YEAR: "FYTD",
    PeriodKind.ACADEMIC_YEAR: "AYTD",
}
_QUIET: Look = {"font_color": QUIET}


def figure_columns(arrow: Arrow, *, outside: bool = False, linked: bool = False) -> list[Column[Figure]]:
    """Return the columns of a table of figures; ``arrow`` says what an arrow means in the paper's house style.

    ``outside``, the open exceptions of areas and teams are not told, and so of nobody. With ``linked`` a title leads
    to the figure's page, beside the workbook.
    """
    columns: list[Column[Figure]] = [
        Column("No.", 5, lambda f: Cell(f.number, "centre"), lambda _: _QUIET),
        Column(
            "Indicator", INDICATOR_WIDTH, lambda f: Cell(f.title or f.indicator.title, link=_page(f) if linked else "")
        ),
        Column("Better", 11.5, lambda f: Cell(_BETTER[f.indicator.polarity], "centre"), lambda _: _QUIET),
        Column("Period", 7, lambda f: Cell(_PERIOD[f.indicator.period], "centre"), lambda _: _QUIET),
        Column("Result", 8.5, lambda f: figure_cell(f.value, f.indicator.unit), lambda _: {"bold": True}),
        Column("RAG", 8.5, lambda f: Cell(f.rag, "rag")),
        Column("Num", 8, lambda f: quantity_cell(f.numerator)),
        Column("Denom", 8, lambda f: quantity_cell(f.denominator)),
        Column("Target", 8, lambda f: figure_cell(f.target, f.indicator.unit)),
        Column("Could be as low as", 10.5, lambda f: figure_cell(f.low, f.indicator.unit)),
        Column("Could be as high as", 10.5, lambda f: figure_cell(f.high, f.indicator.unit)),
        Column("Colour settled?", 16, _settled),
        Column("Last month", 8, lambda f: figure_cell(f.previous, f.indicator.unit)),
        Column("Since last month", 9, lambda f: _moved(f.since_last_month, arrow)),
        Column("A year ago", 8, lambda f: figure_cell(f.year_ago, f.indicator.unit)),
        Column("Since a year ago", 9, lambda f: _moved(f.since_last_year, arrow)),
        Column("Rolling 3 months", 10.5, lambda f: figure_cell(f.r3m, f.indicator.unit)),
        Column("R3M RAG", 8, lambda f: Cell(f.r3m_rag, "rag")),
        Column("Open exceptions", 12.5, lambda f: Cell(f.open_exceptions, "count")),
        Column("Note", 22, lambda f: Cell(note_of(f)), lambda _: _QUIET),
    ]
    return [column for column in columns if not outside or column.title != "Open exceptions"]


def _page(figure: Figure) -> str:
    # In the words of XlsxWriter: a file beside the workbook.
    return f"external:{words.FIGURES}/{words.measure_stem(figure.measure)}.html"


def colour_figures(sheet: Sheet, columns: Sequence[Column[Figure]], first: int, last: int) -> None:
    """Fill the RAG columns of a table of figures in rows ``first`` to ``last`` by the letter they hold."""
    for place, column in enumerate(columns):
        if str(column.title).endswith("RAG"):
            sheet.colour_letters(first, last, place)


def note_of(figure: Figure) -> str:
    """Return what there is to say of a figure; where it is a dash, the reason."""
    said = as_published.note(figure)
    if figure.value is not None or said:
        return said
    return "No record in the denominator" if figure.available else "Not available: the reason is not known"


def _settled(figure: Figure) -> Cell:
    if figure.settled is None:
        return Cell(None, "centre")
    if figure.unchecked:
        return Cell("No: not all checked", "centre")
    return Cell("Yes" if figure.settled else f"No: {' or '.join(words.possible_colours(figure))}", "centre")


def _moved(moved: Direction | None, arrow: Arrow) -> Cell:
    return Cell(None if moved is None else f"{words.arrow(moved, arrow)} {words.moved_words(moved)}", "centre")
