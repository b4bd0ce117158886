"""The functions a rule, view or indicator may call: a closed, documented list.

SQL functions are passed on to the engine. Plumbline's own are written out as plain SQL before a statement is
run, so that they mean the same wherever it runs; in a template ``_1`` stands for the first argument. All of them
return null when an argument is null, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

POSTCODE_FORM = (
    r"^(GIR\s?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
    r"\s?[0-9][ABD-HJLNP-UW-Z]{2})$"
)
"""The forms a postcode can take, as in the Post Office's Programmer's Guide and BS 7666; case and space are free."""


@dataclass(frozen=True)
class Function:
    """A function of the language: how it is called and what it gives. ``template`` is set for our own."""

    call: str
    gives: str
    template: str | None = None

    @property
    def name(self) -> str:
        """The name it is called by."""
        return self.call.split("(", 1)[0]

    @property
    def arguments(self) -> int:
        """How many arguments it takes."""
        inside = self.call.split("(", 1)[1].rstrip(")").strip()
        return len(inside.split(",")) if inside else 0


OWN = {
    function.name: function
    for function in (
        Function(
            "age_at(born, day)",
            "Whole years from the date of birth to the day. Whoever was born on 29 February "
            "is a year older on 1 March.",
            "year(_2) - year(_1) - CASE WHEN month(_2) * 100 + day(_2) < month(_1) * 100 + day(_1) THEN 1 ELSE 0 END",
        ),
        Function(
            "days_between(start, end)",
            "Days from start to end; negative if end is earlier.",
            "date_diff('day', _1, _2)",
        ),
        Function(
            "working_days_between(start, end)",
            "Working days in England after start, up to and including end; 0 on the same day. "
            "Bank holidays are not working days.",
            "(SELECT last_day.working_day FROM calendar AS last_day WHERE last_day.day = CAST(_2 AS DATE))"
            " - (SELECT first_day.working_day FROM calendar AS first_day WHERE first_day.day = CAST(_1 AS DATE))",
        ),
        Function(
            "standard_postcode(text)",
            "The postcode in capitals with one space before its last three characters.",
            "regexp_replace(upper(replace(_1, ' ', '')), '^(.+)(.{3})$', '\\1 \\2')",
        ),
        Function(
            "is_postcode(text)",
            "Whether the text has a form a postcode can take. It need not exist: see postcode_known.",
            f"regexp_matches(upper(trim(_1)), '{POSTCODE_FORM}')",
        ),
        Function(
            "postcode_known(text)",
            "Whether the postcode, live or ended, is in the ONS Postcode Directory.",
            "CASE WHEN _1 IS NOT NULL THEN "
            "EXISTS (SELECT 1 FROM postcodes AS known WHERE known.postcode = standard_postcode(_1)) END",
        ),
        Function(
            "readable(column)",
            "Whether the cell of an extract could be read as the type its contract gives. An empty cell is readable. "
            "Never null.",
            "coalesce(NOT map_contains(_1, _2), TRUE)",
        ),
    )
}

PASSED_ON: dict[type[exp.Expr], Function] = {
    exp.Coalesce: Function("coalesce(a, b, …)", "The first argument that is not null."),
    exp.Nullif: Function("nullif(a, b)", "Null where a equals b, else a."),
    exp.Abs: Function("abs(n)", "The number without its sign."),
    exp.Round: Function("round(n, places)", "The number rounded half away from zero."),
    exp.Lower: Function("lower(text)", "The text in small letters."),
    exp.Upper: Function("upper(text)", "The text in capitals."),
    exp.Trim: Function("trim(text)", "The text without spaces at its ends."),
    exp.Length: Function("length(text)", "How many characters the text has."),
    exp.Substring: Function("substring(text, start, length)", "Part of the text; the first character is 1."),
    exp.StartsWith: Function("starts_with(text, start)", "Whether the text begins so."),
    exp.Replace: Function("replace(text, from, to)", "The text with every 'from' made 'to'."),
    exp.RegexpLike: Function("regexp_matches(text, pattern)", "Whether the pattern is found in the text."),
    exp.RegexpFullMatch: Function("regexp_full_match(text, pattern)", "Whether the whole text fits the pattern."),
    exp.Greatest: Function("greatest(a, b, …)", "The largest argument that is not null."),
    exp.Least: Function("least(a, b, …)", "The smallest argument that is not null."),
    exp.DateDiff: Function(
        "date_diff(part, start, end)", "Boundaries of the part (day, month, year) crossed from start to end."
    ),
    exp.Year: Function("year(day)", "The year of the date."),
    exp.Month: Function("month(day)", "The month of the date, 1 to 12."),
    exp.Day: Function("day(day)", "The day of the month."),
    exp.LastDay: Function("last_day(day)", "The last day of the date's month."),
}

ANONYMOUS_PASSED_ON = {
    "date_sub": Function("date_sub(part, start, end)", "Whole parts (day, month, year) from start to end."),
}

IN_VIEWS: tuple[type[exp.Expr], ...] = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.AnyValue, exp.LogicalAnd, exp.LogicalOr,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.Sqrt, exp.Pow,
)  # fmt: skip
"""Aggregates, window functions and arithmetic that views may call besides."""


def own_function(node: exp.Expr) -> Function | None:
    """Return our own function that a syntax tree node calls, if it is one."""
    return OWN.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None


def write_out(tree: exp.Expr) -> exp.Expr:
    """Return a copy of the tree in which our own functions are plain SQL."""

    def expand(node: exp.Expr) -> exp.Expr:
        function = own_function(node)
        if function is None:
            return node
        arguments: Sequence[exp.Expr] = node.expressions
        if function.name == "readable":
            cell = arguments[0]
            arguments = [exp.column("unread", table=cell.args["table"]), exp.Literal.string(cell.name)]
        return _fill(function, [write_out(argument) for argument in arguments])

    return tree.copy().transform(expand)


def _fill(function: Function, arguments: Sequence[exp.Expr]) -> exp.Expr:
    template = _parsed(function)

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name.startswith("_") and not node.table:
            return exp.paren(arguments[int(node.name[1:]) - 1].copy(), copy=False)
        return node

    return exp.paren(write_out(template.copy().transform(put)), copy=False)


_templates: dict[str, exp.Expr] = {}


def _parsed(function: Function) -> exp.Expr:
    if function.name not in _templates:
        assert function.template is not None  # noqa: S101 - every function in OWN has one
        _templates[function.name] = sqlglot.parse_one(function.template, read="duckdb")
    return _templates[function.name]
