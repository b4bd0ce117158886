"""The forms of the ledger, one after another, as Alembic runs them."""
