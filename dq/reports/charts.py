"""Small charts as inline SVG: the whisker of a range, the sparkline of a row, the larger trend, the bar of counts.

Colours and line weights are in the stylesheet, by class; here is only where each mark goes. Lengths are in
CSS pixels. Every text that reaches a chart is escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dq.model import Band, Figure, Unit
from dq.periods import month_run
from dq.reports import words

Points = Sequence[tuple[dt.date, float | None]]
MONTHS = 24
"""As many as a small trend shows."""
LABEL_HEIGHT = 13

_TEXT = Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
_LINE = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
_RECT = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
_DOT = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>')


_THEN = "as published then"


@dataclass(frozen=True)
class Frame:
    """The size of a trend: in all, what is left free to the left and the right of it, and months to a label."""

    width: int
    height: int
    left: int
    right: int
    step: int


SMALL = Frame(640, 200, 52, 52, 3)
LARGE = Frame(1120, 340, 56, 150, 2)


@dataclass(frozen=True)
class Axis:
    """A straight scale from values to pixels, either way up."""

    least: float
    greatest: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the pixel of a value; one outside the axis sits on its end."""
        inside = min(max(value, self.least), self.greatest)
        return self.start + (inside - self.least) / (self.greatest - self.least) * (self.end - self.start)


def points(figure: Figure, months: int | None = None) -> list[tuple[dt.date, float | None]]:
    """Return the last months of a figure, or all of them, oldest first; one that is not known has no value."""
    known = {when: value for when, value in figure.history if when < figure.period} | {figure.period: figure.value}
    run = month_run(min(known), figure.period)
    return [(when, known.get(when)) for when in (run if months is None else run[-months:])]


def whisker(figure: Figure) -> Markup:
    """Return the range of a figure on an axis, with its target and the edges of its colours."""
    if figure.value is None:
        return Markup("")
    width, height = 196, 46
    marks = [figure.value, figure.low, figure.high, figure.target, *(figure.band.edges if figure.band else ())]
    axis = _axis([mark for mark in marks if mark is not None], figure.indicator.unit, 6, width - 6)
    low = axis.at(figure.value if figure.low is None else figure.low)
    high = axis.at(figure.value if figure.high is None else figure.high)
    value = axis.at(figure.value)
    parts = [
        *_zones(figure.band, axis),
        _LINE.format("axis", axis.start, 27.5, axis.end, 27.5),
        *_edge_labels(figure, axis),
        _LINE.format("whisk", low, 12, high, 12),
        _LINE.format("whisk", low, 7, low, 17),
        _LINE.format("whisk", high, 7, high, 17),
        _DOT.format("dot", value, 12, 4.5),
    ]
    if figure.target is not None:
        at = axis.at(figure.target)
        parts.append(_LINE.format("target", at, 1, at, 33))
    return _svg(width, height, parts, "whisker", None)


def sparkline(figure: Figure) -> Markup:
    """Return the last 24 months of a figure with its target line."""
    shown = points(figure, MONTHS)
    known = [value for _, value in shown if value is not None]
    if len(known) < 2:
        return Markup("")
    width, height = 120, 34
    across = Axis(0, max(len(shown) - 1, 1), 3, width - 5)
    level = [*known, *([] if figure.target is None else [figure.target])]
    up = _axis(level, figure.indicator.unit, height - 4, 4)
    parts = [*_usual(figure, up, 0, width), *_target(figure, up, 0, width), *_runs(shown, across, up)]
    parts += _published(figure, shown, across, up, 1.8)
    if figure.value is not None:
        parts.append(_DOT.format("dot", across.at(len(shown) - 1), up.at(figure.value), 3))
    return _svg(width, height, parts, "spark", trend_words(figure))


def trend(figure: Figure) -> Markup:
    """Return the trend of up to 24 months, with scale, months, target and what is usual."""
    return _trend(figure, points(figure, MONTHS), SMALL, [("target", "Target")])


def large_trend(figure: Figure) -> Markup:
    """Return the trend of all months there are, large, with what its lines and its last point stand for in words."""
    unit = figure.indicator.unit
    names = [("target", f"Target {words.number(figure.target, unit)}")]
    if figure.usual is not None:
        low, high = (words.number(limit, unit) for limit in figure.usual)
        names += [("low", f"Usual from {low}"), ("high", f"Usual to {high}")]
    names.append(("value", f"{words.month(figure.period)}: {words.number(figure.value, unit)}"))
    return _trend(figure, points(figure), LARGE, names)


def _trend(figure: Figure, shown: Points, frame: Frame, names: Iterable[tuple[str, str]]) -> Markup:
    known = [value for _, value in shown if value is not None]
    if len(known) < 2:
        return Markup("")
    left, right, bottom = frame.left, frame.width - frame.right, frame.height - 28
    unit = figure.indicator.unit
    across = Axis(0, len(shown) - 1, left + 8, right - 8)
    level = [*known, *(figure.usual or ()), *([] if figure.target is None else [figure.target])]
    up = _axis(level, unit, bottom, 12)
    parts: list[Markup] = _usual(figure, up, left, right)
    for tick in _ticks(up.least, up.greatest):
        y = up.at(tick)
        parts.append(_LINE.format("grid", left, y, right, y))
        parts.append(_TEXT.format("lab", left - 6, y + 4, "end", _tick_text(tick, unit)))
    for place, (when, _) in enumerate(shown):
        if (len(shown) - 1 - place) % frame.step == 0:
            parts.append(_TEXT.format("lab", across.at(place), bottom + 18, "middle", f"{when:%b %y}"))
    parts += [*_target(figure, up, left, right), *_names(figure, up, right + 4, names), *_runs(shown, across, up)]
    parts += [
        _DOT.format("dot", across.at(place), up.at(value), 2.6)
        for place, (when, value) in enumerate(shown)
        if value is not None and when not in figure.months_published
    ]
    if marked := _published(figure, shown, across, up, 3.4):
        parts += [*marked, _DOT.format("then", left + 8, 8, 3.4), _TEXT.format("lab", left + 16, 12, "start", _THEN)]
    return _svg(frame.width, frame.height, parts, "trend", trend_words(figure))


def _names(figure: Figure, up: Axis, x: float, names: Iterable[tuple[str, str]]) -> list[Markup]:
    """Return what stands to the right of a trend, each beside its height, moved down where two would overlap."""
    low, high = figure.usual or (None, None)
    levels = {"target": figure.target, "low": low, "high": high, "value": figure.value}
    placed, free = [], 0.0
    for y, text in sorted((up.at(level) + 4, text) for what, text in names if (level := levels[what]) is not None):
        at = max(y, free)
        placed.append(_TEXT.format("lab", x, at, "start", text))
        free = at + LABEL_HEIGHT
    return placed


def stacked(parts: Sequence[int], most: int, width: int = 180) -> Markup:
    """Return counts as a bar, end to end: ``width`` stands for ``most``. The counts themselves stand beside it."""
    drawn, at = [], 0.0
    for place, count in enumerate(parts):
        if count:
            length = max(count / most * width, 1.0)
            drawn.append(_RECT.format(f"b{place}", at, 0, length, 14))
            at += length
    return _svg(width, 14, drawn, "bar", None) if drawn else Markup("")


def trend_words(figure: Figure) -> str:
    """Return what a trend shows, for those who cannot see it."""
    unit = figure.indicator.unit
    known = [(when, value) for when, value in points(figure, MONTHS) if value is not None]
    if not known:
        return "No earlier months are known"
    (first, was), (last, now) = known[0], known[-1]
    values = [value for _, value in known]
    ends = f"From {words.number(was, unit)} in {words.month(first)} to {words.number(now, unit)} in {words.month(last)}"
    extremes = f"least {words.number(min(values), unit)}, most {words.number(max(values), unit)}"
    target = "" if figure.target is None else f"; target {words.number(figure.target, unit)}"
    then = [words.month(when) for when, _ in known if when in figure.months_published]
    published = f"; {_THEN}: {', '.join(then)}" if then else ""
    return f"{ends}; {extremes}{target}{published}"


def _axis(values: Iterable[float], unit: Unit, start: float, end: float) -> Axis:
    shown = list(values)
    least, greatest = min(shown), max(shown)
    pad = (greatest - least) * 0.14 or max(abs(greatest) * 0.05, 1.0)
    least, greatest = max(least - pad, 0.0), greatest + pad
    if unit is Unit.PERCENT:
        greatest = max(min(greatest, 100.0), least + 0.5)
    return Axis(least, greatest, start, end)


def _zones(band: Band | None, axis: Axis) -> list[Markup]:
    """Return the strip of colours under a whisker, each with its letter where there is room."""
    if band is None:
        return []
    cuts = [axis.start, *(axis.at(edge) for edge in band.edges), axis.end]
    parts = []
    for letter, left, right in zip(band.zones, cuts, cuts[1:], strict=False):
        parts.append(_RECT.format(f"z{letter}", left, 21, right - left, 13))
        if right - left >= 14:
            parts.append(_TEXT.format("zl", (left + right) / 2, 31, "middle", letter))
    return parts


def _edge_labels(figure: Figure, axis: Axis) -> list[Markup]:
    """Return the value under each edge of a colour, leaving out one that would run into the one before."""
    parts, free = [], 0.0
    for edge in figure.band.edges if figure.band else ():
        text = _tick_text(edge, figure.indicator.unit)
        half = 3.1 * len(text)
        at = min(max(axis.at(edge), half), 196 - half)
        if at - half >= free:
            parts.append(_TEXT.format("lab", at, 44.5, "middle", text))
            free = at + half + 4
    return parts


def _runs(shown: Points, across: Axis, up: Axis) -> list[Markup]:
    """Return the line of a trend, broken where a month is not known."""
    runs: list[list[str]] = [[]]
    for place, (_, value) in enumerate(shown):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{across.at(place):.1f},{up.at(value):.1f}")
    return [Markup('<polyline class="run" points="{}"/>').format(" ".join(run)) for run in runs if len(run) > 1]


def _target(figure: Figure, up: Axis, left: float, right: float) -> list[Markup]:
    if figure.target is None:
        return []
    y = up.at(figure.target)
    return [_LINE.format("target", left, y, right, y)]


def _usual(figure: Figure, up: Axis, left: float, right: float) -> list[Markup]:
    """Return the band between what the months before let expect."""
    if figure.usual is None:
        return []
    least, greatest = (up.at(limit) for limit in figure.usual)
    return [_RECT.format("usual", left, greatest, right - left, max(least - greatest, 1.0))]


def _published(figure: Figure, shown: Points, across: Axis, up: Axis, size: float) -> list[Markup]:
    """Return the marks of the months that are as published: rings, where those from the records are filled."""
    return [
        _DOT.format("then", across.at(place), up.at(value), size)
        for place, (when, value) in enumerate(shown)
        if value is not None and when in figure.months_published
    ]


def _ticks(least: float, greatest: float) -> list[float]:
    """Return three to six round values inside an axis."""
    span = greatest - least
    step = next(size * 10**power for power in range(-2, 9) for size in (1, 2, 2.5, 5) if span / (size * 10**power) <= 5)
    first = -int(-least // step)
    return [round(number * step, 6) for number in range(first, int(greatest // step) + 1)]


def _tick_text(value: float, unit: Unit) -> str:
    return f"{value:,.10g}" + ("%" if unit is Unit.PERCENT else "")


def _svg(width: int, height: int, parts: Iterable[Markup], kind: str, label: str | None) -> Markup:
    says = Markup('aria-hidden="true"') if label is None else Markup('role="img" aria-label="{}"').format(label)
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" {} focusable="false">')
    title = Markup("") if label is None else Markup("<title>{}</title>").format(label)
    return head.format(kind, width, height, width, height, says) + title + Markup("").join(parts) + Markup("</svg>")
