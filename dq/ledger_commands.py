"""The commands that ask and feed the ledger: ``dq ledger``, ``dq respond``, ``dq waive``."""

from __future__ import annotations

import datetime as dt
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


@click.command("respond")
@click.argument("files", nargs=-1, required=True, type=_FOLDER, metavar="FILE...")
@_PROJECT
def respond(files: tuple[Path, ...], project: Path) -> None:
    """Take the answers of teams from their lists, XLSX or CSV: all of them, or none if a row cannot be taken."""
    from dq.respond import respond as take

    click.echo(take(files, project, dt.datetime.now().astimezone().date()))


@click.command("waive")
@click.argument("exception_id", metavar="[ID]", required=False)
@click.option("--rule", metavar="RULE", help="Not one exception, but those of a rule.")
@click.option("--team", metavar="TEAM", help="Of one team only, by id or name.")
@click.option("--why", metavar="TEXT", help="The reason, naming no child.")
@click.option("--asked-by", metavar="NAME", help="Who asks.")
@click.option("--approved-by", metavar="NAME", help="Who approves: somebody else.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="The last day on which it holds.")
@click.option(
    "--at-most", type=int, default=1, show_default=True, help="It lapses when it would be about more records."
)
@click.option("--bypass", metavar="REFERENCE", help="It is a request to bypass a check of a national return.")
@click.option("--end", type=int, metavar="NUMBER", help="Take a waiver back instead.")
@click.option("--list", "listed", is_flag=True, help="List the waivers there are.")
@_PROJECT
def waive(
    exception_id: str | None,
    rule: str | None,
    team: str | None,
    why: str | None,
    asked_by: str | None,
    approved_by: str | None,
    until: dt.datetime | None,
    at_most: int,
    bypass: str | None,
    end: int | None,
    listed: bool,
    project: Path,
) -> None:
    """Accept an exception by its ID, or those of a rule, as it is: bounded, approved, until a day, and always shown."""
    from dq import respond as said
    from dq.ledger.waivers import Asked

    today = dt.datetime.now().astimezone().date()
    if listed:
        click.echo(said.list_waivers(project, today))
        return
    if end is not None:
        click.echo(said.end_waiver(end, why or "", project))
        return
    if not (why and asked_by and approved_by and until):
        raise click.UsageError("A waiver wants --why, --asked-by, --approved-by and --until.")
    asked = Asked(exception_id, rule, team, why, asked_by, approved_by, until.date(), at_most, bypass)
    click.echo(said.waive(asked, project, today))


@click.command("reproduce")
@click.argument("run")
@_PROJECT
@click.option("--extracts", metavar="PLACE", help="Where its extracts lie now, if not where dq.yaml says.")
@click.option("--out", type=_FOLDER, help="Keep what it gives in this folder.")
@_JSON
def reproduce(run: str, project: Path, extracts: str | None, out: Path | None, as_json: bool) -> int:
    """Make a run again as it was made: the same bytes, or what differs and why, and exit code 1."""
    import json

    from dq.reproduce import reproduce as make
    from dq.reproduce import told

    found = make(project, run, extracts, out, lambda _: None)
    click.echo(json.dumps({**vars(found), "same": found.same}, indent=2) if as_json else told(found, out))
    return EXIT_OK if found.same else EXIT_STOP


@click.command("sample")
@click.argument("run", required=False)
@click.option("--seed", type=int, required=True, help="Who has the seed and the ledger draws the same sample.")
@click.option("--figures", type=click.IntRange(0), default=10, show_default=True)
@click.option(
    "--records", type=click.IntRange(0), default=20, show_default=True, help="Of those there, and those fixed."
)
@_PROJECT
@_JSON
def sample(run: str | None, seed: int, figures: int, records: int, project: Path, as_json: bool) -> None:
    """Draw a sample for an auditor: figures of a run, records it flags, and records said to be fixed."""
    from dq.keeping import sample as drawn

    click.echo(drawn(project, seed, run, figures, records, as_json=as_json))


@click.command("purge")
@click.argument("project", type=_FOLDER, default=".")
@click.option("--yes", is_flag=True, help="Do it; otherwise only say what would be removed.")
def purge(project: Path, yes: bool) -> None:
    """Remove what is over and older than `retention` in dq.yaml says; the chain stays whole."""
    from dq.keeping import retain

    click.echo(retain(project, dt.datetime.now().astimezone().date(), now=yes))


@click.command("import")
@click.argument("file", type=_FOLDER)
@_PROJECT
def import_(file: Path, project: Path) -> None:
    """Enter figures that were published before this tool, from a CSV or XLSX file as `history` in dq.yaml names."""
    from dq.keeping import take_published

    click.echo(take_published(file, project))


@click.command("quality")
@click.argument("run", required=False)
@_PROJECT
@click.option("--out", type=_FOLDER, help="Where to write; otherwise recording/YYYY-MM in the project.")
@click.option("--publish", "outside", is_flag=True, help="The scorecard for outside too, without small numbers.")
def quality(run: str | None, project: Path, out: Path | None, outside: bool) -> int:
    """The scorecard of recording quality: how much is wrong, what becomes of it, how soon records are entered."""
    from dq.recording import quality as worked_out
    from dq.run import may_publish
    from dq.summary import summary

    result, folder = worked_out(project, run, out, lambda _: None, outside=outside)
    click.echo(summary(result, folder))
    return EXIT_OK if may_publish(result) else EXIT_STOP


LEDGER = (history, show, diff, verify, reproduce, sample, purge, import_, quality)
"""What `dq ledger` does."""
