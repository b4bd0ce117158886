"""How alike two names are in their words, knowing which words stand for the same thing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^0-9A-Za-z]+")
_EMPTY = {"of", "the", "a", "an", "is", "was", "for", "in", "on", "by", "and", "or", "s", "this", "has", "with"}
_EMPTY |= {"code", "flag", "ind", "indicator", "yn", "y", "n"}
"""Words that tell no two columns apart."""
_SAME = 0.84
"""Two words this alike are one word misspelt: ethncity is ethnicity; start is not state."""
_CONTEXT = 0.3
"""What a word weighs that the whole table is about: 'placement' says little of a column in a table of placements."""


class Vocabulary:
    """Which words, and phrases, stand for which. ``known`` are names whose words may stand run together too."""

    def __init__(self, meanings: Mapping[str, Sequence[str]], known: Iterable[str] = ()) -> None:
        pairs = [(_split(other), _split(word)) for word, others in meanings.items() for other in others]
        # The longest phrase first, so that "date of birth" is not read as a date.
        self._meanings = sorted(pairs, key=lambda pair: -len(pair[0]))
        phrases = [phrase for pair in pairs for phrase in pair] + [_split(name) for name in known]
        self._lexicon = {word for phrase in phrases for word in phrase}
        self._read: dict[str, frozenset[str]] = {}
        self._alike: dict[tuple[str, str], float] = {}
        self._likeness: dict[tuple[str, str, frozenset[str]], float] = {}

    def words(self, name: str) -> frozenset[str]:
        """Return the words of a name, those that mean the same being one."""
        if name not in self._read:
            found = tuple(part for word in _split(name) for part in self._parted(word))
            for other, word in self._meanings:
                found = _replaced(found, other, word)
            self._read[name] = frozenset(_singular(word) for word in found if word not in _EMPTY)
        return self._read[name]

    def likeness(self, one: str, other: str, context: frozenset[str] = frozenset()) -> float:
        """Return how alike two names are, from 0 to 1; words of ``context`` count for little."""
        asked = (one, other, context)
        if asked not in self._likeness:
            self._likeness[asked] = self._worked_out(one, other, context)
        return self._likeness[asked]

    def _worked_out(self, one: str, other: str, context: frozenset[str]) -> float:
        left = self.words(other)
        shared = apart = 0.0
        for word in sorted(self.words(one)):
            weight = _CONTEXT if word in context else 1.0
            match = word if word in left else self._misspelt(word, left)
            if match is None:
                apart += weight
            else:
                left -= {match}
                shared += weight
        apart += sum(_CONTEXT if word in context else 1.0 for word in left)
        return shared / (shared + apart) if shared else 0.0

    def _parted(self, word: str) -> tuple[str, ...]:
        if word not in self._lexicon:
            for i in range(2, len(word) - 1):
                if word[:i] in self._lexicon and word[i:] in self._lexicon:
                    return word[:i], word[i:]
        return (word,)

    def _misspelt(self, word: str, among: frozenset[str]) -> str | None:
        if len(word) <= 3:
            return None
        alike, nearest = max(((self._alikeness(word, other), other) for other in among), default=(0.0, ""))
        return nearest if alike >= _SAME else None

    def _alikeness(self, word: str, other: str) -> float:
        """Return how alike two words are in their letters, from 0 to 1; 0 where their lengths alone tell them apart."""
        if (word, other) not in self._alike:
            letters = len(word) + len(other)
            near = 2 * min(len(word), len(other)) >= _SAME * letters
            self._alike[word, other] = difflib.SequenceMatcher(None, other, word).ratio() if near else 0.0
        return self._alike[word, other]


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _BOUNDARY.split(name) if part)


def _replaced(found: tuple[str, ...], other: tuple[str, ...], word: tuple[str, ...]) -> tuple[str, ...]:
    for i in range(len(found) - len(other) + 1):
        if found[i : i + len(other)] == other:
            return found[:i] + word + _replaced(found[i + len(other) :], other, word)
    return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
