"""How values are worded wherever people read them: one way for pages and workbooks alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping

from dq.model import Direction, Figure, PeriodKind, Polarity, Severity, Unit, edges_of

RAG_WORDS = {"G": "Green", "A": "Amber", "R": "Red"}
POLARITY_WORDS = {
    Polarity.HIGH: "Higher is better",
    Polarity.LOW: "Lower is better",
    Polarity.TARGET: "Nearer the target is better",
    Polarity.NONE: "Monitor only",
}
UNIT_WORDS = {
    Unit.PERCENT: "percentage",
    Unit.COUNT: "count",
    Unit.AVERAGE: "average",
    Unit.AVERAGE_DAYS: "average number of days",
    Unit.RATE: "rate per 10,000 children",
}
PERIOD_WORDS = {
    PeriodKind.SNAPSHOT: "snapshot at the period end",
    PeriodKind.MONTH: "the month",
    PeriodKind.QUARTER: "the quarter so far",
    PeriodKind.R3M: "3 months to the period end",
    PeriodKind.R12M: "12 months to the period end",
    PeriodKind.FINANCIAL_YEAR: "the financial year so far",
    PeriodKind.ACADEMIC_YEAR: "the school year so far",
}
SEVERITY_WORDS = {Severity.ERROR: "Error", Severity.QUERY: "Query", Severity.INFORMATION: "Information"}
DASH = "–"
UNALLOCATED = "unallocated"
FIGURES = "figures"
"""The folder of the pages of measures."""
_ISO_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?")


def day(value: dt.date) -> str:
    """Return a date as people here write it: 31 Aug 2016."""
    return f"{value.day} {value:%b %Y}"


def month(value: dt.date) -> str:
    """Return a month: Aug 2016."""
    return f"{value:%b %Y}"


def number(value: float | None, unit: Unit) -> str:
    """Return a figure as printed: one decimal, but whole counts with thousands; a dash for none."""
    if value is None:
        return DASH
    if unit is Unit.PERCENT:
        return f"{value:.1f}%"
    return f"{value:,.0f}" if unit is Unit.COUNT and float(value).is_integer() else f"{value:,.1f}"


def quantity(value: float) -> str:
    """Return a numerator or a denominator: whole, or a sum of full time equivalents to one decimal."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def signed(value: float, places: int = 0) -> str:
    """Return a change: +12, −3, 0; with so many decimals."""
    shown = f"{abs(value):,.{places}f}"
    if not float(shown.replace(",", "")):
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def plural(count: int, thing: str, things: str | None = None) -> str:
    """Return a count with its noun: 1 record, 17 records."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def base(figure: Figure) -> str:
    """Return numerator of denominator, as printed under a percentage; or what an average is worked out from."""
    if figure.denominator is None or figure.numerator is None:
        return ""
    numerator, denominator = quantity(figure.numerator), quantity(figure.denominator)
    return f"{numerator} {'of' if figure.indicator.unit is Unit.PERCENT else 'over'} {denominator}"


def arrow(moved: Direction | None, meaning: str) -> str:
    """Return the paper's arrow: of performance (up is better) or of the number, as its house style says."""
    if moved is None:
        return DASH
    if meaning == "performance" and moved.performance:
        return {"better": "↑", "worse": "↓", "same": "→"}[moved.performance]
    return {"up": "↑", "down": "↓", "level": "→"}[moved.movement]


def moved_words(moved: Direction | None) -> str:
    """Return the direction in a word, so that an arrow is never alone."""
    if moved is None:
        return "not known"
    return moved.performance or {"up": "higher", "down": "lower", "level": "same"}[moved.movement]


def period_words(kind: PeriodKind, end: dt.date) -> str:
    """Return the stretch of time a figure is about: at 31 Aug 2016, or 12 months to Aug 2016."""
    return {
        PeriodKind.SNAPSHOT: f"At {day(end)}",
        PeriodKind.MONTH: month(end),
        PeriodKind.QUARTER: f"Quarter to {month(end)}",
        PeriodKind.R3M: f"3 months to {month(end)}",
        PeriodKind.R12M: f"12 months to {month(end)}",
        PeriodKind.FINANCIAL_YEAR: f"Financial year to {month(end)}",
        PeriodKind.ACADEMIC_YEAR: f"School year to {month(end)}",
    }[kind]


def limit_words(limit: str, unit: Unit) -> str:
    """Return a limit of a band in words: '>= 80' is 80% or more, 'within 2 of 10' is 8% to 12%."""
    shown = [f"{edge:,.10g}{'%' if unit is Unit.PERCENT else ''}" for edge in edges_of(limit)]
    if len(shown) == 2:
        return " to ".join(shown)
    return {
        ">=": f"{shown[0]} or more",
        "<=": f"{shown[0]} or less",
        ">": f"over {shown[0]}",
        "<": f"under {shown[0]}",
    }[limit.split(maxsplit=1)[0]]


def possible_colours(figure: Figure) -> tuple[str, ...]:
    """Return the colours a figure may turn out to have, worst first: one where settled, none where it has none."""
    return () if figure.rag is None else tuple(letter for letter in "RAG" if letter in figure.colours)


def colour_words(figure: Figure) -> str:
    """Return the colour in words: Green, or Amber or Green where open exceptions leave it unsettled."""
    *others, last = [RAG_WORDS[letter] for letter in possible_colours(figure)] or [""]
    colours = f"{', '.join(others)} or {last}" if others else last
    return f"{colours}, not fully checked" if colours and figure.unchecked else colours


def range_words(figure: Figure) -> str:
    """Return the range of a figure in words: between 78.9% and 82.0%."""
    unit = figure.indicator.unit
    if figure.low is None or figure.high is None or figure.value is None:
        return "range not known"
    low, high = number(figure.low, unit), number(figure.high, unit)
    if figure.unchecked:
        return "not known: not every rule that feeds it ran"
    if figure.low == figure.high:
        return "no open error can move it"
    return f"between {low} and {high}" if low != high else f"{low} either way, as rounded"


def settle_words(figure: Figure) -> str:
    """Return what would settle the colour of a figure: 12 records put right settle it Amber, if they count for it.

    Empty where nothing short would.
    """
    if figure.settle is None:
        return ""
    count, colour = len(figure.settle.exceptions), RAG_WORDS[figure.settle.colour]
    they, settle = ("they", "settle") if count > 1 else ("it", "settles")
    turns = {Polarity.HIGH: "up", Polarity.LOW: "down"}.get(figure.indicator.polarity)
    if turns is None:
        then = f"if {they} {'move' if count > 1 else 'moves'} it {figure.settle.way}"
    else:
        then = f"if {they} {'count' if count > 1 else 'counts'} {'for' if figure.settle.way == turns else 'against'} it"
    return f"{plural(count, 'record')} put right {settle} it {colour}, {then}"


def short_range(figure: Figure) -> str:
    """Return the range of a figure for a narrow column: 78.9% to 82.0%."""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return range_words(figure) if figure.low is None else "nothing else"
    unit = figure.indicator.unit
    return f"{number(figure.low, unit)} to {number(figure.high, unit)}"


def usual_words(figure: Figure) -> str:
    """Return what the months before let expect of a figure, and whether it is that; empty where it cannot be said."""
    if figure.usual is None or figure.unusual is None:
        return ""
    low, high = (number(limit, figure.indicator.unit) for limit in figure.usual)
    said = {"above": "above the usual", "below": "below the usual"}.get(figure.unusual, "as usual:")
    return f"{said} {low} to {high}"


BESIDE_WORDS: Mapping[str | None, str] = {
    "above": "higher than by chance",
    "below": "lower than by chance",
    "within": "no more than chance",
    "too_few": "too few to say",
    None: "",
}
"""How an area or a team stands to the authority."""


def message_words(message: str) -> str:
    """Return a rule's message where there is no record to fill it: its columns as [placement start date]."""
    return re.sub(r"\{(\w+)\}", lambda column: f"[{column[1].replace('_', ' ')}]", message)


def found(values: str | None) -> str:
    """Return what a record holds, from the JSON text of its values: end date: nothing recorded; postcode: ME1 1AA."""
    held = json.loads(values) if values else {}
    return "; ".join(f"{name.replace('_', ' ')}: {_found_value(value)}" for name, value in held.items())


def _found_value(value: object) -> str:
    if value is None or value == "":
        return "nothing recorded"
    text = str(value)
    moment = _ISO_MOMENT.fullmatch(text)
    if moment is None:
        return text
    try:
        date = day(dt.date.fromisoformat(moment[1]))
    except ValueError:  # looks like a date and is none: shown as it came
        return text
    return f"{date} {moment[2]}" if moment[2] and moment[2] != "00:00" else date


def file_stem(identifier: str | None) -> str:
    """Return the name of a team's files without the ending, safe on any disk.

    An id of plain letters, digits, ``-`` and ``_`` is its own name; any other is cleaned and told apart by a hash,
    so no two teams share one.
    """
    if identifier is None:
        return UNALLOCATED
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", identifier)
    reserved = re.fullmatch(rf"(?i){UNALLOCATED}|con|prn|aux|nul|com\d|lpt\d", clean)
    if clean == identifier and not reserved:
        return identifier
    return f"{clean}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"


def measure_stem(measure: str) -> str:
    """Return the name, without the ending, of a measure's page and of what managers write of it.

    It is the indicator's, and for a split a full stop and the split's: no part of a stem has one in it.
    """
    return ".".join(file_stem(part) for part in measure.split(":", 1))
