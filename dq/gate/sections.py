"""What is kept of a page that Great Expectations wrote: its sections, as plain HTML that needs nothing else.

The library's pages fetch styles, fonts, scripts and images from the internet, and hide parts behind scripts.
Only known tags and attributes are let through, so whatever a later version adds is left out, not let in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

_RENAMED = {"h5": "h3", "h6": "h4"}
"""The library styles its headings by level; here they are an outline under the page's one h1."""

_KEPT = frozenset(
    [
        "div",
        "span",
        "p",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "code",
        "pre",
        "br",
        "hr",
    ]
)
_DROPPED_WHOLE = frozenset(["script", "style", "button", "a", "form", "svg", "iframe", "object", "video", "audio"])
_NO_END = frozenset(["br", "hr", "img", "input", "link", "meta", "source", "wbr"])
_STATES = {
    "fa-check-circle": ("passed", "Met"),
    "fa-times": ("failed", "Not met"),
    "fa-exclamation-triangle": ("failed", "Not judged"),
}
"""The library shows how an expectation came out by an icon font; here it is said in words."""

_FAILING = re.compile(r"^([\d,]+) unexpected values found\. \S+ of ([\d,]+) total rows\.$")
_SHARE = re.compile(r"^≈?([\d.]+)% unexpected$")


class _Sections(HTMLParser):
    def __init__(self, headings: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.sections: list[str] = []
        self._headings = headings
        self._out: list[str] = []
        self._open: list[str] = []
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        classes = set(about.get("class", "").split())
        if self._dropped:
            if tag not in _NO_END:
                self._dropped.append(tag)
        elif not self._open and "ge-section" not in classes:
            return
        elif tag in _DROPPED_WHOLE or "collapse" in classes or (tag == "table" and "table" in self._open):
            # A table in a table names what fails, cut short and in no fixed order: the page has its own, whole.
            self._dropped.append(tag)
        else:
            self._start(tag, about, classes)

    def _start(self, tag: str, about: Mapping[str, str], classes: set[str]) -> None:
        if tag == "i":
            self._state(classes)
        if tag not in _NO_END:
            self._open.append(tag)
        if tag in _KEPT:
            hidden = " hidden" if "hidden" in about else ""
            kept = " ".join(sorted(classes & {"badge", "text-danger"}))
            styled = f' class="{kept}"' if kept else ""
            self._out.append(f"<{_RENAMED.get(tag, tag)}{styled}{hidden}>")

    def _state(self, classes: set[str]) -> None:
        for icon, (style, words) in _STATES.items():
            if icon in classes:
                self._out.append(f'<span class="tag {style}">{words}</span>')

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                while self._dropped.pop() != tag:
                    pass
        elif tag in self._open:
            while (closed := self._open.pop()) != tag:
                self._close(closed)
            self._close(closed)
            if not self._open:
                self.sections.append("".join(self._out))
                self._out = []

    def _close(self, tag: str) -> None:
        if tag in _KEPT:
            self._out.append(f"</{_RENAMED.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        if self._open and not self._dropped:
            words = " ".join(data.split())
            if self._open[-1] in {"h5", "th"}:
                words = self._headings.get(words, words)
            words = _FAILING.sub(r"\1 of \2 not as expected", words)
            words = _SHARE.sub(lambda share: f"{float(share[1]):.1f}% not as expected", words)
            # Spaces at the edges part words from the tags beside them.
            left, right = (" " if words and edge.isspace() else "" for edge in (data[:1], data[-1:]))
            self._out.append(f"{left}{escape(words)}{right}")


def sections(page: str, headings: Mapping[str, str]) -> list[str]:
    """Return the sections of one of the library's pages as HTML, but for the first, which is about the page itself.

    ``headings`` are words that headings use, and what to say in their place.
    """
    parser = _Sections(headings)
    parser.feed(page)
    parser.close()
    return parser.sections[1:]
