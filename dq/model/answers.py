"""What a team may answer of a record on its list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """The four answers, as the list offers them."""

    CORRECTED = "Corrected"
    RIGHT = "Right as recorded"
    NOT_OURS = "Not ours"
    KNOWN = "Known, until a date"


@dataclass(frozen=True)
class Response:
    """An answer that the ledger has: why, or the plan; until when; and the team that it belongs to, if not theirs."""

    answer: Answer
    why: str | None = None
    until: dt.date | None = None
    belongs_to: str | None = None
