"""Kent, August 2016: an authority whose records give what its scorecard prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dq.model import Contract
from tests.papers.kent_care import ARRIVALS, children, place, write_adoption, write_children, write_entrants
from tests.papers.records import PRINTED_TO, WORKING, Records, days, lately

PERIOD = dt.date(2016, 8, 31)
IN_AUGUST, IN_JULY, EARLIER = dt.date(2016, 8, 16), dt.date(2016, 7, 12), dt.date(2016, 4, 12)
LONG_AGO = dt.date(2014, 3, 3)
LEAVERS = "Care Leaver Service (18+)"
FOSTERING = "Fostering"


def kent_2016(contracts: Mapping[str, Contract]) -> Records:
    """Return the records."""
    paper = yaml.safe_load((Path(__file__).parent / "kent-scs.yaml").read_text(encoding="utf-8"))
    areas = dict.fromkeys(unit["area"] for unit in paper["units"] if "area" in unit)
    teams = {**dict.fromkeys(areas), **{unit["name"]: unit.get("area") for unit in paper["units"]}}
    services = {" CIC": "Care", " CSWT": "Social work", FOSTERING: "Fostering"}
    records = Records(contracts, "Kent", PERIOD, {**teams, FOSTERING: None}, services=services)
    found, gone = children(paper)
    place(found, paper["homes"])
    written = write_children(records, found)
    write_entrants(records, paper, gone, written)
    write_adoption(records, paper["adoption"], written)
    for part in (_front_door, _plans, _cases, _private, _returns, _leavers, _quality):
        part(records, paper)
    return records


def _by_unit(paper: dict[str, Any], what: str) -> list[str]:
    """Return the name of a unit for each of what it has."""
    return [unit["name"] for unit in paper["units"] for _ in range(unit.get(what, 0))]


def _events(met: int, of: int, recent: tuple[int, int]) -> Iterator[tuple[bool, bool]]:
    """Yield whether each event of a year met the measure, and is of the last three months; those come first."""
    met_lately, lately_of = recent
    for number in range(of):
        if number < lately_of:
            yield number < met_lately, True
        else:
            yield number - lately_of < met - met_lately, False


def _front_door(records: Records, paper: dict[str, Any]) -> None:
    printed = paper["referrals"]
    in_august = _by_unit(paper, "referrals")
    recent = lately(printed["met"], printed["of"], printed["lately"], len(in_august))
    for number, (again, is_recent) in enumerate(_events(printed["met"], printed["of"], recent)):
        person = records.child()
        if again:
            records.add("referrals", person_id=person, referral_date=dt.date(2015, 8, 24), nfa="Y")
        team = in_august[number] if number < len(in_august) else "Dartford CSWT"
        day = IN_AUGUST if number < len(in_august) else IN_JULY if is_recent else EARLIER
        records.add("referrals", person_id=person, referral_date=day, nfa="Y", team_id=records.team(team))
    _assess(records, paper["assessments"], _by_unit(paper, "assessments"))
    enquiries = paper["enquiries"]
    recent = lately(enquiries["seen"], enquiries["of"], enquiries["lately"])
    for seen, is_recent in _events(enquiries["seen"], enquiries["of"], recent):
        day = IN_JULY if is_recent else EARLIER
        records.add(
            "s47_enquiries",
            person_id=records.child(),
            start_date=day,
            end_date=day + days(9),
            child_seen="Y" if seen else "N",
        )
    conferences = paper["conferences"]
    recent = lately(conferences["in_time"], conferences["of"], conferences["lately"])
    for in_time, is_recent in _events(conferences["in_time"], conferences["of"], recent):
        person, begun = records.child(), dt.date(2016, 7, 4) if is_recent else EARLIER
        enquiry = records.add("s47_enquiries", person_id=person, start_date=begun)
        held = WORKING.after(begun, 15 if in_time else 16)
        records.add("initial_conferences", person_id=person, enquiry_id=enquiry, conference_date=held)


def _assess(records: Records, printed: dict[str, Any], in_august: Sequence[str]) -> None:
    """Write assessments of children who came with their families, then of those who came alone, who were all seen."""
    of, in_time_of = printed["without_uasc"], printed["in_time_without_uasc"]
    alone, in_time_alone = printed["of"] - of, printed["in_time"] - in_time_of
    recent = lately(in_time_of, of, printed["lately"], len(in_august))
    unborn = printed["of"] - printed["of_born"]
    unseen = printed["of_born"] - printed["seen"]
    unseen_lately = round(recent[1] * (100 - printed["seen_lately"]) / 100)
    for number, (in_time, is_recent) in enumerate(_events(in_time_of, of, recent)):
        is_unborn = number >= of - unborn
        is_unseen = number < unseen_lately if is_recent else number - recent[1] < unseen - unseen_lately
        team = in_august[number] if number < len(in_august) else "Dartford CSWT"
        day = IN_AUGUST if number < len(in_august) else IN_JULY if is_recent else EARLIER
        person = records.child(**({"dob": day + days(20)} if is_unborn else {}))
        _assessment(records, person, team, day, in_time, not is_unseen)
    for number in range(alone):
        _assessment(records, records.child(uasc=True), "Dartford CSWT", EARLIER, number < in_time_alone, True)
    for _ in range(printed["overdue"]):
        records.add(
            "assessments",
            person_id=records.child(),
            start_date=dt.date(2016, 6, 1),
            team_id=records.team("Dartford CSWT"),
        )


def _assessment(records: Records, person: str, team: str, authorised: dt.date, in_time: bool, seen: bool) -> None:
    records.add(
        "assessments", person_id=person, start_date=_working_days_before(authorised, 45 if in_time else 46),
        authorised_date=authorised, child_seen="Y" if seen else "N", team_id=records.team(team),
    )  # fmt: skip


@cache
def _working_days_before(day: dt.date, number: int) -> dt.date:
    found = day
    while WORKING.between(found, day) < number:
        found -= days(1)
    return found


def _plans(records: Records, paper: dict[str, Any]) -> None:
    printed = paper["plans"]
    teams, starting = _by_unit(paper, "plans"), _by_unit(paper, "plan_starts")
    recent = len(teams) - printed["of_3_months"]
    begun_in_year = 0
    again_lately, _ = lately(printed["again"], printed["starts"], printed["again_lately"], recent)
    again = {True: again_lately, False: printed["again"] - again_lately}
    for number, team in enumerate(teams):
        child = records.child()
        late = number - (len(teams) - len(starting))
        if late >= 0:
            start = dt.date(2016, 8, 9)
        elif number >= len(teams) - recent:
            start = dt.date(2016, 6, 14)
        elif number < printed["of_18_months"]:
            start = dt.date(2015, 2, 3)
        elif number < printed["of_18_months"] + 120:
            start = dt.date(2015, 6, 9)
        else:
            start = dt.date(2016, 1, 12)
        begun_in_year += start >= dt.date(2015, 9, 1)
        is_recent = start >= dt.date(2016, 6, 1)
        if start >= dt.date(2015, 9, 1) and again[is_recent]:
            again[is_recent] -= 1
            records.add("cp_plans", person_id=child, start_date=dt.date(2011, 2, 1), end_date=dt.date(2012, 2, 1))
        plan = records.add("cp_plans", person_id=child, start_date=start)
        if late >= 0 and starting[late] != team:
            records.case(child, starting[late], "CP", start, start + days(2))
            records.case(child, team, "CP", start + days(2))
        else:
            records.case(child, team, "CP", start)
        _review_plan(records, child, plan, start)
        _visit(records, printed, child, plan, start, number, recent, len(teams))
    _ended_plans(records, paper, printed["starts"] - begun_in_year, again[False])


def _review_plan(records: Records, child: str, plan: str, start: dt.date) -> None:
    held = start + days(84)
    while held <= PERIOD:
        records.add("cp_reviews", person_id=child, cp_plan_id=plan, held_date=held, due_date=held)
        held += days(150)


def _visit(
    records: Records,
    printed: dict[str, int],
    child: str,
    plan: str,
    start: dt.date,
    number: int,
    recent: int,
    plans: int,
) -> None:
    """Visit a child so often that all visits are so many, so many of them in time."""
    older = plans - recent
    late = printed["visits"] - printed["visits_in_time"]
    if number >= older:
        visits, too_late = 2, 0
    else:
        visits = (printed["visits"] - 2 * recent) // older + (number < (printed["visits"] - 2 * recent) % older)
        too_late = late // older + (number < late % older)
    day = start
    for turn in range(visits):
        day = WORKING.after(day, 11) if turn < too_late else day + days(3 if number < older else 1)
        assert day <= PERIOD
        records.add("cp_visits", person_id=child, cp_plan_id=plan, visit_date=day, seen="Y")


def _ended_plans(records: Records, paper: dict[str, Any], begun_in_year: int, again: int) -> None:
    printed, in_august = paper["plans"], _by_unit(paper, "plan_ends")
    recent = lately(printed["ends_of_2_years"], printed["ends"], printed["ends_lately"], len(in_august))
    for number, (is_long, is_recent) in enumerate(_events(printed["ends_of_2_years"], printed["ends"], recent)):
        child = records.child()
        team = in_august[number] if number < len(in_august) else "Dartford CSWT"
        end = (
            dt.date(2016, 8, 18)
            if number < len(in_august)
            else dt.date(2016, 7, 20)
            if is_recent
            else dt.date(2016, 4, 20)
        )
        start = dt.date(2014, 3, 3) if is_long else dt.date(2015, 5, 12)
        if not is_long and begun_in_year:
            begun_in_year -= 1
            start = dt.date(2015, 11, 10)
            if again:
                again -= 1
                records.add("cp_plans", person_id=child, start_date=dt.date(2011, 2, 1), end_date=dt.date(2012, 2, 1))
        records.add("cp_plans", person_id=child, start_date=start, end_date=end)
        records.case(child, team, "CP", start, end)


def _cases(records: Records, paper: dict[str, Any]) -> None:
    """Open the cases that are left: children in need where their teams work with them, others elsewhere."""
    printed = paper["in_need"]
    free = {u["name"]: u["cases"] - u.get("plans", 0) - u.get("in_care", 0) for u in paper["units"] if u.get("cases")}
    district = [name for name in free if name.endswith("CSWT") or name.startswith("Disability")]
    share = printed["of"] / sum(free[name] for name in district)
    need = {name: int(share * free[name]) for name in district}
    need[district[0]] += printed["of"] - sum(need.values())
    number = 0
    unallocated = paper["unallocated"]
    for name, cases in free.items():
        for at in range(cases):
            if name == LEAVERS:
                break
            child = records.child(uasc=name == ARRIVALS)
            in_need = at < need.get(name, 0)
            if not in_need:
                nobody = {"worker_id": None} if unallocated and name.startswith("Disability") else {}
                unallocated -= bool(nobody)
                records.case(child, name, "Other", LONG_AGO, **nobody)
                continue
            older = number < printed["of_28_days"]
            records.case(child, name, "CIN", dt.date(2016, 3, 1) if older else dt.date(2016, 8, 10))
            if number < printed["with_plan"]:
                records.add("cin_plans", person_id=child, start_date=dt.date(2016, 8, 11))
            if number < printed["seen"]:
                records.add("cin_visits", person_id=child, visit_date=dt.date(2016, 8, 12), seen="Y")
            number += 1


def _private(records: Records, paper: dict[str, Any]) -> None:
    units, printed = _by_unit(paper, "private"), paper["private_visits"]
    made: list[tuple[str, str]] = []
    for team in units:
        child = records.child()
        arrangement = records.add(
            "private_fostering", person_id=child, start_date=dt.date(2015, 9, 1), notified_date=dt.date(2015, 9, 1),
            team_id=records.team(team),
        )  # fmt: skip
        made.append((child, arrangement))
    for number in range(printed["of"]):
        child, arrangement = made[number % len(made)]
        due = dt.date(2015, 10, 5) + days(42 * (number // len(made)))
        visited = due if number < printed["in_time"] else due + days(1)
        records.add(
            "private_fostering_visits", person_id=child, arrangement_id=arrangement, due_date=due, visit_date=visited,
            seen="Y",
        )  # fmt: skip


def _returns(records: Records, paper: dict[str, Any]) -> None:
    printed = paper["returns"]
    recent = lately(printed["in_time"], printed["of"], printed["lately"])
    for in_time, is_recent in _events(printed["in_time"], printed["of"], recent):
        found = IN_JULY if is_recent else EARLIER
        records.add(
            "missing_episodes", person_id=records.child(), start_date=f"{found - days(1)} 20:00",
            end_date=f"{found} 09:00", rhi_status="Completed", rhi_date=WORKING.after(found, 3 if in_time else 4),
        )  # fmt: skip


def _leavers(records: Records, paper: dict[str, Any]) -> None:
    """Write care leavers: supported and in touch or not, and those who no longer need the service."""
    both, without = paper["leavers"]["with_uasc"], paper["leavers"]["without_uasc"]
    cases = next(unit["cases"] for unit in paper["units"] if unit["name"] == LEAVERS)
    for uasc in (False, True):
        n = {name: both[name] - without[name] if uasc else without[name] for name in both}
        for number in range(n["of"]):
            person = records.child(19, uasc=uasc)
            records.add(
                "care_leavers", person_id=person, eligibility="Former relevant", status_date=dt.date(2016, 5, 3),
                in_touch="YES" if number < n["in_touch"] else "NO", activity="F2" if number < n["working"] else "G4",
                accommodation_suitable="1" if number < n["suitable"] else "2",
            )  # fmt: skip
            if number < n["planned"]:
                records.add("pathway_plans", person_id=person, plan_date=dt.date(2016, 4, 6))
            if number < n["supported"]:
                cases -= 1
                records.case(person, LEAVERS, "Care leaver", LONG_AGO)
    for _ in range(cases):
        records.case(records.child(19), LEAVERS, "Care leaver", LONG_AGO)


def _quality(records: Records, paper: dict[str, Any]) -> None:
    _audit(records, paper["audits"])
    for kind, (good, of, percent) in (
        ("Conference report", paper["reports"]["conference"]), ("Care plan", paper["reports"]["care_plan"]),
    ):  # fmt: skip
        for is_good, is_recent in _events(good, of, lately(good, of, percent)):
            records.add(
                "graded_reports", person_id=records.child(), kind=kind, report_date=IN_JULY if is_recent else EARLIER,
                grade="Good" if is_good else "Requires improvement",
            )  # fmt: skip
    _posts(records, paper["posts"])


def _audit(records: Records, printed: dict[str, Any]) -> None:
    shares = printed["lately"]

    def near(met: int, of: int, what: str) -> bool:
        return abs(100 * met / of - shares[what]) < PRINTED_TO

    done, due = next(
        (done, due) for done in range(60, printed["done"]) for due in range(done, printed["due"])
        if near(done, due, "done") and near(round(shares["good"] * done / 100), done, "good")
        and near(round(shares["inadequate"] * done / 100), done, "inadequate")
    )  # fmt: skip
    good, inadequate = (round(shares[what] * done / 100) for what in ("good", "inadequate"))
    for day, all_of, all_done, well, badly in (
        (IN_JULY, due, done, good, inadequate),
        (
            EARLIER,
            printed["due"] - due,
            printed["done"] - done,
            printed["good"] - good,
            printed["inadequate"] - inadequate,
        ),
    ):
        for number in range(all_of):
            grade = "Good" if number < well else "Inadequate" if number < well + badly else "Requires improvement"
            made = {"completed_date": day, "grade": grade} if number < all_done else {}
            records.add("case_audits", person_id=records.child(), due_date=day, **made)


def _posts(records: Records, posts: dict[str, float]) -> None:
    """Fill the posts of social workers: teams for children in care, district teams, and others."""
    names = [row["team_name"] for row in records.rows["teams"]]
    filled = posts["permanent"] + posts["agency"]
    kinds = [("Permanent", posts["permanent"]), ("Agency", posts["agency"])]
    wanted = [
        ([name for name in names if name.endswith(" CIC")], posts["care_teams"]),
        ([name for name in names if name.endswith(" CSWT")], posts["district_teams"]),
        (["Disability EK"], filled - posts["care_teams"] - posts["district_teams"]),
    ]
    for teams, fte in wanted:
        left = fte
        for at, team in enumerate(teams):
            here = round(left if at == len(teams) - 1 else fte / len(teams), 1)
            left = round(left - here, 1)
            for kind, room in list(kinds):
                part = round(min(here, room), 1)
                if part > 0:
                    here = round(here - part, 1)
                    kinds[kinds.index((kind, room))] = (kind, round(room - part, 1))
                    _post(records, team, part, kind)
    records.add(
        "posts", team_id=records.team("Disability EK"), role="Social Worker", fte=round(posts["of"] - filled, 1),
        primary_worker="Y", start_date=LONG_AGO,
    )  # fmt: skip
    _post(records, FOSTERING, posts["fostering"], "Permanent", of_children="N")
    for _ in range(posts["households"]):
        records.add("foster_carers", worker_id=records.worker(FOSTERING), provider="Own", approved_date=LONG_AGO)


def _post(records: Records, team: str, fte: float, kind: str, of_children: str = "Y") -> None:
    # A post of more than one whole worker stands for as many: what is asked is how much there is of each kind.
    records.add(
        "posts", worker_id=records.worker(team), team_id=records.team(team), role="Social Worker", fte=fte,
        employment_type=kind, qualified="Y", primary_worker=of_children, start_date=LONG_AGO,
    )  # fmt: skip
