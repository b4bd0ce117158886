"""A sample authority's records as its staff would write them into Ofsted's lists, and which record is in which row.

It reads the sample by Ofsted's own words for what a list holds, and nothing of the program or its mapping.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Row = Mapping[str, str]
TODAY = dt.date(2016, 8, 31)
HALF_A_YEAR_AGO = dt.date(2016, 2, 29)
A_YEAR_AGO = dt.date(2015, 8, 31)
YES_NO = {"Y": "a) Yes", "N": "b) No"}
SEX = {"1": "a) Male", "2": "b) Female"}
ABUSE = {"NEG": "a) Neglect", "PHY": "b) Physical abuse", "SAB": "c) Sexual abuse", "EMO": "d) Emotional abuse",
         "MUL": "e) Multiple/not recommended"}  # fmt: skip
SOURCES = {
    "1A": "a) 1A: Individual", "1B": "b) 1B: Individual", "1C": "c) 1C: Individual", "1D": "d) 1D: Individual",
    "2A": "e) 2A: Schools", "2B": "f) 2B: Education services", "3A": "g) 3A: Health services",
    "3B": "h) 3B: Health services", "3C": "i) 3C: Health services", "3D": "j) 3D: Health services",
    "3E": "k) 3E: Health services", "3F": "l) 3F: Health services", "4": "m) 4: Housing", "5A": "n) 5A: LA services",
    "5B": "o) 5B: LA services", "5C": "p) 5C: LA services", "5D": "p1) 5D: LA services", "6": "q) 6: Police",
    "7": "r) 7: Other legal agency", "8": "s) 8: Other", "9": "t) 9: Anonymous", "10": "u) 10: Unknown",
}  # fmt: skip
PLANS = {
    "HOME": "a) Return to family", "ADOPTION": "b) Adoption", "SGO": "c) SGO/CAO",
    "INDEPENDENT": "d) Supported living in the community", "RESIDENTIAL": "e) Long-term residential placement",
    "FOSTERING": "f) Long-term fostering", "OTHER": "g) Other",
}  # fmt: skip
ELIGIBLE = {"Relevant": "a) Relevant child", "Former relevant": "b) Former relevant child",
            "Qualifying": "c) Qualifying care leaver", "Eligible": "d) Eligible child"}  # fmt: skip
TOUCH = {"YES": "a) Yes", "NO": "b) No", "DIED": "c) Died", "REFU": "d) Refu", "NREQ": "e) NREQ", "RHOM": "f) Rhom"}
SUITABLE = {"1": "a) Suitable", "2": "b) Unsuitable"}


@dataclass
class Lists:
    """``sheets`` is list → rows, the headings first; ``keys`` extract → the sample's key → the key of that record here.

    A record stands in ``keys`` only where a row can hold all that its extract's mapping reads of it.
    """

    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


def day(text: str) -> dt.date | None:
    """Return the day of a date of the sample, or None for what is none."""
    try:
        date, month, year = text[:10].split("/")
        return dt.date(int(year), int(month), int(date))
    except ValueError:
        return None


def since(text: str, first: dt.date) -> bool:
    """Whether a day lies in the time up to today."""
    found = day(text)
    return found is not None and first < found <= TODAY


def latest(rows: Iterable[Row], column: str, key: str) -> Row | None:
    """Return the last of the rows by a date that has come, or None."""
    known = [(found, row[key], row) for row in rows if (found := day(row[column])) is not None and found <= TODAY]
    return max(known, key=lambda one: one[:2])[2] if known else None


class Sample:
    """The files of a sample, by extract, and by a column's value."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, list[Row]] = {}

    def rows(self, extract: str) -> list[Row]:
        """Return the records of an extract."""
        if extract not in self._read:
            with (self._folder / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
                self._read[extract] = list(csv.DictReader(file))
        return self._read[extract]

    def by(self, extract: str, column: str) -> dict[str, list[Row]]:
        """Return the records of an extract by the value of a column."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(extract):
            found[row[column]].append(row)
        return found


Rows = Iterator[tuple[str, list[str]]]
"""The rows of a list: a child, and the cells after those that say who the child is."""


class _Lists:
    """The lists of a sample, one method each."""

    def __init__(self, folder: Path) -> None:
        self.sample = Sample(folder)
        self.children = {row["person_id"]: row for row in self.sample.rows("persons")}
        self.made = Lists()

    def write(self, title: str, headings: str, rows: Rows, *, uasc: bool = False) -> None:
        """Write one list."""
        about = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth"]
        about += ["Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)"] if uasc else []
        sheet = [[*about, *headings.split("|")]]
        for person, cells in rows:
            child = self.children.get(person)
            if child is not None:
                known = [person, said(SEX, child["sex"]), child["ethnicity"], child["dob"]]
                known += [said(YES_NO, child["uasc"])] if uasc else []
                sheet.append([*known, *cells])
                self.made.keys["persons"][person] = person
        self.made.sheets[title] = sheet

    def key(self, extract: str, row: Row, column: str, *parts: str) -> None:
        """Note what key a record has here."""
        if all(parts) and row["person_id"] in self.children:
            self.made.keys[extract][row[column]] = "/".join(parts)

    def contacts(self) -> Rows:
        for row in self.sample.rows("contacts"):
            if since(row["received_at"], HALF_A_YEAR_AGO):
                on = row["received_at"][:10]
                self.key("contacts", row, "contact_id", row["person_id"], on)
                yield row["person_id"], [on, said(SOURCES, row["source"])]

    def early_help(self) -> Rows:
        for row in self.sample.rows("early_help_episodes"):
            if not row["end_date"] or since(row["end_date"], HALF_A_YEAR_AGO):
                self.key("early_help_episodes", row, "early_help_id", row["person_id"], row["start_date"])
                yield row["person_id"], [row["start_date"], row["end_date"], row["organisation"]]

    def referrals(self) -> Rows:
        for row in self.sample.rows("referrals"):
            if since(row["referral_date"], HALF_A_YEAR_AGO):
                cells = [row["referral_date"], said(SOURCES, row["source"]), said(YES_NO, row["nfa"]), "3"]
                yield row["person_id"], cells

    def assessments(self) -> Rows:
        for row in self.sample.rows("assessments"):
            if not row["authorised_date"] or since(row["authorised_date"], HALF_A_YEAR_AGO):
                self.key("assessments", row, "assessment_id", row["person_id"], row["start_date"])
                seen = said(YES_NO, row["child_seen"])
                yield row["person_id"], [row["start_date"], seen, row["authorised_date"], "North"]

    def enquiries(self) -> Rows:
        conferences = self.sample.by("initial_conferences", "enquiry_id")
        for row in self.sample.rows("s47_enquiries"):
            if row["end_date"] and not since(row["start_date"], HALF_A_YEAR_AGO):
                continue
            self.key("s47_enquiries", row, "enquiry_id", row["person_id"], row["start_date"])
            held = [c for c in conferences[row["enquiry_id"]] if c["person_id"] == row["person_id"]]
            cells = ["", ""]
            if len(held) == 1:
                cells = [held[0]["conference_date"], said(YES_NO, held[0]["outcome_plan"])]
                self.key("initial_conferences", held[0], "conference_id", row["person_id"], held[0]["conference_date"])
            yield row["person_id"], [row["start_date"], *cells]

    def in_need(self) -> Rows:
        visits = self.sample.by("cin_visits", "person_id")
        for person, referrals in self.sample.by("referrals", "person_id").items():
            taken_on = [r for r in referrals if r["nfa"] == "N"]
            known = [r for r in taken_on if not r["closed_date"] or since(r["closed_date"], HALF_A_YEAR_AGO)]
            row = latest(known, "referral_date", "referral_id")
            if row is None:
                continue
            if since(row["referral_date"], HALF_A_YEAR_AGO):
                self.key("referrals", row, "referral_id", person, row["referral_date"])
            visit = latest((v for v in visits[person] if v["seen"] == "Y"), "visit_date", "visit_id")
            if visit is not None:
                self.key("cin_visits", visit, "visit_id", person, visit["visit_date"])
            cells = [row[name] for name in ("referral_date", "primary_need", "closed_date", "closed_reason")]
            yield person, [*cells, cell(visit, "visit_date"), "c) Child in need plan"]

    def protected(self) -> Rows:
        visits, reviews = self.sample.by("cp_visits", "cp_plan_id"), self.sample.by("cp_reviews", "cp_plan_id")
        for person, plans in self.sample.by("cp_plans", "person_id").items():
            row = latest(plans, "start_date", "cp_plan_id")
            if row is None or (row["end_date"] and not since(row["end_date"], HALF_A_YEAR_AGO)):
                continue
            plan = row["cp_plan_id"]
            self.key("cp_plans", row, "cp_plan_id", person, row["start_date"])
            visit = latest((v for v in visits[plan] if v["person_id"] == person), "visit_date", "visit_id")
            if visit is not None:
                self.key("cp_visits", visit, "visit_id", person, visit["visit_date"])
            review = latest((r for r in reviews[plan] if r["person_id"] == person), "held_date", "review_id")
            if review is not None:
                self.key("cp_reviews", review, "review_id", person, review["held_date"])
            categories = [said(ABUSE, row["initial_category"]), said(ABUSE, row["latest_category"])]
            seen = [cell(visit, "visit_date"), said(YES_NO, cell(visit, "seen_alone"))]
            yield person, [row["start_date"], row["end_date"], *categories, *seen, cell(review, "held_date"), "0"]

    def in_care(self) -> Rows:
        episodes = self.sample.by("cla_episodes", "cla_id")
        periods: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
        for cla_id, rows in episodes.items():
            days = [found for row in rows if (found := day(row["start_date"])) is not None]
            if days and len({row["person_id"] for row in rows}) == 1:
                periods[rows[0]["person_id"]].append((min(days), cla_id))
        of_child = {name: self.sample.by(name, "person_id") for name, *_ in _LATEST}
        for person, known in periods.items():
            entered, cla_id = max(known)
            last = latest(episodes[cla_id], "start_date", "episode_id")
            if last is None or (last["ceased_date"] and not since(last["ceased_date"], HALF_A_YEAR_AGO)):
                continue
            came, ceased, need = entered.strftime("%d/%m/%Y"), last["ceased_date"], last["primary_need"]
            if len(episodes[cla_id]) == 1:
                self.key("cla_episodes", last, "episode_id", person, came)
            cells = [came, f"{need} - Whatever it is" if need else "", ceased, last["ceased_reason"]]
            for name, on, number, same, columns in _LATEST:
                only = {**same, "cla_id": cla_id} if "cla_id" in same else same
                rows = [r for r in of_child[name][person] if all(r[column] == value for column, value in only.items())]
                row = latest(rows, on, number)
                if row is not None and (name == "care_plans" or row.get("end_date", ceased) == ceased):
                    self.key(name, row, number, person, came if name == "care_plans" else row[on])
                cells += [said(PLANS, cell(row, column)) for column in columns]
            yield person, [*cells, "2"]

    def care_leavers(self) -> Rows:
        for row in self.sample.rows("care_leavers"):
            self.key("care_leavers", row, "status_id", row["person_id"])
            home, doing = (f"{row[name]}: In words" if row[name] else "" for name in ("accommodation", "activity"))
            suitable = said(SUITABLE, row["accommodation_suitable"])
            cells = [said(ELIGIBLE, row["eligibility"]), said(TOUCH, row["in_touch"]), row["latest_contact_date"]]
            yield row["person_id"], [*cells, home, suitable, doing, row["pathway_review_date"], "Jo Bloggs"]

    def adopted(self) -> Rows:
        began: dict[str, dt.date] = {}
        for row in self.sample.rows("cla_episodes"):
            found = day(row["start_date"])
            if found is not None:
                began[row["cla_id"]] = min(found, began.get(row["cla_id"], found))
        for row in self.sample.rows("permanence"):
            ends = [row[name] for name in ("order_date", "reversed_date") if row[name]]
            if row["order_type"] in ("", "Adoption") and (not ends or any(since(end, A_YEAR_AGO) for end in ends)):
                entered = began.get(row["cla_id"])
                came = "" if entered is None else entered.strftime("%d/%m/%Y")
                self.key("permanence", row, "permanence_id", row["person_id"], came)
                yield row["person_id"], [came, *(row[name] for name in _ADOPTED)]

    def adopters(self) -> None:
        """Write the list of adopters: two people of each household."""
        sheet = [_ADOPTER.split("|")]
        for row in self.sample.rows("adopters"):
            number = row["adopter_id"]
            cells = [row[name] for name in _ADOPTERS]
            sheet += [[f"{number}-{sex[0]}", number, sex, "01/02/1980", *cells] for sex in SEX.values()]
            self.made.keys["adopters"][number] = number
        self.made.sheets["List 11"] = sheet


def annex_a(folder: Path) -> Lists:
    """Return the lists of a sample."""
    lists = _Lists(folder)
    lists.write("List 1", "Date of Contact|Contact Source", lists.contacts())
    lists.write("List 2", _EARLY_HELP, lists.early_help())
    lists.write("List 3", _REFERRAL, lists.referrals())
    lists.write("List 4", _ASSESSMENT, lists.assessments())
    lists.write("List 5", _ENQUIRY, lists.enquiries())
    lists.write("List 6", _IN_NEED, lists.in_need())
    lists.write("List 7", _PROTECTED, lists.protected())
    lists.write("List 8", _IN_CARE, lists.in_care(), uasc=True)
    lists.write("List 9", _CARE_LEAVER, lists.care_leavers())
    lists.write("List 10", _ADOPTION, lists.adopted())
    lists.adopters()
    return lists.made


def cell(row: Row | None, column: str) -> str:
    """Return a record's value, or nothing where there is no record."""
    return "" if row is None else row[column]


_EARLY_HELP = "Assessment start date|Assessment completion date|Organisation completing assessment"
_REFERRAL = "Date of referral|Referral Source|Referral NFA?|Number of Referrals in last 12 months"
_ASSESSMENT = (
    "Continuous Assessment Start Date|Child Seen During Continuous Assessment|"
    "Continuous Assessment Date of Authorisation|Allocated Team"
)
_ENQUIRY = (
    "Strategy discussion initiating Section 47 Enquiry Start Date|Date of Initial Child Protection Conference|"
    "Did the Initial Child Protection Conference Result in a Child Protection Plan"
)
_IN_NEED = "CIN Start Date|Primary Need Code|CIN Closure Date|Reason for Closure|Date Child Was Last Seen|Case Status"
_PROTECTED = (
    "Child Protection Plan Start Date|Child Protection Plan End Date|Initial Category of Abuse|"
    "Latest Category of Abuse|Date of the Last Statutory Visit|Was the Child Seen Alone?|"
    "Date of latest review conference|Sum of Number of Previous Child Protection Plans"
)
_CARE_LEAVER = (
    "Eligibility Category|LA In Touch|Latest Date of Contact|Type of Accommodation|Suitability of Accommodation|"
    "Activity Status|Latest Pathway Plan Review Date|Allocated Personal Advisor"
)
_ADOPTION = (
    "Date the Child Entered Care|Date of Decision that Child Should be Placed for Adoption|Date of Placement Order|"
    "Date of Matching Child and Prospective Adopters|Family identifier|Date Placed for Adoption|"
    "Date of Adoption Order|Date of Decision that Child Should No Longer be Placed for Adoption|"
    "Reason Why Child No Longer Placed for Adoption"
)
_ADOPTER = (
    "Individual adopter identifier|Family identifier|Gender|Date of Birth|Date enquiry received|"
    "Date Stage 1 started|Date Stage 1 ended|Date Stage 2 started|Date application approved|"
    "Date adopter matched with child(ren)|Date of leaving adoption process"
)
_LATEST: tuple[tuple[str, str, str, Mapping[str, str], tuple[str, ...]], ...] = (
    ("cla_placements", "start_date", "placement_id", {"cla_id": ""},
     ("start_date", "placement_type", "provider", "postcode")),
    ("cla_visits", "visit_date", "visit_id", {"cla_id": ""}, ("visit_date",)),
    ("cla_reviews", "held_date", "review_id", {"cla_id": ""}, ("held_date",)),
    ("legal_statuses", "start_date", "legal_status_id", {}, ("start_date", "legal_status")),
    ("care_plans", "start_date", "care_plan_id", {}, ("permanence_plan",)),
    ("iro_visits", "visit_date", "visit_id", {}, ("visit_date",)),
    ("health_checks", "check_date", "health_check_id", {"check_type": "DENTAL", "status": "HELD"}, ("check_date",)),
)  # fmt: skip
"""Of what list 8 holds the latest: the extract, its day, its key, which records of the child's, and what is written."""
_ADOPTED = (
    "adm_decision_date", "placement_order_date", "matched_date", "adopter_id", "placed_date", "order_date",
    "reversed_date", "reversed_reason",
)  # fmt: skip
_ADOPTERS = (
    "enquiry_date", "registration_date", "stage_1_ended", "stage_2_started", "approved_date", "matched_date",
    "closed_date",
)  # fmt: skip
_IN_CARE = (
    "Date Started to be Looked After|Child's Category of Need|Date Ceased to be Looked After|"
    "Reason Ceased to be Looked After|Start Date of Most Recent Placement|Placement Type|Placement Provider|"
    "Placement Postcode|Date of Last Social Work Visit|Date of Latest Statutory Review|"
    "Start date of current legal status|Child's Legal Status|What is the permanence plan for this child?|"
    "Date of Last IRO Visit / Contact to the Child|Date of Last Dental Check|Number of Placements in the last 12 months"
)


def said(words: Mapping[str, str], code: str) -> str:
    """Return what a list writes for a code of ours, or what stood there if it is none."""
    return words.get(code, code)
