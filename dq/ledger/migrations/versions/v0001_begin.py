"""The first form: the chain, what its entries hold, and what keeps it from being changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_FREE = ("run", "rule_result", "exception", "figure", "release", "decision", "response", "waiver", "ended")
"""Rows of these may be purged; those of the chain itself never go."""
_SAID = "the ledger is only added to"


def _said(name: str, *, needed: bool = True, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=not needed)


def _table(name: str, *columns: sa.Column[int] | sa.Column[str] | sa.Column[float]) -> None:
    entry = sa.Column("entry", sa.Integer, sa.ForeignKey("entry.number"), primary_key=True, autoincrement=False)
    op.create_table(name, entry, *columns)


def _leads(name: str, *, key: bool) -> sa.Column[int]:
    to = sa.ForeignKey("entry.number")
    return sa.Column(name, sa.Integer, to, primary_key=key, nullable=not key, autoincrement=False)


def _number(name: str, *, needed: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=not needed)


def _measured(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=True)


def upgrade() -> None:
    """Make the tables and their triggers."""
    number = sa.Column("number", sa.Integer, primary_key=True, autoincrement=False)
    parts = ("kind", "at", "content", "digests", "previous", "hash")
    op.create_table("entry", number, *(_said(name) for name in parts))
    _of_runs()
    _of_answers()
    for table in ("entry", "purged", *_FREE):
        _protect(table, purged=table in _FREE)


def _of_runs() -> None:
    said = [_said(name) for name in ("run_id", "authority", "dataset", "period_end")]
    _table("run", *said, _leads("baseline", key=False), _said("decision"))
    _table(
        "rule_result", _said("rule_id", key=True), _said("fingerprint"), _said("status"), _number("in_scope"),
        _number("flagged"),
    )  # fmt: skip
    _table(
        "exception", _said("exception_id", key=True), _said("rule_id"), _said("extract"), _said("record_key"),
        _said("person_id", needed=False), _said("team_id", needed=False), _said("fingerprint"),
        _number("chapter", needed=True), _said("state"), _said("first_seen"), _said("since"),
        _number("reopened", needed=True), _said("empty"),
    )  # fmt: skip
    op.create_index("exception_by_id", "exception", ["exception_id"])
    keys = [_said(name, key=True) for name in ("scope_type", "scope_id", "measure", "line")]
    measured = [_measured(name) for name in ("numerator", "denominator", "value", "low", "high")]
    _table("figure", *keys, *measured, _said("rag", needed=False), _number("settled"))
    _table("release", _said("kind", key=True), _said("name", key=True), _said("fingerprint"))
    _table("decision", _leads("run", key=True), _said("decision"), _said("decided_by"), _said("why"))


def _of_answers() -> None:
    optional = [_said(name, needed=False) for name in ("why", "until", "belongs_to", "team_id")]
    _table("response", _said("exception_id", key=True), _said("run_id"), _said("answer"), *optional,
           _said("fingerprint"))  # fmt: skip
    op.create_index("response_by_id", "response", ["exception_id"])
    _table(
        "waiver", _said("authority"), _said("dataset"), _said("rule_id"), _said("exception_id", needed=False),
        _said("team_id", needed=False), _said("fingerprint"), _said("why"), _said("asked_by"), _said("approved_by"),
        _said("until"), _number("at_most", needed=True),
    )  # fmt: skip
    _table("ended", _leads("waiver", key=True), _said("why"))
    _table("purged", _leads("target", key=True), _said("table_name", key=True))


def _protect(table: str, *, purged: bool) -> None:
    """Refuse to change a row, or to remove one that is not recorded as purged."""
    recorded = f"EXISTS (SELECT 1 FROM purged WHERE target = OLD.entry AND table_name = '{table}')"
    if op.get_bind().dialect.name == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        when = f"WHEN NOT {recorded}" if purged else ""
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {refusal}")
        op.execute(f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {when} {refusal}")
        return
    allowed = f"IF TG_OP = 'DELETE' AND {recorded} THEN RETURN OLD; END IF;" if purged else ""
    op.execute(
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {allowed} RAISE EXCEPTION '{_SAID}'; END $$"
    )
    rows = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
    op.execute(f"CREATE TRIGGER {table}_stays {rows} EXECUTE FUNCTION {table}_stays()")
    whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
    op.execute(f"CREATE TRIGGER {table}_is_kept {whole} EXECUTE FUNCTION {table}_stays()")
