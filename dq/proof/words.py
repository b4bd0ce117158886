"""How a paper prints numbers and months, read: macros for the SQL of layouts."""

from __future__ import annotations

_NOTHING = "'n/a', 'na', '-', '–', '—', 'x', '*', '..', '.', 'tbc'"
_UNAVAILABLE = "unavailable|not available|no data|not applicable|under development"

MACROS = (
    # What stands where there is no figure: a sign or words for it.
    f"CREATE OR REPLACE MACRO not_given(text) AS lower(trim(text)) IN ({_NOTHING}) "
    f"OR regexp_matches(lower(text), '{_UNAVAILABLE}')",
    # 9,444 and £1,200.50 and 71.2% and +0.3% are 9444, 1200.50, 71.2 and 0.3. Words stay words, and are told.
    "CREATE OR REPLACE MACRO number_printed(text) AS "
    "CASE WHEN not_given(text) THEN NULL ELSE regexp_replace(trim(text), '[%£,+\\s]', '', 'g') END",
    "CREATE OR REPLACE MACRO places_printed(text) AS CASE WHEN not_given(text) THEN NULL "
    "ELSE length(regexp_extract(regexp_replace(trim(text), '[%£,+\\s]', '', 'g'), '\\.([0-9]+)$', 1)) END",
    # 2016-08, Aug 2016, August 2016, Aug-16 and 31/08/2016 are all the last day of August 2016.
    "CREATE OR REPLACE MACRO month_printed(text) AS last_day(CAST(try_strptime(trim(text), "
    "['%Y-%m', '%Y-%m-%d', '%d/%m/%Y', '%b %Y', '%B %Y', '%b-%y', '%b %y', '%B %y']) AS DATE))",
)
