"""Options that several commands have, and a group of commands that names the nearest to one it does not know."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path)
YEAR = click.option(
    "--year", metavar="YYYY", help="Of a national return: the year its collection ends in, instead of a month."
)
PERIOD = click.option("--period", metavar="YYYY-MM", help="The month the figures are for; otherwise that of dq.yaml.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print what a program may read.")
PROJECT = click.option(
    "--project",
    type=FOLDER,
    metavar="DIR",
    help="Whose rules besides ours; otherwise this folder's, if it has dq.yaml.",
)
DATASET = click.option(
    "--dataset",
    metavar="NAME",
    help="Whose rules: casework, or scorecard for those of dq proof; otherwise the project's.",
)


class Suggesting(click.Group):
    """A group of commands that names the nearest one to a command it does not know."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return what click makes of the words. Raises click.UsageError, with the nearest command there is."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from dq.problems import nearest

            hint = nearest(args[0], self.list_commands(ctx))
            raise click.UsageError(f"There is no command '{args[0]}'. {hint}", ctx) from error
