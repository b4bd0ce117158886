"""Faults in the records of children in care: homes, placements, episodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Care, Scene, text

NO_POSTCODE = ("NOT KNOWN", "N/A", "NFA", "TBC")
YEAR = 365
FOSTERED = {"U1", "U2", "U3", "U4", "U5", "U6"}


def _postcodes(care: Iterable[Care], what: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (child, extract, key, postcode) of the home or the placement of children in care."""
    for c in care:
        if what == "home":
            yield c.person.person_id, "addresses", c.home.address_id, c.home.postcode
        else:
            yield c.person.person_id, "cla_placements", c.current.placement_id, c.current.postcode or ""


def home_postcode_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the postcode of the home."""
    return (
        change(child, extract, key, rule, postcode="") for child, extract, key, _ in _postcodes(scene.placed, "home")
    )


def placement_postcode_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the postcode of the placement."""
    found = _postcodes(scene.placed, "placement")
    return (change(child, extract, key, rule, postcode="") for child, extract, key, _ in found)


def home_postcode_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put words, or half a postcode, where the home's postcode belongs."""
    return _impossible(scene, rule, "home")


def placement_postcode_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put words, or half a postcode, where the placement's postcode belongs."""
    return _impossible(scene, rule, "placement")


def _impossible(scene: Scene, rule: str, what: str) -> Iterator[Defect]:
    for child, extract, key, postcode in _postcodes(scene.placed, what):
        outward = postcode.split(maxsplit=1)[0]
        yield change(child, extract, key, rule, postcode=scene.chance.pick((outward, outward, *NO_POSTCODE)))


def home_postcode_unknown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Slip in the home's postcode: it looks like one, and there is none such."""
    return _unknown(scene, rule, "home")


def placement_postcode_unknown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Slip in the placement's postcode: it looks like one, and there is none such."""
    return _unknown(scene, rule, "placement")


def _unknown(scene: Scene, rule: str, what: str) -> Iterator[Defect]:
    for child, extract, key, postcode in _postcodes(scene.placed, what):
        yield change(child, extract, key, rule, postcode=scene.making.places.unknown(postcode))


def move_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the reason for a move of the last twelve months."""
    for care in scene.in_care + scene.left_lately:
        for placement in care.placements[:-1]:
            if scene.is_recent(placement.end_date):
                yield change(care.person.person_id, "cla_placements", placement.placement_id, rule, change_reason="")


def overlapping_placements(scene: Scene, rule: str) -> Iterator[Defect]:
    """Close the placement before on a later day than the move: the one that followed is flagged."""
    for care in scene.in_care:
        if len(care.placements) > 1 and scene.making.year_ago < care.current.start_date <= scene.ago(25):
            late = care.current.start_date + dt.timedelta(days=scene.chance.between(2, 20))
            before = care.placements[-2].placement_id
            yield change(
                care.person.person_id,
                "cla_placements",
                before,
                rule,
                flagged=care.current.placement_id,
                end_date=text(late),
            )


def placement_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a placement's end with the year before."""
    for care in scene.in_care:
        for p in care.placements[:-1]:
            if p.end_date and scene.is_recent(p.end_date) and (p.end_date - p.start_date).days < YEAR:
                wrong = text(birthday(p.end_date, -1))
                yield change(care.person.person_id, "cla_placements", p.placement_id, rule, end_date=wrong)


def placement_open_after_care_ended(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last placement open though the child left care."""
    for care in scene.left_lately:
        yield change(care.person.person_id, "cla_placements", care.current.placement_id, rule, end_date="")


def in_care_without_placement(scene: Scene, rule: str) -> Iterator[Defect]:
    """Close a placement and never enter the next."""
    for care in scene.in_care:
        if care.current.start_date <= scene.ago(40):
            closed = text(scene.ago(scene.chance.between(3, 30)))
            child, key = care.person.person_id, care.current.placement_id
            yield change(child, "cla_placements", key, rule, flagged=child, end_date=closed)


def episode_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type an episode's end with the year before."""
    for care in scene.in_care:
        for e in care.episodes[:-1]:
            if e.ceased_date and scene.is_recent(e.ceased_date) and (e.ceased_date - e.start_date).days < YEAR:
                wrong = text(birthday(e.ceased_date, -1))
                yield change(care.person.person_id, "cla_episodes", e.episode_id, rule, ceased_date=wrong)


def two_open_episodes(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the episode before the current one open: both are flagged."""
    for care in scene.in_care:
        if len(care.episodes) > 1 and scene.is_recent(care.episodes[-1].start_date):
            before, current = care.episodes[-2].episode_id, care.episodes[-1].episode_id
            child, also = care.person.person_id, [(rule, current)]
            yield change(child, "cla_episodes", before, rule, also=also, ceased_date="", ceased_reason="")


def ceased_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out why the child left care."""
    for care in scene.left_lately:
        yield change(care.person.person_id, "cla_episodes", care.episodes[-1].episode_id, rule, ceased_reason="")


def over_18_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the date of birth ten years early."""
    for care in scene.in_care:
        if age(care.person.dob, scene.end) > 8:
            early = text(birthday(care.person.dob, -10))
            yield change(care.person.person_id, "persons", care.person.person_id, rule, dob=early)


def uasc_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child came unaccompanied; one who did then seems to lack a home as well."""
    for care in scene.in_care:
        child = care.person.person_id
        also = [("no-home-address", child)] if care.is_uasc else []
        yield change(child, "persons", child, rule, also=also, uasc="")


def no_home_address(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the addresses before care as some other kind of address."""
    for care in scene.placed:
        child = care.person.person_id
        cells = {("addresses", home.address_id, "address_type"): "Other" for home in care.homes}
        yield Defect(child, ((rule, child),), cells)


def dob_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the date of birth of a child in care."""
    for care in scene.in_care:
        yield change(care.person.person_id, "persons", care.person.person_id, rule, dob="")


def placement_type_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a placement type of another system for a foster placement."""
    for care in scene.placed:
        if care.current.placement_type in FOSTERED:
            wrong = scene.chance.pick(("U7", "FC", "IFA", "U"))
            yield change(care.person.person_id, "cla_placements", care.current.placement_id, rule, placement_type=wrong)


def provider_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a provider the list does not have for a foster placement."""
    for care in scene.placed:
        if care.current.placement_type in FOSTERED:
            wrong = scene.chance.pick(("PR6", "IFA", "KCC", "PR"))
            yield change(care.person.person_id, "cla_placements", care.current.placement_id, rule, provider=wrong)
