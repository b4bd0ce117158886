"""A run small enough to know by heart: two figures, one area, three teams, seven exceptions."""

import datetime as dt
import json

import pyarrow as pa

from dq.model import (
    Band,
    Decision,
    ExtractRead,
    Figure,
    Indicator,
    Line,
    Project,
    Rule,
    RuleResult,
    RunResult,
    Scope,
    Scorecard,
    Section,
    Status,
    Verdict,
)
from tests.held_rows import held

PERIOD = dt.date(2016, 8, 31)
KENT = Scope("authority", "KENT", "Kent")
NORTH = Scope("area", "AREA-NORTH", "North Kent")
DOVER = Scope("team", "TEAM-DOVER", "Dover CSWT", "AREA-NORTH")
SWALE = Scope("team", "TEAM-SWALE", "=Swale & Sheppey (18+)", "AREA-NORTH")
QUIET = Scope("team", "TEAM-QUIET", "Quiet Service", "AREA-NORTH")

SEEN = Indicator(
    id="seen-in-28-days", title="Children in need seen in 28 days", on="children_in_need", denominator="true",
    numerator="seen", unit="percent", polarity="high", period="snapshot", definition="Of children in need, those seen.",
    source="Kent scorecard 2016, indicator 6",
)  # fmt: skip
UNALLOCATED = Indicator(
    id="unallocated-cases", title="Unallocated cases", on="open_cases", denominator="worker_id is null", unit="count",
    polarity="low", period="R12M", definition="Open cases without a worker.", source="Kent scorecard 2016, indicator 7",
)  # fmt: skip
BAND = Band(green=">= 80", amber=">= 70", basis="inferred", evidence="From the printed colours")
PAPER = Scorecard(
    id="kent-2016-11", title="Performance scorecard", authority="Kent", edition="10 Nov 2016", source="Kent",
    arrow="performance",
    sections=[
        Section(title="CASES", lines=[
            Line(indicator="unallocated-cases", number="7", title="Number of unallocated cases"),
        ]),
        Section(title="CHILDREN IN NEED", lines=[
            Line(indicator="seen-in-28-days", number="6", title="% of CIN seen in 28 days", target=80.0, band=BAND),
        ]),
    ],
)  # fmt: skip


def figures() -> tuple[Figure, ...]:
    made = []
    for scope in (KENT, NORTH, DOVER, SWALE, QUIET):
        made.append(Figure(
            indicator=UNALLOCATED, scope=scope, period=PERIOD, numerator=None, denominator=None, value=None, number="7",
            title="Number of unallocated cases", available=False, note="No extract of open cases was given",
        ))  # fmt: skip
        made.append(Figure(
            indicator=SEEN, scope=scope, period=PERIOD, numerator=81, denominator=100, value=81.0, number="6",
            title="% of CIN seen in 28 days", target=80.0, band=BAND, rag="G", previous=82.5, year_ago=75.25, low=78.5,
            high=81.5, rag_low="A", rag_high="G", open_exceptions=4,
            history=((dt.date(2016, 6, 30), 79.0), (dt.date(2016, 7, 31), 82.5)),
        ))  # fmt: skip
    return tuple(made)


def rule(name: str, severity: str, **others: object) -> Rule:
    return Rule(
        id=name, title=f"About {name}", severity=severity, dimension="completeness", on="cp_visits",
        expect="seen is not null", fields=["seen"], message="-", why="It matters.", fix="Put it right.", **others,
    )  # fmt: skip


SEEN_MISSING = rule("seen-missing", "error")
LATE = rule("visit-late", "query")
FORMULA = rule("formula-in-a-record", "error", source="=Source")
BROKEN = rule("broken", "error")
NOTHING_IN_SCOPE = rule("nothing-in-scope", "information")
RULES = {found.id: found for found in (SEEN_MISSING, LATE, FORMULA, BROKEN, NOTHING_IN_SCOPE)}


def exception(name: str, rule: Rule, team: str | None, child: str | None, days: int | None, **others: object) -> dict:
    return {
        "exception_id": name, "rule_id": rule.id, "severity": rule.severity.value, "dimension": "completeness",
        "extract": "cp_visits", "record_key": f"V-{name}", "person_id": child, "team_id": team, "worker_id": "W1",
        "fields": "seen", "values": json.dumps({"seen": None, "visit_date": "2017-05-04"}),
        "message": f"Visit of {name} has no answer", "fix": "Open the visit and answer.",
        "indicators": "seen-in-28-days", "first_seen": PERIOD, "days_open": days, "state": "open", **others,
    }  # fmt: skip


EXCEPTIONS = [
    exception("e1", SEEN_MISSING, "TEAM-DOVER", "CHILD-B", 10),
    exception("e2", LATE, "TEAM-DOVER", "CHILD-A", 90),
    exception("e3", SEEN_MISSING, "TEAM-DOVER", "CHILD-A", 5),
    exception("e4", SEEN_MISSING, "TEAM-DOVER", "CHILD-B", 63, indicators="seen-in-28-days;unallocated-cases"),
    exception("e5", FORMULA, "TEAM-SWALE", '=HYPERLINK("x")', None, record_key="@SUM(A1)", worker_id="+1",
              message="-1+1", fix="\t=1", values=json.dumps({"seen": "=cmd|calc"}), indicators="=gone"),
    exception("e6", SEEN_MISSING, None, None, 1),
    exception("e7", SEEN_MISSING, "TEAM-CLOSED", "CHILD-Z", 2),
]  # fmt: skip

TEXT = (
    "exception_id", "rule_id", "severity", "dimension", "extract", "record_key", "person_id", "team_id", "worker_id",
    "fields", "values", "message", "fix", "indicators",
)  # fmt: skip
SCHEMA = pa.schema(
    [(name, pa.string()) for name in TEXT]
    + [("first_seen", pa.date32()), ("days_open", pa.int64()), ("state", pa.string())]
)
VERDICT = Verdict(
    Decision.CAVEATS,
    ("One rule could not be run.",),
    (("Every extract is here", True, "All 1 are."), ("Every rule ran", False, "One rule could not be run.")),
)


def a_run(*, published: bool = True) -> RunResult:
    results = (
        RuleResult(SEEN_MISSING, Status.FLAGGED, 100, 5),
        RuleResult(LATE, Status.FLAGGED, 100, 1),
        RuleResult(FORMULA, Status.FLAGGED, 100, 1),
        RuleResult(BROKEN, Status.SKIPPED, reason="The column seen is not in cp_visits"),
        RuleResult(NOTHING_IN_SCOPE, Status.NOT_APPLICABLE),
    )
    moment = dt.datetime(2016, 11, 10, 9, 0, tzinfo=dt.UTC)
    return RunResult(
        run_id="run-1", project=Project(authority="Kent County Council", scorecard="kent-2016-11"), period=PERIOD,
        started_at=moment, finished_at=moment + dt.timedelta(seconds=2),
        extracts=(ExtractRead("cp_visits", "cp_visits.csv", "ab12", 100, ("seen",), ("colour",), 3, PERIOD),),
        findings=held(results, pa.Table.from_pylist(EXCEPTIONS, SCHEMA)),
        verdict=VERDICT if published else None, scorecard=PAPER if published else None,
        figures=figures() if published else (), scopes=(KENT, NORTH, DOVER, SWALE, QUIET), versions={"dq": "0.1.0"},
        fingerprints={"rules": "cd34"}, seconds={"engine": 1.5},
    )  # fmt: skip
