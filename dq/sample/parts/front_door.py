"""Makes the records of the front door: contacts, early help, referrals, assessments, enquiries, first conferences.

At full scale these are 19,000 contacts, 15,000 referrals and 14,000 assessments with 25,000 factors of the children
whose case began within the history, 3,700 enquiries, 2,900 conferences and 3,000 spells of early help.
"""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.front_door_contacts import Contacts
from dq.sample.parts.front_door_early_help import EarlyHelpBefore
from dq.sample.parts.front_door_enquiries import Enquiries
from dq.sample.parts.front_door_openings import openings
from dq.sample.parts.front_door_referrals import Referrals


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    contacts, early_help = Contacts(making), EarlyHelpBefore(making)
    referrals, enquiries = Referrals(making), Enquiries(making)
    for opening in openings(making):
        if opening.is_older:
            enquiries.of(opening, None)
            continue
        contacts.of(opening)
        helped = early_help.of(opening)
        referral = referrals.referral(opening)
        if referral.nfa == "N":
            enquired = enquiries.of(opening, referral)
            referrals.assessed(opening, referral, enquired=enquired, helped=helped)
