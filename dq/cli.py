"""The command ``dq``: arguments in, words and an exit code out. Each command imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dq import __version__
from dq.ledger_commands import LEDGER, respond, waive
from dq.library_commands import indicators, rules, schemas
from dq.options import FOLDER, PERIOD, PROJECT, QUIET, YEAR, Suggesting
from dq.problems import EXIT_FAULT, EXIT_OK, EXIT_STOP, EXIT_WRONG, ProblemsError, refuse

if TYPE_CHECKING:
    from dq.model import Request


@click.group(cls=Suggesting, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dq")
def cli() -> None:
    """Check the records of children's services before a figure is published.

    Begin with `dq demo`. Exit codes: 0 the figures may be published, 1 the gate says stop, 2 a command or file
    is wrong, 3 an internal fault.
    """


def main() -> None:
    """Run the command line; the only place where an error becomes an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know every character that people's words hold.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = cli.main(standalone_mode=False)
    except ProblemsError as error:
        for problem in error.problems:
            click.echo(f"dq: {problem}", err=True)
        sys.exit(EXIT_WRONG)
    except click.exceptions.Abort:
        click.echo("dq: stopped; nothing was written.", err=True)
        sys.exit(EXIT_WRONG)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_WRONG)
    except OSError as error:
        click.echo(f"dq: {error.filename or 'a file'}: {error.strerror}.", err=True)
        sys.exit(EXIT_WRONG)
    except Exception as error:  # noqa: BLE001 - the last resort: say where, never what a record held
        click.echo(_fault(error), err=True)
        sys.exit(EXIT_FAULT)
    sys.exit(code if isinstance(code, int) else EXIT_OK)


def _fault(error: Exception) -> str:
    if os.environ.get("DQ_TRACEBACK"):
        return "".join(traceback.format_exception(error))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}dq{os.sep}" in frame.filename]
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"dq: an internal fault ({type(error).__name__}{where}). Nothing was written. "
        "Please report it; DQ_TRACEBACK=1 shows more, which may include values of records."
    )


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update


# --- runs ------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("project", type=FOLDER, default=".")
@PERIOD
@click.option("--out", type=FOLDER, help="Where to write; otherwise out/YYYY-MM in the project.")
@click.option("--engine", metavar="URL", help="A database to read the extracts from: postgresql://user@host/database.")
@click.option("--publish", "outside", is_flag=True, help="The scorecard for outside too, without small numbers.")
@click.option("--with-queries", is_flag=True, help="Ranges as wide as queries would leave them too, not errors alone.")
@click.option("--override", metavar='"NAME: REASON"', help="Publish although the gate says stop, on somebody's word.")
@QUIET
def run(
    project: Path,
    period: str | None,
    out: Path | None,
    engine: str | None,
    outside: bool,
    with_queries: bool,
    override: str | None,
    quiet: bool,
) -> int:
    """Check, judge and compute: scorecard, exception lists, everything."""
    from dq.model import Request
    from dq.project import override_of

    request = Request(outside=outside, engine=engine, override=override_of(override))
    return _run(project, period, out, request, quiet=quiet, with_queries=with_queries)


@cli.command()
@click.argument("project", type=FOLDER, default=".")
@PERIOD
@YEAR
@click.option("--out", type=FOLDER, help="Where to write; otherwise check/YYYY-MM in the project.")
@click.option(
    "--rules", metavar="GLOB", help="Rules whose id or topic fits, such as 'placement*'; '!placement*': all others."
)
@click.option(
    "--engine", metavar="URL", help="Check where the records are: postgresql://user@host/database?schema=name."
)
@click.option("--keys", is_flag=True, help="Write only which rules a record fails, and its key: keys.csv and .parquet.")
@click.option("--keys-as", type=click.Choice(["csv", "parquet"]), help="The same, and of the two files this one alone.")
@click.option(
    "--by-child", is_flag=True, help="Also the records by child, doubtful cells marked: pages, workbook, issues."
)
@click.option("--enter", is_flag=True, help="Of a national return: enter the check in the ledger, as a run is.")
@click.option("--explain", is_flag=True, help="Show every statement, and how it would be run, and test nothing.")
@QUIET
def check(
    project: Path,
    period: str | None,
    year: str | None,
    out: Path | None,
    rules: str | None,
    engine: str | None,
    keys: bool,
    keys_as: str | None,
    by_child: bool,
    enter: bool,
    explain: bool,
    quiet: bool,
) -> int:
    """Contracts and rules only: the exceptions."""
    if year is not None:
        if period is not None:
            raise refuse("both --period and --year are given.", instead="Say one of them.")
        period = f"{year}-03"  # a collection year ends with March
    files = () if not keys and keys_as is None else ("csv", "parquet") if keys_as is None else (keys_as,)
    if by_child and (files or engine is not None):
        other = "--engine" if not files else "--keys" if keys_as is None else "--keys-as"
        raise refuse(
            f"--by-child and {other} are given.", instead="The tables are written of files, with all exceptions."
        )
    if enter and (files or engine is not None or rules is not None):
        raise refuse("--enter is of a whole check.", instead="Leave out --keys, --engine and --rules.")
    if explain:
        return _explain(project, period, rules, engine, quiet=quiet)
    from dq.model import Request

    request = Request(publish=False, rules=rules, engine=engine, keys=files, by_child=by_child, enter=enter)
    return _run(project, period, out, request, quiet=quiet)


@cli.command(
    epilog="FIGURE is an indicator (cin_seen), one of its splits (cla_count:uasc), or a line's number on the scorecard."
)
@click.argument("figure")
@click.argument("project", type=FOLDER, default=".")
@PERIOD
@click.option("--scope", metavar="TEAM", help="A team or an area, by id or name; otherwise the authority.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A CSV for every row behind the figure.")
@QUIET
def explain(figure: str, project: Path, period: str | None, scope: str | None, out: Path | None, quiet: bool) -> int:
    """A figure: how it is counted, the rows behind it, and the errors that could move it."""
    from dq.explained import explain_figure, told, write_rows
    from dq.project import open_project, period_of

    opened = open_project(project)
    with _progress(quiet) as progress:
        explained = explain_figure(opened, period_of(opened, period), figure, scope, progress)
    if out is not None:
        write_rows(explained, out)
    click.echo(told(explained, out))
    return EXIT_OK


def _explain(place: Path, period: str | None, rules: str | None, engine: str | None, *, quiet: bool) -> int:
    from dq.project import open_project, period_of
    from dq.run import explain

    project = open_project(place)
    with _progress(quiet) as progress:
        said = explain(project, period_of(project, period), rules=rules, engine=engine, progress=progress)
    click.echo(said)
    return EXIT_OK


def _run(
    place: Path, period: str | None, out: Path | None, request: Request, *, quiet: bool, with_queries: bool = False
) -> int:
    from dq.project import NO_SCORECARD, open_project, period_of

    project = open_project(place)
    if with_queries:
        project = project.model_copy(update={"with_queries": True})
    if request.enter and project.scorecard != NO_SCORECARD:
        raise refuse("a project with a scorecard enters its runs.", project.path, instead="Use `dq run`.")
    end = period_of(project, period)
    folder = out or project.folder / ("out" if request.publish else "check") / f"{end:%Y-%m}"

    from dq.run import may_publish
    from dq.run import run as run_project
    from dq.summary import summary

    with _progress(quiet) as progress:
        result = run_project(project, end, folder, request, progress=progress)
    if not quiet or not may_publish(result):
        click.echo(summary(result, folder))
    if request.outside and not may_publish(result):
        click.echo("dq: no scorecard for outside was written, as the gate says stop.", err=True)
    return EXIT_OK if may_publish(result) else EXIT_STOP


@cli.command()
@click.option("--out", type=FOLDER, default=Path("plumbline-demo"), show_default=True, help="The project to make.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--children",
    type=click.IntRange(50, 2_000_000),
    default=24_200,
    show_default=True,
    help="About how many: as many as Kent knew, or fewer, or more.",
)
@QUIET
def demo(out: Path, seed: int, children: int, quiet: bool) -> int:
    """Make a sample authority (Kent, August 2016), run everything, and say where to look."""
    from dq.demo import make_demo
    from dq.model import Request

    with _progress(quiet) as progress:
        make_demo(out, seed, children, progress)
    code = _run(out, None, None, Request(), quiet=quiet)
    if not quiet:
        click.echo(f"\nRun it again: dq run {out}")
    return code


@cli.command()
@click.argument("folder", type=FOLDER)
@click.option("--template", default="blank", show_default=True, metavar="kent|blank", help="Whose settings to take.")
@click.option("--from", "source", type=FOLDER, help="Files as they are, to propose which is what and how it is read.")
def init(folder: Path, template: str, source: Path | None) -> None:
    """Make a project folder with dq.yaml."""
    from dq.library.load import load_library
    from dq.project import FILE, make_project

    if source is not None:
        _init_from(folder, source)
        return
    make_project(folder, template, list(load_library().contracts))
    click.echo(f"Made {folder / FILE}. Put this month's extracts in {folder / 'extracts'}, then: dq run {folder}")


def _init_from(folder: Path, source: Path) -> None:
    from dq.adopt import adopt
    from dq.project import FILE

    adopted = adopt(folder, source)
    click.echo("\n".join(adopted.lines))
    click.echo(f"\nMade {folder / FILE} and {adopted.mapping}.")
    if adopted.unsure:
        click.echo("Not certain, and so not in use until you take the # away there:")
        click.echo("\n".join(f"  {what}" for what in adopted.unsure))
    click.echo(f"Then: dq run {folder}{'' if adopted.period else ' --period YYYY-MM'}")


@cli.command()
@click.argument("recipe")
@click.option("--out", type=FOLDER, required=True, help="The folder to write the extracts in.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--scale", type=click.FloatRange(0, 100, min_open=True), help="Size against the recipe; 1 without it.")
@click.option("--children", type=click.IntRange(50, 2_000_000), help="Size as about so many children instead.")
@click.option(
    "--defects", type=click.FloatRange(0, 0.5), default=0.0, metavar="RATE", help="Share of records to spoil."
)
@click.option("--severity", type=click.Choice(["error", "query", "information"]), help="Only defects of this kind.")
@click.option("--clean", is_flag=True, help="No defects at all (the default).")
@QUIET
def sample(
    recipe: str,
    out: Path,
    seed: int,
    scale: float | None,
    children: int | None,
    defects: float,
    severity: str | None,
    clean: bool,
    quiet: bool,
) -> None:
    """Write the extracts of a sample authority, and truth.csv: every defect put in."""
    from dq.model import Severity
    from dq.sample import write_sample

    if clean and defects:
        raise click.UsageError("--clean and --defects cannot be given together.")
    if scale is not None and children is not None:
        raise click.UsageError("--scale and --children cannot be given together.")
    with _progress(quiet) as progress:
        progress(f"making {recipe}")
        only = Severity(severity) if severity else None
        made = write_sample(recipe, out, seed=seed, scale=scale, children=children, defects=defects, severity=only)
    if not quiet:
        for extract, rows in made.rows.items():
            click.echo(f"{extract:<20}{rows:>10,}")
        click.echo(f"{'defects':<20}{sum(made.defects.values()):>10,}   listed in {out / 'truth.csv'}")


@cli.command()
@click.argument("papers", nargs=-1, required=True, type=FOLDER, metavar="PAPER...")
@click.option("--out", type=FOLDER, default=Path("proof"), show_default=True, help="The folder to write.")
@PROJECT
@QUIET
def proof(papers: tuple[Path, ...], out: Path, project: Path | None, quiet: bool) -> int:
    """Check the files of a finished paper, CSV or XLSX, together: whether its figures agree with one another."""
    from dq.proofread import proofread, told

    with _progress(quiet) as progress:
        found = proofread(papers, out, project, progress)
    if not quiet:
        click.echo(told(found, out))
    return EXIT_OK if found.holds else EXIT_STOP


@cli.group(cls=Suggesting)
def ledger() -> None:
    """The ledger: the runs there were, what became of an exception, and whether it is as it was written."""


for _command in LEDGER:
    ledger.add_command(_command)
for _command in (respond, waive, rules, indicators, schemas):
    cli.add_command(_command)


def commands() -> dict[str, Any]:
    """Return every command by its full name, for the test of the documentation."""
    found: dict[str, Any] = {}
    for name, command in cli.commands.items():
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": sub for inner, sub in command.commands.items()}
    return found
