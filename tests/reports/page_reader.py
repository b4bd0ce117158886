"""Reads a page back as its reader meets it: elements, their text, and nothing else."""

from html.parser import HTMLParser

VOID = {"meta", "br", "col", "input", "link", "hr", "img", "wbr"}


class Page(HTMLParser):
    """A parsed page: its elements with their text, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(source)
        self.close()
        assert not self._open, f"left open: {[tag for tag, _, _ in self._open]}"

    def handle_starttag(self, tag, attrs):
        element = (tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag, f"</{tag}> closes something else"
        if tag in ("td", "th"):
            self.handle_data(" ")

    def handle_data(self, data):
        for element in self._open:
            element[2].append(data)

    def all(self, tag, **wanted):
        """Return the text of every such element."""
        return [
            " ".join("".join(text).split())
            for name, attrs, text in self.elements
            if name == tag and all(value in attrs.get(key.rstrip("_"), "").split() for key, value in wanted.items())
        ]

    @property
    def text(self):
        return self.all("body")[0]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs, _ in self.elements if "id" in attrs]


def page(path):
    return Page(path.read_text(encoding="utf-8"))
