"""Run the examples of rules again whenever their files change, until the person stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dq.catalogue import test_examples
from dq.library.folders import POLICY_FOLDERS, policy_root
from dq.problems import ProblemsError

Say = Callable[[str], None]


def watch(
    pattern: str,
    project: Path | None,
    say: Say,
    changes: Iterable[set[Path]] | None = None,
    dataset: str | None = None,
) -> None:
    """Run the examples that fit ``pattern``, then, as files change, those of what changed.

    ``changes`` yields the files that changed, a set for each time; by default those of the policy's folders, as long
    as the process runs. A change to a rule or an indicator runs its own examples; one to anything else runs all.
    """
    _run([pattern], project, say, dataset)
    for changed in changes if changes is not None else _changes(project):
        own = [path.stem for path in sorted(changed) if _has_examples(path)]
        say(f"\n{', '.join(sorted(path.name for path in changed))} changed")
        _run(own if own and len(own) == len(changed) else [pattern], project, say, dataset)


def _run(patterns: Iterable[str], project: Path | None, say: Say, dataset: str | None) -> None:
    for pattern in patterns:
        try:
            say(test_examples(pattern, project, dataset)[0])
        except ProblemsError as error:
            say("\n".join(str(problem) for problem in error.problems))


def _has_examples(path: Path) -> bool:
    return path.suffix == ".yaml" and path.exists() and ("rules" in path.parts or "indicators" in path.parts)


def _changes(project: Path | None) -> Iterator[set[Path]]:
    from watchfiles import watch as watch_files

    roots = [policy_root(), Path() if project is None else project]
    folders = {(root / name).resolve() for root in roots for name in POLICY_FOLDERS if (root / name).is_dir()}
    settings = {path.resolve() for path in (root / "dq.yaml" for root in roots) if path.is_file()}
    for found in watch_files(*folders, *settings, raise_interrupt=True):
        changed = {Path(path) for _, path in found if Path(path).suffix in {".yaml", ".sql"}}
        if changed:
            yield changed
