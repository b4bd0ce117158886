"""Early help: the panel's decisions, help before a case was opened, and help after an assessment that ended it."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import Making
from dq.sample.parts.front_door_openings import Opening
from dq.sample.records.front_door import EarlyHelp, PanelItem

REASONS = ("Parenting", "School attendance", "Behaviour", "Domestic abuse", "Mental health", "Housing or debt")
LED_BY = ("Early help service", "School", "Health visiting", "Children's centre", "Voluntary organisation")
ENDED = {"Needs met": 6.0, "Family withdrew": 2, "Moved away": 1}
STEPPED_UP = "Taken on by social care"
OTHER_DECISIONS = {("2", "ONE SERVICE"): 5.0, ("1", "NFA"): 3, ("4", "REFERRAL"): 2}
SHARE_HELPED, SHARE_CONSIDERED, SHARE_HELPED_AFTER = 0.15, 0.06, 0.45
LONGEST = 300
AT_LEAST = 45
PANEL_BEFORE = (2, 20)


class EarlyHelpBefore:
    """Makes early help around a case, and what the panel decided of the child."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance

    def of(self, opening: Opening) -> bool:
        """Make a child's early help. Return whether there was some after an assessment that ended the case."""
        chance, making = self._chance, self._making
        earliest = max(opening.person.dob, making.history) + dt.timedelta(days=PANEL_BEFORE[1])
        first = max(earliest, opening.referred - dt.timedelta(days=LONGEST))
        last = opening.referred - dt.timedelta(days=AT_LEAST)
        if first < last and chance.happens(SHARE_HELPED):
            self._help(opening, chance.day(first, last), opening.referred, STEPPED_UP)
        elif first < last and chance.happens(SHARE_CONSIDERED):
            level, outcome = chance.weighted(OTHER_DECISIONS)
            self._panel(opening, making.days.on_or_after(chance.day(first, last)), level, outcome)
        if not opening.assessed_only or opening.until is None or not chance.happens(SHARE_HELPED_AFTER):
            return False
        start = opening.until + dt.timedelta(days=chance.between(0, 10))
        if start <= making.end:
            end = start + dt.timedelta(days=chance.between(AT_LEAST, LONGEST))
            self._help(opening, start, end if end <= making.end else None, chance.weighted(ENDED))
        return True

    def _help(self, opening: Opening, start: dt.date, end: dt.date | None, why_ended: str) -> None:
        making, chance = self._making, self._chance
        decided = making.days.on_or_after(start - dt.timedelta(days=chance.between(*PANEL_BEFORE)))
        self._panel(opening, min(decided, start), chance.weighted({"3": 0.8, "2": 0.2}), "EARLY HELP")
        making.records.early_help_episodes.append(
            EarlyHelp(
                early_help_id=making.records.key("EHE"),
                person_id=opening.person.person_id,
                start_date=start,
                reason=chance.pick(REASONS),
                organisation=chance.pick(LED_BY),
                end_date=end,
                end_reason=None if end is None else why_ended,
                recorded_on=making.recorded(start),
            )
        )

    def _panel(self, opening: Opening, day: dt.date, level: str, outcome: str) -> None:
        making = self._making
        making.records.early_help_panels.append(
            PanelItem(
                panel_id=making.records.key("PAN"),
                family_id=making.records.key("FAM"),
                person_id=opening.person.person_id,
                panel_date=day,
                threshold_level=level,
                outcome=outcome,
                recorded_on=making.recorded(day),
            )
        )
