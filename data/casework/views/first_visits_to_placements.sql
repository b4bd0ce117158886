-- one row: a placement begun by the period end and long enough to be visited in, with the first visit while the child was there
-- key: placement_id
-- of: cla_placements
select
  placement.placement_id,
  placement.person_id,
  placement.start_date,
  placement.placement_type,
  visits.first_visit_on
from placements_in_order placement
inner join (
  select lived.placement_id, min(visit.visit_date) as first_visit_on
  from placements_in_order lived
  inner join cla_visits visit
    on visit.cla_id = lived.cla_id
    and visit.visit_date >= lived.start_date
    and visit.visit_date <= coalesce(lived.end_date, :period_end)
  group by lived.placement_id
) visits on visits.placement_id = placement.placement_id
where coalesce(placement.end_date, :period_end) > placement.start_date + :first_visit_days
