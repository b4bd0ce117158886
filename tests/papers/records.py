"""Records of a made-up authority, built up event by event and written as extracts.

Nothing here knows an indicator. A recipe says who there is and what happened, by the words of the paper's definitions.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from dq.model import Contract
from dq.sample.calendar import WorkingDays

WORKING = WorkingDays()
A_DAY = dt.timedelta(days=1)


def days(number: float) -> dt.timedelta:
    """Return a stretch of so many days."""
    return dt.timedelta(days=number)


def born(age: int, on: dt.date) -> dt.date:
    """Return the birthday of a child who is so many years and about half a year old on a day."""
    return dt.date(on.year - age - 1, on.month, 1) + days(180)


def lately(met: int, of: int, percent: float, least: int = 1) -> tuple[int, int]:
    """Return how many of the last three months met a measure, of how many, where the paper prints the share alone.

    ``met`` and ``of`` are of the whole year; ``least`` events at least are of these months.
    """
    possible = [
        (round(percent * part / 100), part)
        for part in range(max(1, least), of + 1)
        if abs(100 * round(percent * part / 100) / part - percent) < PRINTED_TO
        and round(percent * part / 100) <= met
        and part - round(percent * part / 100) <= of - met
    ]
    return min(possible, key=lambda one: abs(one[1] - of / 4))


def taking(of: int, total: int, recent: int, average: float) -> Iterator[int]:
    """Yield the days each of some children took, ``total`` in all; the first ``recent`` took so many on average."""
    of_recent = round(average * recent)
    for number, sum_ in ((recent, of_recent), (of - recent, total - of_recent)):
        short, over = divmod(sum_, number)
        yield from (short + (at < over) for at in range(number))


PRINTED_TO = 0.0499


class Records:
    """The extracts of an authority as they grow. A key that is not given is made."""

    def __init__(
        self,
        contracts: Mapping[str, Contract],
        authority: str,
        period: dt.date,
        teams: Mapping[str, str | None],
        without: Collection[str] = (),
        since: dt.date | None = None,
        services: Mapping[str, str] | None = None,
    ) -> None:
        """Begin with teams: the name of each → that of the unit it is part of, None for one under the head.

        ``services`` is the end of a team's name → what it does, for those that are known.
        ``without`` are extracts, and columns of extracts (``assessments.seen_date``), that the authority does not have.
        ``since`` is the day from which its history is whole, the first of the month where it is not given.
        """
        self._contracts = contracts
        self._without = without
        self._since = since or period.replace(day=1)
        self.period = period
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._authority = authority
        self._teams: dict[str, str] = {}
        self._head = head = self.add("teams", team_name=authority)
        for name, parent in teams.items():
            of = head if parent is None else self._teams[parent]
            does = next((does for end, does in (services or {}).items() if name.endswith(end)), None)
            self._teams[name] = self.add("teams", team_name=name, parent_id=of, service=does)

    def add(self, extract: str, **row: Any) -> str:
        """Add a row and return its key."""
        key = self._contracts[extract].key
        row.setdefault(key, f"{extract[:4]}{len(self.rows[extract]) + 1:06d}")
        self.rows[extract].append(row)
        return str(row[key])

    def team(self, name: str) -> str:
        """Return the id of a team."""
        return self._teams[name]

    def population(self, children: int) -> None:
        """Say how many children live in the authority."""
        parts = dict.fromkeys(("0-4", "5-9", "10-15", "16-17"), children // 4)
        parts["0-4"] += children - sum(parts.values())
        for band, number in parts.items():
            self.add(
                "child_population", area_id=self._head, year=self.period.year - 1, age_band=band, population=number
            )

    def child(self, age: int = 10, *, uasc: bool = False, **more: Any) -> str:
        """Add a child or young person of an age at the period end."""
        row = {"dob": born(age, self.period), "sex": "1", "ethnicity": "WBRI", "uasc": "Y" if uasc else "N"}
        return self.add("persons", **(row | more))

    def case(self, child: str, team: str, kind: str, since: dt.date, until: dt.date | None = None, **more: Any) -> str:
        """Add a spell for which a team (by name) and a worker hold a child's case."""
        team_id = self._teams[team]
        role = "Personal Adviser" if kind == "Care leaver" else "Allocated Case Worker"
        row = {"worker_id": self.worker(team), "role": role, "case_type": kind}
        row |= {"person_id": child, "team_id": team_id, "start_date": since, "end_date": until}
        return self.add("involvements", **(row | more))

    def worker(self, team: str, number: int = 0) -> str:
        """Return a worker of a team: its first, or another by number."""
        worker_id = f"{self._teams[team]}-{number}"
        if not any(row["worker_id"] == worker_id for row in reversed(self.rows["workers"])):
            self.add("workers", worker_id=worker_id, team_id=self._teams[team], start_date=dt.date(2005, 1, 3))
        return worker_id

    def care(
        self, child: str, since: dt.date, until: dt.date | None = None, reason: str | None = None, need: str = "N1"
    ) -> str:
        """Add a period of care, and return its id."""
        cla_id = f"L{len(self.rows['cla_episodes']) + 1:06d}"
        self.add(
            "cla_episodes", person_id=child, cla_id=cla_id, start_date=since, start_reason="S", primary_need=need,
            ceased_date=until, ceased_reason=reason,
        )  # fmt: skip
        return cla_id

    def write(self, folder: Path, scorecard: str, settings: Mapping[str, Any] | None = None) -> Path:
        """Write a project with these extracts and return its folder."""
        extracts = folder / "extracts"
        extracts.mkdir(parents=True)
        for extract, contract in self._contracts.items():
            if extract in self._without:
                continue
            columns = [column for column in contract.columns if f"{extract}.{column}" not in self._without]
            with (extracts / f"{extract}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(self.rows[extract])
        declared = {
            "authority": self._authority, "scorecard": scorecard, "period": f"{self.period:%Y-%m}",
            "history_from": self._since, **(settings or {}),
        }  # fmt: skip
        (folder / "dq.yaml").write_text(yaml.safe_dump(declared, sort_keys=False), encoding="utf-8")
        return folder
