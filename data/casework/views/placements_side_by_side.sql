-- one row: a placement begun by the period end, with the dates of the one before it in the same period of care
-- key: placement_id
-- of: cla_placements
select
  placement_id,
  person_id,
  cla_id,
  start_date,
  end_date,
  latest_end_before,
  lag(start_date) over care as previous_start_date,
  lag(end_date) over care as previous_end_date
from placements_in_order
window care as (partition by person_id, cla_id order by start_date, end_date, placement_id)
