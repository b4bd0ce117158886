-- one row: a placement that a child moved on from, with the day the next began, why, and the team that held the case that day
-- key: placement_id
-- of: cla_placements
-- The reason is told when a placement ends: of one recorded as ending later, after the next began, it is not yet known.
-- Temporary stays (types T0 to T4) are passed over: they are no move, and nor is going back after one to where the child had been.
with lived as (
  select
    placement_id,
    person_id,
    cla_id,
    placement_type,
    postcode,
    case when not ends_later then change_reason end as change_reason,
    lead(placement_id) over care as next_placement_id,
    lead(start_date) over care as moved_on,
    lead(previous_placement_id) over care as before_next_id,
    lead(postcode) over care as next_postcode,
    lead(placement_type) over care as next_placement_type
  from placements_in_order
  where placement_type not like 'T%'
  window care as (partition by person_id, cla_id order by start_date, end_date, placement_id)
)
select
  lived.placement_id,
  lived.person_id,
  lived.cla_id,
  lived.placement_type,
  lived.next_placement_id,
  lived.next_placement_type,
  lived.moved_on,
  lived.change_reason,
  held.team_id
from lived
left join (
  select move.placement_id, spell.team_id
  from lived move
  inner join allocations spell
    on spell.person_id = move.person_id
    and spell.start_date <= move.moved_on
    and (spell.end_date is null or spell.end_date > move.moved_on)
  qualify row_number() over (
    partition by move.placement_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) held on held.placement_id = lived.placement_id
where lived.next_placement_id is not null
  and not coalesce(
    lived.before_next_id <> lived.placement_id
    and lived.next_placement_type = lived.placement_type
    and standard_postcode(lived.next_postcode) = standard_postcode(lived.postcode),
    false
  )
