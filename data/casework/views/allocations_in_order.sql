-- one row: a spell for which a child's case was held, with those before and after it
-- key: involvement_id
-- of: involvements
-- Of two that began on one day, the one that ended first comes first: a case may be handed over the day it is taken on.
-- A spell that ends before it begins has no end that can be relied on: no gap is seen after it.
select
  involvement_id,
  person_id,
  worker_id,
  role,
  start_date,
  end_date,
  change_reason,
  max(coalesce(case when end_date between start_date and :period_end then end_date end, date '9999-12-31'))
    over (of_child rows between unbounded preceding and 1 preceding) as held_before_until,
  max(coalesce(case when end_date between start_date and :period_end then end_date end, date '9999-12-31'))
    over (in_role rows between unbounded preceding and 1 preceding) as held_in_role_until,
  lag(worker_id) over in_role as previous_worker_id,
  lead(start_date) over in_role as next_start_date,
  lead(worker_id) over in_role as next_worker_id,
  count(*) filter (where end_date is null or end_date > :period_end) over (partition by person_id, role) as open_in_role
from involvements
where role in ('Allocated Case Worker', 'Personal Adviser') and start_date <= :period_end
window
  of_child as (
    partition by person_id order by start_date, case when end_date <= :period_end then end_date end, involvement_id
  ),
  in_role as (
    partition by person_id, role order by start_date, case when end_date <= :period_end then end_date end, involvement_id
  )
