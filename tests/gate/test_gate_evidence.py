"""What the gate is told besides extracts and rules: fields, teams, figures, totals, and what people have said."""

import datetime as dt
from dataclasses import replace

import pytest
from gate_runs import PERIOD, SIZES, facts, flagging, result, shipped_gate

from dq.gate import judge
from dq.gate.figure_facts import figure_rows
from dq.model import (
    AsPublished,
    Confirmed,
    Counted,
    Decision,
    Figure,
    Indicator,
    LastMonth,
    Leave,
    Override,
    PeriodKind,
    Polarity,
    Reconciled,
    Scope,
    Severity,
    Status,
    TeamRecords,
    Total,
    Unit,
)

KENT = Scope("authority", "KENT", "Kent")
SEEN = Indicator(
    title="Children seen", on="children_in_need", denominator="true", numerator="true", unit=Unit.PERCENT,
    polarity=Polarity.HIGH, period=PeriodKind.SNAPSHOT, definition="d", source="s", id="seen",
)  # fmt: skip
CARE = SEEN.model_copy(update={"id": "care", "unit": Unit.COUNT, "title": "Children in care"})
TWO = Total(title="Children and episodes", why="w", count=Counted(of="a", on="a"), is_=[Counted(of="b", on="b")])
ENDS = [dt.date(2015, month, 28) for month in range(1, 13)] + [dt.date(2016, month, 28) for month in range(1, 8)]


def figure(value, *, previous=None, past=(), of=SEEN, **more):
    history = tuple(zip(ENDS[-len(past) :], past, strict=True)) if past else ()
    return Figure(of, KENT, PERIOD, 1, 1, value, "6", previous=previous, history=history, **more)


def fields(filled, before=None, rows=20_000, required="dob"):
    told = {"required": {"persons": frozenset({required})}, "filled": {"persons": {"dob": filled}}}
    last = LastMonth(SIZES, {} if before is None else {"persons": {"dob": before}})
    return facts({"persons": {"rows": rows}}, evidence={**told, "before": last}, expected_rows={"persons": (1, 99_999)})


def teams(*records):
    return facts(evidence={"teams": records, "names": {"T1": "North", "T2": "South"}})


def totals(counted, others, reason=""):
    return facts(evidence={"totals": [Reconciled(TWO, counted, others, reason)]})


def figures(*found, confirmed=(), before=None):
    last = {"before": before} if before else {}
    return facts(evidence={"figures": found, **last}, confirmed=list(confirmed))


STILL = (80.0, 81.0) * 9
"""Eighteen months, each a point from the one before: the mean move is one point, and 3.27 points are its limit."""
UNSETTLED = {"rag": "G", "low": 78.0, "high": 82.0, "rag_low": "A", "rag_high": "G"}
WORD = Confirmed(indicator="seen", period="2016-08", by="Ann Lee", because="a team was closed")

STOPS = {
    "a required field that is mostly empty": (
        fields(9_900),
        "1 field that records must have is empty in most of them: persons.dob (49.5% filled in)",
    ),
    "a field that lost a fifth of its values": (
        fields(15_800, before=20_000),
        "1 field has lost values since last month: persons.dob (filled in for 79% of records, 100% last month)",
    ),
    "a total that is far off": (totals(1_000, 1_011), "1 total does not agree, by more than 10 in 1,000: "
                                                       "Children and episodes"),
    "a total of nothing": (totals(0, 5), "1 total does not agree, by more than 10 in 1,000: Children and episodes"),
}  # fmt: skip
CAVEATS = {
    "a required field that is often empty": (
        fields(18_000),
        "1 field that records must have is often empty: persons.dob (90% filled in)",
    ),
    "a field that fell by six points": (
        fields(8_800, before=10_000, required="another"),
        "1 field is filled in less often than last month: persons.dob (44% of records, 50% last month)",
    ),
    "a team with many errors": (
        teams(TeamRecords("T1", 2_000, 21, 0), TeamRecords("T2", 2_000, 20, 0)),
        "1 team has more than 10 errors for every 1,000 records: North (10.5)",
    ),
    "a team with many queries": (
        teams(TeamRecords("T1", 2_000, 0, 22), TeamRecords("T2", 2_000, 0, 22)),
        "2 teams have more than 10 queries for every 1,000 records: North (11), South (11)",
    ),
    "many queries": (
        facts(results=(result("no-visit", Status.FLAGGED, 2_200, severity=Severity.QUERY),)),
        "There are 11 queries for every 1,000 records (2,200 in 200,000) that nobody has answered",
    ),
    "a total that is a little off": (totals(1_000, 1_010), "1 total does not quite agree: Children and episodes"),
    "a move beyond the usual": (
        figures(figure(77.7, previous=81.0, past=STILL)),
        "1 figure has moved further since last month than its history makes likely, and nobody has confirmed it: "
        "6. Children seen",
    ),
    "a share without a history that moved far": (
        figures(figure(69.9, previous=80.0)),
        "1 share has moved by more than 10 points since last month, and nobody has confirmed it: 6. Children seen",
    ),
    "a number without a history that moved far": (
        figures(figure(127, previous=105, of=CARE)),
        "1 number has moved by more than a fifth since last month, and nobody has confirmed it: 6. Children in care",
    ),
    "a move from what was published": (
        figures(figure(81.0, previous=81.0, past=STILL, published=(AsPublished(dt.date(2016, 7, 31), 85.0, 1),))),
        "1 figure has moved further since last month than its history makes likely, and nobody has confirmed it: "
        "6. Children seen",
    ),
    "a move from last month's run": (
        figures(figure(81.0, previous=81.0, past=STILL), before=LastMonth(SIZES, {}, {("seen", "all"): 77.0})),
        "1 figure has moved further since last month than its history makes likely, and nobody has confirmed it: "
        "6. Children seen",
    ),
    "a move that was confirmed of another month": (
        figures(figure(69.9, previous=80.0), confirmed=[WORD.model_copy(update={"period": "2016-07"})]),
        "1 share has moved by more than 10 points since last month, and nobody has confirmed it: 6. Children seen",
    ),
    "a colour that is not settled": (
        figures(figure(80.5, previous=80.5, **UNSETTLED)),
        "1 colour is not settled, as errors that are still open could change it: 6. Children seen",
    ),
}
GO = {
    "a field as full as last month": fields(19_900, before=19_950),
    "a handful of records of a team": teams(TeamRecords("T1", 999, 99, 99)),
    "totals that agree": totals(1_000, 1_000),
    "a total that cannot be counted": totals(None, None, "no extract cla_placements"),
    "a move no further than the usual": figures(figure(77.8, previous=81.0, past=STILL)),
    "a small move of a figure that stood still": figures(figure(80.9, previous=80.0, past=(80.0, 80.1) * 9)),
    "a large move that was confirmed": figures(figure(69.9, previous=80.0), confirmed=[WORD]),
    "a number of fewer than twenty": figures(figure(12, previous=6, of=CARE)),
    "a colour that is settled": figures(figure(80.5, previous=80.5, **{**UNSETTLED, "rag_low": "G"})),
}


@pytest.mark.parametrize("name", STOPS)
def test_stop(name, tmp_path):
    run, reason = STOPS[name]
    verdict = judge(shipped_gate(), run, tmp_path)
    assert (verdict.decision, verdict.reasons[0], verdict.caveat) == (Decision.STOP, reason, "")


@pytest.mark.parametrize("name", CAVEATS)
def test_caveats(name, tmp_path):
    run, reason = CAVEATS[name]
    verdict = judge(shipped_gate(), run, tmp_path)
    assert (verdict.decision, verdict.reasons) == (Decision.CAVEATS, (reason,))


@pytest.mark.parametrize("name", GO)
def test_go(name, tmp_path):
    verdict = judge(shipped_gate(), GO[name], tmp_path)
    assert (verdict.decision, verdict.reasons, verdict.caveat) == (Decision.GO, (), "")


def test_a_figure_that_begins_anew_each_year_has_no_usual_move():
    anew = SEEN.model_copy(update={"period": PeriodKind.FINANCIAL_YEAR})
    known = {
        row["moves_known"]
        for of in (SEEN, anew)
        for row in figure_rows([figure(81.0, past=STILL, of=of)], LastMonth(), (), PERIOD)
    }
    assert known == {17, 0}


def test_a_number_that_was_nought_has_moved(tmp_path):
    (row,) = figure_rows([figure(5, previous=0, of=CARE)], LastMonth(), (), PERIOD)
    assert row["moved_by"] == 500


def test_leave_is_for_rules_or_topics_until_its_day(tmp_path):
    skipped = (result("own-a", Status.SKIPPED), result("own-b", Status.SKIPPED), result("other", Status.SKIPPED))

    def reasons(**leave):
        given = Leave(**{"rules": "own-*", "by": "Ann Lee", "because": "not held", "until": PERIOD, **leave})
        return judge(shipped_gate(), facts(results=skipped, may_skip=[given]), tmp_path)

    verdict = reasons()
    assert verdict.reasons == ("1 rule was skipped without leave, for want of an extract or column: other",)
    assert [word.state for word in verdict.words] == ["until 31 Aug 2016; 2 rules skipped"]
    lapsed = reasons(until=dt.date(2016, 8, 30))
    assert lapsed.reasons[0].startswith("3 rules were skipped without leave")
    assert [word.state for word in reasons(rules="never").words] == [
        "until 31 Aug 2016; not needed, as none was skipped"
    ]


def test_the_caveat_is_one_sentence_of_the_three_weightiest_and_counts_the_rest(tmp_path):
    trouble = {"cp_plans": {"unread_values": 1}, "addresses": {"missing_columns": ("postcode",)}}
    skipped = result("a", Status.SKIPPED)
    run = facts(trouble, (flagging(600), skipped), {name: n for name, n in SIZES.items() if name != "teams"})
    assert judge(shipped_gate(), run, tmp_path).caveat == (
        "Read these figures with caution: there are 3 errors for every 1,000 records, enough to move a printed figure; "
        "1 extract lacks columns; 1 rule was skipped, and what it looks for is not known; and 2 more caveats."
    )


def test_an_override_is_of_a_stop_alone_and_leaves_the_decision(tmp_path):
    word = Override("Ann Lee", "counted by hand.")
    stopped = judge(shipped_gate(), facts({"cp_plans": {"file": None, "rows": 0}}), tmp_path, word)
    assert (stopped.decision, stopped.publishes, stopped.overridden) == (Decision.STOP, True, word)
    assert stopped.in_words == "Stopped; published on the word of Ann Lee: counted by hand."
    assert stopped.caveat.startswith("Published on the word of Ann Lee (counted by hand), although checks said stop: ")
    assert not replace(stopped, overridden=None).publishes
    went = judge(shipped_gate(), facts(), tmp_path, word)
    assert (went.decision, went.overridden, went.caveat) == (Decision.GO, None, "")


def test_the_pages_show_what_people_said_and_every_colour_that_is_not_settled(tmp_path):
    many = [
        replace(figure(80.5 + n, previous=80.5 + n, **UNSETTLED), title=f"Share {n}", number=str(n)) for n in range(9)
    ]
    judge(shipped_gate(), figures(*many, replace(figure(60.0, previous=80.0), number="9"), confirmed=[WORD]), tmp_path)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f"{n}. Share {n}" in index for n in range(9))
    assert index.count("green, could be amber") == 9
    assert "9. Children seen" in index
    assert "a team was closed" in index


def test_no_sentence_of_the_gate_says_a_figures_value():
    """A figure may be too small to be told outside, where the gate's sentences are shown too."""
    said = [text for check in shipped_gate().checks if check.facts == "figures" for text in (check.says, check.prints)]
    assert len(said) == 8
    assert not any(place in text for text in said for place in ("{value}", "{before}", "{moved_by}", "{colours}"))
