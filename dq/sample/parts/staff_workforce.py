"""Who works with whom: the workers of each team, who manages them, and who held a child's case when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from dq.sample.making import Making
from dq.sample.records import Involvement, Worker

SENIOR = "Senior Practitioner"
FEW = 4


class Workforce:
    """Looks up the workers and involvements of an authority."""

    def __init__(self, making: Making) -> None:
        self._held: dict[str, list[Involvement]] = defaultdict(list)
        for involvement in making.records.involvements:
            self._held[involvement.person_id].append(involvement)
        self.in_post = [worker for worker in making.records.workers if worker.end_date is None]
        self._managers = _managers(self.in_post)

    def manager_of(self, worker: Worker) -> Worker | None:
        """Return who supervises a worker; None if nobody else works here."""
        return self._other_than({worker.worker_id}, worker.team_id)

    def manager_over(self, person_id: str) -> Worker | None:
        """Return a manager who looks over a child's case and never held it; None if nobody else works here."""
        held = self._held[person_id]
        return self._other_than({spell.worker_id for spell in held}, held[-1].team_id)

    def holding(self, person_id: str, day: dt.date) -> Involvement:
        """Return the involvement that held a child's case on a day, or the nearest to it."""
        held = self._held[person_id]
        on_the_day = (s for s in held if s.start_date <= day and (s.end_date is None or s.end_date > day))
        return next(on_the_day, held[0] if day < held[0].start_date else held[-1])

    def _other_than(self, worker_ids: set[str], team_id: str | None) -> Worker | None:
        near = (worker for worker in self._managers.get(team_id, self.in_post) if worker.worker_id not in worker_ids)
        return next(near, None) or next((w for w in self.in_post if w.worker_id not in worker_ids), None)


def _managers(in_post: list[Worker]) -> dict[str | None, list[Worker]]:
    """Return team → the few who look over its work: its seniors first, then others of the team."""
    teams: dict[str | None, list[Worker]] = defaultdict(list)
    for worker in in_post:
        teams[worker.team_id].append(worker)
    return {team: sorted(staff, key=lambda w: w.job_title != SENIOR)[:FEW] for team, staff in teams.items()}
