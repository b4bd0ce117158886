-- one row: a placement for adoption that had begun by the period end, with the child's latest permanence record
-- key: placement_id
-- of: cla_placements
select
  placement.placement_id,
  placement.person_id,
  placement.cla_id,
  placement.start_date,
  placement.end_date,
  placement.placement_type,
  plan.permanence_id,
  plan.matched_date,
  plan.placed_date,
  plan.placement_order_date
from placements_in_order placement
left join (
  select cla_id, permanence_id, matched_date, placed_date, placement_order_date
  from permanence
  qualify row_number() over (
    partition by cla_id order by placed_date is null, placed_date desc, adm_decision_date desc, permanence_id desc
  ) = 1
) plan on plan.cla_id = placement.cla_id
where placement.placement_type in ('A3', 'A4', 'A5', 'A6')
