"""A run with a paper of four lines, three teams and seven exceptions, and the manual of two of its rules."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow as pa

from dq.model import (
    AsPublished,
    Band,
    Decision,
    Dimension,
    Example,
    ExtractRead,
    Figure,
    Indicator,
    IndicatorExample,
    Line,
    PeriodKind,
    Polarity,
    Project,
    Rule,
    RuleResult,
    RunResult,
    Scope,
    Scorecard,
    Section,
    Severity,
    Status,
    Unit,
    Verdict,
)
from dq.reports.pages import write_rule_pages
from tests.held_rows import held

PERIOD = dt.date(2016, 8, 31)
KENT = Scope("authority", "KCC", "Kent")
NORTH = Scope("area", "NK", "North Kent")
ASHFORD = Scope("team", "T1", "Ashford", area="NK")
DOVER = Scope("team", "T2", "Dover", area="NK")
SEEN_BAND = Band(green=">= 80", amber=">= 70", basis="documented", evidence="the paper's data notes")


def indicator(name, unit=Unit.PERCENT, polarity=Polarity.HIGH, period=PeriodKind.SNAPSHOT):
    return Indicator(
        id=name,
        title=f"Own title of {name}",
        on="children_in_need",
        denominator="true",
        numerator="seen" if unit is Unit.PERCENT else None,
        unit=unit,
        polarity=polarity,
        period=period,
        definition=f"What {name} counts.",
        source="Kent scorecard",
        examples=[
            IndicatorExample(name="one of two", given={"persons": [{"person_id": "C1"}]}, numerator=1, denominator=2)
        ],
    )


CAVEAT = "Read these figures with caution: one rule failed; one was skipped."
SEEN = indicator("seen")
MOVES = indicator("moves", polarity=Polarity.LOW)
DENTAL = indicator("dental")
REPEAT = indicator("repeat", polarity=Polarity.NONE, period=PeriodKind.R12M)
LINES = [
    Line(indicator="seen", number="6", title="% of CIN seen in 28 days", target=80, band=SEEN_BAND),
    Line(
        indicator="moves",
        number="17",
        title="% with 3 or more placements",
        target=10,
        band=Band(green="<= 10", amber="<= 13", basis="inferred", evidence="two figures"),
    ),
    Line(indicator="dental", number="23", title="% with dental checks", target=90, band=SEEN_BAND),
    Line(indicator="repeat", number="13", title="% for a second time"),
]


def figure(of, scope, line, **known):
    given = {"numerator": None, "denominator": None, "value": None, **known}
    return Figure(of, scope, PERIOD, number=line.number, title=line.title, target=line.target, band=line.band, **given)


def figures_for(scope):
    return [
        figure(
            SEEN, scope, LINES[0],
            numerator=1595, denominator=1970, value=100 * 1595 / 1970, rag="G", previous=82.9, year_ago=80.0,
            low=78.86, high=82.04, rag_low="A", rag_high="G", open_exceptions=3,
            history=((dt.date(2016, 6, 30), 80.5), (dt.date(2016, 7, 31), 82.9)),
            published=(
                AsPublished(dt.date(2016, 7, 31), 82.9, 1, recorded=81.13, stands=True),
                AsPublished(dt.date(2016, 6, 30), 80.3, 1, recorded=80.5),
            ),
        ),
        figure(
            MOVES, scope, LINES[1],
            numerator=293, denominator=2246, value=100 * 293 / 2246, rag="R", previous=14.0,
            low=100 * 293 / 2246, high=100 * 293 / 2246, rag_low="R", rag_high="R",
            history=((dt.date(2016, 7, 31), 14.0),),
        ),
        figure(DENTAL, scope, LINES[2], available=False, note="the extract health_checks is absent"),
        figure(REPEAT, scope, LINES[3], numerator=276, denominator=1275, value=21.647, low=21.0, high=22.0, r3m=22.9),
    ]  # fmt: skip


def rule(name, severity=Severity.ERROR, dimension=Dimension.COMPLETENESS, **more):
    return Rule(
        id=name,
        topic="visits",
        title=f"Title of {name}",
        severity=severity,
        dimension=dimension,
        on="cin_visits",
        where="visit_date is not null",
        expect="seen is not null",
        fields=["seen"],
        message="Visit on {visit_date} has no answer",
        why=f"Why {name} matters.",
        fix="Answer it.",
        **more,
    )


NO_ANSWER = rule("no-answer")
LATE = rule("late", Severity.QUERY, Dimension.TIMELINESS)
NO_COLUMN = rule("no-column")
BROKEN = rule("broken")
FINE = rule("fine")

COLUMNS = [
    "exception_id", "rule_id", "severity", "dimension", "extract", "record_key", "person_id", "team_id", "worker_id",
    "fields", "values", "message", "fix", "indicators",
]  # fmt: skip
SCHEMA = pa.schema(
    [(name, pa.string()) for name in COLUMNS]
    + [("first_seen", pa.date32()), ("days_open", pa.int64()), ("state", pa.string())]
)


def exception(number, of, team, record, *, message=None, person="C1", days=5, values='{"seen": null}', moves="seen"):
    return {
        "exception_id": f"E{number}", "rule_id": of.id, "severity": of.severity.value,
        "dimension": of.dimension.value, "extract": "cin_visits", "record_key": record, "person_id": person,
        "team_id": team, "worker_id": f"W{number}", "fields": "seen", "values": values,
        "message": message or f"Fault number {number}.", "fix": f"Mend number {number}.", "indicators": moves,
        "first_seen": PERIOD, "days_open": days, "state": "open",
    }  # fmt: skip


EXCEPTIONS = [
    exception(101, NO_ANSWER, "T1", "V1", days=63),
    exception(102, BROKEN, "T1", "V1", days=12),
    exception(103, NO_ANSWER, "T1", "V2", person="C2", days=None),
    exception(104, LATE, "T1", "V3", person="C3", days=400, moves="seen;moves"),
    exception(205, NO_ANSWER, "T2", "V4", person="C4"),
    exception(306, NO_ANSWER, "T9", "V5", person="C5"),
    exception(407, LATE, None, "V6", person="C6", moves=""),
]


def run(exceptions=EXCEPTIONS, *, arrow="performance", decision=Decision.CAVEATS, **changed):
    table = pa.Table.from_pylist(exceptions, SCHEMA)
    counts = {name: sum(row["rule_id"] == name for row in exceptions) for name in ("no-answer", "late")}
    results = (
        RuleResult(FINE, Status.PASSED, 40),
        RuleResult(NO_ANSWER, Status.FLAGGED, 50, counts["no-answer"]),
        RuleResult(LATE, Status.FLAGGED, 30, counts["late"]),
        RuleResult(NO_COLUMN, Status.SKIPPED, reason="the extract cin_visits has no column 'seen_alone'"),
        RuleResult(BROKEN, Status.ERROR, reason="the engine could not compare a date with a text"),
    )
    scopes = (KENT, NORTH, ASHFORD, DOVER)
    made = RunResult(
        run_id="run-1",
        project=Project(authority="Kent", scorecard="kent"),
        period=PERIOD,
        started_at=dt.datetime(2016, 9, 5, 9, tzinfo=dt.UTC),
        finished_at=dt.datetime(2016, 9, 5, 9, 0, 2, tzinfo=dt.UTC),
        extracts=(
            ExtractRead("cin_visits", "cin_visits.csv", "ab", 1234, ("seen_alone",), ("notes",), 7),
            ExtractRead("health_checks", None, None, 0),
        ),
        findings=held(results, table),
        verdict=Verdict(
            decision, ("One rule failed.", "One was skipped."), (("rules ran", False, "1 failed"),), CAVEAT
        ),
        scorecard=Scorecard(
            title="Performance Scorecard",
            authority="Kent",
            edition="Reported Nov 2016",
            source="the county",
            sections=[Section(title="Children in need", lines=LINES)],
            arrow=arrow,
            id="kent",
        ),
        figures=tuple(made for scope in scopes for made in figures_for(scope)),
        scopes=scopes,
        versions={"plumbline": "0.1.0"},
        fingerprints={"rules": "f00"},
        seconds={"check": 0.5},
    )
    return dataclasses.replace(made, **changed)


def write_manual(folder):
    """Write the manual of two rules and two indicators, one rule with examples and one without."""
    with_examples = rule(
        "with-examples",
        source="Kirklees 4.05",
        examples=[
            Example(name="nobody answered", given={"cin_visits": [{"visit_id": "V7", "seen": None}]}, flags=["V7"]),
            Example(name="not a visit", given={"cin_visits": [{"visit_id": "V8"}]}, in_scope=0),
        ],
    )
    contract = rule("contract.cin_visits.seen.codes").model_copy(update={"topic": ""})
    write_rule_pages(
        [with_examples, contract],
        [SEEN, MOVES],
        {"with-examples": ["seen"]},
        {"with-examples": "seen IS NULL /* as run */"},
        folder,
    )
