"""A part of the shipped policy that stands by itself: soon read, for tests that change a file and read it all again.

Of the extracts those that the figures of Kent's paper need, and of views and rules those that stand on them alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from made_once import made_once

from dq.library import folders
from dq.library.load import load_library
from dq.library.policy import Library

IN_A_PROCESS = "TESTS_POLICY"
"""Names the folder to processes that a test starts (``command_line``)."""
EXTRACTS = (
    "addresses", "cin_plans", "cin_reviews", "cin_visits", "cla_episodes", "cla_placements", "cla_visits", "cp_plans",
    "cp_reviews", "cp_visits", "involvements", "legal_statuses", "management_oversights", "missing_episodes", "persons",
    "teams", "workers",
)  # fmt: skip
FIGURES = (
    "cin_seen", "cla_count", "cla_in_house_foster_care", "cla_within_20_miles", "cp_visits_timeliness",
    "placement_stability_2_years", "placement_stability_3_plus", "return_home_interview_timeliness",
)  # fmt: skip
WHOLE = ("checks/gates", "data/codes", "data/language", "data/mappings", "data/casework/thresholds.yaml",
         "data/casework/bands", "data/heading_words.yaml", "reports/templates", "data/recipes", "checks/scorecard",
         "data/scorecard", "rules/scorecard", "checks/recording", "data/recording",
         "reports/indicators/recording")  # fmt: skip


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds it."""
    return made_once(tmp_path_factory, "small-policy", lambda folder: _fill(folder, load_library()))


@pytest.fixture(scope="module")
def small_policy(small_root: Path) -> Iterator[Path]:
    """While the tests of a module run, it is the policy that ships."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "_PACKAGE", small_root / "dq")
        patch.setenv(IN_A_PROCESS, str(small_root / "dq"))
        yield small_root


def _fill(folder: Path, library: Library) -> None:
    shipped = folders.policy_root()
    for name in WHOLE:
        source, target = shipped / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    known = {"calendar", "postcodes", *EXTRACTS}
    names = list(library.views)
    views = [view.name for view in library.tables.in_order(names) if _stands_on(view.depends, known, view.name)]
    kept = [f"checks/casework/{name}.yaml" for name in EXTRACTS]
    kept += [f"data/casework/views/{name}.sql" for name in views]
    for bound in library.rules.values():
        tables = {bound.rule.on, *(t for b in (bound.where, bound.expect) for t in library.tables.tables_named(b.tree))}
        tables |= {extract for example in bound.rule.examples for extract in example.given}
        tables |= {read.partition(".")[0] for read in bound.rule.besides} | set(bound.rule.missing)
        if bound.rule.path is not None and bound.rule.topic != "contract" and tables <= known:
            kept.append(bound.rule.path.relative_to(shipped).as_posix())
    kept += [
        f"data/casework/totals/{name}.yaml"
        for name, total in library.totals.items()
        if {count.on for count in (total.count, *total.parts)} <= known
    ]
    for name in FIGURES:
        path = library.indicators[name].indicator.path
        assert path is not None
        kept.append(path.relative_to(shipped).as_posix())
    _keep_scorecards(shipped / "reports" / "scorecards", folder / "reports" / "scorecards")
    for name in kept:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped / name, folder / name)


def _keep_scorecards(shipped: Path, folder: Path) -> None:
    """Write each scorecard with those lines alone whose figures are kept whole, and the sections that have any."""
    folder.mkdir(parents=True)
    for path in shipped.glob("*.yaml"):
        card = yaml.safe_load(path.read_text(encoding="utf-8"))
        if card.get("dataset") == "recording":
            shutil.copy(path, folder / path.name)
            continue
        for section in card["sections"]:
            section["lines"] = [x for x in section["lines"] if x["indicator"] in FIGURES and "split" not in x]
        card["sections"] = [section for section in card["sections"] if section["lines"]]
        (folder / path.name).write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _stands_on(depends: tuple[str, ...], known: set[str], name: str) -> bool:
    """Whether a view names only what is known; if so, it is known from now on."""
    if known.issuperset(depends):
        known.add(name)
        return True
    return False
