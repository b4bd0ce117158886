"""What all pages share: the templates, with escaping always on, and the wording they may use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dq.library.folders import policy_root
from dq.model import Figure
from dq.reports import as_published, charts, nowcasts, words
from dq.reports.overview import overview
from dq.reports.tasks import listed, named


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the Jinja environment: everything a template prints is escaped, and a misspelt name is an error."""
    made = Environment(
        loader=FileSystemLoader(policy_root() / "reports" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": words.day,
        "month": words.month,
        "figure": words.number,
        "plural": words.plural,
        "base": words.base,
        "arrow": words.arrow,
        "moved": words.moved_words,
        "colours": words.possible_colours,
        "colour_words": words.colour_words,
        "range_words": words.range_words,
        "settle_words": words.settle_words,
        "short_range": words.short_range,
        "limit": words.limit_words,
        "period_words": words.period_words,
        "stem": words.file_stem,
        "measure_stem": words.measure_stem,
        "whisker": charts.whisker,
        "sparkline": charts.sparkline,
        "trend": charts.trend,
        "large_trend": charts.large_trend,
        "stacked": charts.stacked,
        "listed": listed,
        "named": named,
        "message_words": words.message_words,
        "missing": missing_words,
        "signed": words.signed,
        "usual_words": words.usual_words,
        "overview": overview,
        "nowcast": nowcasts.short,
        "nowcast_told": nowcasts.told,
        "noted": as_published.note,
        "published_beside": as_published.beside,
        "published_source": as_published.source,
        "published_why": as_published.why,
    }
    made.globals |= {
        "DASH": words.DASH,
        "RAG_WORDS": words.RAG_WORDS,
        "POLARITY_WORDS": words.POLARITY_WORDS,
        "UNIT_WORDS": words.UNIT_WORDS,
        "PERIOD_WORDS": words.PERIOD_WORDS,
        "SEVERITY_WORDS": words.SEVERITY_WORDS,
        "BESIDE_WORDS": words.BESIDE_WORDS,
        "PUBLISHED_MARK": as_published.MARK,
    }
    return made


def missing_words(figure: Figure) -> str:
    """Return why a figure is not printed; empty where it is."""
    if not figure.available:
        return f"Not available: {figure.note or 'the reason is not known'}"
    if figure.value is None:
        return figure.note or "Nothing to count: no record is in the denominator"
    return ""


def write_page(template: str, path: Path, **context: object) -> None:
    """Render a template into a file (UTF-8), making its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as page:
        page.writelines(environment().get_template(template).generate(**context))
