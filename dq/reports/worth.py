"""What putting one record right is worth to a team: the figures of its own that it could move, and what it settles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dq.model import Figure, Unit
from dq.reports import words


@dataclass(frozen=True)
class Move:
    """A figure that an exception could move by itself, and how far."""

    figure: Figure
    least: float | None
    most: float | None

    @property
    def size(self) -> float:
        """How far at most: in points of a share, in per cent of any other figure; a first base is as far as any."""
        if self.figure.value is None or self.least is None or self.most is None:
            return 100.0
        far = max(abs(self.most - self.figure.value), abs(self.least - self.figure.value))
        if self.figure.indicator.unit is Unit.PERCENT:
            return far
        return 100.0 * far / abs(self.figure.value) if self.figure.value else 100.0

    @property
    def in_words(self) -> str:
        """What the figure could then be, and is now; empty where it could only lose its base."""
        unit, value = self.figure.indicator.unit, self.figure.value
        ends = dict.fromkeys(words.number(end, unit) for end in (self.least, self.most) if end is not None)
        now = f" (now {words.number(value, unit)})" if value is not None else ""
        return f"{' or '.join(ends)}{now}" if ends else ""


@dataclass(frozen=True)
class Worth:
    """What an exception could do to a team's figures, furthest first, and those it is one of the fewest to settle."""

    moves: tuple[Move, ...] = ()
    settles: tuple[Figure, ...] = ()

    @property
    def rank(self) -> tuple[int, float]:
        """What sorts the most consequential first: whether it settles a colour, then how far it moves a figure."""
        return -bool(self.settles), -max((move.size for move in self.moves), default=0.0)

    @property
    def told(self) -> Mapping[str, str]:
        """What it could do, for a narrow column: title → words, of two it settles and of the one it moves furthest."""
        told = {_title(figure): "settles its colour" for figure in self.settles[:2]}
        for move in self.moves[:1]:
            title, ends = _title(move.figure), move.in_words
            if ends:
                told[title] = f"{ends}; {told[title]}" if title in told else ends
        return told


NOTHING = Worth()


def _title(figure: Figure) -> str:
    return figure.title or figure.indicator.title


def worth_of(effects: pa.Table | None, team: str | None, figures: Sequence[Figure]) -> Mapping[str, Worth]:
    """Return exception id → what it is worth to a team, whose figures these are."""
    if effects is None or team is None or not figures:
        return {}
    own = effects.filter(pc.and_(pc.equal(effects["scope_type"], "team"), pc.equal(effects["scope_id"], team)))
    by_measure: dict[str, Figure] = {}
    for figure in figures:
        by_measure.setdefault(figure.measure, figure)
    moves: dict[str, list[Move]] = {}
    for one in own.select(["exception_id", "measure", "least", "most"]).to_pylist():
        if one["measure"] in by_measure:
            moves.setdefault(one["exception_id"], []).append(
                Move(by_measure[one["measure"]], one["least"], one["most"])
            )
    settles = _settles(figures)
    return {
        one: Worth(tuple(sorted(moves.get(one, ()), key=lambda move: -move.size)), tuple(settles.get(one, ())))
        for one in {**moves, **settles}
    }


def _settles(figures: Iterable[Figure]) -> Mapping[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        for one in figure.settle.exceptions if figure.settle is not None else ():
            found.setdefault(one, []).append(figure)
    return found
