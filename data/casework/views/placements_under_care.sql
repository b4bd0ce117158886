-- one row: a placement, with the dates of the period of care it belongs to
-- key: placement_id
-- of: cla_placements
select
  placement.placement_id,
  placement.person_id,
  placement.cla_id,
  placement.start_date,
  placement.end_date,
  placement.placement_type,
  care.entered_care,
  care.left_care
from cla_placements placement
inner join periods_of_care care on care.cla_id = placement.cla_id
