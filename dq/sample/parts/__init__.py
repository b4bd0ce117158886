"""What is known of the children of a sample authority beyond their cases, plans and stays in care: a topic each.

A topic draws from a stream of its own, so that what one makes never changes another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dq.sample.making import Making
from dq.sample.parts import front_door, identity, leaving, looked_after, plans, staff, wellbeing

PARTS: Mapping[str, Callable[[Making], None]] = {
    "front_door": front_door.make,
    "identity": identity.make,
    "staff": staff.make,
    "plans": plans.make,
    "looked_after": looked_after.make,
    "wellbeing": wellbeing.make,
    "leaving": leaving.make,
}
"""Topic → what makes its records, in order: a later one may build on the records of those before it."""
