"""Measures of every topic counted from the extracts with plain pandas: nothing of the views or the indicators is used.

Each gives one row a subject: ``team`` (none is None), ``of`` (what it counts for in the base) and ``met``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

CASE_WORKERS = ("Allocated Case Worker", "Personal Adviser")
BANK_HOLIDAYS = sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2008, 2018)))
TIMED = {"received_at", "decided_at"}
Counted = pd.DataFrame


@cache
def _read(file: Path) -> pd.DataFrame:
    table = pd.read_csv(file, dtype=str)
    for column in table.columns:
        if (
            column in TIMED
            or column.endswith(("_date", "_on", "_ended", "_started"))
            or column in {"dob", "expected_dob"}
        ):
            day = table[column].str.slice(0, 10)
            known = pd.to_datetime(day, format="%d/%m/%Y", errors="coerce")
            table[column] = known.fillna(pd.to_datetime(day, format="%Y-%m-%d", errors="coerce"))
    return table


def counted(rows: pd.DataFrame, met: pd.Series | None = None, of: pd.Series | float = 1.0) -> Counted:
    """Return a row a subject; with ``met`` None it is a count."""
    return pd.DataFrame({
        "team": rows["team"], "of": of, "met": np.nan if met is None else met.astype(float) * of,
    })  # fmt: skip


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return the working days after ``start``, up to and including ``end``; none where either is not known."""
    known = start.notna() & end.notna()
    day = np.timedelta64(1, "D")
    a, b = (s[known].to_numpy().astype("datetime64[D]") + day for s in (start, end))
    found = pd.Series(np.nan, index=start.index)
    found[known] = np.busday_count(a, b, holidays=BANK_HOLIDAYS)
    return found


@dataclass(frozen=True)
class At:
    """A folder of extracts, as things stood on a month end."""

    folder: Path
    end: pd.Timestamp

    def read(self, extract: str) -> pd.DataFrame:
        """Return an extract, to be changed at will."""
        return _read(self.folder / f"{extract}.csv").copy()

    def months(self, days: pd.Series, months: int) -> pd.Series:
        """Return whether a day lies in the so many months that end with the period."""
        first = (self.end + pd.Timedelta(days=1)) - pd.DateOffset(months=months)
        return (days >= first) & (days <= self.end)

    def is_open(self, rows: pd.DataFrame, ended: str = "end_date") -> pd.Series:
        """Return whether something has begun and not ended."""
        return (rows["start_date"] <= self.end) & ~(rows[ended] <= self.end)

    @cached_property
    def spells(self) -> pd.DataFrame:
        """Who held which case, from when to when, the latest to begin last."""
        held = self.read("involvements")
        held = held[held["role"].isin(CASE_WORKERS) & (held["start_date"] <= self.end)]
        held["until"] = held["end_date"].where(held["end_date"] <= self.end)
        return held.sort_values(["start_date", "involvement_id"])

    @cached_property
    def now(self) -> pd.Series:
        """Person → the team that holds the case."""
        return self.spells[self.spells["until"].isna()].groupby("person_id")["team_id"].last()

    @cached_property
    def case_type(self) -> pd.Series:
        """Person → what the case is open for."""
        return self.spells[self.spells["until"].isna()].groupby("person_id")["case_type"].last()

    def with_team(self, extract: str) -> pd.DataFrame:
        """Return an extract with the team each record names, or else the one that holds the case now."""
        rows = self.read(extract)
        return rows.assign(team=rows["team_id"].fillna(self.team_now(rows)))

    def team_now(self, rows: pd.DataFrame) -> pd.Series:
        """Return the team that holds each row's case now."""
        return rows["person_id"].map(self.now)

    def team_on(self, rows: pd.DataFrame, key: str, day: str) -> pd.Series:
        """Return the team that held each row's case on a day of its own."""
        both = rows[[key, "person_id", day]].merge(self.spells, on="person_id", suffixes=("", "_of_spell"))
        begun = both["start_date_of_spell" if day == "start_date" else "start_date"]
        both = both[(begun <= both[day]) & ~(both["until"] <= both[day])]
        return rows[key].map(both.groupby(key)["team_id"].last())

    @cached_property
    def care(self) -> pd.DataFrame:
        """Periods of care: whose, from when to when."""
        episodes = self.read("cla_episodes")
        episodes = episodes[episodes["start_date"] <= self.end]
        episodes["until"] = episodes["ceased_date"].where(episodes["ceased_date"] <= self.end)
        by = episodes.groupby("cla_id")
        care = by.agg(
            person_id=("person_id", "min"), entered=("start_date", "min"), left=("until", "max")
        ).reset_index()
        care.loc[care["cla_id"].map(by["until"].apply(lambda days: days.isna().any())), "left"] = pd.NaT
        return care

    @cached_property
    def plans(self) -> pd.DataFrame:
        """Protection plans begun and open."""
        plans = self.read("cp_plans")
        return plans[self.is_open(plans)]

    @cached_property
    def uasc(self) -> pd.Series:
        """Person → whether they came alone."""
        return self.read("persons").set_index("person_id")["uasc"].eq("Y")


def _by_person(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("person_id")


def contacts_received(at: At) -> Counted:
    rows = at.with_team("contacts")
    return counted(rows[at.months(rows["received_at"], 1)])


def referrals_received(at: At) -> Counted:
    rows = at.with_team("referrals")
    return counted(rows[at.months(rows["referral_date"], 1)])


def re_referrals(at: At) -> Counted:
    every = at.with_team("referrals")
    rows = every[at.months(every["referral_date"], 12)]
    days = every.groupby("person_id")["referral_date"].apply(list)

    def again(row: pd.Series) -> bool:
        before = [day for day in days[row["person_id"]] if day < row["referral_date"]]
        return bool(before) and max(before) + pd.DateOffset(months=12) >= row["referral_date"]

    return counted(rows, rows.apply(again, axis=1))


def assessments_completed(at: At) -> Counted:
    rows = at.with_team("assessments")
    return counted(rows[at.months(rows["authorised_date"], 1)])


def assessment_timeliness(at: At) -> Counted:
    rows = at.with_team("assessments")
    referred = at.read("referrals").set_index("referral_id")["referral_date"]
    rows["from"] = rows["referral_id"].map(referred).fillna(rows["start_date"])
    rows = rows[at.months(rows["authorised_date"], 12)]
    rows = rows[(rows["authorised_date"] >= rows["start_date"]) & (rows["authorised_date"] >= rows["from"])]
    return counted(rows, working_days(rows["from"], rows["authorised_date"]) <= 45)


def caseload_open(at: At) -> Counted:
    held = pd.DataFrame({"person_id": at.now.index})
    rows = pd.concat([held, at.care.loc[at.care["left"].isna(), ["person_id"]], at.plans[["person_id"]]])
    known = set(at.read("persons")["person_id"])
    rows = _by_person(rows[rows["person_id"].isin(known)])
    return counted(rows.assign(team=at.team_now(rows)))


def _in_need(at: At) -> pd.DataFrame:
    rows = pd.DataFrame({"person_id": at.case_type[at.case_type == "CIN"].index})
    elsewhere = set(at.plans["person_id"]) | set(at.care.loc[at.care["left"].isna(), "person_id"])
    rows = rows[~rows["person_id"].isin(elsewhere)]
    return rows.assign(team=at.team_now(rows))


def cin_count(at: At) -> Counted:
    return counted(_in_need(at))


def cin_with_plan(at: At) -> Counted:
    rows, plans = _in_need(at), at.read("cin_plans")
    return counted(rows, rows["person_id"].isin(set(plans.loc[at.is_open(plans), "person_id"])))


def private_fostering_cases(at: At) -> Counted:
    rows = at.read("private_fostering")
    rows = rows[at.is_open(rows) & ~(rows["end_date"] < rows["start_date"])]
    return counted(rows.assign(team=at.team_now(rows).fillna(rows["team_id"])))


def missing_cla(at: At) -> Counted:
    episodes = at.read("missing_episodes")
    episodes = episodes[at.months(episodes["start_date"], 1) & ~episodes["episode_type"].eq("A")]
    both = episodes.merge(at.care, on="person_id")
    both = both[(both["entered"] <= both["start_date"]) & ~(both["left"] <= both["start_date"])]
    rows = _by_person(both)
    return counted(rows.assign(team=at.team_now(rows)))


def cp_plan_count(at: At) -> Counted:
    rows = _by_person(at.plans)
    return counted(rows.assign(team=at.team_now(rows)))


def cp_plan_duration_18m(at: At) -> Counted:
    rows = at.plans
    old = rows["start_date"] + pd.DateOffset(months=18) <= at.end
    return counted(rows.assign(team=at.team_now(rows)), old)


def cp_plan_starts(at: At) -> Counted:
    """In a sound sample no child is on two plans at once."""
    rows = at.read("cp_plans")
    rows = rows[at.months(rows["start_date"], 1)]
    return counted(rows.assign(team=at.team_on(rows, "cp_plan_id", "start_date")))


def child_seen_at_s47(at: At) -> Counted:
    rows = at.read("s47_enquiries")
    rows = rows[at.months(rows["end_date"], 12)]
    return counted(rows.assign(team=rows["team_id"]), rows["child_seen"].eq("Y"))


def icpc_timeliness(at: At) -> Counted:
    rows = at.read("initial_conferences")
    rows["enquired"] = rows["enquiry_id"].map(at.read("s47_enquiries").set_index("enquiry_id")["start_date"])
    rows = rows[at.months(rows["conference_date"], 12) & ~rows["transfer_in"].eq("Y") & rows["enquired"].notna()]
    return counted(
        rows.assign(team=rows["team_id"]), working_days(rows["enquired"], rows["conference_date"]).between(0, 15)
    )


def care_proceedings_open(at: At) -> Counted:
    rows = at.read("care_proceedings").rename(columns={"issue_date": "start_date"})
    rows = rows[at.is_open(rows)]
    return counted(rows.assign(team=at.team_now(rows)))


def care_proceedings_new(at: At) -> Counted:
    rows = at.read("care_proceedings")
    rows = rows[at.months(rows["issue_date"], 1)]
    return counted(rows.assign(team=at.team_now(rows)))


def audits_completed(at: At) -> Counted:
    rows = at.read("case_audits")
    rows = rows[at.months(rows["due_date"], 12)]
    return counted(rows.assign(team=rows["team_id"]), rows["completed_date"] <= at.end)


def audits_good_or_outstanding(at: At) -> Counted:
    rows = at.read("case_audits")
    rows = rows[at.months(rows["due_date"], 12) & (rows["completed_date"] <= at.end)]
    return counted(rows.assign(team=rows["team_id"]), rows["grade"].isin(["Good", "Outstanding"]))


def _posts(at: At) -> pd.DataFrame:
    rows = at.read("posts")
    rows = rows[at.is_open(rows) & rows["primary_worker"].eq("Y") & rows["role"].ne("Personal Adviser")]
    return rows.assign(team=rows["team_id"], fte=rows["fte"].astype(float))


def permanent_qualified_sw(at: At) -> Counted:
    rows = _posts(at)
    met = rows["worker_id"].notna() & rows["employment_type"].eq("Permanent") & rows["qualified"].eq("Y")
    return counted(rows, met, rows["fte"])


def agency_staff(at: At) -> Counted:
    rows = _posts(at)
    return counted(rows, rows["worker_id"].notna() & rows["employment_type"].eq("Agency"), rows["fte"])


def cla_count(at: At) -> Counted:
    rows = _by_person(at.care[at.care["left"].isna()])
    return counted(rows.assign(team=at.team_now(rows)))


def cla_uasc_count(at: At) -> Counted:
    rows = _by_person(at.care[at.care["left"].isna()])
    rows = rows[rows["person_id"].map(at.uasc).fillna(False).astype(bool)]
    return counted(rows.assign(team=at.team_now(rows)))


def cla_review_participation(at: At) -> Counted:
    rows = at.read("cla_reviews")
    rows = rows[rows["cla_id"].isin(set(at.care["cla_id"])) & at.months(rows["held_date"], 12)]
    born = (
        rows["cla_id"]
        .map(at.care.set_index("cla_id")["person_id"])
        .map(at.read("persons").set_index("person_id")["dob"])
    )
    held = rows["held_date"]
    before = (held.dt.month * 100 + held.dt.day) < (born.dt.month * 100 + born.dt.day)
    rows = rows[(held.dt.year - born.dt.year - before >= 4) & rows["participation"].ne("PN0")]
    rows["team"] = at.team_on(rows, "review_id", "held_date")
    return counted(rows, rows["participation"].isin(["PN1", "PN2", "PN3", "PN5", "PN6"]))


def iro_visits_in_month(at: At) -> Counted:
    visits = at.read("iro_visits")
    visits = visits[at.months(visits["visit_date"], 1)]
    both = visits.merge(at.care, on="person_id")
    both = both[(both["entered"] <= both["visit_date"]) & ~(both["left"] <= both["visit_date"])]
    rows = visits[visits["visit_id"].isin(set(both["visit_id"]))]
    return counted(rows.assign(team=at.team_on(rows, "visit_id", "visit_date")))


def _own_adopters(at: At) -> pd.DataFrame:
    rows = at.read("adopters")
    rows = rows.assign(team=rows["team_id"])  # before any are left out: a frame without rows would take them all back
    return rows[rows["source_agency"].fillna("Own").isin(["Own", "Regional"])]


def adopter_enquiries(at: At) -> Counted:
    rows = _own_adopters(at)
    return counted(rows[at.months(rows["enquiry_date"], 12)])


def adopters_approved(at: At) -> Counted:
    rows = _own_adopters(at)
    return counted(rows[at.months(rows["approved_date"], 12)])


def adopter_stage_1_days(at: At) -> Counted:
    rows = _own_adopters(at)
    rows = rows[at.months(rows["stage_1_ended"], 1) & (rows["registration_date"] <= rows["stage_1_ended"])]
    return counted(rows).assign(met=(rows["stage_1_ended"] - rows["registration_date"]).dt.days)


def foster_initial_contacts(at: At) -> Counted:
    rows = at.read("foster_enquiries")
    rows = rows.assign(team=rows["team_id"])
    return counted(rows[at.months(rows["enquiry_date"], 1)])


def foster_approvals(at: At) -> Counted:
    rows = at.read("foster_carers")
    rows = rows.assign(team=rows["team_id"])
    return counted(rows[at.months(rows["approved_date"], 1)])


MEASURES: dict[str, Callable[[At], Counted]] = {
    measure.__name__: measure
    for measure in (
        contacts_received, referrals_received, re_referrals, assessments_completed, assessment_timeliness,
        caseload_open, cin_count, cin_with_plan, private_fostering_cases, missing_cla, cp_plan_count,
        cp_plan_duration_18m, cp_plan_starts, child_seen_at_s47, icpc_timeliness, care_proceedings_open,
        care_proceedings_new, audits_completed, audits_good_or_outstanding, permanent_qualified_sw, agency_staff,
        cla_count, cla_uasc_count, cla_review_participation, iro_visits_in_month, adopter_enquiries,
        adopters_approved, adopter_stage_1_days, foster_initial_contacts, foster_approvals,
    )
}  # fmt: skip
