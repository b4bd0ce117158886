"""The nouns of Plumbline: what is declared in YAML, and what a run finds.

Declared types are pydantic models (unknown keys are refused); results are frozen dataclasses. Nothing here
reads a file or holds the value of a record, except :class:`Findings`, whose table does.
"""

from dq.model.answers import Answer, Response
from dq.model.declared import Declared, Read
from dq.model.extracts import Code, CodeList, Column, ColumnType, Contract, Threshold
from dq.model.figures import Apart, AsPublished, Direction, Figure, Scope, direction
from dq.model.findings import CLOSED, ExceptionRows, ExtractRead, Findings, RuleResult, Standing, Status
from dq.model.measures import (
    Band,
    Bands,
    Breakdown,
    Indicator,
    IndicatorExample,
    Limit,
    Line,
    Number,
    PeriodKind,
    Polarity,
    Ratio,
    Scorecard,
    Section,
    Step,
    Unit,
    edges_of,
    split_id,
)
from dq.model.projects import (
    CaseSystem,
    ExtractMapping,
    Gate,
    GateCheck,
    HeadingWords,
    History,
    Mapping,
    Project,
    PublishedNumbers,
)
from dq.model.proofs import Doubt, PaperLayout, PaperTable, Proof
from dq.model.rules import Dimension, Example, Rule, RuleStatus, Severity
from dq.model.runs import Decision, RunResult, Verdict

__all__ = [
    "CLOSED", "Answer", "Apart", "AsPublished", "Band", "Bands", "Breakdown", "CaseSystem", "Code", "CodeList",
    "Column", "ColumnType", "Contract", "Decision", "Declared", "Dimension", "Direction", "Doubt", "Example",
    "ExceptionRows", "ExtractMapping", "ExtractRead", "Figure", "Findings", "Gate", "GateCheck", "HeadingWords",
    "History", "Indicator", "IndicatorExample", "Limit", "Line", "Mapping", "Number", "PaperLayout", "PaperTable",
    "PeriodKind", "Polarity", "Project", "Proof", "PublishedNumbers", "Ratio", "Read", "Response", "Rule", "RuleResult",
    "RuleStatus", "RunResult", "Scope", "Scorecard", "Section", "Severity", "Standing", "Status", "Step", "Threshold",
    "Unit", "Verdict", "direction", "edges_of", "split_id",
]  # fmt: skip
