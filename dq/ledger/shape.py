"""The shape of a ledger: its tables, and what keeps them from being changed, in one hash."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text

_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
_POSTGRES = """
    SELECT 'column', table_name || '.' || column_name, data_type || is_nullable
    FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text || '.' || tgname, tgenabled::text || pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""


def shape_of(connection: Connection) -> str:
    """Return a SHA-256 of every table, index and trigger as the database has them."""
    query = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    parts = ["|".join(map(str, row)) for row in connection.execute(text(query))]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
