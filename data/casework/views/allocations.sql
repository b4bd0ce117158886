-- one row: a spell for which a team held a child's case, as known at the period end
-- key: involvement_id
-- of: involvements
select
  involvement_id,
  person_id,
  worker_id,
  team_id,
  case_type,
  start_date,
  case when end_date <= :period_end then end_date end as end_date
from involvements
where role in ('Allocated Case Worker', 'Personal Adviser')
  and start_date <= :period_end
