"""The commands that ask and feed the ledger: ``dq ledger``, ``dq respond``, ``dq waive``."""

from __future__ import annotations

from pathlib import Path

import click

from dq.problems import EXIT_OK, EXIT_STOP

_FOLDER = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print what a program may read.")
_PROJECT = click.option("--project", type=_FOLDER, default=".", show_default=True, metavar="DIR", help="Whose ledger.")


@click.command("history")
@click.argument("project", type=_FOLDER, default=".")
@_JSON
def history(project: Path, as_json: bool) -> None:
    """Every run, oldest first: what was decided, and how many exceptions were new, fixed and so on."""
    from dq.history import history as told

    click.echo(told(project, as_json=as_json))


@click.command("show")
@click.argument("what")
@_PROJECT
@_JSON
def show(what: str, project: Path, as_json: bool) -> None:
    """One exception by its ID, with all that happened to it; or one run, by its id, its month or its entry."""
    from dq.history import show as told

    click.echo(told(project, what, as_json=as_json))


@click.command("diff")
@click.argument("first", metavar="RUN")
@click.argument("second", metavar="RUN")
@_PROJECT
@_JSON
def diff(first: str, second: str, project: Path, as_json: bool) -> None:
    """What lies between two runs: extracts, what rules mean, exceptions that came and went, figures."""
    from dq.history import diff as told

    click.echo(told(project, first, second, as_json=as_json))


@click.command("verify")
@click.argument("project", type=_FOLDER, default=".")
@_JSON
def verify(project: Path, as_json: bool) -> int:
    """Whether the ledger is as it was written; if not, where it broke, and exit code 1."""
    import json

    from dq.history import check_chain

    found, words = check_chain(project)
    click.echo(json.dumps({**vars(found), "intact": found.intact}, indent=2) if as_json else words)
    return EXIT_OK if found.intact else EXIT_STOP


LEDGER = (history, show, diff, verify)
"""What `dq ledger` does."""
