-- one row: a placement begun by the period end, with the child's age as it began and the legal status on its last day so far
-- key: placement_id
-- of: cla_placements
select
  placement.placement_id,
  placement.person_id,
  placement.cla_id,
  placement.start_date,
  placement.end_date,
  placement.placement_type,
  age_at(person.dob, placement.start_date) as age_at_start,
  status.legal_status
from placements_in_order placement
left join persons person on person.person_id = placement.person_id
left join (
  select lived.placement_id, spell.legal_status
  from placements_in_order lived
  inner join legal_statuses spell
    on spell.person_id = lived.person_id
    and spell.start_date <= greatest(lived.start_date, coalesce(lived.end_date - 1, :period_end))
    and (
      spell.end_date is null
      or spell.end_date > greatest(lived.start_date, coalesce(lived.end_date - 1, :period_end))
    )
  qualify row_number() over (
    partition by lived.placement_id order by spell.start_date desc, spell.legal_status_id desc
  ) = 1
) status on status.placement_id = placement.placement_id
