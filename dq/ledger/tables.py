"""The tables of the ledger. Every row belongs to one entry of the chain, and says nothing that a record holds but keys.

Days are ISO text in both databases, so that what is hashed is what is stored.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text

METADATA = MetaData()


def _of_entry() -> Column[int]:
    """Return the first column of every table but the chain's own."""
    return Column("entry", Integer, ForeignKey("entry.number"), primary_key=True, autoincrement=False)


def _said(name: str, *, needed: bool = True, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=not needed)


def _counted(name: str, *, needed: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=not needed)


ENTRY = Table(
    "entry",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _said("kind"),
    _said("at"),
    _said("content"),
    _said("digests"),
    _said("previous"),
    _said("hash"),
)
"""The chain. ``content`` and ``digests`` (table → SHA-256 of the entry's rows there) are canonical JSON."""

RUN = Table(
    "run",
    METADATA,
    _of_entry(),
    _said("run_id"),
    _said("authority"),
    _said("dataset"),
    _said("period_end"),
    Column("baseline", Integer, ForeignKey("entry.number"), nullable=True),
    _said("decision"),
)
"""A run that ended and took its place. ``baseline`` is the run that it was compared with, none for the first."""

RULE_RESULT = Table(
    "rule_result",
    METADATA,
    _of_entry(),
    _said("rule_id", key=True),
    _said("fingerprint"),
    _said("status"),
    _counted("in_scope"),
    _counted("flagged"),
)

EXCEPTION = Table(
    "exception",
    METADATA,
    _of_entry(),
    _said("exception_id", key=True),
    _said("rule_id"),
    _said("extract"),
    _said("record_key"),
    _said("person_id", needed=False),
    _said("team_id", needed=False),
    _said("fingerprint"),
    _counted("chapter", needed=True),
    _said("state"),
    _said("first_seen"),
    _said("since"),
    _counted("reopened", needed=True),
    _said("empty"),
    Index("exception_by_id", "exception_id"),
)
"""How an exception stands from this run on: a row only where that changed.

``since`` is the period end from which it stands so, ``empty`` names the fields in question that held nothing.
A ``chapter`` ends where the rule (``fingerprint``) comes to mean something else.
"""

FIGURE = Table(
    "figure",
    METADATA,
    _of_entry(),
    _said("scope_type", key=True),
    _said("scope_id", key=True),
    _said("measure", key=True),
    _said("line", key=True),
    Column("numerator", Float, nullable=True),
    Column("denominator", Float, nullable=True),
    Column("value", Float, nullable=True),
    Column("low", Float, nullable=True),
    Column("high", Float, nullable=True),
    _said("rag", needed=False),
    _counted("settled"),
)
"""A figure as the run gave it, unrounded; ``line`` is its number and title on the scorecard."""

RELEASE = Table(
    "release",
    METADATA,
    _of_entry(),
    _said("kind", key=True),
    _said("name", key=True),
    _said("fingerprint"),
)
"""What a rule, the rules, the indicators or what was published before mean from this run on, where that is new."""

DECISION = Table(
    "decision",
    METADATA,
    _of_entry(),
    Column("run", Integer, ForeignKey("entry.number"), primary_key=True, autoincrement=False),
    _said("decision"),
    _said("decided_by"),
    _said("why"),
)

RESPONSE = Table(
    "response",
    METADATA,
    _of_entry(),
    _said("exception_id", key=True),
    _said("run_id"),
    _said("answer"),
    _said("why", needed=False),
    _said("until", needed=False),
    _said("belongs_to", needed=False),
    _said("team_id", needed=False),
    _said("fingerprint"),
    Index("response_by_id", "exception_id"),
)
"""What a team answered of an exception, as sent with ``run_id``. ``belongs_to`` is the team that it is rather for."""

WAIVER = Table(
    "waiver",
    METADATA,
    _of_entry(),
    _said("authority"),
    _said("dataset"),
    _said("rule_id"),
    _said("exception_id", needed=False),
    _said("team_id", needed=False),
    _said("fingerprint"),
    _said("why"),
    _said("asked_by"),
    _said("approved_by"),
    _said("until"),
    _counted("at_most", needed=True),
)
"""What was accepted: one exception, or those of a rule (of one team), ``at_most`` so many, until a day."""

ENDED = Table(
    "ended",
    METADATA,
    _of_entry(),
    Column("waiver", Integer, ForeignKey("entry.number"), primary_key=True, autoincrement=False),
    _said("why"),
)
"""A waiver that was taken back before its day."""

PURGED = Table(
    "purged",
    METADATA,
    _of_entry(),
    Column("target", Integer, ForeignKey("entry.number"), primary_key=True, autoincrement=False),
    _said("table_name", key=True),
)
"""Rows of an earlier entry that were removed by retention: the one way in which a row may go."""

KEPT = (ENTRY, PURGED)
"""Never removed, by no retention."""

OF_ENTRIES = tuple(table for table in METADATA.sorted_tables if table is not ENTRY)
"""The tables whose rows an entry's digests cover."""
