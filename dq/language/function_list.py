"""Every function of the language: how it is called, what it gives, what it takes, and what it makes of null.

SQL functions are passed on to the engine. Plumbline's own are written out as plain SQL before a statement is
run, so that they mean the same wherever it runs; in a template ``_1`` stands for the first argument. Examples of
each are in ``data/language/functions.yaml``; a test runs them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

POSTCODE_FORM = (
    r"^(GIR\s?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
    r"\s?[0-9][ABD-HJLNP-UW-Z]{2})$"
)
"""The forms a postcode can take, as in the Post Office's Programmer's Guide and BS 7666; case and space are free."""

CALENDAR_BETWEEN, CALENDAR_AFTER = "calendar_between", "calendar_after"
"""What an engine itself must know of the calendar: here macros of the workspace, elsewhere sub-selects."""

NULL_IN_NULL_OUT = "Null if any argument is null."
_METRES_IN_A_MILE = 1609.344


@dataclass(frozen=True)
class Function:
    """A function of the language. ``takes`` is the kind of each argument; ``template`` is set for our own.

    Kinds are ``date`` (a moment will do: its day counts), ``text``, ``number``, ``any`` (all of one kind),
    ``column`` (a column of an extract, by name) and ``part`` (``'day'``, ``'month'`` or ``'year'``, and of moments the
    ``'hour'`` or ``'minute'``).
    """

    call: str
    gives: str
    takes: tuple[str, ...]
    null: str = NULL_IN_NULL_OUT
    template: str | None = None

    @property
    def name(self) -> str:
        """The name it is called by."""
        return self.call.split("(", 1)[0]

    @property
    def of_cell(self) -> bool:
        """Whether it looks at a cell of an extract as it came.

        Its template's arguments are then the row's map of what could not be read, the column's name, and the cell.
        """
        return self.takes == ("column",)

    @property
    def arguments(self) -> int:
        """How many arguments it takes; of one that takes any number, how many are named."""
        return len(self.takes)


def _sum_of_digits(text: str, first: int, weights: Iterable[int], symbols: str = "0123456789") -> str:
    """Return the SQL of a weighted sum of the characters from ``first`` on; a symbol counts as its place from 0."""
    places = enumerate(weights, first)
    return " + ".join(f"(strpos('{symbols}', substring({text}, {i}, 1)) - 1) * {weight}" for i, weight in places)


def _year_start(month: int) -> str:
    """Return the SQL of the first day of the year that begins in a month."""
    shift = f"INTERVAL '{month - 1}' MONTH"
    return f"CAST(date_trunc('year', CAST(_1 AS DATE) - {shift}) + {shift} AS DATE)"


_PARTIAL_DATE = "(0[1-9]|[12][0-9]|3[01]|ZZ)/(0[1-9]|1[0-2]|ZZ)/([12][0-9]{3}|ZZZZ)"
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters of a unique pupil number: I, O and S are left out. Each counts as its place from 0."""
_UNSPACED = "replace(_1, ' ', '')"

OWN = {
    function.name: function
    for function in (
        Function(
            "age_at(born, day)",
            "Whole years from the date of birth to the day. Whoever was born on 29 February "
            "is a year older on 1 March.",
            ("date", "date"),
            template="year(_2) - year(_1)"
            " - CASE WHEN month(_2) * 100 + day(_2) < month(_1) * 100 + day(_1) THEN 1 ELSE 0 END",
        ),
        Function(
            "days_between(start, end)",
            "Days from start to end; negative if end is earlier.",
            ("date", "date"),
            template="date_diff('day', _1, _2)",
        ),
        Function(
            "working_days_between(start, end)",
            "Working days in England after start, up to and including end; 0 on the same day. "
            "Bank holidays are not working days.",
            ("date", "date"),
            "Null if any argument is null, or a day before 1985 or after 2040, for which there is no calendar.",
            f"CAST({CALENDAR_BETWEEN}(CAST(_1 AS DATE), CAST(_2 AS DATE)) AS INT)",
        ),
        Function(
            "days_after(day, n)",
            "The day n days later; earlier if n is negative.",
            ("date", "number"),
            template="CAST(_1 AS DATE) + CAST(_2 AS INT)",
        ),
        Function(
            "months_after(day, n)",
            "The same day of the month n months later, or the last of a month too short for it.",
            ("date", "number"),
            template="CAST(CAST(_1 AS DATE) + CAST(_2 AS INT) * INTERVAL '1' MONTH AS DATE)",
        ),
        Function(
            "working_days_after(day, n)",
            "The n-th working day in England after the day: when something due within n working days is due. "
            "For 0, the day itself, or the last working day before it.",
            ("date", "number"),
            "Null if any argument is null, or a day before 1985 or after 2040, for which there is no calendar.",
            f"CAST({CALENDAR_AFTER}(CAST(_1 AS DATE), CAST(_2 AS INT)) AS DATE)",
        ),
        Function(
            "first_day(day)",
            "The first day of the date's month; last_day is its last.",
            ("date",),
            template="CAST(date_trunc('month', CAST(_1 AS DATE)) AS DATE)",
        ),
        Function(
            "financial_year_start(day)",
            "The 1 April on which the financial year of the date began. The collections of children looked after "
            "and in need are of these years.",
            ("date",),
            template=_year_start(4),
        ),
        Function(
            "academic_year_start(day)",
            "The 1 September on which the academic year of the date began.",
            ("date",),
            template=_year_start(9),
        ),
        Function(
            "weekday_number(day)",
            "The day of the week: 1 is Monday, 7 is Sunday.",
            ("date",),
            template="CAST(extract(isodow FROM CAST(_1 AS DATE)) AS INT)",
        ),
        Function(
            "spells_overlap(start, end, other_start, other_end)",
            "Whether two spells share a day. One that ends on the day the other starts does not overlap it.",
            ("date", "date", "date", "date"),
            "A spell whose end is null is still open. Null if a start is null, unless the other spell ended before.",
            "_1 < coalesce(_4, DATE '9999-12-31') AND _3 < coalesce(_2, DATE '9999-12-31')",
        ),
        Function(
            "standard_postcode(text)",
            "The postcode in capitals with one space before its last three characters.",
            ("text",),
            template="regexp_replace(upper(replace(_1, ' ', '')), '^(.+)(.{3})$', '\\1 \\2')",
        ),
        Function(
            "is_postcode(text)",
            "Whether the text has a form a postcode can take. It need not exist: see postcode_known.",
            ("text",),
            template=f"regexp_matches(upper(trim(_1)), '{POSTCODE_FORM}')",
        ),
        Function(
            "postcode_known(text)",
            "Whether the postcode, live or ended, is in the ONS Postcode Directory.",
            ("text",),
            template="CASE WHEN _1 IS NOT NULL THEN "
            "EXISTS (SELECT 1 FROM postcodes AS known WHERE known.postcode = standard_postcode(_1)) END",
        ),
        Function(
            "distance_miles(postcode, other)",
            "Miles in a straight line between two postcodes, by their coordinates in the ONS Postcode Directory: "
            "the distance from home to placement of the national collection, before it is rounded.",
            ("text", "text"),
            "Null if any argument is null, or a postcode that is not in the directory.",
            "(SELECT sqrt(pow(from_there.easting - from_here.easting, 2) + "
            f"pow(from_there.northing - from_here.northing, 2)) / {_METRES_IN_A_MILE} "
            "FROM postcodes AS from_here CROSS JOIN postcodes AS from_there "
            "WHERE from_here.postcode = standard_postcode(_1) AND from_there.postcode = standard_postcode(_2))",
        ),
        Function(
            "is_nhs_number(text)",
            "Whether the text is ten digits, spaces aside, whose last is the check digit (modulus 11) of the others. "
            "It need not have been issued.",
            ("text",),
            template=f"regexp_matches({_UNSPACED}, '^[0-9]{{10}}$') AND "
            f"(11 - ({_sum_of_digits(_UNSPACED, 1, range(10, 1, -1))}) % 11) % 11"
            f" = strpos('0123456789', substring({_UNSPACED}, 10, 1)) - 1",
        ),
        Function(
            "is_upn(text)",
            "Whether the text is a unique pupil number: a check letter, then 12 digits, or 11 and a letter where it "
            "is temporary. The codes for an unknown one, UN1 to UN5, are not.",
            ("text",),
            template=f"regexp_matches(_1, '^[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]$') AND "
            f"substring(_1, 1, 1) = substring('{_UPN_LETTERS}', ({_sum_of_digits('_1', 2, range(2, 13))}"
            f" + (strpos('0123456789', substring(_1, 13, 1)) + strpos('{_UPN_LETTERS}', substring(_1, 13, 1)) - 1)"
            " * 13) % 23 + 1, 1)",
        ),
        Function(
            "is_partial_date(text)",
            "Whether the text is a day as dd/mm/yyyy of which parts may not be known: ZZ for day or month, ZZZZ for "
            "the year.",
            ("text",),
            template=f"regexp_full_match(_1, '{_PARTIAL_DATE}')"
            " AND NOT regexp_full_match(_1, '(3[01]/02|31/(04|06|09|11))/....')"
            " AND (NOT regexp_full_match(_1, '29/02/[0-9]{4}')"
            " OR try_cast(right(_1, 4) || '-02-29' AS DATE) IS NOT NULL)",
        ),
        Function(
            "readable(column)",
            "Whether the cell of an extract could be read as the type its contract gives. An empty cell is readable.",
            ("column",),
            "Never null.",
            # Where nothing of an extract is unread the first says so of the whole column, and no row is asked.
            "_1 IS NULL OR NOT map_contains(_1, _2)",
        ),
        Function(
            "given(column)",
            "Whether the cell of an extract holds anything, whether or not it could be read as its type.",
            ("column",),
            "Never null.",
            "_3 IS NOT NULL OR coalesce(map_contains(_1, _2), FALSE)",
        ),
        Function(
            "unreadable_text(column)",
            "What the cell of an extract holds, where it could not be read as the type its contract gives.",
            ("column",),
            "Null if the cell is empty or could be read.",
            "map_extract_value(_1, _2)",
        ),
    )
}

_SKIPS_NULLS = "Null only if every argument is null: nulls are passed over."

PASSED_ON: dict[type[exp.Expr], Function] = {
    exp.Coalesce: Function("coalesce(a, b, …)", "The first argument that is not null.", ("any", "any"), _SKIPS_NULLS),
    exp.Nullif: Function(
        "nullif(a, b)", "Null where a equals b, else a.", ("any", "any"), "Null if a is null; a if b is null."
    ),
    exp.Abs: Function("abs(n)", "The number without its sign.", ("number",)),
    exp.Round: Function("round(n, places)", "The number rounded half away from zero.", ("number", "number")),
    exp.Lower: Function("lower(text)", "The text in small letters.", ("text",)),
    exp.Upper: Function("upper(text)", "The text in capitals.", ("text",)),
    exp.Trim: Function("trim(text)", "The text without spaces at its ends.", ("text",)),
    exp.Length: Function("length(text)", "How many characters the text has.", ("text",)),
    exp.Substring: Function(
        "substring(text, start, length)", "Part of the text; the first character is 1.", ("text", "number", "number")
    ),
    exp.Left: Function("left(text, n)", "The first n characters of the text.", ("text", "number")),
    exp.Right: Function("right(text, n)", "The last n characters of the text.", ("text", "number")),
    exp.StartsWith: Function("starts_with(text, start)", "Whether the text begins so.", ("text", "text")),
    exp.EndsWith: Function("ends_with(text, end)", "Whether the text ends so.", ("text", "text")),
    exp.Contains: Function("contains(text, part)", "Whether the part is anywhere in the text.", ("text", "text")),
    exp.Replace: Function("replace(text, from, to)", "The text with every 'from' made 'to'.", ("text", "text", "text")),
    exp.RegexpLike: Function(
        "regexp_matches(text, pattern)", "Whether the pattern is found in the text.", ("text", "text")
    ),
    exp.RegexpFullMatch: Function(
        "regexp_full_match(text, pattern)", "Whether the whole text fits the pattern.", ("text", "text")
    ),
    exp.Greatest: Function("greatest(a, b, …)", "The largest argument that is not null.", ("any", "any"), _SKIPS_NULLS),
    exp.Least: Function("least(a, b, …)", "The smallest argument that is not null.", ("any", "any"), _SKIPS_NULLS),
    exp.DateDiff: Function(
        "date_diff(part, start, end)",
        "Boundaries of the part (minute, hour, day, month, year) crossed from start to end.",
        ("part", "date", "date"),
    ),
    exp.Year: Function("year(day)", "The year of the date.", ("date",)),
    exp.Month: Function("month(day)", "The month of the date, 1 to 12.", ("date",)),
    exp.Day: Function("day(day)", "The day of the month.", ("date",)),
    exp.LastDay: Function("last_day(day)", "The last day of the date's month.", ("date",)),
}

ANONYMOUS_PASSED_ON = {
    "date_sub": Function(
        "date_sub(part, start, end)", "Whole parts (day, month, year) from start to end.", ("part", "date", "date")
    ),
}
"""Functions passed on that sqlglot does not know by a class of their own."""

IN_VIEWS: tuple[type[exp.Expr], ...] = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.AnyValue, exp.LogicalAnd, exp.LogicalOr,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.Sqrt, exp.Pow,
)  # fmt: skip
"""Aggregates, window functions and arithmetic that views may call besides."""


def all_functions() -> dict[str, Function]:
    """Return every function of the language by its name, in order of name."""
    every = (*OWN.values(), *PASSED_ON.values(), *ANONYMOUS_PASSED_ON.values())
    return {function.name: function for function in sorted(every, key=lambda function: function.name)}
