"""Regular expressions as DuckDB reads them (RE2) → as PostgreSQL reads them, matching the same texts.

The two differ in what ``.`` and the classes stand for: here digits, letters and spaces are those of ASCII and
``.`` is never the end of a line, whatever the collation of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\f\r"}
_EDGES = {"b": r"\y", "B": r"\Y", "A": r"\A", "z": r"\Z"}
_POSIX = {
    "alnum": "A-Za-z0-9", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "space": r" \t\n\v\f\r",
    "word": "A-Za-z0-9_", "xdigit": "0-9A-Fa-f", "blank": r" \t",
}  # fmt: skip
_CONTROL = frozenset("tnrfv")
_MOST_REPEATS = 255
_TOKEN = re.compile(
    r"\\(?P<escape>.)|(?P<open>\[\^?\]?)|(?P<group>\(\?(?P<kind>:|i\)|P?<\w+>|.))"
    r"|(?P<repeat>\{\d+(,\d*)?\})(?P<slow>\?)?|(?P<lazy>[*+?]\?)|(?P<other>.)",
    re.DOTALL,
)
_INSIDE = re.compile(r"\\(?P<escape>.)|\[:(?P<posix>\^?\w+):\]|(?P<close>\])|(?P<other>.)", re.DOTALL)


class UnportablePatternError(ValueError):
    """A pattern that PostgreSQL cannot match the same way. Its text says which part."""


def postgres_pattern(pattern: str, *, replacing: bool = False) -> str:
    """Return the pattern for PostgreSQL. Raises UnportablePatternError.

    Where it says what to replace, also how much is matched counts, so what is matched lazily is refused.
    """
    return "".join(_tokens(pattern, replacing))


def _tokens(pattern: str, replacing: bool) -> Iterator[str]:
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        assert found is not None  # noqa: S101 - the last alternative fits any character
        at = found.end()
        if found["open"]:
            inside, at = _bracket(pattern, at)
            yield found["open"] + inside
        else:
            yield _plain(found, replacing)


def _plain(found: re.Match[str], replacing: bool) -> str:
    if replacing and (found["lazy"] or found["slow"] or found["other"] == "|"):
        raise UnportablePatternError(f"'{found[0]}' in a pattern that says what to replace")
    if found["escape"]:
        return _escape(found["escape"])
    if found["group"]:
        return _group(found)
    if found["repeat"]:
        most = max(int(number) for number in re.findall(r"\d+", found[0]))
        if most > _MOST_REPEATS:
            raise UnportablePatternError(f"'{found[0]}', for it repeats at most {_MOST_REPEATS} times")
        return found[0]
    return {".": r"[^\n]", "{": r"\{", "}": r"\}"}.get(found[0], found[0])


def _group(found: re.Match[str]) -> str:
    kind = found["kind"]
    if kind == ":" or (kind == "i)" and found.start() == 0):
        return found[0]
    if kind.endswith(">"):
        return "("
    raise UnportablePatternError(f"'{found[0]}'")


def _escape(letter: str) -> str:
    if letter in _CLASSES:
        return f"[{_CLASSES[letter]}]"
    if letter.lower() in _CLASSES:
        return f"[^{_CLASSES[letter.lower()]}]"
    if letter in _EDGES:
        return _EDGES[letter]
    if letter.isalnum() and letter not in _CONTROL:
        raise UnportablePatternError(f"'\\{letter}'")
    return f"\\{letter}"


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """Return the rest of a bracket expression, from after its opening, and where it ends."""
    parts: list[str] = []
    while at < len(pattern):
        found = _INSIDE.match(pattern, at)
        assert found is not None  # noqa: S101 - the last alternative fits any character
        at = found.end()
        if found["close"]:
            return "".join([*parts, "]"]), at
        if found["posix"]:
            parts.append(_posix(found["posix"]))
        elif found["escape"] in _CLASSES:
            parts.append(_CLASSES[found["escape"]])
        elif found["escape"] and found["escape"].isalnum() and found["escape"] not in _CONTROL:
            raise UnportablePatternError(f"'{found[0]}' between brackets")
        else:
            # A bracket within brackets stands for itself here, and begins a class there.
            parts.append(r"\[" if found[0] == "[" else found[0])
    raise UnportablePatternError("a bracket that is not closed")


def _posix(name: str) -> str:
    if name not in _POSIX:
        raise UnportablePatternError(f"'[:{name}:]'")
    return _POSIX[name]
