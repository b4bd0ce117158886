-- one row: a legal status begun by the period end, with the one before it and how many of the child's are open at that date
-- key: legal_status_id
-- of: legal_statuses
-- Of two that began on one day, the one that ended first comes first.
select
  legal_status_id,
  person_id,
  legal_status,
  start_date,
  case when end_date <= :period_end then end_date end as end_date,
  lag(start_date) over child as previous_start_date,
  lag(end_date) over child as previous_end_date,
  count(*) filter (where end_date is null or end_date > :period_end) over (partition by person_id) as open_statuses
from legal_statuses
where start_date <= :period_end
window child as (
  partition by person_id order by start_date, case when end_date <= :period_end then end_date end, legal_status_id
)
