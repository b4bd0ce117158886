"""Scorecards of random shape: those that hang together give no doubt, and one slip in each is found and named."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from dq.library import policy_root
from dq.library.layouts import load_layouts
from dq.library.load import load_library
from dq.model import Doubt, Status
from dq.proof import DATASET
from dq.proof.check import prove
from dq.proofread import proofread
from dq.sources.intake import Intake
from dq.sources.paper_file import read_pages
from dq.sources.reference import add_calendar
from dq.workspace import open_workspace
from tests.proof.generated import Scorecard, scorecard, write
from tests.proof.slips import KINDS, Slip, slip

SEEDS = range(200)
OF_EACH_KIND = 30
OF_KIRKLEES = {
    "bands-with-a-gap",
    "base-below-what-it-covers",
    "blank-beside-a-number",
    "code-with-two-labels",
    "more-than-it-can-be-of",
    "nought-beside-a-number",
    "part-not-what-the-mean-leaves",
    "period-labelled-two-ways",
}
"""Rules about what no scorecard made here prints; Kirklees's paper does, and tests them."""


def test_scorecards_that_hang_together_give_no_doubt(tmp_path):
    files, places = write((scorecard(seed, f"S{seed}") for seed in SEEDS), tmp_path)
    proof = proofread(files, tmp_path / "out")
    assert proof.figures == len(places) > 10_000
    assert [(doubt.rule.id, places[doubt.row_no or 0], doubt.message) for doubt in proof.doubts] == []
    ended = Counter(result.status for result in proof.results)
    assert ended[Status.ERROR] == ended[Status.SKIPPED] == 0
    about_figures = [r for r in proof.results if r.rule.topic not in ("contract", "words")]
    untested = {r.rule.id for r in about_figures if r.status is not Status.PASSED}
    assert untested == OF_KIRKLEES, "a rule was tested on nothing"


def test_a_slip_is_found_and_named(tmp_path):
    slips = list(_slips())
    found_at = _doubts([made.card for made in slips], tmp_path)
    found: dict[str, list[bool]] = defaultdict(list)
    named: dict[str, list[bool]] = defaultdict(list)
    for made in slips:
        told = [f"{doubt.rule.id}: {doubt.message}" for ref, doubt in found_at[made.card.paper] if ref in made.refs]
        found[made.kind].append(bool(told))
        named[made.kind].append(any(words in one for one in told for words in made.named))
    for kind in KINDS:
        print(f"{kind:<45}{sum(found[kind]):>4} found, {sum(named[kind])} named, of {len(found[kind])}")
    assert min(map(len, found.values())) >= OF_EACH_KIND
    assert all(sum(told) >= 0.95 * len(told) for told in found.values())
    assert all(sum(told) >= 0.95 * len(told) for told in named.values())


def _slips() -> Iterator[Slip]:
    """Yield slips of every kind, in scorecards that the test above found sound."""
    cards = [scorecard(seed, f"S{seed}") for seed in SEEDS]
    for number, kind in enumerate(KINDS):
        rng, made = random.Random(number), 0
        for card in rng.sample(cards, len(cards)):
            one = slip(kind, card, rng) if made < OF_EACH_KIND else None
            if one is not None:
                made += 1
                yield Slip(kind, _of_its_own(one.card, f"{card.paper} {number}"), one.refs, one.named)


def _of_its_own(card: Scorecard, paper: str) -> Scorecard:
    """Return a scorecard as another authority's, so that it meets no other in the file."""

    def renamed(row: dict[str, str]) -> dict[str, str]:
        names = {name: f"{row[name]} of {paper}" for name in ("scope", "parent_scope") if row.get(name)}
        return row | names | {"paper": row["paper"].replace(card.paper, paper)}

    return Scorecard(paper, [renamed(row) for row in card.rows], [renamed(one) for one in card.relations])


def _doubts(cards: Iterable[Scorecard], folder: Path) -> dict[str, list[tuple[str, Doubt]]]:
    """Return paper → the ref of each doubtful figure with the doubt; an earlier edition is under the later's name."""
    files, places = write(cards, folder)
    library, layouts = load_library(DATASET), load_layouts(DATASET, [policy_root()])
    with open_workspace() as workspace:
        pages = read_pages(files, layouts, Intake(workspace, folder))
        add_calendar(workspace)
        doubts = prove(workspace, library, pages).doubts
    found = defaultdict(list)
    for doubt in doubts:
        paper, ref = places[doubt.row_no or 0]
        found[paper.removesuffix(" earlier")].append((ref, doubt))
    return found
