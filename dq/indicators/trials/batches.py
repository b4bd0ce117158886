"""Copies are worked out so many at a time, and two lots side by side: while one is planned, the other is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from dq.indicators.trials.copies import Copy

Made = TypeVar("Made")
AT_ONCE = 100_000
"""Copies that lie in memory together, and a few more."""
_SIDE_BY_SIDE = 2


def some_at_a_time(copies: Iterable[Copy]) -> Iterator[list[Copy]]:
    """Yield the copies of so many groups as may lie in memory together; those of one group are never parted."""
    held: list[Copy] = []
    for copy in copies:
        if len(held) >= AT_ONCE and copy.group != held[-1].group:
            yield held
            held = []
        held.append(copy)
    if held:
        yield held


def side_by_side(work: Callable[[list[Copy]], Made], batches: Iterable[list[Copy]]) -> Iterator[Made]:
    """Yield what ``work`` makes of each batch, in order; few are taken before they are needed, so few are held."""
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for copies in batches:
            waiting.append(pool.submit(work, copies))
            if len(waiting) > _SIDE_BY_SIDE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
