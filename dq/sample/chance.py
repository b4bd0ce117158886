"""Chance that is the same for the same seed: one stream of uniform numbers, drawn in order."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BLOCK = 1 << 16


class Chance:
    """Draws for one stream: ``stream`` and ``block`` keep what is drawn here apart from all else of the seed."""

    def __init__(self, seed: int, stream: int, block: int = 0) -> None:
        self._generator = np.random.default_rng([seed, stream, *([block] if block else [])])
        self._drawn: list[float] = []

    def uniform(self) -> float:
        """Return a number from 0 up to 1. Numbers are drawn from numpy by the block, for speed."""
        if not self._drawn:
            self._drawn = self._generator.random(BLOCK).tolist()
        return self._drawn.pop()

    def happens(self, probability: float) -> bool:
        """Return True with this probability."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, among: Sequence[T]) -> T:
        """Return one of several, all alike in chance."""
        return among[int(self.uniform() * len(among))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, each as often as its weight says."""
        keys = list(weights)
        return keys[self.index(list(accumulate(weights.values())))]

    def index(self, running: Sequence[float]) -> int:
        """Return a position, given the running total of the weights of the positions."""
        return bisect_right(running, self.uniform() * running[-1])

    def sample(self, among: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different members (all of them where there are fewer), in drawn order."""
        return list(islice(self.in_any_order(among), count))

    def in_any_order(self, among: Sequence[T]) -> Iterator[T]:
        """Yield all members in drawn order, each drawn only when it is asked for."""
        pool = list(among)
        for i in range(len(pool)):
            j = self.between(i, len(pool) - 1)
            pool[i], pool[j] = pool[j], pool[i]
            yield pool[i]

    def favour(self, among: Sequence[T], weights: Sequence[float], count: int) -> list[T]:
        """Return ``count`` different members, the heavier the likelier (exponential keys)."""
        keyed = [(np.log(1 - self.uniform()) / weight, i) for i, weight in enumerate(weights)]
        keyed.sort(reverse=True)
        return [among[i] for _, i in keyed[:count]]

    def spread(self, sigma: float) -> float:
        """Return a factor around 1 (log-normal, median 1), to make units differ."""
        return float(np.exp(self._generator.normal(0.0, sigma)))

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """Return a day from ``first`` to ``last``, both included."""
        return first + dt.timedelta(days=self.between(0, (last - first).days))

    def days(self, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
        """Return ``count`` different days in order (fewer where the stretch is shorter; none where it is empty)."""
        length = (last - first).days + 1
        if length <= 0 or count <= 0:
            return []
        drawn: set[int] = set()
        while len(drawn) < min(count, length):
            drawn.add(self.between(0, length - 1))
        return [first + dt.timedelta(days=n) for n in sorted(drawn)]


def round_in_turn(amounts: Sequence[float]) -> list[int]:
    """Return whole numbers for amounts, so that the sum of any first few is the rounded sum of theirs."""
    ends = [int(total + 0.5 + 1e-9) for total in accumulate(amounts)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
