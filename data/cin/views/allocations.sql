-- one row: a spell for which a team held a child's case, as known at the end of the collection year
-- key: involvement_id
-- of: case_holders
-- Of a list without roles every row counts, and one without days holds throughout.
select
  record as involvement_id,
  child as person_id,
  worker_id,
  team_id,
  start_date,
  case when end_date <= :period_end then end_date end as end_date
from case_holders
where coalesce(role, 'Allocated Case Worker') in ('Allocated Case Worker', 'Personal Adviser')
  and (start_date is null or start_date <= :period_end)
