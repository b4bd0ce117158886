"""Whether two contenders found the same: the same failing rows of the same rules, each as often."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Found:
    """What a contender wrote: rule -> rows failing, and rule -> a hash of their keys; None if it only counts."""

    counts: dict[str, int]
    keys: dict[str, int] | None


def found(file: Path) -> Found:
    """Read ``file``: (rule_id, record_key), a row for each failing row; or (rule_id, failing), which only counts."""
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(file))
        if "record_key" not in rows.columns:
            counts = connection.sql("SELECT rule_id, failing FROM rows WHERE failing > 0").fetchall()
            return Found(dict(counts), None)
        # A sum, not an exclusive or: a row that is reported twice must not vanish.
        digest = "SELECT rule_id, count(*), sum(CAST(hash(record_key) AS HUGEINT)) FROM rows GROUP BY rule_id"
        lines = connection.sql(digest).fetchall()
    return Found({rule: count for rule, count, _ in lines}, {rule: int(total) for rule, _, total in lines})


def verdict(wanted: Found, got: Found) -> str:
    """Return ``yes``, or what differs."""
    rules = sorted(wanted.counts.keys() | got.counts.keys())
    if got.keys is None:
        wrong = [rule for rule in rules if wanted.counts.get(rule) != got.counts.get(rule)]
        return f"no: counts only, {_rules(wrong)} wrong" if wrong else "no: counts only (they agree)"
    assert wanted.keys is not None
    wrong = [
        rule
        for rule in rules
        if (wanted.counts.get(rule), wanted.keys.get(rule)) != (got.counts.get(rule), got.keys.get(rule))
    ]
    return f"no: {_rules(wrong)} differ" if wrong else "yes"


def _rules(wrong: list[str]) -> str:
    return f"{len(wrong)} rule{'s' if len(wrong) > 1 else ''} ({wrong[0]}{' …' if len(wrong) > 1 else ''})"
