"""The commands of the libraries: rules, indicators, and the schemas of their files."""

from __future__ import annotations

from pathlib import Path

import click

from dq.options import DATASET, FOLDER, JSON, PERIOD, PROJECT, Suggesting
from dq.problems import EXIT_OK, EXIT_WRONG


@click.group(cls=Suggesting)
def rules() -> None:
    """The rules: list, show, test, begin a new one, write their pages."""


@rules.command("list")
@click.argument("pattern", default="*")
@click.option("--contracts", is_flag=True, help="Also those that follow from the contracts.")
@click.option("--thresholds", is_flag=True, help="The limits rules name, and their values, in place of rules.")
@PROJECT
@DATASET
@JSON
def rules_list(
    pattern: str, contracts: bool, thresholds: bool, project: Path | None, dataset: str | None, as_json: bool
) -> None:
    """List the rules, or those whose id or topic fits PATTERN; with --thresholds, the limits whose name does."""
    if not thresholds and not as_json:
        from dq.listing import list_rules

        click.echo(list_rules(pattern, project, with_contracts=contracts, dataset=dataset))
        return
    from dq import catalogue

    if thresholds:
        click.echo(catalogue.list_thresholds(pattern, project, as_json))
    else:
        click.echo(catalogue.rules_as_json(pattern, contracts, project, dataset))


@rules.command("show")
@click.argument("rule_id")
@PROJECT
@DATASET
@JSON
def rules_show(rule_id: str, project: Path | None, dataset: str | None, as_json: bool) -> None:
    """Show one rule: what it finds, why, how to put it right, what it reads and feeds."""
    from dq import catalogue

    click.echo(catalogue.show_rule(rule_id, as_json, project, dataset))


@rules.command("test")
@click.argument("pattern", default="*")
@click.option("--watch", is_flag=True, help="Run them again whenever a file changes, until Ctrl-C.")
@PROJECT
@DATASET
def rules_test(pattern: str, watch: bool, project: Path | None, dataset: str | None) -> int:
    """Run the examples of rules and indicators, or of those whose id or topic fits PATTERN."""
    from dq import catalogue

    if watch:
        _watch(pattern, project, dataset)
        return EXIT_OK
    report, faults = catalogue.test_examples(pattern, project, dataset)
    click.echo(report)
    return EXIT_WRONG if faults else EXIT_OK


def _watch(pattern: str, project: Path | None, dataset: str | None) -> None:
    from dq.watch import watch

    try:
        watch(pattern, project, click.echo, dataset=dataset)
    except KeyboardInterrupt:
        click.echo("stopped")


@rules.command("new")
@click.argument("name")
@click.option("--on", metavar="EXTRACT", required=True, help="The extract it is about.")
@click.option("--topic", help="The folder it stands in; otherwise the extract's name.")
@click.option("--in", "project", type=FOLDER, metavar="DIR", help="The project; otherwise this folder.")
def rules_new(name: str, on: str, topic: str | None, project: Path | None) -> None:
    """Begin a new rule: a file that runs, with examples of what it flags, passes and leaves aside."""
    from dq import catalogue

    click.echo(catalogue.new_rule(name, on, topic, project))


@rules.command("docs")
@click.option("--out", type=FOLDER, default=Path("rule-pages"), show_default=True)
@PROJECT
@DATASET
def rules_docs(out: Path, project: Path | None, dataset: str | None) -> None:
    """Write a page for every rule, indicator and function of the language."""
    from dq import catalogue

    click.echo(f"{catalogue.write_docs(out, project, dataset)} pages in {out / 'index.html'}")


@rules.command("export")
@click.option("--to", type=click.Choice(["great-expectations"]), required=True, help="The tool to write them for.")
@click.option("--out", type=FOLDER, required=True, help="The folder to write.")
@click.option("--project", type=FOLDER, default=".", show_default=True, help="Whose rules, limits and period.")
@click.option("--rules", "pattern", metavar="GLOB", default="*", help="Only rules whose id or topic fits the pattern.")
@click.option("--dialect", metavar="SQL", default="postgres", show_default=True, help="The SQL to write.")
@PERIOD
def rules_export(to: str, out: Path, project: Path, pattern: str, dialect: str, period: str | None) -> None:
    """Write the rules as a suite that another tool runs on a database of the extracts, without Plumbline."""
    from dq.export.suite import export_suite
    from dq.project import open_project, period_of

    opened = open_project(project)
    held, left_out = export_suite(opened, period_of(opened, period), pattern, dialect, out)
    click.echo(f"{held:,} rules for {to} in {out / 'suite.json'}; {left_out:,} cannot be exported, see README.md there")


@click.command()
@click.option("--out", type=FOLDER, default=Path(".schemas"), show_default=True)
def schemas(out: Path) -> None:
    """Write a JSON Schema for every kind of YAML file, for an editor to complete and check them by."""
    from dq import catalogue

    click.echo(
        f"{catalogue.write_schemas(out)} schemas in {out}; {out / 'settings.json'} tells VS Code which is for what"
    )


@click.group(cls=Suggesting)
def indicators() -> None:
    """The indicators: list and show."""


@indicators.command("list")
@PROJECT
@JSON
def indicators_list(project: Path | None, as_json: bool) -> None:
    """List the indicators."""
    from dq import catalogue

    click.echo(catalogue.list_indicators(as_json, project))


@indicators.command("show")
@click.argument("indicator_id")
@PROJECT
@JSON
def indicators_show(indicator_id: str, project: Path | None, as_json: bool) -> None:
    """Show one indicator: definition, conditions, what it reads and which rules feed it."""
    from dq import catalogue

    click.echo(catalogue.show_indicator(indicator_id, as_json, project))
