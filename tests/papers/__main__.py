"""``python -m tests.papers [PAPER …]``: how many of a paper's printed cells come out of the records made for it.

Every other cell is listed, with the reason where there is one.
"""

from __future__ import annotations

import sys

from dq.library.load import load_library
from tests.papers.compare import compare, work_out
from tests.papers.recipes import PAPERS

SOURCES = {
    "records": "worked out from the records",
    "published": "of earlier months, taken from what was published then (values, and arrows to them)",
    "declared": "declared by the scorecard (targets)",
}


def main(asked: list[str]) -> int:
    """Print each paper's cells reproduced and printed, and every other cell; 1 if one has no reason."""
    if unknown := set(asked) - set(PAPERS):
        print(f"There is no paper {', '.join(sorted(unknown))}. There are: {', '.join(PAPERS)}.", file=sys.stderr)
        return 2
    library, unexplained = load_library(), 0
    for paper in asked or PAPERS:
        compared = compare(PAPERS[paper], work_out(PAPERS[paper], library))
        others = [one for one in compared if not one.same]
        print(f"{paper}: {len(compared) - len(others):,} of {len(compared):,} printed cells come out")
        for source, words in SOURCES.items():
            of = [one.same for one in compared if one.source == source]
            print(f"  {sum(of):,} of {len(of):,} {words}")
        for one in others:
            reason = one.reason or "NO REASON KNOWN"
            print(f"  {one.cell}: printed {one.cell.printed}, found {one.found or 'nothing'}. {reason}")
        unexplained += sum(not one.reason for one in others)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
