-- one row: a placement that had begun by the period end, with the placement before and after it in the same period of care
-- key: placement_id
-- of: cla_placements
-- Of two that began on one day, the one that ended first comes first: a child may be moved on the same day.
select
  placement_id,
  person_id,
  cla_id,
  start_date,
  case when end_date <= :period_end then end_date end as end_date,
  coalesce(end_date > :period_end, false) as ends_later,
  placement_type,
  provider,
  postcode,
  change_reason,
  recorded_on,
  lag(placement_id) over care as previous_placement_id,
  max(coalesce(case when end_date <= :period_end then end_date end, date '9999-12-31'))
    over (care rows between unbounded preceding and 1 preceding) as latest_end_before,
  lead(placement_id) over care as next_placement_id,
  lead(start_date) over care as next_start_date
from cla_placements
where start_date <= :period_end
window care as (
  partition by person_id, cla_id order by start_date, case when end_date <= :period_end then end_date end, placement_id
)
